"""Built-ins on numbers; rounding keeps what an unknown number lies between, because it never turns two numbers round."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from domain.errors import InputError
from rules.phrases import Phrase
from rules.unknown import Months, Unknown, Value, between, causes_of, high_of, low_of

MIN_SCALE, MAX_SCALE = -6111, 6176  # of IEEE 754 decimal128, which FEEL calculates with


def absolute(value: Value) -> Value:
    """Drop the sign of a number or a span of months."""
    if isinstance(value, Fraction):
        return abs(value)
    if isinstance(value, Months):
        return Months(abs(value.count))
    low, high = low_of(value), high_of(value)
    if low is not None and low >= 0:
        return value
    ends = [abs(end) for end in (low, high) if end is not None]
    least = -high if high is not None and high < 0 else Fraction(0)
    return between(causes_of((value,)), least, max(ends) if len(ends) == 2 else None)


def rounding(way: Callable[[Fraction], int]) -> Callable[..., Value]:
    """Make a built-in that rounds to a number of decimals, 0 when none is given."""

    def round_to(value: Value, scale: Value = Fraction(0)) -> Value:
        if not isinstance(scale, Fraction):
            return Unknown(causes_of((value, scale)))
        if not MIN_SCALE <= scale <= MAX_SCALE:
            raise InputError(
                Phrase("{scale} decimals", scale=scale), Phrase("round to {least} to {most} decimals", least=MIN_SCALE, most=MAX_SCALE)
            )
        unit = Fraction(10) ** -int(scale)
        if isinstance(value, Fraction):
            return way(value / unit) * unit
        low, high = low_of(value), high_of(value)
        ends = (None if end is None else way(end / unit) * unit for end in (low, high))
        return between(causes_of((value,)), *ends)

    return round_to


def away_from_zero(number: Fraction) -> int:
    """Round away from zero: 1.1 is 2, -1.1 is -2."""
    return ceil(number) if number > 0 else floor(number)


def toward_zero(number: Fraction) -> int:
    """Cut off: 1.9 is 1, -1.9 is -1."""
    return floor(number) if number > 0 else ceil(number)


def half_away(number: Fraction) -> int:
    """Round to the nearest, a half away from zero."""
    return toward_zero(number + (Fraction(1, 2) if number > 0 else Fraction(-1, 2)))


def half_toward(number: Fraction) -> int:
    """Round to the nearest, a half toward zero."""
    return away_from_zero(number - (Fraction(1, 2) if number > 0 else Fraction(-1, 2)))


def half_even(number: Fraction) -> int:
    """Round to the nearest, a half to the even one."""
    return round(number)


def modulo(dividend: Fraction, divisor: Fraction) -> Fraction:
    """Give the rest of a division; it has the sign of the divisor.

    Raises:
        InputError: the divisor is zero.
    """
    if divisor == 0:
        raise InputError(Phrase("a rest of a division by 0"), Phrase("guard it in the rule with 如果 … 则 … 否则"))
    return dividend % divisor


def is_even(number: Fraction) -> bool:
    """Tell whether a number is a whole multiple of 2."""
    return number % 2 == 0


def is_odd(number: Fraction) -> bool:
    """Tell whether a number is whole and not even."""
    return number % 2 == 1
