"""Several pages in one file: scanned to a PDF, a list that goes on, cards laid side by side."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from PIL import Image

from domain.money import format_fen
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.sheet import A4_PORTRAIT, CARD, FORM, WARNING, Sheet

_TABLE = (90, 480, 100, 100, 240)
_TABLE_COLOUR = (96, 112, 138)


def pdf_of(pictures: Sequence[Image.Image]) -> bytes:
    """Scan pictures into one PDF without a text layer, a page each."""
    sink = BytesIO()
    first, *others = (each.copy() for each in pictures)  # Pillow remembers in a picture what was appended to it
    first.save(sink, "PDF", resolution=150, save_all=True, append_images=others)
    return sink.getvalue()


def list_over_pages(page: ExpenseList, lines_a_page: int, *, mark: str = "第{number}页/共{total}页") -> list[Image.Image]:
    """Print a list of charges over several pages, as `list_sheets` does, and give their pictures."""
    return [sheet.image for sheet in list_sheets(page, lines_a_page, mark=mark)]


def list_sheets(page: ExpenseList, lines_a_page: int, *, mark: str = "第{number}页/共{total}页") -> list[Sheet]:
    """Print a list of charges over several pages; only the first has a title, only the last a total.

    `mark` is how a page number is printed, "" for none.
    """
    stretches = [page.lines[start : start + lines_a_page] for start in range(0, len(page.lines), lines_a_page)]
    sheets = []
    for number, lines in enumerate(stretches, 1):
        sheet = Sheet(A4_PORTRAIT)
        top = 80
        if number == 1:
            sheet.title(80, page.hospital_name, 36)
            sheet.title(136, "住院费用清单", 44)
            sheet.pair(90, 230, "患者姓名", page.patient_name)
            sheet.pair(620, 230, "医院名称", page.hospital_name)
            top = 300
        rows = [("序号", "项目名称", "类别", "数量", "金额（元）")]
        first = (number - 1) * lines_a_page + 1
        rows += [
            (str(place), line.name, line.list_class, str(line.quantity or 1), format_fen(line.amount_fen, grouped=False))
            for place, line in enumerate(lines, first)
        ]
        below = sheet.table(90, top, _TABLE, rows, row_height=46)
        if number == len(stretches):
            sheet.pair(760, below + 24, "费用合计", format_fen(page.total_fen, grouped=False), 26)
        if mark:
            sheet.title(1680, mark.format(number=number, total=len(stretches)), 22)
        sheets.append(sheet)
    return sheets


def long_list(page: ExpenseList, count: int) -> ExpenseList:
    """Make a list of so many lines out of a shorter one, each day's charges again."""
    days = (replace(line, name=f"{line.name}第{day}日") for day in range(1, count) for line in page.lines)
    return replace(page, lines=tuple(line for line, _ in zip(days, range(count), strict=False)))


def back_of(card: IdCard) -> Image.Image:
    """Print the back of an identity card: who issued it and how long it is valid."""
    sheet = Sheet(CARD, paper=(236, 243, 247))
    sheet.frame(6, 6, 1173, 737, 4)
    sheet.title(120, "中华人民共和国", 52)
    sheet.title(220, "居民身份证", 72)
    sheet.text(70, 340, "样张 · 虚构证件", 30, WARNING)
    sheet.text(250, 520, "签发机关", 36, FORM)
    sheet.text(430, 518, "示例市公安局示例分局", 38)
    sheet.text(250, 610, "有效期限", 36, FORM)
    sheet.text(430, 608, f"{card.birth_date.year + 30}.01.01-{card.birth_date.year + 50}.01.01", 38)
    return sheet.image


def side_by_side(pictures: Sequence[Image.Image], *, gap: int = 120, stacked: bool = False) -> Image.Image:
    """Lay papers beside each other, or one below the other, on a table."""
    width = max(each.width for each in pictures) if stacked else sum(each.width + gap for each in pictures) - gap
    height = sum(each.height + gap for each in pictures) - gap if stacked else max(each.height for each in pictures)
    table = Image.new("RGB", (width + 2 * gap, height + 2 * gap), _TABLE_COLOUR)
    place = gap
    for each in pictures:
        table.paste(each, (gap, place) if stacked else (place, gap))
        place += gap + (each.height if stacked else each.width)
    return table
