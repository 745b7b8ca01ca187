"""What each operator of the typed tree does with values, known or unknown; numbers keep what they lie between."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from domain.errors import InputError
from rules.icd import CodeSet
from rules.phrases import Phrase
from rules.powers import power
from rules.unknown import Unknown, Value, between, causes_of, high_of, join, low_of

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
            raise InputError(Phrase("a rule divides by 0"), Phrase("guard the division in the rule with 如果 … 则 … 否则"))
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


def holds_code(code: Value, codes: Value) -> Value:
    """Tell whether a disease code lies in a set."""
    if isinstance(code, str) and isinstance(codes, CodeSet):
        return codes.holds(code)
    return Unknown(causes_of((code, codes)))


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
        raise InputError(Phrase("a text of more than {most} characters", most=MAX_TEXT), Phrase("keep texts short"))
    return left + right


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
