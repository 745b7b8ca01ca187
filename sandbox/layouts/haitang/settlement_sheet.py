"""海棠省: 医保费用结报告知单, a list of sums with dotted leaders, the person on one line above."""

from domain.money import format_fen
from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.haitang.print import HELD_OUT, stacked
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.sheet import FORM, Sheet


def _draw(page: SettlementSheet) -> Sheet:
    sheet = Sheet((1240, 1000))
    sheet.title(70, "海棠省医疗保障费用结报单", 38)
    head = (
        Entry("参保人员", page.patient_name, "patient_name"),
        Entry("就医地点", page.hospital_name, "hospital_name"),
        Entry("险类", "职工"),
    )
    y = stacked(sheet, (100, 400, 980), 160, head)
    sums = (
        ("本次发生费用", page.total_fen, "total_fen"),
        ("其中 目录外费用", 0, ""),
        ("统筹金结报", page.social_insurance_paid_fen, "social_insurance_paid_fen"),
        ("大病金结报", page.major_illness_paid_fen, "major_illness_paid_fen"),
        ("参保人员自理", page.personal_paid_fen, "personal_paid_fen"),
    )
    sheet.text(1120, y + 10, "金额单位 元", 20, FORM, "ra")
    for number, (label, fen, fact) in enumerate(sums):
        top = y + 50 + number * 58
        sheet.text(120, top, label, 26, FORM)
        sheet.text(1120, top, format_fen(fen), 26, anchor="ra", fact=fact)
        sheet.rule(100, top + 44, 1140, top + 44, 1)
    sheet.seal(940, y + 440, "海棠省医疗保障中心", "结报专用章", 105)
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
