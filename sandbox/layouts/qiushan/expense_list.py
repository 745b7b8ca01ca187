"""秋山省: a list as hospital systems print it, with codes, specifications, prices to four places, the class behind the amount."""

from domain.document import InvoiceLine
from domain.money import format_capitals, format_fen
from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, Column, line_of, ruled_table
from sandbox.pages.expense_list import ExpenseList
from sandbox.sheet import Sheet, line_facts

_COLUMNS = (
    Column("项目编码", 190),
    Column("项目名称", 330),
    Column("规格", 220),
    Column("单位", 80, "m"),
    Column("数量", 110, "r"),
    Column("单价", 170, "r"),
    Column("金额", 190, "r"),
    Column("医保类别", 130, "m"),
)


def _draw(page: ExpenseList) -> Sheet:
    sheet = Sheet((1520, max(1075, 480 + 34 * len(page.lines))))
    sheet.title(44, page.hospital_name, 32, fact="hospital_name")
    sheet.title(90, "住院患者费用明细单", 30)
    places = (50, 360, 640, 1080)
    line_of(
        sheet,
        places,
        150,
        (Entry("住院号", "99001234"), Entry("姓名", page.patient_name, "patient_name"), Entry("科别", "外科病区"), Entry("床位号", "0312")),
        20,
    )
    stay = f"{page.admission_date:%Y-%m-%d} 至 {page.discharge_date:%Y-%m-%d}"
    line_of(sheet, (50, 640, 1080), 182, (Entry("费用期间", stay), Entry("费别", "医保"), Entry("制表", "住院处")), 20)
    rows = [_row(number, line) for number, line in enumerate(page.lines, 1)]
    below = ruled_table(sheet, 50, 220, _COLUMNS, rows, line_facts(page.lines), 34)
    total = format_fen(page.total_fen, grouped=False)
    line_of(sheet, (50, 1010), below + 14, (Entry("合计（大写）", format_capitals(page.total_fen)), Entry("合计金额", total, "total_fen")))
    line_of(sheet, (50, 640), below + 56, (Entry("打印时间", f"{page.discharge_date:%Y-%m-%d} 10:26:41"), Entry("操作员", "9907")), 18)
    sheet.text(50, below + 90, "说明：甲类、乙类、丙类按医疗保障目录标注，丙类为目录外自费项目。", 18)
    return sheet


def _row(number: int, line: InvoiceLine) -> tuple[str, ...]:
    quantity = line.quantity or 1
    price_fen = line.unit_price_fen if line.unit_price_fen is not None else line.amount_fen // quantity
    return (
        f"QS{9900 + number:06d}",
        line.name,
        line.specification or "/",
        "项",
        f"{quantity}.00",
        format_fen(price_fen, grouped=False) + "00",
        format_fen(line.amount_fen, grouped=False),
        line.list_class + "类" if line.list_class else "",
    )


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
