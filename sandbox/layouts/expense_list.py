"""Lists of charged items of three invented provinces: other columns in another order, classes behind the names, a sum in front."""

from domain.document import InvoiceLine
from domain.money import format_fen
from sandbox.layouts.form import Entry, Layout, boxes, columns
from sandbox.pages.expense_list import ExpenseList
from sandbox.sheet import A4_PORTRAIT, Sheet, line_facts


def _draw_with_prices(page: ExpenseList) -> Sheet:
    """示东省: code, name, specification, unit, price, quantity, amount, class."""
    sheet = Sheet((1600, max(1240, 340 + 44 * len(page.lines))))
    sheet.title(56, f"{page.hospital_name}住院病人费用明细清单", 38)
    head = (
        Entry("姓名", page.patient_name, "patient_name"),
        Entry("住院号", "ZY0004321"),
        Entry("费用日期", f"{page.admission_date} 至 {page.discharge_date}"),
        Entry("医疗机构", page.hospital_name, "hospital_name"),
    )
    below = columns(sheet, (70, 520, 900), 130, head, 46)
    head_row: tuple[str, ...]
    widths: tuple[int, ...]
    head_row, widths = (
        ("序号", "项目编码", "项目名称", "规格", "单位", "单价", "数量", "医保类别", "金额"),
        (80, 140, 320, 220, 70, 180, 110, 140, 200),
    )
    rows = [head_row, *(_priced_row(number, line) for number, line in enumerate(page.lines, 1))]
    if not any(line.specification for line in page.lines):
        rows, widths = [(*row[:3], *row[4:]) for row in rows], (90, 170, 440, 90, 190, 110, 150, 220)
    below = sheet.table(70, below + 16, widths, rows, 44, facts=line_facts(page.lines))
    sheet.pair(1100, below + 20, "金额合计", format_fen(page.total_fen, grouped=False), 26, "total_fen")
    sheet.pair(70, below + 22, "打印日期", page.discharge_date.isoformat(), 22)
    return sheet


def _priced_row(number: int, line: InvoiceLine) -> tuple[str, ...]:
    price = line.unit_price_fen if line.unit_price_fen is not None else line.amount_fen // (line.quantity or 1)
    amounts = (format_fen(price, grouped=False), str(line.quantity or 1), line.list_class, format_fen(line.amount_fen, grouped=False))
    return (str(number), f"SD{number:04d}", line.name, line.specification, "次", *amounts)


def _draw_class_behind(page: ExpenseList) -> Sheet:
    """样南省: the class in brackets behind the name, the amount before the quantity, a double rule, grouped amounts."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(70, "住院费用一日清单汇总", 42)
    rows = (
        (Entry("病人姓名", page.patient_name, "patient_name"), Entry("科室", "普外科")),
        (Entry("医院名称", page.hospital_name, "hospital_name"),),
    )
    below = boxes(sheet, 80, 150, 1160, rows, 54)
    table = [("收费项目", "数量", "金额（元）")]
    table += [(f"{line.name}（{line.list_class}类）", str(line.quantity or 1), format_fen(line.amount_fen)) for line in page.lines]
    below = sheet.table(80, below + 20, (620, 160, 300), table, 46, facts=line_facts(page.lines))
    sheet.rule(80, below + 5, 1160, below + 5)
    sheet.pair(92, below + 26, "总计", f"¥{format_fen(page.total_fen)}", 28, "total_fen")
    sheet.seal(960, below + 150, page.hospital_name, "财务专用章", 100)
    return sheet


def _draw_class_first(page: ExpenseList) -> Sheet:
    """例西省: the total in the head, class before name, no word of 名称 over the items."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.text(90, 70, "患者费用汇总清单", 40)
    sheet.text(90, 130, page.hospital_name, 28, fact="hospital_name")
    head = (
        Entry("患者", page.patient_name, "patient_name"),
        Entry("总费用", format_fen(page.total_fen, grouped=False) + " 元", "total_fen"),
        Entry("起止", f"{page.admission_date:%Y/%m/%d}-{page.discharge_date:%Y/%m/%d}"),
    )
    below = columns(sheet, (90, 400, 760), 190, head, 50)
    table = [("甲乙丙", "收费明细", "数量", "小计")]
    table += [(line.list_class, line.name, str(line.quantity or 1), format_fen(line.amount_fen, grouped=False)) for line in page.lines]
    sheet.table(90, below + 10, (140, 560, 140, 220), table, 44, facts=line_facts(page.lines))
    return sheet


LAYOUTS = (
    Layout("national", ExpenseList.draw),
    Layout("shidong", _draw_with_prices),
    Layout("yangnan", _draw_class_behind),
    Layout("lixi", _draw_class_first, is_held_out=True),
)
