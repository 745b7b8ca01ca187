"""Settlement sheets of two invented provinces: a table of amounts, and labels above the values."""

from domain.money import format_fen
from sandbox.layouts.form import Entry, Layout, boxes, columns, stacked
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.sheet import Sheet


def _draw_two_columns(page: SettlementSheet) -> Sheet:
    """示东省: 费用结算单, two entries a row in boxes, amounts in 元 and grouped."""
    sheet = Sheet((1240, 1240))
    sheet.title(70, "示东省基本医疗保险住院费用结算单", 38)
    head = (
        Entry("患者姓名", page.patient_name, "patient_name"),
        Entry("人员类别", "在职职工"),
        Entry("医疗机构", page.hospital_name, "hospital_name"),
        Entry("结算日期", "2026-08-23"),
    )
    below = columns(sheet, (90, 700), 160, head, 54)
    rows = (
        (
            Entry("费用总额", format_fen(page.total_fen), "total_fen"),
            Entry("基本医保支付", format_fen(page.social_insurance_paid_fen), "social_insurance_paid_fen"),
        ),
        (
            Entry("大病保险支付", format_fen(page.major_illness_paid_fen), "major_illness_paid_fen"),
            Entry("个人支付", format_fen(page.personal_paid_fen), "personal_paid_fen"),
        ),
    )
    below = boxes(sheet, 90, below + 20, 1150, rows, 80, 26)
    sheet.pair(90, below + 40, "经办人", "示例经办", 24)
    sheet.seal(900, below + 200, "示东省医疗保障局", "结算专用章")
    return sheet


def _draw_stacked(page: SettlementSheet) -> Sheet:
    """例西省: labels above values, with the words that this province has for the parts."""
    sheet = Sheet((1240, 1240))
    sheet.text(90, 60, "例西省医疗保障费用结算清算表", 38)
    rows = (
        (Entry("参保人员", page.patient_name, "patient_name"), Entry("就诊机构", page.hospital_name, "hospital_name")),
        (
            Entry("总费用（元）", format_fen(page.total_fen, grouped=False), "total_fen"),
            Entry("基金支付（元）", format_fen(page.social_insurance_paid_fen, grouped=False), "social_insurance_paid_fen"),
        ),
        (
            Entry("大病支付（元）", format_fen(page.major_illness_paid_fen, grouped=False), "major_illness_paid_fen"),
            Entry("个人承担（元）", format_fen(page.personal_paid_fen, grouped=False), "personal_paid_fen"),
        ),
    )
    below = stacked(sheet, 90, 150, 1150, rows, 26)
    sheet.seal(880, below + 180, "例西省医疗保障局", "业务专用章")
    return sheet


LAYOUTS = (
    Layout("national", SettlementSheet.draw),
    Layout("shidong", _draw_two_columns),
    Layout("lixi", _draw_stacked, is_held_out=True),
)
