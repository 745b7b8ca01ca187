"""Powers of exact numbers: exact for whole exponents, to 34 digits as FEEL has it for others."""

from decimal import Context, Decimal, DecimalException
from fractions import Fraction

from domain.errors import InputError
from rules.phrases import Phrase

MAX_BITS = 20_000
_DIGITS = 34  # of IEEE 754 decimal128, which FEEL calculates with


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Raise a number to a power.

    Raises:
        InputError: 0 to a negative power, a negative number to a fraction, or a result too large to hold.
    """
    if base == 0 and exponent < 0:
        raise InputError(Phrase("0 to a negative power divides by 0"), Phrase("guard it in the rule with 如果 … 则 … 否则"))
    if exponent.denominator != 1:
        return _root_power(base, exponent)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) != 1 and abs(exponent) * bits > MAX_BITS:
        raise _too_large(base, exponent)
    return base ** int(exponent)


def _root_power(base: Fraction, exponent: Fraction) -> Fraction:
    if base < 0:
        raise InputError(Phrase("a negative number to a power that is not whole"), Phrase("keep the base at zero or more"))
    context = Context(prec=_DIGITS)
    try:
        value = context.power(to_decimal(base, context), to_decimal(exponent, context))
    except DecimalException as error:
        raise _too_large(base, exponent) from error
    if not value.is_finite() or abs(value.adjusted()) > 6144:
        raise _too_large(base, exponent)
    return Fraction(value)


def to_decimal(number: Fraction, context: Context) -> Decimal:
    """Write a fraction in the digits of a context."""
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))


def _too_large(base: Fraction, exponent: Fraction) -> InputError:
    return InputError(
        Phrase("a power with exponent {exponent} of {base} is too large", exponent=_short(exponent), base=_short(base)),
        Phrase("keep the exponent small"),
    )


def _short(number: Fraction) -> str:
    text = str(number)
    return text if len(text) <= 20 else f"{text[:20]}…"
