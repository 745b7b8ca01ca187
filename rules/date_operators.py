"""What the operators do with dates and durations, known or unknown, and the parts these have."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import floor, trunc

from domain.errors import InputError
from rules.operators import divide
from rules.phrases import Phrase
from rules.unknown import Months, Unknown, Value, causes_of


def shift_days(day: Value, days: Value) -> Value:
    """Move a date by days; part of a day counts as passed when moving back, and not yet when moving on."""
    if not isinstance(day, date) or not isinstance(days, Fraction):
        return Unknown(causes_of((day, days)))
    try:
        return day + timedelta(days=floor(days))
    except OverflowError:
        raise InputError(
            Phrase("{day} and {count} days leave the calendar", day=day, count=floor(days)), Phrase("check the date and the number of days")
        ) from None


def shift_months(day: Value, months: Value, sign: int = 1) -> Value:
    """Move a date by calendar months; a day that the month does not have becomes its last."""
    if not isinstance(day, date) or not isinstance(months, Months):
        return Unknown(causes_of((day, months)))
    year, month = divmod(day.year * 12 + day.month - 1 + sign * months.count, 12)
    if not 1 <= year <= 9999:
        raise InputError(
            Phrase("{day} and {count} months leave the calendar", day=day, count=months.count),
            Phrase("check the date and the number of months"),
        )
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_between(later: Value, earlier: Value) -> Value:
    """Count the days from one date to another."""
    if isinstance(later, date) and isinstance(earlier, date):
        return Fraction((later - earlier).days)
    return Unknown(causes_of((later, earlier)))


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


def part_of(take_known: Callable[[Value], Fraction | None]) -> Callable[[Value], Value]:
    """Make a property out of a way to take it from a known value."""

    def take(value: Value) -> Value:
        part = take_known(value)
        return Unknown(causes_of((value,))) if part is None else part

    return take


def date_part(take: Callable[[date], int]) -> Callable[[Value], Value]:
    """Make a property of dates."""
    return part_of(lambda value: Fraction(take(value)) if isinstance(value, date) else None)


def months_part(*, years: bool) -> Callable[[Value], Value]:
    """Make a property of spans of months: the whole years, or the months beside them."""

    def take(value: Value) -> Fraction | None:
        if not isinstance(value, Months):
            return None
        whole = trunc(Fraction(value.count, 12))
        return Fraction(whole if years else value.count - 12 * whole)

    return part_of(take)


def days_part(unit: int, within: int) -> Callable[[Value], Value]:
    """Make a property of spans of days: how many units of so many seconds, within the next larger unit (0: there is none)."""

    # A day is 86,400 seconds; a negative span has negative parts.
    def take(value: Value) -> Fraction | None:
        if not isinstance(value, Fraction):
            return None
        seconds = abs(value) * 86400
        part = seconds % within if unit == 1 else Fraction(trunc((seconds % within if within else seconds) / unit))
        return part if value >= 0 else -part

    return part_of(take)
