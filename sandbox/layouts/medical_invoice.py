"""Receipts for charges of three invented provinces: items in two blocks, another order of columns, labels above the values."""

from collections.abc import Sequence
from itertools import zip_longest

from domain.document import InvoiceLine
from domain.money import format_capitals, format_fen
from sandbox.layouts.form import Entry, Layout, boxes, columns, stacked
from sandbox.pages.dates import in_words
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.sheet import FORM, INVOICE_LANDSCAPE, Sheet, line_facts


def _draw_two_blocks(page: MedicalInvoice) -> Sheet:
    """示东省: two items side by side, the stay as one span, the payments in boxes."""
    sheet = Sheet(INVOICE_LANDSCAPE)
    sheet.title(30, "示东省医疗住院收费专用票据（电子）", 38)
    head = (
        Entry("电子票据代码", page.invoice_code, "invoice_code"),
        Entry("电子票据号码", page.invoice_number, "invoice_number"),
        Entry("开票日期", in_words(page.issue_date), "issue_date"),
        Entry("患者姓名", page.payer_name, "payer_name"),
        Entry("校验码", page.check_code, "check_code"),
        Entry("医保类型", page.insurance_type, "insurance_type"),
    )
    below = columns(sheet, (60, 600, 1040), 100, head, 44, 23)
    below = _two_blocks(sheet, below + 8, page.lines)
    sheet.pair(70, below + 16, "合计（大写）", format_capitals(page.total_fen), fact="total_capitals_fen")
    sheet.pair(1060, below + 16, "（小写）", page.printed_total, fact="total_fen")
    rows = (
        (
            Entry("入院时间", page.admission_date.isoformat(), "admission_date"),
            Entry("出院时间", page.discharge_date.isoformat(), "discharge_date"),
            Entry("住院天数", str(page.inpatient_days), "inpatient_days"),
        ),
        (
            Entry("统筹基金支付", format_fen(page.social_insurance_paid_fen, grouped=False), "social_insurance_paid_fen"),
            Entry("个人现金支付", format_fen(page.personal_paid_fen, grouped=False), "personal_paid_fen"),
            Entry("住院号", "ZY0001234"),
        ),
    )
    below = boxes(sheet, 60, below + 64, 1540, rows, 50, 23)
    sheet.pair(70, below + 20, "收款单位（章）", page.hospital_name, fact="hospital_name")
    sheet.pair(760, below + 20, "收款人", "示例收费员")
    sheet.seal(1300, below + 20, page.hospital_name, "财务专用章", 100)
    return sheet


def _two_blocks(sheet: Sheet, top: int, lines: Sequence[InvoiceLine]) -> int:
    """Draw the items in a left and a right block; tell the y below them."""
    half = -(-len(lines) // 2)
    numbered = list(zip(lines, line_facts(lines), strict=True))
    row_height = min(44, 380 // (half + 1))
    for x in (60, 800):
        for label, shift in (("项目名称", 12), ("等级", 420), ("金额(元)", 560)):
            sheet.text(x + shift, top + 8, label, 22, FORM)
    for row, pair in enumerate(zip_longest(numbered[:half], numbered[half:]), 1):
        for x, item in zip((60, 800), pair, strict=True):
            if item is not None:
                line, fact = item
                y = top + row * row_height + 8
                sheet.text(x + 12, y, line.name, 22, fact=fact)
                sheet.text(x + 432, y, line.list_class, 22, fact=fact)
                sheet.text(x + 700, y, format_fen(line.amount_fen, grouped=False), 22, anchor="ra", fact=fact)
    below = top + (half + 1) * row_height + 8
    sheet.frame(60, top, 1540, below)
    sheet.rule(800, top, 800, below)
    sheet.rule(60, top + row_height, 1540, top + row_height)
    return below


def _draw_amount_first(page: MedicalInvoice) -> Sheet:
    """样南省: a portrait sheet, class before name, full-width brackets, dates with dots, amounts grouped."""
    sheet = Sheet((1240, 1500))
    sheet.title(56, page.hospital_name, 34)
    sheet.title(108, "住院医疗收费票据", 42)
    rows = (
        (Entry("票据代码", page.invoice_code, "invoice_code"), Entry("票据号码", page.invoice_number, "invoice_number")),
        (Entry("姓名", page.payer_name, "payer_name"), Entry("校验码", page.check_code, "check_code")),
        (Entry("医保类别", page.insurance_type, "insurance_type"), Entry("开票日期", f"{page.issue_date:%Y.%m.%d}", "issue_date")),
        (
            Entry("入院日期", f"{page.admission_date:%Y.%m.%d}", "admission_date"),
            Entry("出院日期", f"{page.discharge_date:%Y.%m.%d}", "discharge_date"),
        ),
    )
    below = boxes(sheet, 80, 190, 1160, rows, 52, 23)
    table = [("医保类别", "收费项目", "数量", "总额（元）")]
    table += [(line.list_class, line.name, "1", format_fen(line.amount_fen)) for line in page.lines]
    below = sheet.table(80, below + 20, (160, 500, 160, 260), table, min(44, 600 // len(table)), facts=line_facts(page.lines))
    sheet.pair(92, below + 20, "人民币（大写）", format_capitals(page.total_fen), fact="total_capitals_fen")
    total = page.printed_total if page.has_lost_decimal else "¥" + format_fen(page.total_fen)
    sheet.pair(760, below + 20, "小写", total, fact="total_fen")
    tail = (
        Entry("医保支付", format_fen(page.social_insurance_paid_fen), "social_insurance_paid_fen"),
        Entry("个人自付", format_fen(page.personal_paid_fen), "personal_paid_fen"),
        Entry("住院天数", f"{page.inpatient_days} 天", "inpatient_days"),
        Entry("医疗机构", page.hospital_name, "hospital_name"),
    )
    below = columns(sheet, (92, 620), below + 76, tail, 48)
    sheet.seal(920, below + 110, page.hospital_name, "收费专用章")
    return sheet


def _draw_stacked(page: MedicalInvoice) -> Sheet:
    """例西省: every label above its value; the code and the number are called 票据编码 and No."""
    sheet = Sheet(INVOICE_LANDSCAPE)
    sheet.text(80, 40, "例西省医疗服务收费票据", 38)
    sheet.text(900, 40, "No.", 28, FORM)
    sheet.text(960, 40, page.invoice_number, 28, fact="invoice_number")
    head = (
        (
            Entry("票据编码", page.invoice_code, "invoice_code"),
            Entry("付款人", page.payer_name, "payer_name"),
            Entry("参保类型", page.insurance_type, "insurance_type"),
            Entry("防伪校验", page.check_code, "check_code"),
        ),
        (
            Entry("入院", page.admission_date.isoformat(), "admission_date"),
            Entry("出院", page.discharge_date.isoformat(), "discharge_date"),
            Entry("实际住院（天）", str(page.inpatient_days), "inpatient_days"),
            Entry("出票日期", page.issue_date.isoformat(), "issue_date"),
        ),
    )
    below = stacked(sheet, 70, 96, 1530, head, 22)
    table = [("费用项目", "医保等级", "费用（元）")]
    table += [(line.name, line.list_class, format_fen(line.amount_fen)) for line in page.lines]
    below = sheet.table(70, below + 12, (800, 260, 400), table, min(38, 420 // len(table)), 20, line_facts(page.lines))
    tail = (
        (
            Entry("费用总计（大写）", format_capitals(page.total_fen), "total_capitals_fen"),
            Entry("费用总计", page.printed_total, "total_fen"),
        ),
        (
            Entry("医保基金", format_fen(page.social_insurance_paid_fen), "social_insurance_paid_fen"),
            Entry("个人缴纳", format_fen(page.personal_paid_fen), "personal_paid_fen"),
            Entry("收费单位", page.hospital_name, "hospital_name"),
        ),
    )
    below = stacked(sheet, 70, below + 8, 1530, tail, 22)
    sheet.seal(1400, below - 60, page.hospital_name, "收费章", 90)
    return sheet


LAYOUTS = (
    Layout("national", MedicalInvoice.draw),
    Layout("shidong", _draw_two_blocks),
    Layout("yangnan", _draw_amount_first),
    Layout("lixi", _draw_stacked, is_held_out=True),
)
