"""How a program for one claim holds lists: records as tuples in the order of their fields, numbers as `int` where they are whole."""

from collections.abc import Callable
from fractions import Fraction
from operator import itemgetter
from typing import Any

from rules.codegen.pieces import LeaveError
from rules.types import ListType, NumberType, RecordType, Type
from rules.unknown import Items, Record, Unknown, Value

Convert = Callable[[Any], Any]


def to_value(type_: Type) -> Convert:
    """Make the function that turns a value of a program into a value of the language."""
    if isinstance(type_, NumberType):
        return Fraction
    if isinstance(type_, ListType):
        inner = to_value(type_.item)
        return lambda held: Items(tuple(map(inner, held)))
    if isinstance(type_, RecordType):
        fields = [(name, to_value(each)) for name, each in type_.fields]
        return lambda held: Record(tuple((name, convert(value)) for (name, convert), value in zip(fields, held, strict=True)))
    return _as_it_is


def to_held(type_: Type) -> Convert:
    """Make the function that turns a value of the language into a value of a program.

    The function raises LeaveError where something is unknown.
    """
    if isinstance(type_, NumberType):
        return _whole
    if isinstance(type_, ListType):
        inner = to_held(type_.item)
        return lambda value: [inner(item) for item in _known(value, Items).values]
    if isinstance(type_, RecordType):
        fields = [(name, to_held(each)) for name, each in type_.fields]
        return lambda value: tuple(convert(_known(value, Record).get(name)) for name, convert in fields)
    return lambda value: _known(value, object)


def fields_of_lines(lines: list[tuple[Any, ...]], place: int) -> list[Any]:
    """Take one field of every line."""
    return list(map(itemgetter(place), lines))


def item_at(items: list[Any], place: Fraction) -> object:
    """Take an item of a list, counted from 1, or from the end when negative.

    Raises:
        LeaveError: the list has no such item.
    """
    if place.denominator != 1 or not 1 <= abs(place) <= len(items):
        raise LeaveError
    return items[int(place) - 1 if place > 0 else int(place)]


def _as_it_is(value: object) -> object:
    return value


def _whole(value: Value) -> Fraction | int:
    number: Fraction = _known(value, Fraction)
    return number.numerator if number.denominator == 1 else number


def _known(value: Value | None, kind: type) -> Any:
    if isinstance(value, Unknown) or not isinstance(value, kind):
        raise LeaveError
    return value
