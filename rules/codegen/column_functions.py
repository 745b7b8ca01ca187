"""What programs over columns call: exact on `int64`, and never a row lost without its mark."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.codegen.column_lines import Lines
from rules.icd import CodeSet

EPOCH = date(1970, 1, 1).toordinal()
NARROW = 2**31 - 1  # the most that a column of 32 bits holds
Words = tuple[NDArray[np.integer], tuple[str, ...]]
Marks = NDArray[np.bool_]


def widen(values: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count in 64 bits from here on."""
    return values.astype(np.int64, copy=False)


def narrow(values: NDArray[np.int64], limit: int, bad: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Mark the rows that are larger than a limit, and calculate on with 0 in their place."""
    over = np.abs(values) > limit
    if not over.any():
        return values
    bad |= over
    return np.where(over, 0, values)


def is_word(column: Words, word: str) -> NDArray[np.bool_]:
    """Tell where a column holds a word."""
    places, words = column
    return np.fromiter((each == word for each in words), np.bool_, len(words))[places]


@lru_cache(1024)
def _members(codes: CodeSet, words: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.fromiter((codes.holds(word) for word in words), np.bool_, len(words))


class lookup_of:  # noqa: N801 – it reads as the function that it stands for
    """Tells where a column holds a code of a set."""

    def __init__(self, codes: CodeSet) -> None:
        self.codes = codes

    def __call__(self, column: Words) -> NDArray[np.bool_]:
        """Look every different code up once."""
        places, words = column
        return _members(self.codes, words).take(places, mode="clip")


def shift_months(days: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Move dates by calendar months; a day that the month does not have becomes its last."""
    months = np.asarray(days, dtype="datetime64[D]").astype("datetime64[M]")
    in_month = days - months.astype("datetime64[D]").astype(np.int64)
    first = (months + count).astype("datetime64[D]").astype(np.int64)
    after = (months + count + 1).astype("datetime64[D]").astype(np.int64)
    return np.asarray(first + np.minimum(in_month, after - first - 1), np.int64)


def year_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the years of dates."""
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[Y]").astype(np.int64) + np.int64(1970)


def half_even(values: NDArray[Any], unit: Any) -> NDArray[Any]:
    """Round to the nearest whole multiple, a half to the even one."""
    whole = values // unit
    twice = 2 * (values - whole * unit)
    return np.asarray(whole + ((twice > unit) | ((twice == unit) & (whole % 2 == 1))))


def divisor(values: NDArray[np.integer]) -> NDArray[np.object_]:
    """Make whole numbers of any size of what is divided by; rows that divide by nothing are marked by the caller."""
    return np.asarray(np.maximum(values, 1), object)


def any_size(values: Any, over: NDArray[np.object_]) -> NDArray[np.object_]:
    """Count with whole numbers of any size from here on."""
    return np.broadcast_to(np.asarray(values, object), over.shape)


def in_64_bits(values: NDArray[np.object_], most: int, bad: Marks) -> NDArray[np.int64]:
    """Count in 64 bits again; rows that are too large for it are marked."""
    over = np.asarray(np.abs(values) > most, np.bool_)
    bad |= over
    return np.where(over, 0, values).astype(np.int64)


def exactly(values: NDArray[np.object_], den: int, over: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give fractions whose divisors differ from row to row."""
    return np.asarray(np.frompyfunc(Fraction, 2, 1)(values, over * den), object)


def spread(column: Any, lines: Lines) -> Any:
    """Repeat what is told of a claim for every one of its lines."""
    if isinstance(column, tuple):
        return column[0][lines.owner], column[1]
    return column if np.ndim(column) == 0 else column[lines.owner]


def total_of(values: Any, lines: Lines) -> NDArray[np.int64]:
    """Add up the lines of every claim."""
    return _by_claim(np.add.reduceat, np.broadcast_to(values, len(lines.owner)), lines, np.int64(0))


def any_of_lines(marks: Any, lines: Lines) -> Marks:
    """Tell which claims have a line that is marked."""
    return _by_claim(np.logical_or.reduceat, np.broadcast_to(marks, len(lines.owner)), lines, np.bool_(False))


def _by_claim(reduce: Callable[..., Any], values: NDArray[Any], lines: Lines, nothing: np.generic) -> NDArray[Any]:
    kind = nothing.dtype
    if lines.has_all:
        return np.asarray(reduce(values, lines.starts, dtype=kind))
    found = np.full(len(lines.starts), nothing)
    has = lines.counts > 0
    if has.any():
        found[has] = reduce(values, lines.starts[has], dtype=kind)
    return found


def line_at(values: NDArray[Any], lines: Lines, place: int) -> NDArray[Any]:
    """Take an item of every claim's list, counted from 1, or from the end when negative; who has none is marked by the caller."""
    if not len(values):
        return np.zeros(len(lines.counts), values.dtype)
    at = lines.starts + (place - 1 if place > 0 else lines.counts + place)
    return np.asarray(values[np.where(lines.counts < abs(place), 0, at)])
