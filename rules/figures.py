"""Writes values as a trace prints them: 10,000.00 for money, 12天, 60%, 是."""

from datetime import date
from fractions import Fraction

from rules.types import DAYS, MONEY, NumberType, SimpleType, Type
from rules.unknown import Known, Months, Unknown, Value


def show(value: Value, type_: Type) -> str:
    """Write a value in the unit of its type."""
    if isinstance(value, Unknown):
        return "待补 " + "、".join(sorted(value.causes))
    if isinstance(value, Fraction) and isinstance(type_, NumberType):
        return show_number(value, type_)
    return _show_plain(value, type_)


def _show_plain(value: Known, type_: Type) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Months):
        return f"{value.count}个月"
    return "无" if type_ is SimpleType.CODE and not value else str(value)


def show_number(value: Fraction, type_: NumberType) -> str:
    """Write a number: money in 元, days with 天, anything pure up to 10 in percent."""
    if type_ == MONEY:
        return show_money(value)
    if type_ == DAYS:
        return f"{decimal(value)}天"
    if type_ == NumberType(1, -1):
        return f"{show_money(value)}元/天"
    return f"{decimal(value * 100)}%" if type_ == NumberType() and value <= 10 else decimal(value)


def show_money(fen: Fraction, *, grouped: bool = True) -> str:
    """Write fen as 元 with two decimals, and with more where they are not whole."""
    return decimal(fen / 100, least=2, grouped=grouped)


def decimal(value: Fraction, *, least: int = 0, most: int = 6, grouped: bool = False) -> str:
    """Write a fraction with `least` to `most` decimals; … marks one that goes on."""
    den = value.denominator
    whole, rest = divmod(abs(value.numerator), den)
    digits = ""
    while rest and len(digits) < most:
        digit, rest = divmod(rest * 10, den)
        digits += str(digit)
    digits = digits.ljust(least, "0")
    figures = f"{whole:,}" if grouped else str(whole)
    return ("-" if value < 0 else "") + figures + ("." + digits if digits else "") + ("…" if rest else "")
