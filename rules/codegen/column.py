# ruff: noqa: D102, ARG002 – what a method writes is promised by Writer
"""Spells operations as NumPy on columns: a number is an `int64` over a denominator, a word its place, a date its day number.

Every number carries the most it can be. Where an operation could leave 63 bits, rows that are too large for it are
marked bad and answered one by one; all others are exact.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.codegen.writer import Names, Writer
from rules.icd import CodeSet
from rules.line_work import LineWork
from rules.typed import Apply, Loop
from rules.types import EnumType, NumberType, SimpleType, Type
from rules.unknown import Months

MOST = 2**62
NARROW = 2**31 - 1  # the most that a column of 32 bits holds
_BYTE = 127
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

    def running(self, total: Piece) -> Piece:
        # So each summand's memory is free again before the next one is computed.
        return self.hold(total)

    def counted(self, pieces: Sequence[Piece], bound: int) -> list[Piece]:
        # Once the first operand is wide, whatever is done to it counts in 64 bits.
        first = next((place for place, piece in enumerate(pieces) if piece.constant is None), None)
        if bound <= NARROW or first is None:
            return list(pieces)
        return [self._wide(piece) if place == first else piece for place, piece in enumerate(pieces)]

    def _wide(self, piece: Piece) -> Piece:
        if piece.is_wide or piece.constant is not None:
            return piece
        return replace(piece, code=self.program.held(f"{self.program.keep(widen)}({piece.code})"), is_wide=True)

    def _alike(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Bring numbers to one denominator and, where one is too large for 32 bits, all of them to 64."""
        parts = self.common(pieces)
        return [self._wide(part) for part in parts] if any(part.bound > NARROW for part in parts) else parts

    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        if isinstance(type_, NumberType):
            return self._choose_number(condition, then, otherwise)
        if type_ in (SimpleType.CODE, SimpleType.TEXT, SimpleType.MONTHS):
            raise NotCoveredError(f"a choice between values of {type_}")
        return Piece(f"where({condition.code}, {then.code}, {otherwise.code})", then.den, max(then.bound, otherwise.bound))

    def _choose_number(self, condition: Piece, then: Piece, otherwise: Piece) -> Piece:
        # A product with yes (1) or no (0) takes a third of the time of a choice.
        then, otherwise = self._alike([then, otherwise])
        bound = max(then.bound, otherwise.bound)
        made = replace(then, bound=bound, constant=None, is_natural=then.is_natural and otherwise.is_natural)
        if isinstance(then.constant, Fraction) and isinstance(otherwise.constant, Fraction):
            high, low = (int(each.constant * each.den) for each in (then, otherwise) if isinstance(each.constant, Fraction))
            kind = np.int64 if max(bound, abs(high - low)) > NARROW else np.int32
            rest = f" + {self.program.keep(kind(low))}" if low else ""
            return replace(made, code=f"({condition.code} * {self.program.keep(kind(high - low))}{rest})", is_wide=kind is np.int64)
        if otherwise.constant == 0:
            return replace(made, code=f"({then.code} * {condition.code})", is_wide=then.is_wide)
        if then.constant == 0:
            return replace(made, code=f"({otherwise.code} * {self.negated(condition).code})", is_wide=otherwise.is_wide)
        is_wide = all(part.is_wide or part.constant is not None for part in (then, otherwise))
        return replace(made, code=f"where({condition.code}, {then.code}, {otherwise.code})", is_wide=is_wide)

    def is_whole(self, piece: Piece) -> bool:
        return piece.den == 1

    def loop(self, tree: Loop, names: Names) -> Piece:
        raise NotCoveredError("a loop over columns")

    def review(self, work: LineWork, names: Names) -> Piece:
        raise NotCoveredError("a line rule over columns")

    def adjusted(self, condition: Piece | None, reduced: Callable[[], Piece], balance: Piece) -> Piece:
        return self.hold(reduced() if condition is None else self.choose(condition, reduced(), balance, NumberType()))

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
        return Piece(piece.code, bound=len(type_.values))  # ranks are only ever compared

    def extreme(self, pieces: Sequence[Piece], *, is_least: bool) -> Piece:
        parts = self.common(pieces)
        if is_least and any(part.constant is None for part in parts):
            # What is larger than all that another can be bounds nothing.
            most = min(part.bound for part in parts if part.constant is None)
            parts = [part for part in parts if part.constant is None or int(part.constant * part.den) < most]  # type: ignore[operator]
        parts = self._alike(parts)
        code, function = parts[0].code, "minimum" if is_least else "maximum"
        for part in parts[1:]:
            code = f"{function}({code}, {part.code})"
        is_natural = (all if is_least else any)(part.is_natural for part in parts)
        bound = max(part.bound for part in parts)
        if is_least and is_natural:
            bound = min(part.bound for part in parts)
        is_wide = all(part.is_wide or part.constant is not None for part in parts)
        return Piece(code, parts[0].den, bound, parts[0].constant if len(parts) == 1 else None, is_natural, is_wide)

    def divided(self, left: Piece, right: Piece) -> Piece:
        raise NotCoveredError("a division by an element")

    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        keep = self.program.keep
        match tree.operator, pieces:
            case "abs", (value,) if isinstance(tree.type, NumberType):
                return Piece(f"abs({value.code})", value.den, value.bound, is_natural=True, is_wide=value.is_wide)
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

    def one_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type, *, is_sure: bool) -> Piece:
        if is_sure and len(hits) > 1 and all(isinstance(answer.constant, Fraction) for answer in answers):
            return self.hold(self._picked(hits, answers))
        held = [self.hold(hit) for hit in (hits[:-1] if is_sure else hits)]
        if not is_sure:
            self.program.write(f"bad |= logical_not({' | '.join(hit.code for hit in held)})")
        result = answers[-1]
        for hit, answer in zip(reversed(held[: len(hits) - 1]), reversed(answers[:-1]), strict=True):
            result = self.choose(hit, answer, result, type_)
        return self.hold(result)

    def _picked(self, hits: Sequence[Piece], answers: Sequence[Piece]) -> Piece:
        """Write which of several constants is hit: yes counts 1, no counts 0, and exactly one is hit."""
        parts = self.common(answers)
        tops = [int(part.constant * part.den) for part in parts if isinstance(part.constant, Fraction)]
        bound = max(map(abs, tops))
        kind = np.int64 if bound > NARROW else np.int32
        terms = [f"{hit.code} * {self.program.keep(kind(top))}" for hit, top in zip(hits, tops, strict=True) if top]
        if not terms:
            return number(0)
        return Piece(f"({' + '.join(terms)})", parts[0].den, bound, is_natural=min(tops) >= 0, is_wide=kind is np.int64)

    def share_hit(self, amount: Piece, hits: Sequence[Piece], shares: Sequence[Fraction]) -> Piece:
        den = lcm(*(share.denominator for share in shares))
        tops = [int(share * den) for share in shares]
        if max(map(abs, tops)) > _BYTE:
            return super().share_hit(amount, hits, shares)
        # A share of less than 128 parts fits a byte, in which a processor counts 32 claims at once.
        terms = [f"{hit.code} * {self.program.keep(np.int8(top))}" for hit, top in zip(hits, tops, strict=True) if top]
        share = Piece(self.program.held(f"({' + '.join(terms)})"), 1, max(map(abs, tops)), is_natural=min(tops) >= 0)
        return replace(self.product(amount, share), den=amount.den * den)

    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        unit = piece.den * granularity
        held = self.hold(self.within(piece, 4))
        (held,) = [self._wide(held)] if 4 * held.bound + 2 * unit > NARROW else [held]
        bound, suffix = held.bound // piece.den + granularity, "" if granularity == 1 else f" * {granularity}"
        match way:
            case "half_up":
                code = f"((2 * {held.code} + {unit}) // {2 * unit}{suffix})"
            case "down":
                code = f"({held.code} // {unit}{suffix})"
            case "up":
                code = f"(-((-{held.code}) // {unit}){suffix})"
            case "half_even":
                code = f"({self.program.keep(half_even)}({held.code}, {unit}){suffix})"
            case _:
                raise NotCoveredError(f"rounding {way}")
        return Piece(code, bound=bound, is_natural=piece.is_natural, is_wide=held.is_wide)


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


def half_even(values: NDArray[np.int64], unit: int) -> NDArray[np.int64]:
    """Round to the nearest whole multiple, a half to the even one."""
    whole = values // unit
    twice = 2 * (values - whole * unit)
    return np.asarray(whole + ((twice > unit) | ((twice == unit) & (whole % 2 == 1))), np.int64)
