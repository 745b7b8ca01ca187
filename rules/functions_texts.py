"""Built-ins on texts; places count from 1 in characters, a negative one from the end."""

import re
from datetime import date
from decimal import Context
from fractions import Fraction

from domain.errors import InputError
from rules.durations import write_months
from rules.phrases import Phrase
from rules.powers import to_decimal
from rules.unknown import Items, Months, Value

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = 34


def substring(text: str, start: Fraction, length: Fraction | None = None) -> str:
    """Take a part of a text from a place on; nothing when the place lies outside.

    Raises:
        InputError: the place is 0, or the length is below 1.
    """
    first = int(start)
    if first == 0 or (length is not None and int(length) < 1):
        raise InputError(Phrase("a part of a text from place 0 or of no length"), Phrase("count from 1, or from -1 backwards"))
    begin = first - 1 if first > 0 else max(len(text) + first, 0)
    return text[begin : None if length is None else begin + int(length)]


def substring_before(text: str, match: str) -> str:
    """Take what stands before a match; nothing when it does not occur."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


def substring_after(text: str, match: str) -> str:
    """Take what stands after a match; all of it when the match is empty, nothing when it does not occur."""
    return text.partition(match)[2] if match else text


def write_number(number: Fraction) -> str:
    """Write a number in decimals: all of them where they end within 34, else 34 digits."""
    if number.denominator == 1 and number.numerator.bit_length() <= 400:
        return str(number.numerator)
    decimals = _decimals_of(number.denominator)
    if decimals is not None and decimals <= 200 and number.numerator.bit_length() <= 1400:
        digits = str(abs(number.numerator) * 10**decimals // number.denominator).rjust(decimals + 1, "0")
        return ("-" if number < 0 else "") + digits[:-decimals] + "." + digits[-decimals:]
    return str(to_decimal(number, Context(prec=_DIGITS))).replace("E+", "e").replace("E", "e")


def _decimals_of(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def write_text(value: Value) -> str:
    """Write a number, a date, a span of months, a truth value or a list of them as a text.

    Raises:
        InputError: the value has no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return write_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Months):
        return write_months(value)
    if isinstance(value, Items):
        return "[" + ", ".join(f'"{each}"' if isinstance(each, str) else write_text(each) for each in value.values) + "]"
    raise InputError(Phrase("this value has no text"), Phrase("write a number, a date or a truth value as text"))


def read_number(text: str, grouping: str = "", point: str = ".") -> Fraction:
    """Read a number from a text; the sign that groups digits and the decimal point may be told.

    Raises:
        InputError: the text is no number.
    """
    if grouping not in ("", " ", ",", ".") or point not in (".", ",") or grouping == point:
        raise InputError(
            Phrase("digits are grouped by a space, a comma or a point, and the point is another"),
            Phrase('write number("1,000.00", ",", ".")'),
        )
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if "." not in plain or point == "." else ""
    if not _NUMBER.fullmatch(plain):
        raise InputError(Phrase("{text} is no number", text=repr(text[:40])), Phrase("write it like 1234.5"))
    return Fraction(plain)


def join_all(texts: Items, between: str = "") -> str:
    """Write texts one after another, with another between them."""
    return between.join(str(each) for each in texts.values)
