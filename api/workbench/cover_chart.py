"""A chart over ages as SVG without a script: what is there as an area in steps, what is needed as a line, what is missing between them."""

from collections.abc import Callable, Sequence
from html import escape

from markupsafe import Markup

from entitlement.cover.view import AtAge
from rules.simulation_pictures import short, ticks_between

_WIDTH, _HEIGHT = 900, 260
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 12, 12, 30


def chart_of(ages: Sequence[AtAge], told: str, write: Callable[[int], str] = short) -> Markup:
    """Draw one kind; `told` is what a screen reader says of it, the figures stand in a table beside it. `write` writes amounts."""
    most = max(max(each.needed_fen, each.existing.low_fen) for each in ages)
    ticks = ticks_between(0, max(most, 100))
    plot = _Plot(ages[0].age, len(ages), ticks[-1], write)
    there, needed = [each.existing.low_fen for each in ages], [each.needed_fen for each in ages]
    shapes = [plot.tick(fen) for fen in ticks]
    shapes.append(plot.area("missing", [max(a, b) for a, b in zip(there, needed, strict=True)]))
    shapes.append(plot.area("there", there))
    shapes.append(plot.line("needed", needed))
    shapes += [plot.age(each.age) for each in ages if each.age % 10 == 0 or len(ages) == 1]
    opening = f'<svg class="cover-chart" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
    drawn = f"{opening}<title>{escape(told)}</title>{''.join(shapes)}</svg>"
    return Markup(drawn)  # noqa: S704 - numbers, and one text that is escaped


def short_english(fen: int) -> str:
    """Write an amount for an English axis: 1,200, 350k, 1.2m."""
    for size, unit in ((100_000_000, "m"), (100_000, "k")):
        if abs(fen) >= size:
            return f"{fen / size:,.4g}{unit}"
    return f"{fen / 100:,.4g}"


class _Plot:
    """Where ages and amounts lie: each age is a column, zero at the bottom."""

    def __init__(self, first_age: int, count: int, most_fen: int, write: Callable[[int], str]) -> None:
        self.first_age, self.most_fen, self.write = first_age, most_fen, write
        self.step = (_WIDTH - _LEFT - _RIGHT) / count

    def x(self, place: float) -> str:
        return f"{_LEFT + place * self.step:.1f}"

    def y(self, fen: int) -> int:
        room = _HEIGHT - _TOP - _BOTTOM
        return _TOP + room - fen * room // self.most_fen

    def steps(self, amounts: Sequence[int]) -> str:
        """Go from column to column at the height of each."""
        return " ".join(f"{self.x(place)},{self.y(fen)} {self.x(place + 1)},{self.y(fen)}" for place, fen in enumerate(amounts))

    def area(self, kind: str, amounts: Sequence[int]) -> str:
        floor = self.y(0)
        return f'<polygon class="{kind}" points="{self.x(0)},{floor} {self.steps(amounts)} {self.x(len(amounts))},{floor}"/>'

    def line(self, kind: str, amounts: Sequence[int]) -> str:
        return f'<polyline class="{kind}" points="{self.steps(amounts)}"/>'

    def tick(self, fen: int) -> str:
        y, kind = self.y(fen), "axis" if fen == 0 else "grid"
        line = f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        return f'{line}<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{self.write(fen)}</text>'

    def age(self, age: int) -> str:
        return f'<text x="{self.x(age - self.first_age + 0.5)}" y="{_HEIGHT - 8}" text-anchor="middle">{age}</text>'
