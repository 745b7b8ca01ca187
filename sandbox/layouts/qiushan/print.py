"""How 秋山省 fills in its forms: runs of words with facts among them, tables whose columns are ruled and aligned one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sandbox.font import load_font
from sandbox.layouts.form import Entry
from sandbox.sheet import FORM, INK, Sheet

HELD_OUT = "qiushan"


@dataclass(frozen=True)
class Column:
    """One column of a table: `align` is l, m or r."""

    head: str
    width: int
    align: str = "l"


def short_date(day: date) -> str:
    """2026-08-05 -> 2026年8月5日, as people write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def run(sheet: Sheet, x: int, y: int, size: int, *pieces: str | tuple[str, str]) -> int:
    """Write words one behind the other on one line, plain ones as the form's, (value, fact) as filled in; tell the x behind them."""
    font = load_font(size)
    for piece in pieces:
        text, fact = (piece, "") if isinstance(piece, str) else piece
        sheet.text(x, y, text, size, FORM if isinstance(piece, str) else INK, fact=fact)
        x += round(font.getlength(text)) + 2
    return x


def line_of(sheet: Sheet, places: Sequence[int], y: int, entries: Sequence[Entry], size: int = 22) -> None:
    """Write entries with colons at the given places of one line."""
    for x, entry in zip(places, entries, strict=True):
        sheet.pair(x, y, entry.label, entry.value, size, entry.fact)


def ruled_table(
    sheet: Sheet,
    left: int,
    top: int,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    facts: Sequence[str],
    height: int = 36,
    size: int = 20,
) -> int:
    """Draw a table whose head stands in the middle of its columns; every row is the place of its fact; tell the y below it."""
    bottom, right = top + height * (len(rows) + 1), left + sum(column.width for column in columns)
    sheet.frame(left, top, right, bottom)
    for number, row in enumerate([[column.head for column in columns], *rows]):
        x, y = left, top + number * height + (height - size) // 2 - 2
        sheet.rule(left, top + number * height, right, top + number * height, 1)
        for column, cell in zip(columns, row, strict=True):
            align = column.align if number else "m"
            place = {"l": x + 8, "m": x + column.width // 2, "r": x + column.width - 8}[align]
            sheet.text(place, y, cell, size, INK if number else FORM, align + "a", facts[number - 1] if number and cell else "")
            x += column.width
    x = left
    for column in columns[:-1]:
        x += column.width
        sheet.rule(x, top, x, bottom, 1)
    return bottom


def grid(
    sheet: Sheet, left: int, top: int, widths: Sequence[int], rows: Sequence[Sequence[Entry]], height: int = 52, size: int = 22
) -> int:
    """Draw rows of label and value cells whose widths are given in turn; a row's last value takes what is left; tell the y below."""
    right = left + sum(widths)
    for number, row in enumerate(rows):
        x, y = left, top + number * height
        sheet.frame(left, y, right, y + height, 1)
        text_y = y + (height - size) // 2 - 2
        for place, entry in enumerate(row):
            label_width, value_width = widths[2 * place], widths[2 * place + 1]
            sheet.text(x + label_width // 2, text_y, entry.label, size, FORM, "ma")
            sheet.rule(x + label_width, y, x + label_width, y + height, 1)
            sheet.text(x + label_width + 12, text_y, entry.value, size, fact=entry.fact)
            x += label_width + value_width
            if place < len(row) - 1:
                sheet.rule(x, y, x, y + height, 1)
    return top + len(rows) * height


def character_boxes(sheet: Sheet, x: int, y: int, text: str, fact: str, pitch: int = 36, size: int = 26) -> None:
    """Write a number into boxes of one character each."""
    for place, character in enumerate(text):
        sheet.frame(x + place * pitch, y, x + (place + 1) * pitch, y + size + 16, 1)
        sheet.text(x + place * pitch + pitch // 2, y + 6, character, size, anchor="ma", fact=fact)
