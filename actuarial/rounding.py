"""The one place where a contract formula becomes whole fen: halves go away from zero (四舍五入)."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

EXACT = Context(prec=40)  # an amount of thirteen digits keeps twenty-seven behind the point


def to_fen(amount: Fraction | Decimal) -> int:
    """Round an amount in fen to whole fen."""
    if isinstance(amount, Decimal):
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=EXACT))
    return divide_to_fen(amount.numerator, amount.denominator)


def divide_to_fen(numerator: int, denominator: int) -> int:
    """Round a quotient in fen to whole fen; the denominator is positive."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def to_decimal(amount: Fraction | int) -> Decimal:
    """Carry an exact number into forty digits."""
    fraction = Fraction(amount)
    return EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
