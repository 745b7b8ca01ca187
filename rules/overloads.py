"""Which operation an operator means for which types: the one table that the checker asks when a book is saved.

`rules eval` asks it too, with the types of the values, where no types were declared beforehand.
"""

from typing import NamedTuple

from rules.phrases import Phrase
from rules.types import DAYS, NUMBER, EnumType, ListType, NumberType, RecordType, SimpleType, Type, describe

_BOOLEAN, _DATE, _MONTHS, _TEXT = SimpleType.BOOLEAN, SimpleType.DATE, SimpleType.MONTHS, SimpleType.TEXT
ORDERINGS = ("<", "<=", ">", ">=")


class Overload(NamedTuple):
    """An operation of `rules.operations`, and the type of what it answers."""

    operation: str
    type: Type


class ClashError(Exception):
    """Types that do not go together, and the way out."""

    def __init__(self, what: Phrase, way_out: Phrase) -> None:
        super().__init__(what)
        self.what, self.way_out = what, way_out


_FIXED: dict[tuple[str, Type, Type], Overload] = {
    ("+", _DATE, DAYS): Overload("date+days", _DATE),
    ("+", DAYS, _DATE): Overload("days+date", _DATE),
    ("-", _DATE, DAYS): Overload("date-days", _DATE),
    ("+", _DATE, _MONTHS): Overload("date+months", _DATE),
    ("+", _MONTHS, _DATE): Overload("months+date", _DATE),
    ("-", _DATE, _MONTHS): Overload("date-months", _DATE),
    ("-", _DATE, _DATE): Overload("date-date", DAYS),
    ("+", _MONTHS, _MONTHS): Overload("months+months", _MONTHS),
    ("-", _MONTHS, _MONTHS): Overload("months-months", _MONTHS),
    ("*", _MONTHS, NUMBER): Overload("months*number", _MONTHS),
    ("*", NUMBER, _MONTHS): Overload("number*months", _MONTHS),
    ("/", _MONTHS, NUMBER): Overload("months/number", _MONTHS),
    ("/", _MONTHS, _MONTHS): Overload("months/months", NUMBER),
    ("**", NUMBER, NUMBER): Overload("**", NUMBER),
    ("+", _TEXT, _TEXT): Overload("text+text", _TEXT),
}


def resolve_arithmetic(operator: str, left: Type, right: Type) -> Overload:
    """Find what `+ - * / **` does with two types.

    Raises:
        ClashError: it does nothing with them.
    """
    if operator != "**" and isinstance(left, NumberType) and isinstance(right, NumberType):
        if operator in ("*", "/"):
            sign = 1 if operator == "*" else -1
            return Overload(operator, NumberType(left.yuan + sign * right.yuan, left.day + sign * right.day))
        if left == right:
            return Overload(operator, left)
    found = _FIXED.get((operator, left, right))
    if found is None:
        raise ClashError(
            Phrase("{left} {operator} {right} makes no sense", left=describe(left), operator=operator, right=describe(right)),
            _arithmetic_way_out(operator, left, right),
        )
    return found


def _arithmetic_way_out(operator: str, left: Type, right: Type) -> Phrase:
    if operator == "**":
        return Phrase("raise a bare number to the power of a bare number")
    if operator in ("+", "-") and isinstance(left, NumberType) and isinstance(right, NumberType):
        return Phrase("both sides need the same unit: 元 with 元, 天 with 天; 天 × 元/天 = 元")
    if _DATE in (left, right):
        return Phrase("a date takes + or - 天 or 个月, and a date less a date is 天")
    return Phrase("calculate with numbers")


def resolve_negation(type_: Type) -> Overload:
    """Find what a leading minus does with a type.

    Raises:
        ClashError: the type has no negative.
    """
    if isinstance(type_, NumberType):
        return Overload("neg", type_)
    if type_ is _MONTHS:
        return Overload("neg months", type_)
    raise ClashError(Phrase("{type} has no negative", type=describe(type_)), Phrase("negate a number"))


def check_comparable(operator: str, left: Type, right: Type) -> None:
    """Insist that two types compare.

    Raises:
        ClashError: they differ, or have no order where one is asked for.
    """
    if not may_be_same(left, right):
        what = Phrase("{left} cannot be compared with {right}", left=describe(left), right=describe(right))
        raise ClashError(what, Phrase("compare like with like; a bare number needs its unit (1万元, 30天)"))
    if left is SimpleType.CODES:
        raise ClashError(Phrase("{left} cannot be compared", left=describe(left)), Phrase("ask whether a code lies in a set (属于)"))
    if operator in ORDERINGS and not is_ordered(left):
        raise ClashError(Phrase("{left} has no order", left=describe(left)), Phrase("declare it as 序列, or compare with = and 属于"))


def is_ordered(type_: Type) -> bool:
    """Tell whether values of a type come one before another."""
    if isinstance(type_, EnumType):
        return type_.ordered
    return isinstance(type_, NumberType) or type_ in (_DATE, _MONTHS, _TEXT)


def may_be_same(left: Type, right: Type) -> bool:
    """Tell whether values of two types may be equal; an empty list may equal any list."""
    if left == right:
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return not {SimpleType.ANY, SimpleType.NOTHING}.isdisjoint((left.item, right.item)) or may_be_same(left.item, right.item)
    return isinstance(left, RecordType) and isinstance(right, RecordType)


_PROPERTIES: dict[Type, dict[str, Overload]] = {
    _DATE: {each: Overload(f"date.{each}", NUMBER) for each in ("year", "month", "day", "weekday")},
    _MONTHS: {each: Overload(f"months.{each}", NUMBER) for each in ("years", "months")},
    DAYS: {each: Overload(f"days.{each}", NUMBER) for each in ("days", "hours", "minutes", "seconds")},
}


def resolve_property(type_: Type, name: str) -> Overload | None:
    """Find a property by its canonical name; None when the type has no such property."""
    return _PROPERTIES.get(type_, {}).get(name)


def properties_of(type_: Type) -> list[str]:
    """List the properties of a type by their canonical names."""
    return list(_PROPERTIES.get(type_, {}))
