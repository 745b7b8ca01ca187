"""Numbers as people say them: 三万二, 一百零五, 二零二六, 廿三, 3万2. Whole numbers and exact decimals, never floats."""

import re
from decimal import Decimal

DIGIT = "0-9零〇一二三四五六七八九十百千万两廿卅"
_VALUES = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_ARABIC = re.compile(r"\d+(?:\.\d+)?")
_MIXED = re.compile(r"(\d+(?:\.\d+)?)([千万])(?:(\d{1,4})|([零〇一二三四五六七八九十百千两]+))?")


def small_number(text: str) -> int | None:
    """Read a number up to 99, as days, months and counts are said; None when it is none."""
    number = whole_number(text)
    return number if number is not None and number < 100 else None


def whole_number(text: str) -> int | None:
    """Read a whole number in digits, in words (二十三) or digit by digit (二零二六); None when it is none."""
    number = decimal_number(text)
    return int(number) if number is not None and number == int(number) else None


def decimal_number(text: str) -> Decimal | None:
    """Read a number, a last digit without its unit taken as people mean it: 三万二 is 32000, 两千八 is 2800."""
    if not text or len(text) > 16:
        return None
    plain = text.replace(",", "")
    if _ARABIC.fullmatch(plain):
        return Decimal(plain)
    mixed = _MIXED.fullmatch(plain)
    if mixed:
        return _mixed(mixed)
    if all(each in _VALUES for each in plain):
        return Decimal("".join(str(_VALUES[each]) for each in plain))
    return _in_words(plain)


def _mixed(found: re.Match[str]) -> Decimal | None:
    unit = 10_000 if found[2] == "万" else 1_000
    whole = Decimal(found[1]) * unit
    if found[3]:
        return whole + (Decimal(found[3]) * unit / 10 if len(found[3]) == 1 else Decimal(found[3]))
    if found[4]:
        rest = _in_words(found[4])
        return None if rest is None else whole + (rest * unit / 10 if found[4] in _VALUES else rest)
    return whole


def _in_words(text: str) -> Decimal | None:
    total, section, digit, last_unit = 0, 0, None, 1
    for each in text.replace("廿", "二十").replace("卅", "三十"):
        if each in _VALUES:
            if digit not in (None, 0):
                return None
            digit = _VALUES[each]
            last_unit = 1 if digit == 0 else last_unit
        elif each in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[each]
            digit, last_unit = None, _UNITS[each]
        elif each == "万" and (section or digit):
            total, section, digit, last_unit = (section + (digit or 0)) * 10_000, 0, None, 10_000
        else:
            return None
    # 三万二: the digit counts the unit below the last one, unless a 零 stood before it; 二十三 is simply 23
    return Decimal(total + section + (digit or 0) * (last_unit // 10 if last_unit > 10 else 1))
