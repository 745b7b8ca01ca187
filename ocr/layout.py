"""Text with its places: cells as the reader found them, and rows of cells as a person reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
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

    @cached_property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.box.top + self.box.bottom) / 2

    @cached_property
    def height(self) -> int:
        """Its height, at least one pixel."""
        return max(1, self.box.bottom - self.box.top)


Row = tuple[Cell, ...]  # from left to right


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
    for cell in sorted(cells, key=lambda each: (each.page, each.box.left)):
        rows = by_page.setdefault(cell.page, [])
        fitting = [row for row in rows if _continues(row[-1], cell)]
        if fitting:
            min(fitting, key=lambda row: abs(row[-1].middle - cell.middle)).append(cell)
        else:
            rows.append([cell])
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


def _continues(last: Cell, cell: Cell) -> bool:
    lower, higher = sorted((last.height, cell.height))
    is_level = abs(last.middle - cell.middle) <= _SAME_ROW * lower
    return is_level and cell.box.left >= last.box.right - higher
