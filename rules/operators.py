"""What each operator of the typed tree does with values, known or unknown; numbers keep what they lie between."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor, trunc

from domain.errors import InputError
from rules.icd import CodeSet
from rules.powers import power
from rules.unknown import Items, Months, Record, Unknown, UnsureItems, Value, between, causes_of, high_of, join, low_of

MAX_TEXT = 100_000


def _sum(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left + right


def _less(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left - right


def add(left: Value, right: Value) -> Value:
    """Add two numbers."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return between(causes_of((left, right)), _sum(low_of(left), low_of(right)), _sum(high_of(left), high_of(right)))


def subtract(left: Value, right: Value) -> Value:
    """Subtract a number from another."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left - right
    return between(causes_of((left, right)), _less(low_of(left), high_of(right)), _less(high_of(left), low_of(right)))


def multiply(left: Value, right: Value) -> Value:
    """Multiply two numbers; a known zero makes zero whatever the other is."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    if Fraction(0) in (left, right):
        return Fraction(0)
    causes = causes_of((left, right))
    ends = [low_of(left), high_of(left), low_of(right), high_of(right)]
    if all(end is not None for end in ends):
        products = [a * b for a in ends[:2] for b in ends[2:] if a is not None and b is not None]
        return between(causes, min(products), max(products))
    low_left, low_right = low_of(left), low_of(right)
    if low_left is not None and low_right is not None and low_left >= 0 and low_right >= 0:
        return Unknown(causes, low_left * low_right)
    return Unknown(causes)


def divide(left: Value, right: Value) -> Value:
    """Divide two numbers exactly.

    Raises:
        InputError: the divisor is zero.
    """
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        if right == 0:
            raise InputError("a rule divides by 0", "guard the division in the rule with 如果 … 则 … 否则")
        return left / right
    low, high = low_of(right), high_of(right)
    if low is not None and high is not None and low * high > 0:
        return multiply(left, between(causes_of((right,)), 1 / high, 1 / low))
    return Unknown(causes_of((left, right)))


def negate(value: Value) -> Value:
    """Turn a number's sign."""
    return subtract(Fraction(0), value)


def smallest(*values: Value) -> Value:
    """Take the smallest of numbers or dates."""
    return _extreme(values, lowest=True)


def largest(*values: Value) -> Value:
    """Take the largest of numbers or dates."""
    return _extreme(values, lowest=False)


def _extreme(values: Sequence[Value], *, lowest: bool) -> Value:
    choose: Callable[..., Value] = min if lowest else max
    causes = causes_of(values)
    if not causes and not any(isinstance(value, Unknown) for value in values):
        return choose(values)
    if any(isinstance(value, date) for value in values):
        return Unknown(causes)
    lows, highs = [low_of(value) for value in values], [high_of(value) for value in values]
    known_lows, known_highs = [end for end in lows if end is not None], [end for end in highs if end is not None]
    if lowest:
        low = None if None in lows else min(known_lows)
        return between(causes, low, min(known_highs, default=None))
    high = None if None in highs else max(known_highs)
    return between(causes, max(known_lows, default=None), high)


def equal(left: Value, right: Value) -> Value:
    """Tell whether two values are the same; intervals that do not meet are not."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        apart = _is_below(left, right) or _is_below(right, left)
        return False if apart else Unknown(causes_of((left, right)))
    return left == right


def _is_below(left: Value, right: Value) -> bool:
    high, low = high_of(left), low_of(right)
    return high is not None and low is not None and high < low


def _is_at_most(left: Value, right: Value) -> bool:
    high, low = high_of(left), low_of(right)
    return high is not None and low is not None and high <= low


def less(left: Value, right: Value) -> Value:
    """Tell whether the left value is smaller; unknown only where the intervals meet."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if _is_below(left, right):
            return True
        return False if _is_at_most(right, left) else Unknown(causes_of((left, right)))
    return left < right  # type: ignore[operator]  # the checker let only ordered types through


def invert(value: Value) -> Value:
    """Turn true into false and back; unknown stays unknown."""
    return value if isinstance(value, Unknown) else not value


def at_most(left: Value, right: Value) -> Value:
    """Tell whether the left value is not larger."""
    return invert(less(right, left))


def shift_days(day: Value, days: Value) -> Value:
    """Move a date by days; part of a day counts as passed when moving back, and not yet when moving on."""
    if not isinstance(day, date) or not isinstance(days, Fraction):
        return Unknown(causes_of((day, days)))
    try:
        return day + timedelta(days=floor(days))
    except OverflowError:
        raise InputError(f"{day} and {floor(days)} days leave the calendar", "check the date and the number of days") from None


def shift_months(day: Value, months: Value, sign: int = 1) -> Value:
    """Move a date by calendar months; a day that the month does not have becomes its last."""
    if not isinstance(day, date) or not isinstance(months, Months):
        return Unknown(causes_of((day, months)))
    year, month = divmod(day.year * 12 + day.month - 1 + sign * months.count, 12)
    if not 1 <= year <= 9999:
        raise InputError(f"{day} and {months.count} months leave the calendar", "check the date and the number of months")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_between(later: Value, earlier: Value) -> Value:
    """Count the days from one date to another."""
    if isinstance(later, date) and isinstance(earlier, date):
        return Fraction((later - earlier).days)
    return Unknown(causes_of((later, earlier)))


def holds_code(code: Value, codes: Value) -> Value:
    """Tell whether a disease code lies in a set."""
    if isinstance(code, str) and isinstance(codes, CodeSet):
        return codes.holds(code)
    return Unknown(causes_of((code, codes)))


def add_months(left: Value, right: Value, sign: int = 1) -> Value:
    """Add two spans of months, or take one from the other."""
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.count + sign * right.count)
    return Unknown(causes_of((left, right)))


def scale_months(span: Value, factor: Value) -> Value:
    """Multiply a span of months; what is less than a month falls away."""
    if isinstance(span, Months) and isinstance(factor, Fraction):
        return Months(trunc(span.count * factor))
    return Unknown(causes_of((span, factor)))


def share_months(span: Value, divisor: Value) -> Value:
    """Divide a span of months by a number, into months, or by another span, into a number.

    Raises:
        InputError: the divisor is zero.
    """
    if isinstance(divisor, Months):
        return divide(Fraction(span.count), Fraction(divisor.count)) if isinstance(span, Months) else Unknown(causes_of((span,)))
    return scale_months(span, divide(Fraction(1), divisor))


def raise_to(base: Value, exponent: Value) -> Value:
    """Raise a number to a power; anything to the power 0 is 1."""
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        return power(base, exponent)
    return Fraction(1) if exponent == Fraction(0) else Unknown(causes_of((base, exponent)))


def join_texts(left: Value, right: Value) -> Value:
    """Write one text after another.

    Raises:
        InputError: the text grows too long.
    """
    if not isinstance(left, str) or not isinstance(right, str):
        return Unknown(causes_of((left, right)))
    if len(left) + len(right) > MAX_TEXT:
        raise InputError(f"a text of more than {MAX_TEXT} characters", "keep texts short")
    return left + right


def part_of(divide_by: Callable[[Value], Fraction | None]) -> Callable[[Value], Value]:
    """Make a property out of a way to take it from a known value."""

    def take(value: Value) -> Value:
        part = divide_by(value)
        return Unknown(causes_of((value,))) if part is None else part

    return take


def _date_part(take: Callable[[date], int]) -> Callable[[Value], Value]:
    return part_of(lambda value: Fraction(take(value)) if isinstance(value, date) else None)


def _months_part(*, years: bool) -> Callable[[Value], Value]:
    def take(value: Value) -> Fraction | None:
        if not isinstance(value, Months):
            return None
        whole = trunc(Fraction(value.count, 12))
        return Fraction(whole if years else value.count - 12 * whole)

    return part_of(take)


def _days_part(unit: int, within: int) -> Callable[[Value], Value]:
    # A day is 86,400 seconds; a negative span has negative parts.
    def take(value: Value) -> Fraction | None:
        if not isinstance(value, Fraction):
            return None
        seconds = abs(value) * 86400
        part = seconds % within if unit == 1 else Fraction(trunc((seconds % within if within else seconds) / unit))
        return part if value >= 0 else -part

    return part_of(take)


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
        raise InputError(f"a list of {count} has no item {place}", "guard it in the rule with 计数 and 如果 … 则 … 否则")
    return items.values[int(place) - 1 if place > 0 else int(place)]


# Operators that look at all their arguments. `and`, `or`, `if` and `rank` are compiled by hand.
OPERATORS: dict[str, Callable[..., Value]] = {
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
    "date.year": _date_part(lambda day: day.year),
    "date.month": _date_part(lambda day: day.month),
    "date.day": _date_part(lambda day: day.day),
    "date.weekday": _date_part(lambda day: day.isoweekday()),
    "months.years": _months_part(years=True),
    "months.months": _months_part(years=False),
    "days.days": _days_part(86400, 0),
    "days.hours": _days_part(3600, 86400),
    "days.minutes": _days_part(60, 3600),
    "days.seconds": _days_part(1, 60),
    "in codes": holds_code,
    "list": lambda *values: Items(values),
    "field": field_of,
    "fields": fields_of,
    "item": item_at,
}


def any_of(values: Sequence[Value]) -> Value:
    """Kleene's or: one true is true whatever the rest is."""
    if True in values:
        return True
    causes = causes_of(values)
    return Unknown(causes) if any(isinstance(value, Unknown) for value in values) else False


def all_of(values: Sequence[Value]) -> Value:
    """Kleene's and: one false is false whatever the rest is."""
    return invert(any_of([invert(value) for value in values]))


def choose(condition: Value, then: Value, otherwise: Value) -> Value:
    """Pick a branch; while the condition is unknown the answer is whatever both agree on."""
    if isinstance(condition, Unknown):
        return join([then, otherwise], condition.causes)
    return then if condition else otherwise
