"""The values of the language at work, and the unknown among them.

Money counts in fen, ratios are plain numbers: all numbers are exact fractions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.icd import CodeSet


@dataclass(frozen=True)
class Months:
    """A span of calendar months."""

    count: int


@dataclass(frozen=True)
class Unknown:
    """A value nobody knows yet: the elements to blame, and for numbers what it lies between (None: without end)."""

    causes: frozenset[str]
    low: Fraction | None = None
    high: Fraction | None = None


Known = Fraction | bool | date | str | CodeSet | Months
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
