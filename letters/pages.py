"""Lays a letter out on A4 pages: marks with their places, before anything is drawn, so that every page knows how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.letter import Column, Letter, LetterTable, Section
from letters.fonts import Fonts
from letters.lines import break_lines

WIDTH, HEIGHT = 595.28, 841.89  # A4 in points
LEFT, RIGHT, TOP, BOTTOM = 56.0, 539.28, 770.0, 64.0
TEXT, SMALL, HEADING, TITLE = 10.5, 9.0, 12.0, 17.0
_LEADING = 1.55  # height of a line, in its own size
_PAD = 4.0


@dataclass(frozen=True)
class Words:
    """One line of text; `x` is its left end, or its right one, or its middle."""

    x: float
    y: float
    size: float
    text: str
    is_strong: bool = False
    align: str = "left"  # left | right | middle


@dataclass(frozen=True)
class Bar:
    """A filled rectangle: a rule when it is thin, a ground when it is not."""

    x: float
    y: float
    width: float
    height: float
    shade: float  # 0 is black


Page = list[Words | Bar]


class Layout:
    """Pages that fill from the top."""

    def __init__(self, fonts: Fonts) -> None:
        """Begin with one empty page."""
        self.pages: list[Page] = [[]]
        self._fonts = fonts
        self._y = TOP

    def write(
        self,
        text: str,
        size: float = TEXT,
        *,
        indent: float = 0.0,
        hang: float = 0.0,
        is_strong: bool = False,
        align: str = "left",
        after: float = 4.0,
    ) -> None:
        """Write a paragraph; `hang` sets every line but the first further in."""
        lines = self._lines(text, size, RIGHT - LEFT - indent - hang)
        for place, line in enumerate(lines):
            self._make_room(size * _LEADING)
            inset = indent + (hang if place else 0.0)
            x = {"left": LEFT + inset, "right": RIGHT, "middle": (LEFT + RIGHT) / 2}[align]
            self.pages[-1].append(Words(x, self._y - size, size, line, is_strong, align))
            self._y -= size * _LEADING
        self._y -= after

    def point(self, marker: str, text: str) -> None:
        """Write a numbered point; its lines begin where the first one does, after the number."""
        self.write(marker + text, indent=TEXT, hang=sum(map(self._fonts.width, marker)) * TEXT)

    def rule(self, shade: float = 0.6, height: float = 0.6, after: float = 8.0) -> None:
        """Draw a line from margin to margin."""
        self.pages[-1].append(Bar(LEFT, self._y, RIGHT - LEFT, height, shade))
        self._y -= after

    def keep(self, height: float) -> None:
        """Begin a new page unless this much is left of the old one."""
        self._make_room(height)

    def table(self, table: LetterTable) -> None:
        """Draw a table; on every page that it reaches its head stands again."""
        widths = _widths(table.columns)
        rows = [piece for row in table.rows for piece in self._split(self._cells(row, widths))]
        head = self._cells(tuple(each.heading for each in table.columns), widths)
        first = rows[0] if rows else head
        self._make_room(TEXT * _LEADING + _height(head) + _height(first) + 8)
        self._head(table.caption, head, table.columns, widths)
        for cells in rows:
            self._row(cells, table, head, widths)
        if table.total:
            self._row(self._cells(table.total, widths), table, head, widths, is_strong=True)
        self._y -= 10

    def _head(self, caption: str, head: "_Cells", columns: Sequence[Column], widths: Sequence[float]) -> None:
        self.write(caption, SMALL + 0.5, is_strong=True, after=1)
        height = _height(head)
        self.pages[-1].append(Bar(LEFT, self._y - height, RIGHT - LEFT, height, 0.92))
        self._draw(head, columns, widths, is_strong=True)

    def _row(self, cells: "_Cells", table: LetterTable, head: "_Cells", widths: Sequence[float], *, is_strong: bool = False) -> None:
        if self._y - _height(cells) < BOTTOM:
            self._turn()
            self._head(f"{table.caption}（续）", head, table.columns, widths)
        self._draw(cells, table.columns, widths, is_strong=is_strong)

    def _draw(self, cells: "_Cells", columns: Sequence[Column], widths: Sequence[float], *, is_strong: bool = False) -> None:
        left = LEFT
        for column, width, lines in zip(columns, widths, cells, strict=True):
            x, align = (left + width - _PAD, "right") if column.is_figure else (left + _PAD, "left")
            for place, line in enumerate(lines):
                y = self._y - _PAD - SMALL - place * SMALL * _LEADING
                self.pages[-1].append(Words(x, y, SMALL, line, is_strong, align))
            left += width
        self._y -= _height(cells)
        self.pages[-1].append(Bar(LEFT, self._y, RIGHT - LEFT, 0.4, 0.55 if is_strong else 0.75))

    def _cells(self, row: Sequence[str], widths: Sequence[float]) -> "_Cells":
        return tuple(self._lines(text, SMALL, width - 2 * _PAD) for text, width in zip(row, widths, strict=True))

    def _split(self, cells: "_Cells") -> list["_Cells"]:
        """Part a row that is higher than half a page."""
        most, highest = 20, max(map(len, cells))
        return [tuple(lines[start : start + most] for lines in cells) for start in range(0, highest, most)]

    def _lines(self, text: str, size: float, width: float) -> tuple[str, ...]:
        return break_lines(text, width / size, self._fonts.width)

    def _make_room(self, height: float) -> None:
        if self._y - height < BOTTOM:
            self._turn()

    def _turn(self) -> None:
        self.pages.append([])
        self._y = TOP


_Cells = tuple[tuple[str, ...], ...]


def _widths(columns: Sequence[Column]) -> tuple[float, ...]:
    whole = sum(each.share for each in columns)
    return tuple((RIGHT - LEFT) * each.share / whole for each in columns)


def _height(cells: _Cells) -> float:
    return max(map(len, cells)) * SMALL * _LEADING + 2 * _PAD - SMALL * (_LEADING - 1)


def lay_out(letter: Letter, fonts: Fonts) -> list[Page]:
    """Lay a letter out; page numbers and the like are not on its pages yet."""
    layout = Layout(fonts)
    layout.write(letter.heading, TITLE, is_strong=True, align="middle", after=2)
    layout.write(f"函件编号 {letter.number}", SMALL, align="right", after=2)
    layout.rule(after=10)
    for label, text in letter.facts:
        layout.write(f"{label}：{text}", hang=TEXT * (len(label) + 1), after=0)
    layout.write("", after=0)
    layout.write(f"尊敬的{letter.addressee}：", after=6)
    for section in letter.sections:
        _write_section(layout, section)
    layout.keep(2.5 * TEXT * _LEADING)
    layout.write("", SMALL / 2, after=0)
    layout.write(letter.sender, align="right", after=0)
    layout.write(f"{letter.day.year}年{letter.day.month}月{letter.day.day}日", align="right")
    return layout.pages


def _write_section(layout: Layout, section: Section) -> None:
    if section.heading:
        layout.keep((HEADING + 2 * TEXT) * _LEADING)
        layout.write(section.heading, HEADING, is_strong=True)
    for text in section.paragraphs:
        layout.write(text)
    for number, text in enumerate(section.points, start=1):
        layout.point(f"{number}. ", text)
    for table in section.tables:
        layout.table(table)
    layout.write("", SMALL / 2, after=0)
