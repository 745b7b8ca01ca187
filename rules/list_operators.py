"""What is taken out of lists and records, known or unknown."""

from fractions import Fraction

from domain.errors import InputError
from rules.phrases import Phrase
from rules.unknown import Items, Record, Unknown, UnsureItems, Value, causes_of


def field_of(record: Value, name: Value) -> Value:
    """Take a field of a record."""
    value = record.get(str(name)) if isinstance(record, Record) else None
    return Unknown(causes_of((record,))) if value is None else value


def fields_of(items: Value, name: Value) -> Value:
    """Take a field of every record of a list."""
    if isinstance(items, UnsureItems):
        sure, maybe = (tuple(field_of(each, name) for each in part) for part in (items.sure, items.maybe))
        return UnsureItems(items.causes, sure=sure, maybe=maybe)
    if isinstance(items, Items):
        return Items(tuple(field_of(each, name) for each in items.values))
    return Unknown(causes_of((items,)))


def item_at(items: Value, place: Value) -> Value:
    """Take an item of a list, counted from 1, or from the end when negative.

    Raises:
        InputError: the list has no such item.
    """
    if not isinstance(items, Items) or not isinstance(place, Fraction):
        return Unknown(causes_of((items, place)))
    count = len(items.values)
    if place.denominator != 1 or not 1 <= abs(place) <= count:
        raise InputError(
            Phrase("a list of {count} has no item {place}", count=count, place=place),
            Phrase("guard it in the rule with 计数 and 如果 … 则 … 否则"),
        )
    return items.values[int(place) - 1 if place > 0 else int(place)]
