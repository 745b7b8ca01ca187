"""The values of the language at work, and the unknown among them.

Money counts in fen, ratios are plain numbers: all numbers are exact fractions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.icd import CodeSet
from rules.types import NumberType


@dataclass(frozen=True, order=True)
class Months:
    """A span of calendar months."""

    count: int


@dataclass(frozen=True)
class Items:
    """A list of values."""

    values: "tuple[Value, ...]"


@dataclass(frozen=True)
class Record:
    """Named values, such as the line of an invoice."""

    fields: "tuple[tuple[str, Value], ...]"

    def get(self, name: str) -> "Value | None":
        """Find a value by its name."""
        return next((value for each, value in self.fields if each == name), None)


@dataclass(frozen=True)
class Span:
    """What lies between two values; an end may be left out of it."""

    low: "Value"
    high: "Value"
    with_low: bool
    with_high: bool


@dataclass(frozen=True)
class Quantity:
    """A number that carries its unit, where no type was known beforehand: 3 days, 5 yuan (in fen)."""

    number: Fraction
    unit: NumberType


@dataclass(frozen=True)
class Unknown:
    """A value nobody knows yet: the elements to blame, and for numbers what it lies between (None: without end)."""

    causes: frozenset[str]
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Null(Unknown):
    """FEEL's null, which `rules eval` takes: an unknown that may be asked for with `= null`; no book holds one."""


@dataclass(frozen=True)
class UnsureItems(Unknown):
    """What a filter kept when it could not tell of every item: whoever does not look closer sees an unknown."""

    sure: "tuple[Value, ...]" = ()
    maybe: "tuple[Value, ...]" = ()


Known = Fraction | bool | date | str | CodeSet | Months | Items | Record | Span | Quantity
Value = Known | Unknown
NO_CODE = ""  # 无: known that there is none


def low_of(value: Value) -> Fraction | None:
    """Give the least a value can be; None when it has no lower end or is no number."""
    if isinstance(value, Unknown):
        return value.low
    return value if isinstance(value, Fraction) else None


def high_of(value: Value) -> Fraction | None:
    """Give the most a value can be; None when it has no upper end or is no number."""
    if isinstance(value, Unknown):
        return value.high
    return value if isinstance(value, Fraction) else None


def causes_of(values: Iterable[Value]) -> frozenset[str]:
    """Collect the elements to blame."""
    return frozenset().union(*(value.causes for value in values if isinstance(value, Unknown)))


def between(causes: frozenset[str], low: Fraction | None, high: Fraction | None) -> Fraction | Unknown:
    """Make a number of an interval: known when both ends meet."""
    if low is not None and low == high:
        return low
    return Unknown(causes, low, high)


def join(values: list[Value], causes: frozenset[str]) -> Value:
    """Answer what holds whichever of the values it is; `causes` is why nobody can tell which."""
    first = values[0]
    if not isinstance(first, Unknown) and all(value == first for value in values):
        return first
    lows, highs = [low_of(value) for value in values], [high_of(value) for value in values]
    low = min(end for end in lows if end is not None) if None not in lows else None
    high = max(end for end in highs if end is not None) if None not in highs else None
    return between(causes | causes_of(values), low, high)
