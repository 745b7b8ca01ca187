# ruff: noqa: D102 – what a method writes is promised by Spelling
"""Spells operations on columns: words are their places, dates are day numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.codegen.column_functions import EPOCH, is_word, lookup_of, shift_months, year_of
from rules.codegen.column_loops import ColumnLoops
from rules.codegen.pieces import NotCoveredError, Piece
from rules.icd import CodeSet
from rules.typed import Apply
from rules.types import EnumType, ListType, NumberType, Type
from rules.unknown import Months

DATE_BOUND = 84_000  # days between 1970 and the last day that a claim may name
_SHIFT, _CALENDAR = 300_000, 700_000  # no date is moved so far that it leaves the calendar
_NUMPY = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass
class ColumnWriter(ColumnLoops):
    """Writes expressions for many claims."""

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

    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        keep = self.program.keep
        if isinstance(tree.arguments[0].type, ListType):
            return self.list_operation(tree, pieces)
        if any(piece.over for piece in pieces):
            raise NotCoveredError(f"{tree.operator} of what was divided by an element")
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
