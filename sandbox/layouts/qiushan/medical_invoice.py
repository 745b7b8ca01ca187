"""秋山省: the fiscal e-bill, items twice side by side, what was settled under 其他信息, the stay as one span."""

from itertools import zip_longest

from domain.document import InvoiceLine
from domain.money import format_capitals, format_fen
from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, line_of, run
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.sheet import FORM, INVOICE_LANDSCAPE, Sheet, line_facts

_LEFT, _MIDDLE, _RIGHT = 60, 800, 1540
_TABLE_TOP = 232
_PREPAID_FEN = 300_000


def _draw(page: MedicalInvoice) -> Sheet:
    sheet = Sheet(INVOICE_LANDSCAPE)
    sheet.title(40, "秋山省医疗住院收费票据（电子）", 40)
    sheet.rule(470, 96, 1130, 96, 2)
    line_of(
        sheet,
        (70, 960),
        124,
        (Entry("票据代码", page.invoice_code, "invoice_code"), Entry("票据号码", page.invoice_number, "invoice_number")),
    )
    line_of(sheet, (70, 960), 160, (Entry("交款人统一社会信用代码", "***"), Entry("校验码", page.check_code, "check_code")))
    line_of(
        sheet,
        (70, 960),
        196,
        (Entry("交款人", page.payer_name, "payer_name"), Entry("开票日期", page.issue_date.isoformat(), "issue_date")),
    )
    below = _draw_items(sheet, page.lines)
    run(sheet, 72, below + 14, 22, "金额合计（大写）  ", (format_capitals(page.total_fen), "total_capitals_fen"))
    run(sheet, 1040, below + 14, 22, "（小写）  ", (page.printed_total, "total_fen"))
    sheet.frame(_LEFT, below, _RIGHT, below + 52)
    _draw_settlement(sheet, page, below + 52)
    return sheet


def _draw_items(sheet: Sheet, lines: tuple[InvoiceLine, ...]) -> int:
    """Draw the items, the first half on the left; tell the y below them."""
    numbered = list(zip(lines, line_facts(lines), strict=True))
    half = max(5, -(-len(lines) // 2))
    height = 38
    below = _TABLE_TOP + (half + 1) * height
    sheet.frame(_LEFT, _TABLE_TOP, _RIGHT, below)
    sheet.rule(_LEFT, _TABLE_TOP + height, _RIGHT, _TABLE_TOP + height, 1)
    sheet.rule(_MIDDLE, _TABLE_TOP, _MIDDLE, below, 2)
    for x in (_LEFT, _MIDDLE):
        for label, middle in (("项目名称", 150), ("数量/单位", 360), ("金额（元）", 520), ("备注", 670)):
            sheet.text(x + middle, _TABLE_TOP + 7, label, 21, FORM, "ma")
    for row, pair in enumerate(zip_longest(numbered[:half], numbered[half:]), 1):
        for x, item in zip((_LEFT, _MIDDLE), pair, strict=True):
            if item is not None:
                line, fact = item
                y = _TABLE_TOP + row * height + 7
                sheet.text(x + 14, y, line.name, 21, fact=fact)
                sheet.text(x + 360, y, "1/项", 21, anchor="ma", fact=fact)
                sheet.text(x + 600, y, format_fen(line.amount_fen, grouped=False), 21, anchor="ra", fact=fact)
                sheet.text(x + 670, y, line.list_class, 21, anchor="ma", fact=fact)
    return below


def _draw_settlement(sheet: Sheet, page: MedicalInvoice, top: int) -> None:
    """Draw 其他信息: what the patient paid is cash here, no account; of it what no list covers is 自费."""
    outside = min(page.personal_paid_fen, sum(line.amount_fen for line in page.lines if line.list_class == "丙"))
    places, y = (140, 520, 860, 1200), top + 16
    line_of(sheet, (140, 860), y, (Entry("业务流水号", "ZY202400991234"), Entry("医疗机构类型", "综合医院")), 20)
    rows = (
        (Entry("病历号", "00991234"), Entry("住院号", "99001234"), Entry("住院科别", "外科"), Entry("性别", "—")),
        (
            Entry("预缴金额", format_fen(_PREPAID_FEN, grouped=False)),
            Entry("补缴金额", format_fen(max(0, page.personal_paid_fen - _PREPAID_FEN), grouped=False)),
            Entry("退费金额", format_fen(max(0, _PREPAID_FEN - page.personal_paid_fen), grouped=False)),
            Entry("住院天数", str(page.inpatient_days), "inpatient_days"),
        ),
        (
            Entry("医保统筹基金支付", format_fen(page.social_insurance_paid_fen, grouped=False), "social_insurance_paid_fen"),
            Entry("其他支付", "0.00"),
            Entry("个人账户支付", "0.00"),
            Entry("个人现金支付", format_fen(page.personal_paid_fen, grouped=False), "personal_paid_fen"),
        ),
        (
            Entry("个人自付", format_fen(page.personal_paid_fen - outside, grouped=False)),
            Entry("个人自费", format_fen(outside, grouped=False)),
        ),
    )
    run(
        sheet,
        140,
        y + 34,
        20,
        "住院时间：",
        (page.admission_date.isoformat(), "admission_date"),
        " 至 ",
        (page.discharge_date.isoformat(), "discharge_date"),
    )
    line_of(sheet, (860,), y + 34, (Entry("医保类型", page.insurance_type, "insurance_type"),), 20)
    for number, row in enumerate(rows, 2):
        line_of(sheet, places[: len(row)], y + number * 34, row, 20)
    bottom = y + 6 * 34 + 14
    sheet.frame(_LEFT, top, _RIGHT, bottom)
    sheet.rule(120, top, 120, bottom, 1)
    for place, character in enumerate("其他信息"):
        sheet.text(90, top + 50 + place * 32, character, 22, FORM, "ma")
    run(sheet, 70, bottom + 18, 22, "收款单位（章）：", (page.hospital_name, "hospital_name"))
    line_of(sheet, (800, 1200), bottom + 18, (Entry("复核人", "示例复核"), Entry("收款人", "示例收款")))
    sheet.seal(560, bottom - 30, page.hospital_name, "财务专用章", 96)


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
