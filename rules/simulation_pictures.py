"""The pictures of a simulation's report, as SVG without a script: a bar in a table row, and a chart of months with its axes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from domain.money import format_fen
from rules.simulation import Line

_WIDTH, _HEIGHT = 900, 240
_LEFT, _TOP, _BOTTOM = 76, 12, 42
_BAR_WIDTH, _BAR_HEIGHT = 240, 14
_MOST_LABELS = 24
Row = tuple[str, Line]


def signed(fen: int) -> str:
    """Write a change of money with its sign: +1,000.00."""
    return ("+" if fen > 0 else "") + format_fen(fen)


def short(fen: int) -> str:
    """Write an amount for an axis: 1,200, 35万, 1.2亿."""
    for size, unit in ((10_000_000_000, "亿"), (1_000_000, "万")):
        if abs(fen) >= size:
            return f"{fen / size:,.4g}{unit}"
    return f"{fen / 100:,.4g}"


@dataclass(frozen=True)
class ChartWords:
    """What a chart of months says: of each column, behind a year, and how it writes the amounts of its axis."""

    before: str
    after: str
    change: str
    year: str
    short: Callable[[int], str]


CHINESE = ChartWords("现行", "草案", "变动", "年", short)


def bar(fen: int, most: int, told: str) -> str:
    """Draw a change beside a middle line: to the right where the draft pays more, to the left where it pays less."""
    middle = _BAR_WIDTH // 2
    width = abs(fen) * middle // most if most else 0
    x, kind = (middle, "more") if fen >= 0 else (middle - width, "less")
    shape = f'<rect class="{kind}" x="{x}" y="1" width="{max(width, 1 if fen else 0)}" height="{_BAR_HEIGHT - 2}"/>'
    line = f'<line class="axis" x1="{middle}" x2="{middle}" y1="0" y2="{_BAR_HEIGHT}"/>'
    size = f'viewBox="0 0 {_BAR_WIDTH} {_BAR_HEIGHT}" width="{_BAR_WIDTH}" height="{_BAR_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}><title>{escape(told)}</title>{line}{shape}</svg>'


def scale(most: int) -> str:
    """Write what the ends of the bars in a table stand for."""
    return f'<span class="scale"><span>{short(-most)}</span><span>0</span><span>+{short(most)}</span></span>' if most else ""


def payouts_by_month(rows: Sequence[Row], words: ChartWords = CHINESE) -> str:
    """Draw two columns a month: what the book pays, and what the draft would."""
    before = [(line.before_fen, "before", words.before) for _, line in rows]
    values = before + [(line.after_fen, "after", words.after) for _, line in rows]
    return _chart(rows, values, 2, format_fen, words, f"{words.before} / {words.after}")


def changes_by_month(rows: Sequence[Row], words: ChartWords = CHINESE) -> str:
    """Draw a column a month: what the draft pays more, or less."""
    values = [(line.change_fen, "more" if line.change_fen >= 0 else "less", words.change) for _, line in rows]
    return _chart(rows, values, 1, signed, words, words.change)


def _chart(
    rows: Sequence[Row],
    values: Sequence[tuple[int, str, str]],
    columns: int,
    write: Callable[[int], str],
    words: ChartWords,
    name: str,
) -> str:
    """Draw `columns` columns a month, the first columns of all months standing first in `values`."""
    low, high = min(0, *(fen for fen, _, _ in values)), max(0, *(fen for fen, _, _ in values))
    ticks = ticks_between(low, high)
    low, high = ticks[0], ticks[-1]
    room = _HEIGHT - _TOP - _BOTTOM

    def height_of(fen: int) -> int:
        return _TOP + (high - fen) * room // max(high - low, 1)

    shapes = [_tick(fen, height_of(fen), words.short(fen)) for fen in ticks]
    step = (_WIDTH - _LEFT) / len(rows)
    wide = max(min(step * 0.7 / columns, 36), 1.0)
    for place, (fen, kind, what) in enumerate(values):
        month = place % len(rows)
        x = _LEFT + month * step + (step - wide * columns) / 2 + place // len(rows) * wide
        top, bottom = sorted((height_of(fen), height_of(0)))
        told = f"<title>{escape(rows[month][0])} {what} {write(fen)}</title>"
        shapes.append(f'<rect class="{kind}" x="{x:.1f}" y="{top}" width="{wide:.1f}" height="{max(bottom - top, 1)}">{told}</rect>')
    shapes += _months([name for name, _ in rows], step, words.year)
    view = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(name)}" {view}>{"".join(shapes)}</svg>'


def _tick(fen: int, y: int, told: str) -> str:
    kind = "axis" if fen == 0 else "grid"
    line = f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>'
    return f'{line}<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{told}</text>'


def _months(names: Sequence[str], step: float, behind_year: str) -> list[str]:
    """Label months by their number and every first month of a year by the year; where there are many, only some."""
    every = -(-len(names) // _MOST_LABELS)
    shapes = []
    for place, name in enumerate(names):
        year, month = name[:4], name[5:7].lstrip("0")
        x = _LEFT + (place + 0.5) * step
        if place % every == 0:
            shapes.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{month}</text>')
        if place == 0 or names[place - 1][:4] != year:
            shapes.append(f'<text class="year" x="{x - step / 2 + 2:.1f}" y="{_HEIGHT - _BOTTOM + 34}">{year}{behind_year}</text>')
    return shapes


def ticks_between(low: int, high: int) -> list[int]:
    """Give round amounts of money in fen, evenly apart, from at or below `low` to at or above `high`."""
    span = max(high - low, 1)
    step = next(digit * 10**power for power in range(20) for digit in (1, 2, 5) if digit * 10**power * 5 >= span)
    first = low // step
    return [place * step for place in range(first, -(-high // step) + 1)] or [0]
