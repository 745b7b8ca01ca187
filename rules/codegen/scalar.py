# ruff: noqa: D102, ARG002 – what a method writes is promised by Spelling
"""Spells operations as Python on whole numbers: a number is an `int` over a denominator known beforehand, else a Fraction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache

from rules.codegen.pieces import LeaveError, NotCoveredError, Piece
from rules.codegen.scalar_lists import fields_of_lines, item_at, to_held, to_value
from rules.codegen.scalar_loops import ScalarLoops
from rules.icd import CodeSet
from rules.operations import OPERATIONS
from rules.operators import divide
from rules.rounding import round_fraction
from rules.typed import Apply
from rules.types import EnumType, ListType, NumberType, RecordType, Type
from rules.unknown import Value

_PYTHON_COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_HASHED_CODES = 4096


@dataclass
class ScalarWriter(ScalarLoops):
    """Writes expressions for one claim; numbers never overflow."""

    def constant(self, value: object, type_: Type) -> Piece:
        if isinstance(value, bool):
            return Piece(str(value), constant=value)
        return Piece(self.program.keep(value), constant=value)  # type: ignore[arg-type]  # a Constant holds known values

    def within(self, piece: Piece, factor: int) -> Piece:
        return piece

    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        if isinstance(type_, NumberType):
            then, otherwise = self.common([then, otherwise])
        is_natural, is_whole = then.is_natural and otherwise.is_natural, then.is_whole and otherwise.is_whole
        code = f"({then.code} if {condition.code} else {otherwise.code})"
        return Piece(code, then.den, is_natural=is_natural, is_whole=is_whole)

    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        return Piece("(" + " and ".join(piece.code for piece in pieces) + ")")

    def any_of(self, pieces: Sequence[Piece]) -> Piece:
        return Piece("(" + " or ".join(piece.code for piece in pieces) + ")")

    def every_cell(self, pieces: Sequence[Piece]) -> Piece:
        # Cells are looked at to the last: one of them may have to leave the program.
        return Piece("(" + " & ".join(piece.code for piece in pieces) + ")") if pieces else Piece("True")

    def negated(self, piece: Piece) -> Piece:
        return Piece(f"(not {piece.code})")

    def compare(self, operator: str, left: Piece, right: Piece) -> Piece:
        return Piece(f"({left.code} {_PYTHON_COMPARISONS[operator]} {right.code})")

    def same_word(self, left: Piece, right: Piece, types: Sequence[Type], *, is_same: bool) -> Piece:
        return Piece(f"({left.code} {'==' if is_same else '!='} {right.code})")

    def rank(self, piece: Piece, type_: Type) -> Piece:
        assert isinstance(type_, EnumType)  # noqa: S101 – the checker ranks nothing else
        if isinstance(piece.constant, str):
            place = type_.values.index(piece.constant)
            return Piece(str(place), constant=Fraction(place))
        ranks = self.program.keep({word: place for place, word in enumerate(type_.values)})
        return Piece(f"{ranks}[{piece.code}]")

    def extreme(self, pieces: Sequence[Piece], *, is_least: bool) -> Piece:
        parts = self.common([self.hold(piece) for piece in pieces])
        is_natural = (all if is_least else any)(part.is_natural for part in parts)
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            left, right = parts
            code = f"({left.code} if {left.code} {'<=' if is_least else '>='} {right.code} else {right.code})"
        else:
            code = f"{'min' if is_least else 'max'}({', '.join(part.code for part in parts)})"
        return Piece(code, parts[0].den, is_natural=is_natural, is_whole=all(part.is_whole for part in parts))

    def divided(self, left: Piece, right: Piece) -> Piece:
        left, right = self.common([left, right])
        return Piece(f"{self.program.keep(_divide)}({left.code}, {right.code})")

    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        types, keep = [argument.type for argument in tree.arguments], self.program.keep
        match tree.operator, pieces:
            case "in codes", (code, Piece(constant=CodeSet() as codes)):
                return Piece(f"{self._lookup(codes)}({code.code})")
            case "date-date", (later, earlier):
                return Piece(f"({later.code} - {earlier.code}).days", is_whole=True)
            case "date+days", (day, days):
                if isinstance(days.constant, Fraction):
                    return Piece(f"({day.code} + {keep(timedelta(days.constant // 1))})")
                return Piece(f"({day.code} + {keep(timedelta)}({days.code} // {days.den}))")
            case "field", (record, Piece(constant=str() as name)):
                return Piece(f"{record.code}[{_place_of(types[0], name)}]")
            case "fields", (lines, Piece(constant=str() as name)) if isinstance(types[0], ListType):
                return self.hold(Piece(f"{keep(fields_of_lines)}({lines.code}, {_place_of(types[0].item, name)})"))
            case "item", (items, place):
                exact = place if place.den == 1 else Piece(f"{keep(Fraction)}({place.code}, {place.den})")
                return self.hold(Piece(f"{keep(item_at)}({items.code}, {exact.code})"))
            case "sum#1", (items,) if isinstance(tree.type, NumberType):
                return self.hold(Piece(f"sum({items.code})"))
            case "count", (items,):
                return Piece(f"len({items.code})", is_natural=True, is_whole=True)
        if tree.operator not in OPERATIONS:
            raise NotCoveredError(f"the operation {tree.operator}")
        given = ", ".join(self._as_value(piece, each) for piece, each in zip(pieces, types, strict=True))
        return self.hold(Piece(f"{keep(_held(tree.type))}({keep(OPERATIONS[tree.operator])}({given}))"))

    def _lookup(self, codes: CodeSet) -> str:
        name = f"codes{codes.ranges}"
        if name not in self.lookups:
            self.lookups[name] = self.program.keep(lru_cache(_HASHED_CODES)(codes.holds))
        return self.lookups[name]

    def __post_init__(self) -> None:
        self.lookups: dict[str, str] = {}

    def _as_value(self, piece: Piece, type_: Type) -> str:
        if isinstance(type_, (ListType, RecordType)):
            return f"{self.program.keep(_value(type_))}({piece.code})"
        if not isinstance(type_, NumberType):
            return piece.code
        if isinstance(piece.constant, Fraction):
            return self.program.keep(piece.constant)
        return f"{self.program.keep(Fraction)}({piece.code}, {piece.den})"

    def at_most_one(self, conditions: Sequence[Piece]) -> None:
        if len(conditions) > 1:
            self.program.write(f"if {' + '.join(each.code for each in conditions)} > 1:")
            self.program.write(f"    raise {self.program.keep(LeaveError)}")

    def one_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type, *, is_sure: bool) -> Piece:
        if isinstance(type_, NumberType):
            answers = self.common(answers)
        name = self.program.fresh()
        for place, (hit, answer) in enumerate(zip(hits, answers, strict=True)):
            is_rest = is_sure and place + 1 == len(hits) > 1
            self.program.write("else:" if is_rest else f"{'el' if place else ''}if {hit.code}:")
            self.program.write(f"    {name} = {answer.code}")
        if not is_sure or len(hits) == 1:
            self.program.write("else:")
            self.program.write(f"    raise {self.program.keep(LeaveError)}")
        is_natural, is_whole = all(answer.is_natural for answer in answers), all(answer.is_whole for answer in answers)
        return Piece(name, answers[0].den, is_natural=is_natural, is_whole=is_whole)

    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        unit = piece.den * granularity
        suffix = "" if granularity == 1 else f" * {granularity}"
        match way:
            case "half_up":
                code = f"((2 * {piece.code} + {unit}) // {2 * unit}{suffix})"
            case "down":
                code = f"({piece.code} // {unit}{suffix})"
            case "up":
                code = f"(-(-{piece.code} // {unit}){suffix})"
            case _:
                exact = f"{self.program.keep(Fraction)}({piece.code}, {piece.den})"
                code = f"{self.program.keep(round_fraction)}({exact}, {granularity}, {self.program.keep(way)}).numerator"
        return Piece(code, is_natural=piece.is_natural, is_whole=True)


def whole(value: Fraction | int) -> Fraction | int:
    """Give a whole number as an `int`, which is quicker to count with."""
    return value.numerator if value.denominator == 1 else value


def _divide(left: Fraction | int, right: Fraction | int) -> Fraction | int:
    return _known_number(divide(Fraction(left), Fraction(right)))


def _known_number(value: Value) -> Fraction | int:
    if not isinstance(value, Fraction):
        raise LeaveError
    return whole(value)


def _place_of(type_: Type, name: str) -> int:
    assert isinstance(type_, RecordType)  # noqa: S101 – only records have fields
    return [each for each, _ in type_.fields].index(name)


# One function for every type, so that a program keeps it once.
_held, _value = lru_cache(to_held), lru_cache(to_value)
