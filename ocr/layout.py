"""Text with its places: cells as the reader found them, and rows of cells as a person reads them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from domain.document import Box, ReadPage
from ocr.view import View

_SAME_ROW = 0.55  # share of a cell's height that the middles of two neighbours may differ
_WORD_GAP = 0.5  # share of a cell's height that parts two cells of one row
_FIELD_GAP = 3.0  # heights beyond which two cells hardly say one thing
WIDE_GAP = "\t\t"


@dataclass(frozen=True)
class Cell:
    """One piece of text: `box` on the page laid flat, `source` in the uploaded picture."""

    text: str
    confidence: float
    page: int
    box: Box
    source: Box

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.box.top + self.box.bottom) / 2

    @property
    def height(self) -> int:
        """Its height, at least one pixel."""
        return max(1, self.box.bottom - self.box.top)


Row = tuple[Cell, ...]  # from left to right
_End = tuple[float, int, int]  # of a row: the middle, the height and the right side of its last cell


def cells_of(read: ReadPage, view: View | None, page: int) -> tuple[Cell, ...]:
    """Place what a reader found; without a view the boxes already are the upload's."""
    return tuple(
        Cell(line.text, line.confidence, page, line.box, view.box_in_upload(line.box) if view else line.box)
        for line in read.lines
        if line.text.strip()
    )


def rows_of(cells: Iterable[Cell]) -> tuple[Row, ...]:
    """Put cells into rows from top to bottom, pages in order.

    A cell joins the row whose last cell is level with it, so a row may slant or bend over the page.
    """
    by_page: dict[int, list[list[Cell]]] = {}
    ends: dict[int, list[_End]] = {}
    for cell in sorted(cells, key=lambda each: (each.page, each.box.left)):
        rows, last = by_page.setdefault(cell.page, []), ends.setdefault(cell.page, [])
        end = (cell.middle, cell.height, cell.box.right)
        place = _row_for(cell.box.left, end, last)
        if place is None:
            rows.append([cell])
            last.append(end)
        else:
            rows[place].append(cell)
            last[place] = end
    return tuple(
        tuple(row) for page in sorted(by_page) for row in sorted(by_page[page], key=lambda row: median(cell.middle for cell in row))
    )


def row_text(row: Sequence[Cell]) -> str:
    """Join a row's cells; a tab stands for a gap, two for a wide one."""
    text = row[0].text
    for before, cell in pairwise(row):
        gap = (cell.box.left - before.box.right) / min(before.height, cell.height)
        text += (WIDE_GAP if gap > _FIELD_GAP else "\t" if gap > _WORD_GAP else "") + cell.text
    return text


def _row_for(left: int, cell: _End, ends: Sequence[_End]) -> int | None:
    """Find the row that ends before a cell and level with it; of several the one most level."""
    middle, height, _ = cell
    best, least = None, math.inf
    for place, (last_middle, last_height, last_right) in enumerate(ends):
        apart = abs(last_middle - middle)
        if apart >= least:
            continue
        lower, higher = (last_height, height) if last_height < height else (height, last_height)
        if apart <= _SAME_ROW * lower and left >= last_right - higher:
            best, least = place, apart
    return best
