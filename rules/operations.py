"""Every operation a typed tree may name: the operators, and the built-ins by the signature that was chosen."""

from collections.abc import Callable
from fractions import Fraction

from rules.builtin_kinds import Signature
from rules.builtins import BUILTINS
from rules.date_operators import (
    add_months,
    date_part,
    days_between,
    days_part,
    months_part,
    scale_months,
    share_months,
    shift_days,
    shift_months,
)
from rules.list_operators import field_of, fields_of, item_at
from rules.operators import add, at_most, divide, equal, holds_code, invert, join_texts, less, multiply, negate, raise_to, subtract
from rules.sameness import same
from rules.unknown import Items, Unknown, Value, causes_of

Operation = Callable[..., Value]


def strict(function: Operation) -> Operation:
    """Answer unknown as soon as an argument, or an item of one, is; the function then sees known values only."""

    def operation(*arguments: Value) -> Value:
        looked_at = [value for each in arguments for value in (each.values if isinstance(each, Items) else (each,))]
        if any(isinstance(value, Unknown) for value in looked_at):
            return Unknown(causes_of(looked_at))
        return function(*arguments)

    return operation


def _arguments_known(function: Operation) -> Operation:
    def operation(*arguments: Value) -> Value:
        if any(isinstance(value, Unknown) for value in arguments):
            return Unknown(causes_of(arguments))
        return function(*arguments)

    return operation


# A list is rearranged without looking at its items.
_BLIND = {"append", "concatenate", "reverse", "sublist", "insert before", "remove", "flatten"}


def operation_of(name: str, signature: Signature) -> Operation:
    """Make the operation of a built-in: unknown arguments are kept from a function that knows nothing of them."""
    if signature.knows_unknown:
        return signature.function
    return _arguments_known(signature.function) if name in _BLIND else strict(signature.function)


# Operators that look at all their arguments. `and`, `or`, `if` and `rank` are compiled by hand.
_OPERATORS: dict[str, Operation] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "neg": negate,
    "=": equal,
    "!=": lambda left, right: invert(equal(left, right)),
    "<": less,
    "<=": at_most,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: at_most(right, left),
    "not": invert,
    "date+days": shift_days,
    "date-days": lambda day, days: shift_days(day, negate(days)),
    "date+months": shift_months,
    "date-months": lambda day, months: shift_months(day, months, -1),
    "date-date": days_between,
    "days+date": lambda days, day: shift_days(day, days),
    "months+date": lambda months, day: shift_months(day, months),
    "months+months": add_months,
    "months-months": lambda left, right: add_months(left, right, -1),
    "months*number": scale_months,
    "number*months": lambda factor, span: scale_months(span, factor),
    "months/number": share_months,
    "months/months": share_months,
    "neg months": lambda span: scale_months(span, Fraction(-1)),
    "**": raise_to,
    "text+text": join_texts,
    "date.year": date_part(lambda day: day.year),
    "date.month": date_part(lambda day: day.month),
    "date.day": date_part(lambda day: day.day),
    "date.weekday": date_part(lambda day: day.isoweekday()),
    "months.years": months_part(years=True),
    "months.months": months_part(years=False),
    "days.days": days_part(86400, 0),
    "days.hours": days_part(3600, 86400),
    "days.minutes": days_part(60, 3600),
    "days.seconds": days_part(1, 60),
    "in codes": holds_code,
    "list": lambda *values: Items(values),
    "field": field_of,
    "fields": fields_of,
    "item": item_at,
}

OPERATIONS: dict[str, Operation] = {
    **_OPERATORS,
    "same": lambda left, right: answer if (answer := same(left, right)) is not None else False,
    **{
        builtin.operation(signature): operation_of(builtin.name, signature)
        for builtin in BUILTINS.values()
        for signature in builtin.signatures
    },
}
