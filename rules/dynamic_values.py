"""Types told by values: where no types were declared, a value carries its unit and says what it is."""

from datetime import date
from fractions import Fraction

from rules.icd import CodeSet
from rules.overloads import may_be_same
from rules.types import NUMBER, ListType, NumberType, RecordType, SimpleType, Type
from rules.unknown import Items, Known, Months, Quantity, Record, Span, Unknown, Value


def type_of(value: Value) -> Type:
    """Tell the type of a value; ANY for an unknown, and for the items of an empty or a mixed list."""
    match value:
        case Unknown():
            return SimpleType.ANY
        case bool():
            return SimpleType.BOOLEAN
        case Fraction():
            return NUMBER
        case Quantity(unit=unit):
            return unit
        case date():
            return SimpleType.DATE
        case Months():
            return SimpleType.MONTHS
        case str():
            return SimpleType.TEXT
        case CodeSet():
            return SimpleType.CODES
        case Span():
            return SimpleType.RANGE
        case Record():
            return RecordType(tuple((name, type_of(each)) for name, each in value.fields))
        case Items():
            return ListType(_common([type_of(each) for each in value.values]))


def _common(types: list[Type]) -> Type:
    if not types:
        return SimpleType.NOTHING
    known = [type_ for type_ in types if type_ is not SimpleType.ANY]
    return known[0] if known and all(may_be_same(known[0], type_) for type_ in known) else SimpleType.ANY


def with_unit(value: Value, type_: Type) -> Value:
    """Put the unit of a type on a number; what has none, or is no number, stays as it is."""
    if isinstance(value, Fraction) and isinstance(type_, NumberType) and type_ != NUMBER:
        return Quantity(value, type_)
    return value


def constant_value(value: Known, type_: Type) -> Value:
    """Give a literal as a value that carries its unit."""
    return with_unit(value, type_)


def bare(value: Value) -> Value:
    """Take the unit off a number, and off the numbers of a list."""
    if isinstance(value, Quantity):
        return value.number
    if isinstance(value, Items):
        return Items(tuple(bare(each) for each in value.values))
    return value
