"""What operators mean where no types were declared: the types of the values pick, from the table the checker uses.

What makes no sense is an unknown whose cause says why, as FEEL answers null.
"""

from collections.abc import Callable, Sequence

from domain.errors import InputError
from rules.builtins import BUILTINS
from rules.dynamic_calls import as_items, dynamic_call
from rules.dynamic_values import bare, type_of, with_unit
from rules.functions_lists import every, some
from rules.icd import CodeSet
from rules.list_operators import field_of, item_at
from rules.operations import OPERATIONS, Operation
from rules.operators import all_of, any_of, invert
from rules.overloads import (
    ORDERINGS,
    ClashError,
    check_comparable,
    resolve_arithmetic,
    resolve_negation,
    resolve_property,
)
from rules.phrases import Phrase
from rules.sameness import same
from rules.types import SimpleType, describe
from rules.unknown import Items, Null, Record, Span, Unknown, Value, causes_of

_ALLOWED_UNITS = {(0, 0), (1, 0), (0, 1), (1, -1)}  # 数, 元, 天, 元/天


def failed(*why: str) -> Unknown:
    """Make the answer of an operation that has none."""
    return Unknown(frozenset(why))


def _lost(values: Sequence[Value]) -> Unknown | None:
    return Unknown(causes_of(values)) if any(isinstance(value, Unknown) for value in values) else None


def _guarded(operation: Callable[..., Value]) -> Operation:
    def run(*values: Value) -> Value:
        try:
            return operation(*values)
        except (ClashError, InputError) as error:
            return failed(error.what)

    return run


def _arithmetic(operator: str) -> Operation:
    def run(left: Value, right: Value) -> Value:
        lost = _lost((left, right))
        if lost is not None:
            return lost
        overload = resolve_arithmetic(operator, type_of(left), type_of(right))
        if (getattr(overload.type, "yuan", 0), getattr(overload.type, "day", 0)) not in _ALLOWED_UNITS:
            raise ClashError(Phrase("{type} means nothing", type=describe(overload.type)), Phrase(""))
        return with_unit(OPERATIONS[overload.operation](bare(left), bare(right)), overload.type)

    return _guarded(run)


def _negate(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    overload = resolve_negation(type_of(value))
    return with_unit(OPERATIONS[overload.operation](bare(value)), overload.type)


def _ordering(operator: str) -> Operation:
    def run(left: Value, right: Value) -> Value:
        lost = _lost((left, right))
        if lost is not None:
            return lost
        check_comparable(operator, type_of(left), type_of(right))
        return OPERATIONS[operator](bare(left), bare(right))

    return _guarded(run)


def _equal(left: Value, right: Value) -> Value:
    answer = same(left, right)
    return failed(f"{describe(type_of(left))} cannot be compared with {describe(type_of(right))}") if answer is None else answer


_below, _at_most = _ordering("<"), _ordering("<=")


def _lies_in(value: Value, where: Value) -> Value:
    """Tell whether a value is, lies in, or is held by another; a list holds it when one of its items does."""
    if isinstance(where, Span):
        above = (_at_most if where.with_low else _below)(where.low, value)
        return all_of([above, (_at_most if where.with_high else _below)(value, where.high)])
    if isinstance(where, CodeSet):
        return where.holds(value) if isinstance(value, str) else _truth(value)
    if not isinstance(where, Items):
        return _equal(value, where)
    if same(value, where) is True:
        return True
    if isinstance(value, Unknown) and not isinstance(value, Null):
        return value
    return any_of([answer for item in where.values if (answer := _is_item(value, item)) is not None])


def _is_item(value: Value, item: Value) -> Value | None:
    return _lies_in(value, item) if isinstance(item, Span) else same(value, item)


def _truth(value: Value) -> Value:
    if isinstance(value, (bool, Unknown)):
        return value
    return failed(f"{describe(SimpleType.BOOLEAN)} is needed here, but this is {describe(type_of(value))}")


def _truths(values: Sequence[Value]) -> list[Value]:
    # What is no truth value is unknown among the others, as it is for `and` and `or`.
    return [Items(tuple(_truth(item) for item in value.values)) if isinstance(value, Items) else _truth(value) for value in values]


def _property(subject: Value, name: Value) -> Value:
    if isinstance(subject, Record):
        found = subject.get(str(name))
        return failed(f"there is no field {name}") if found is None else found
    if isinstance(subject, Items):
        return Items(tuple(_property(each, name) for each in subject.values))
    return failed(f"{describe(type_of(subject))} has no {name}") if not isinstance(subject, Unknown) else subject


def _built_in_property(subject: Value, name: Value) -> Value:
    overload = resolve_property(type_of(subject), str(name))
    if overload is None:
        return _property(subject, name)
    return OPERATIONS[overload.operation](bare(subject))


def _own_or(item: Value, name: Value, otherwise: Value) -> Value:
    """Take the field of a loop's item that a name means, or what the name means outside."""
    return field_of(item, name) if isinstance(item, Record) and item.get(str(name)) is not None else otherwise


def _range(low: Value, high: Value, with_low: Value, with_high: Value) -> Value:
    if not isinstance(low, Unknown) and not isinstance(high, Unknown):
        check_comparable("<", type_of(low), type_of(high))
    return Span(low, high, with_low is True, with_high is True)


DYNAMIC_OPERATIONS: dict[str, Operation] = {
    **{f"dynamic {operator}": _arithmetic(operator) for operator in ("+", "-", "*", "/", "**")},
    **{f"dynamic {operator}": _ordering(operator) for operator in ORDERINGS},
    **{f"dynamic call {name}": _guarded(dynamic_call(builtin)) for name, builtin in BUILTINS.items()},
    "dynamic call all": lambda *values: every(*_truths(values)),
    "dynamic call any": lambda *values: some(*_truths(values)),
    "dynamic =": _equal,
    "dynamic !=": lambda left, right: invert(_equal(left, right)),
    "dynamic neg": _guarded(_negate),
    "dynamic truth": _truth,
    "dynamic in": _guarded(_lies_in),
    "dynamic range": _guarded(_range),
    "dynamic field": _property,
    "dynamic property": _built_in_property,
    "dynamic own or": _own_or,
    "dynamic items": as_items,
    "dynamic item": _guarded(item_at),
    "list": lambda *values: Items(values),
    "not": invert,
}
