"""What forms are made of: entries in ruled boxes, in columns, or with the label above the value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.sheet import FORM, Sheet

Page = TypeVar("Page")


@dataclass(frozen=True)
class Entry:
    """One label of a form with its value; `fact` is the field that the value is, "" for one that nobody looks for."""

    label: str
    value: str
    fact: str = ""


@dataclass(frozen=True)
class Layout(Generic[Page]):
    """One way to print a page. A held-out layout is for measuring: no extractor may be tuned on it."""

    name: str
    draw: Callable[[Page], Sheet]
    is_held_out: bool = False


def boxes(sheet: Sheet, left: int, top: int, right: int, rows: Sequence[Sequence[Entry]], height: int = 60, size: int = 25) -> int:
    """Draw rows of ruled boxes, each label in a box of its own beside its value's box; tell the y below them."""
    for number, row in enumerate(rows):
        y, width = top + number * height, (right - left) // len(row)
        for place, entry in enumerate(row):
            x = left + place * width
            end = right if place == len(row) - 1 else x + width
            middle = x + max(len(entry.label) * size + 24, 130)
            sheet.frame(x, y, end, y + height, 1)
            sheet.rule(middle, y, middle, y + height, 1)
            sheet.text(x + 12, y + (height - size) // 2 - 2, entry.label, size, FORM)
            sheet.text(middle + 14, y + (height - size) // 2 - 2, entry.value, size, fact=entry.fact)
    return top + len(rows) * height


def columns(
    sheet: Sheet, lefts: Sequence[int], top: int, entries: Sequence[Entry], height: int = 50, size: int = 25, colon: bool = True
) -> int:
    """Write entries row by row into columns that begin at `lefts`, with or without a colon; tell the y below them."""
    for number, entry in enumerate(entries):
        x, y = lefts[number % len(lefts)], top + number // len(lefts) * height
        if colon:
            sheet.pair(x, y, entry.label, entry.value, size, entry.fact)
        else:
            sheet.text(x, y, entry.label, size, FORM)
            sheet.text(x + len(entry.label) * size + size, y, entry.value, size, fact=entry.fact)
    return top + -(-len(entries) // len(lefts)) * height


def stacked(sheet: Sheet, left: int, top: int, right: int, rows: Sequence[Sequence[Entry]], size: int = 24) -> int:
    """Draw rows of boxes with a small label above each value; tell the y below them."""
    height = size * 4
    for number, row in enumerate(rows):
        y, width = top + number * height, (right - left) // len(row)
        for place, entry in enumerate(row):
            x = left + place * width
            sheet.frame(x, y, x + width, y + height, 1)
            sheet.text(x + 12, y + 8, entry.label, size - 4, FORM)
            sheet.text(x + 12, y + size * 2 - 4, entry.value, size, fact=entry.fact)
    return top + len(rows) * height
