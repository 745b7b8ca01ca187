"""Banded and tapering ratios (分级累进, 依次): what part of an amount falls into which band, which ratio a claim's turn has."""

from collections.abc import Sequence
from fractions import Fraction

from rules.operators import add, largest, multiply, smallest, subtract
from rules.unknown import Unknown, Value, causes_of, join

_NIL = Fraction(0)
Band = tuple[Value | None, Value]  # up to where, None for the last; at which ratio


def split_into_bands(bands: Sequence[Band], used: Value, amount: Value) -> list[tuple[Value, Value]]:
    """Tell how much of an amount falls into each band, with the band's ratio; `used` fills the lower bands first.

    The parts of a known amount sum to it exactly.
    """
    top, low = add(used, amount), _NIL
    parts: list[tuple[Value, Value]] = []
    lower: Value = low
    for up_to, ratio in bands:
        upper_end = top if up_to is None else smallest(top, up_to)
        lower_end = largest(used, lower)
        parts.append((smallest(largest(subtract(upper_end, lower_end), _NIL), amount), ratio))
        lower = lower if up_to is None else largest(lower, up_to)
    return parts


def sum_of_bands(parts: Sequence[tuple[Value, Value]]) -> Value:
    """Add up what each band pays."""
    total: Value = _NIL
    for portion, ratio in parts:
        total = add(total, multiply(portion, ratio))
    return total


def ratio_of_turn(ratios: Sequence[Value], later: Value, earlier_claims: Value) -> Value:
    """Give the ratio of the claim that comes after so many others; while their number is unknown, all that it can be."""
    if isinstance(earlier_claims, Unknown):
        return join([*ratios, later], causes_of((earlier_claims,)))
    assert isinstance(earlier_claims, Fraction)  # noqa: S101 – an account counts in numbers
    turn = int(earlier_claims)
    return ratios[turn] if turn < len(ratios) else later
