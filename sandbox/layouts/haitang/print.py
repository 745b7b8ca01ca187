"""How 海棠省 fills in its forms: dotted days, labels over their values, cells without colons."""

from collections.abc import Sequence
from datetime import date

from sandbox.layouts.form import Entry
from sandbox.sheet import FORM, Sheet

HELD_OUT = "haitang"


def dotted(day: date) -> str:
    """2026-08-05 -> 2026.08.05."""
    return f"{day:%Y.%m.%d}"


def stacked(sheet: Sheet, places: Sequence[int], y: int, entries: Sequence[Entry], size: int = 24) -> int:
    """Write labels in a row and their values under them; tell the y below."""
    for x, entry in zip(places, entries, strict=True):
        sheet.text(x, y, entry.label, size - 4, FORM)
        sheet.text(x, y + size + 10, entry.value, size, fact=entry.fact)
    return y + 2 * size + 34


def cells(sheet: Sheet, left: int, top: int, widths: Sequence[int], entries: Sequence[Entry], height: int = 56, size: int = 22) -> int:
    """Draw one row of cells, label and value in turn, without a colon; tell the y below."""
    x = left
    for label_width, value_width, entry in zip(widths[::2], widths[1::2], entries, strict=True):
        sheet.frame(x, top, x + label_width + value_width, top + height, 1)
        sheet.rule(x + label_width, top, x + label_width, top + height, 1)
        sheet.text(x + 10, top + (height - size) // 2 - 2, entry.label, size, FORM)
        sheet.text(x + label_width + 12, top + (height - size) // 2 - 2, entry.value, size, fact=entry.fact)
        x += label_width + value_width
    return top + height
