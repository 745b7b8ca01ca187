"""What a program over columns takes: columns of elements, whose kinds it must know, and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.codegen.column import DATE_BOUND, ColumnWriter
from rules.codegen.column_functions import EPOCH
from rules.codegen.column_numbers import LARGEST
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.codegen.scalar_inputs import dated_values
from rules.model import Element, Parameter, Plan
from rules.types import DAYS, MONEY, ListType, NumberType, SimpleType, Type
from rules.values import MAX_DAYS

MAX_COLUMN_FEN = LARGEST  # a claim of more is answered by itself
MAX_COLUMN_NUMBER = 1000


@dataclass(frozen=True)
class ColumnKind:
    """What a program must know of a column: over what its numbers stand, the most they are, whether they count in 64 bits."""

    den: int = 1
    most: int = 0
    is_wide: bool = True


@dataclass(frozen=True)
class ListKind:
    """What a program must know of the lists of a column: the kinds of their fields, of which a plain list has one."""

    fields: tuple[ColumnKind, ...]


def bound_of(type_: Type, den: int) -> int:
    """Tell the most that the code of a column's number can be."""
    if type_ is SimpleType.DATE:
        return DATE_BOUND
    return {MONEY: MAX_COLUMN_FEN, DAYS: MAX_DAYS}.get(type_, MAX_COLUMN_NUMBER * den) if isinstance(type_, NumberType) else 0


def read_element(writer: ColumnWriter, element: Element, kind: ColumnKind | ListKind, code: str) -> Piece:
    """Name an element's column, or the fields of its lines."""
    if isinstance(kind, ColumnKind):
        return _given(code, element.type, kind)
    assert isinstance(element.type, ListType)  # noqa: S101 – a list kind is a list's
    fields = element.fields or (Element("", element.type.item, element.at),)
    pieces = []
    for place, (each, inner) in enumerate(zip(fields, kind.fields, strict=True)):
        pieces.append((each.name, _given(writer.program.held(f"{code}.fields[{place}]"), each.type, inner)))
    return writer.add_list(code, element.type.item, pieces)


def _given(code: str, type_: Type, kind: ColumnKind) -> Piece:
    return Piece(code, kind.den, kind.most, is_natural=isinstance(type_, NumberType), is_wide=kind.is_wide)


def read_parameter(writer: ColumnWriter, plan: Plan, parameter: Parameter, pieces: Mapping[str, Piece]) -> Piece:
    """Write a parameter, selected by the date of each claim.

    Raises:
        NotCoveredError: its dates do not ascend, or it has values that the generators do not know.
    """
    dated_values(parameter)  # refuses what cannot be selected by date
    typed = [number(value) if isinstance(value, Fraction) else writer.constant(value, parameter.type) for _, value in parameter.values]
    starts = [start for start, _ in parameter.values]
    if len(typed) == 1 and starts[0] is None:
        return typed[0]
    basis, result = pieces[plan.basis].code, typed[0]
    if starts[0] is not None:
        writer.program.write(f"bad |= {basis} < {_day(starts[0])}")
    for start, value in zip(starts[1:], typed[1:], strict=True):
        is_later = Piece(f"({basis} >= {_day(start)})")
        result = writer.choose(is_later, value, result, parameter.type)
    return writer.hold(result)


def _day(day: date | None) -> str:
    if day is None:
        raise NotCoveredError("a parameter with a second value that has no date")
    return f"({day.toordinal() - EPOCH})"
