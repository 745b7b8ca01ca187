# ruff: noqa: D102, ARG002 – what a method writes is promised by Writer
"""Spells operations as NumPy on columns: a number is an `int64` over a denominator, a word its place, a date its day number.

Every number carries the most it can be. Where an operation could leave 63 bits, rows that are too large for it are
marked bad and answered one by one; all others are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rules.codegen.pieces import NotCoveredError, Piece
from rules.codegen.writer import Writer
from rules.icd import CodeSet
from rules.typed import Apply
from rules.types import EnumType, NumberType, SimpleType, Type
from rules.unknown import Months

MOST = 2**62
EPOCH = date(1970, 1, 1).toordinal()
DATE_BOUND = 84_000  # days between 1970 and the last day that a claim may name
_SHIFT, _CALENDAR = 300_000, 700_000  # no date is moved so far that it leaves the calendar
Words = tuple[NDArray[np.integer], tuple[str, ...]]
_NUMPY = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass
class ColumnWriter(Writer):
    """Writes expressions for many claims; `bad` are the rows that must be answered one by one."""

    def constant(self, value: object, type_: Type) -> Piece:
        if isinstance(value, bool):
            return Piece(str(value), constant=value)
        if isinstance(value, date):
            return Piece(f"({value.toordinal() - EPOCH})", bound=abs(value.toordinal() - EPOCH), constant=value)
        if isinstance(type_, EnumType) and isinstance(value, str):
            return Piece(str(type_.values.index(value)), constant=value)
        if isinstance(value, (str, CodeSet, Months)):
            return Piece(self.program.keep(value), constant=value)
        raise NotCoveredError(f"a constant {type(value).__name__}")

    def within(self, piece: Piece, factor: int) -> Piece:
        return self._narrowed(piece, MOST // max(factor, 1))

    def _narrowed(self, piece: Piece, limit: int) -> Piece:
        if piece.bound <= limit:
            return piece
        if limit < 1 or isinstance(piece.constant, Fraction):
            raise NotCoveredError("numbers larger than 63 bits")
        name = self.program.fresh()
        self.program.write(f"{name} = {self.program.keep(narrow)}({piece.code}, {limit}, bad)")
        return Piece(name, piece.den, limit)

    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        if isinstance(type_, NumberType):
            then, otherwise = self.common([then, otherwise])
        elif type_ in (SimpleType.CODE, SimpleType.TEXT, SimpleType.MONTHS):
            raise NotCoveredError(f"a choice between values of {type_}")
        return Piece(f"where({condition.code}, {then.code}, {otherwise.code})", then.den, max(then.bound, otherwise.bound))

    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        return Piece("(" + " & ".join(piece.code for piece in pieces) + ")") if pieces else Piece("True")

    def any_of(self, pieces: Sequence[Piece]) -> Piece:
        return Piece("(" + " | ".join(piece.code for piece in pieces) + ")")

    def every_cell(self, pieces: Sequence[Piece]) -> Piece:
        return self.all_of(pieces)

    def negated(self, piece: Piece) -> Piece:
        return Piece(f"logical_not({piece.code})")

    def compare(self, operator: str, left: Piece, right: Piece) -> Piece:
        # True == a column is a column; on booleans the signs mean what they mean on 0 and 1.
        return Piece(f"({left.code} {_NUMPY[operator]} {right.code})")

    def same_word(self, left: Piece, right: Piece, types: Sequence[Type], *, is_same: bool) -> Piece:
        if isinstance(types[0], EnumType) and types[0] == types[1]:
            return Piece(f"({left.code} {'==' if is_same else '!='} {right.code})")
        for one, other in ((left, right), (right, left)):
            if isinstance(other.constant, str) and one.constant is None and not isinstance(types[0], EnumType):
                found = Piece(f"{self.program.keep(is_word)}({one.code}, {other.code})")
                return found if is_same else self.negated(found)
        raise NotCoveredError("two columns of words compared")

    def rank(self, piece: Piece, type_: Type) -> Piece:
        assert isinstance(type_, EnumType)  # noqa: S101 – the checker ranks nothing else
        if isinstance(piece.constant, str):
            place = type_.values.index(piece.constant)
            return Piece(str(place), bound=place, constant=Fraction(place))
        return Piece(f"{self.program.keep(as_numbers)}({piece.code})", bound=len(type_.values))

    def least(self, pieces: Sequence[Piece]) -> Piece:
        return self._extreme(pieces, "minimum")

    def most(self, pieces: Sequence[Piece]) -> Piece:
        return self._extreme(pieces, "maximum")

    def _extreme(self, pieces: Sequence[Piece], function: str) -> Piece:
        parts = self.common(pieces)
        code = parts[0].code
        for part in parts[1:]:
            code = f"{function}({code}, {part.code})"
        return Piece(code, parts[0].den, max(part.bound for part in parts))

    def divided(self, left: Piece, right: Piece) -> Piece:
        raise NotCoveredError("a division by an element")

    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        keep = self.program.keep
        match tree.operator, pieces:
            case "abs", (value,) if isinstance(tree.type, NumberType):
                return Piece(f"abs({value.code})", value.den, value.bound)
            case "in codes", (code, Piece(constant=CodeSet() as codes)) if code.constant is None:
                return Piece(f"{keep(lookup_of(codes))}({code.code})")
            case "date-date", (later, earlier):
                return Piece(f"({later.code} - {earlier.code})", bound=later.bound + earlier.bound)
            case "date+days", (day, days):
                return self._shifted(day, days)
            case "days+date", (days, day):
                return self._shifted(day, days)
            case "date-days", (day, days):
                return self._shifted(day, Piece(f"(-{days.code})", days.den, days.bound))
            case (("date+months" | "date-months"), (day, Piece(constant=Months(count=count)))):
                signed = count if tree.operator == "date+months" else -count
                moved = day.bound + 31 * abs(signed)
                if moved > _CALENDAR:
                    raise NotCoveredError("a date moved out of the calendar")
                return Piece(f"{keep(shift_months)}({day.code}, {signed})", bound=moved)
            case "date.year", (day,):
                return Piece(f"{keep(year_of)}({day.code})", bound=10_000)
        raise NotCoveredError(f"the operation {tree.operator} on columns")

    def _shifted(self, day: Piece, days: Piece) -> Piece:
        bound = day.bound + _SHIFT
        if bound > _CALENDAR:
            raise NotCoveredError("a date moved out of the calendar")
        near = self._narrowed(days, _SHIFT * days.den)
        moved = near.code if near.den == 1 else f"({near.code} // {near.den})"
        return Piece(f"({day.code} + {moved})", bound=bound)

    def at_most_one(self, conditions: Sequence[Piece]) -> None:
        for place, condition in enumerate(conditions[1:], 1):
            earlier = " | ".join(each.code for each in conditions[:place])
            self.program.write(f"bad |= {condition.code} & ({earlier})")

    def first_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type) -> Piece:
        held = [self.hold(hit) for hit in hits]
        self.program.write(f"bad |= logical_not({' | '.join(hit.code for hit in held)})")
        result = answers[-1]
        for hit, answer in zip(reversed(held[:-1]), reversed(answers[:-1]), strict=True):
            result = self.choose(hit, answer, result, type_)
        return self.hold(result)

    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        unit = piece.den * granularity
        held = self.hold(self.within(self.within(piece, 4), 1))
        bound, suffix = held.bound + granularity, "" if granularity == 1 else f" * {granularity}"
        match way:
            case "half_up":
                return Piece(f"((2 * {held.code} + {unit}) // {2 * unit}{suffix})", bound=bound)
            case "down":
                return Piece(f"({held.code} // {unit}{suffix})", bound=bound)
            case "up":
                return Piece(f"(-((-{held.code}) // {unit}){suffix})", bound=bound)
            case "half_even":
                return Piece(f"({self.program.keep(half_even)}({held.code}, {unit}){suffix})", bound=bound)
        raise NotCoveredError(f"rounding {way}")


def narrow(values: NDArray[np.int64], limit: int, bad: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Mark the rows that are larger than a limit, and calculate on with 0 in their place."""
    over = np.abs(values) > limit
    if not over.any():
        return values
    bad |= over
    return np.where(over, 0, values)


def as_numbers(places: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count with places of words."""
    return np.asarray(places, dtype=np.int64)


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
        return _members(self.codes, words)[places]


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


def half_even(values: NDArray[np.int64], unit: int) -> NDArray[np.int64]:
    """Round to the nearest whole multiple, a half to the even one."""
    whole = values // unit
    twice = 2 * (values - whole * unit)
    return np.asarray(whole + ((twice > unit) | ((twice == unit) & (whole % 2 == 1))), np.int64)
