"""Whether two values are the same, lists and records item by item."""

from datetime import date
from fractions import Fraction

from rules.operators import all_of, equal
from rules.unknown import Items, Months, Null, Quantity, Record, Span, Unknown, Value


def same(left: Value, right: Value) -> Value | None:
    """Compare two values; None when they are of different kinds, and nothing can be said."""
    if isinstance(left, Null) or isinstance(right, Null):
        other = right if isinstance(left, Null) else left
        return isinstance(other, Null) or (Unknown(other.causes) if isinstance(other, Unknown) else False)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return equal(left, right)
    if isinstance(left, Items) and isinstance(right, Items):
        return _all_same(left.values, right.values)
    if isinstance(left, Record) and isinstance(right, Record):
        ours, theirs = dict(left.fields), dict(right.fields)
        if set(ours) != set(theirs):
            return False
        return _all_same(tuple(ours.values()), tuple(theirs[name] for name in ours))
    return left == right if _kind(left) == _kind(right) else None


def _all_same(left: tuple[Value, ...], right: tuple[Value, ...]) -> Value | None:
    if len(left) != len(right):
        return False
    answers = [same(one, other) for one, other in zip(left, right, strict=True)]
    return None if None in answers else all_of([answer for answer in answers if answer is not None])


def _kind(value: Value) -> object:
    if isinstance(value, Quantity):
        return value.unit
    return next((kind for kind in (bool, Fraction, date, str, Months, Items, Record, Span) if isinstance(value, kind)), type(value))
