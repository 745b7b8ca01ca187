"""Built-ins on lists; an unknown item makes unknown only what depends on it."""

from collections.abc import Sequence
from fractions import Fraction

from domain.errors import InputError
from rules.operators import add, all_of, any_of, divide, largest, smallest
from rules.phrases import Phrase
from rules.sameness import same
from rules.unknown import Items, Unknown, UnsureItems, Value, between, causes_of, join

MAX_ITEMS = 10_000


def _items(values: Sequence[Value]) -> Items:
    if len(values) > MAX_ITEMS:
        raise InputError(Phrase("a list of more than {most} items", most=MAX_ITEMS), Phrase("keep lists short"))
    return Items(tuple(values))


def _spread(arguments: tuple[Value, ...]) -> tuple[Value, ...] | Unknown:
    # sum([1, 2]) and sum(1, 2) are the same.
    if len(arguments) != 1:
        return arguments
    only = arguments[0]
    if isinstance(only, Unknown):
        return only
    return only.values if isinstance(only, Items) else (only,)


def total(*arguments: Value) -> Value:
    """Add up; nothing adds up to 0."""
    values = _spread(arguments)
    if isinstance(values, UnsureItems):
        return total(*values.sure, *(_perhaps(value, values.causes) for value in values.maybe))
    if isinstance(values, Unknown):
        return values
    result: Value = Fraction(0)
    for value in values:
        result = add(result, value)
    return result


def _perhaps(value: Value, causes: frozenset[str]) -> Value:
    # An item that may be left out adds something between nothing and itself.
    return join([value, Fraction(0)], causes)


def product(*numbers: Fraction) -> Fraction:
    """Multiply all.

    Raises:
        InputError: there is nothing to multiply.
    """
    values = _spread(numbers)
    if isinstance(values, Unknown) or not values:
        raise InputError(Phrase("a product of nothing"), Phrase("guard it in the rule with 计数"))
    result = Fraction(1)
    for value in values:
        result *= value if isinstance(value, Fraction) else 1
    return result


def mean(*arguments: Value) -> Value:
    """Give the arithmetic mean.

    Raises:
        InputError: there is nothing to take it of.
    """
    values = _spread(arguments)
    if isinstance(values, Unknown):
        return values
    if not values:
        raise InputError(Phrase("a mean of nothing"), Phrase("guard it in the rule with 计数"))
    return divide(total(*values), Fraction(len(values)))


def median(*arguments: Value) -> Value:
    """Give the middle number, or the mean of the two in the middle.

    Raises:
        InputError: there is nothing to take it of.
    """
    values = _spread(arguments)
    ordered = [] if isinstance(values, Unknown) else sorted(value for value in values if isinstance(value, Fraction))
    if not ordered:
        raise InputError(Phrase("a median of nothing"), Phrase("guard it in the rule with 计数"))
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def least(*arguments: Value) -> Value:
    """Take the smallest.

    Raises:
        InputError: there is nothing to take it of.
    """
    values = _spread(arguments)
    return values if isinstance(values, Unknown) else smallest(*_some(values))


def greatest(*arguments: Value) -> Value:
    """Take the largest.

    Raises:
        InputError: there is nothing to take it of.
    """
    values = _spread(arguments)
    return values if isinstance(values, Unknown) else largest(*_some(values))


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    if not values:
        raise InputError(Phrase("the smallest or largest of nothing"), Phrase("guard it in the rule with 计数"))
    return values


def every(*arguments: Value) -> Value:
    """Tell whether all are true; Kleene's and."""
    values = _spread(arguments)
    return values if isinstance(values, Unknown) else all_of(values)


def some(*arguments: Value) -> Value:
    """Tell whether one is true; Kleene's or."""
    values = _spread(arguments)
    return values if isinstance(values, Unknown) else any_of(values)


def count(items: Value) -> Value:
    """Count the items."""
    if isinstance(items, UnsureItems):
        least = len(items.sure)
        return between(items.causes, Fraction(least), Fraction(least + len(items.maybe)))
    return Fraction(len(items.values)) if isinstance(items, Items) else Unknown(causes_of((items,)))


def contains(items: Value, value: Value) -> Value:
    """Tell whether a list holds a value."""
    if not isinstance(items, Items):
        return Unknown(causes_of((items, value)))
    return any_of([answer for each in items.values if (answer := same(each, value)) is not None])


def append(items: Items, *values: Value) -> Items:
    """Put values at the end of a list."""
    return _items([*items.values, *values])


def concatenate(*lists: Items) -> Items:
    """Join lists."""
    return _items([value for items in lists for value in items.values])


def union(*lists: Items) -> Items:
    """Join lists, and keep each value once."""
    return distinct(concatenate(*lists))


def distinct(items: Items) -> Items:
    """Keep each value once, where it stands first."""
    kept: list[Value] = []
    for value in items.values:
        if not any(same(value, other) is True for other in kept):
            kept.append(value)
    return _items(kept)


def flatten(items: Items) -> Items:
    """Take the lists out of a list."""
    flat: list[Value] = []
    waiting: list[Value] = list(reversed(items.values))
    while waiting:
        value = waiting.pop()
        if isinstance(value, Items):
            waiting.extend(reversed(value.values))
        else:
            flat.append(value)
    return _items(flat)


def reverse(items: Items) -> Items:
    """Turn the order round."""
    return Items(items.values[::-1])


def index_of(items: Items, value: Value) -> Items:
    """List the places of a value, counted from 1."""
    return Items(tuple(Fraction(place) for place, each in enumerate(items.values, 1) if same(each, value) is True))


def sublist(items: Items, start: Fraction, length: Fraction | None = None) -> Items:
    """Take a part of a list from a place on, counted from 1 or from the end when negative.

    Raises:
        InputError: the list does not reach so far.
    """
    size, first = len(items.values), int(start)
    begin = first - 1 if first > 0 else size + first
    end = size if length is None else begin + int(length)
    if first == 0 or not 0 <= begin <= end <= size:
        raise InputError(Phrase("a list of {size} has no such part", size=size), Phrase("count from 1, or from -1 backwards"))
    return Items(items.values[begin:end])


def insert_before(items: Items, place: Fraction, value: Value) -> Items:
    """Put a value before the item at a place."""
    at = _place(items, place)
    return _items([*items.values[:at], value, *items.values[at:]])


def remove(items: Items, place: Fraction) -> Items:
    """Leave out the item at a place."""
    at = _place(items, place)
    return Items(items.values[:at] + items.values[at + 1 :])


def _place(items: Items, place: Fraction) -> int:
    size, at = len(items.values), int(place)
    if not 1 <= abs(at) <= size:
        raise InputError(
            Phrase("a list of {size} has no item {place}", size=size, place=place), Phrase("count from 1, or from -1 backwards")
        )
    return at - 1 if at > 0 else size + at
