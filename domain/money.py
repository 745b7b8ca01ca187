"""Money in whole 分 (fen), and the two ways it is written: figures and Chinese capitals (大写).

An amount is an `int` of fen inside the engines. Text becomes fen here and nowhere else,
without passing through a float.
"""

import re

from domain.errors import AmountError

_FIGURES = re.compile(r"(-?)(?:[¥￥]\s*)?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?(?:\s*元)?", re.ASCII)
_TOO_MUCH_FEN = 10**14  # 万亿元: nothing that a policy pays; such a text is a typing error or an attack
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL_UNITS = ("", "拾", "佰", "仟")
_BIG_UNITS = ("", "万", "亿")
_DIGIT_OF = {character: value for value, character in enumerate(_DIGITS)} | {"〇": 0, "两": 2, "貳": 2, "弍": 2, "參": 3, "叄": 3, "陸": 6}
_UNIT_OF = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}


def parse_fen(text: str, *, may_be_negative: bool = False) -> int:
    """Read an amount in 元 written in figures ("7743.62", "¥7,743.62", "80元") as whole fen.

    Raises:
        AmountError: not an amount, more than two decimals, 万亿元 or more, or negative where it may not be.
    """
    match = _FIGURES.fullmatch(text.strip())
    if match is None:
        raise AmountError(f"{text!r} is no amount in 元", "write figures with at most two decimals, such as 7743.62")
    sign, whole, decimals = match.groups()
    if len(whole.replace(",", "").lstrip("0")) > 12:  # measured in digits: Python refuses to convert very long ones
        raise AmountError("the amount has more than twelve digits before its point", "send an amount below 1,000,000,000,000 元")
    fen = int(whole.replace(",", "")) * 100 + int((decimals or "0").ljust(2, "0"))
    if sign and fen and not may_be_negative:
        raise AmountError(f"the amount {text.strip()} is negative", "send an amount of zero or more")
    return -fen if sign else fen


def format_fen(fen: int, *, grouped: bool = True) -> str:
    """Write fen as 元 with two decimals: 669524 -> "6,695.24"."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}" if grouped else f"{sign}{yuan}.{rest:02d}"


def format_capitals(fen: int) -> str:
    """Write fen in the capitals a Chinese invoice prints: 774362 -> "柒仟柒佰肆拾叁元陆角贰分".

    Raises:
        AmountError: negative, or 万亿 and above.
    """
    if not 0 <= fen < _TOO_MUCH_FEN:
        raise AmountError(f"{fen} fen cannot be written in capitals", "use 0 up to 9999亿")
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    text = _capital_integer(yuan) + "元" if yuan or not rest else ""
    if not rest:
        return text + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (_DIGITS[last] + "分" if last else "整")


def _capital_integer(number: int) -> str:
    if number == 0:
        return "零"
    text, groups = "", []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if not group:
            continue
        if text and (group < 1000 or groups[power + 1] == 0):
            text += "零"
        text += _capital_group(group) + _BIG_UNITS[power]
    return text


def _capital_group(group: int) -> str:
    text, pending_zero = "", False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if digit:
            text += ("零" if pending_zero else "") + _DIGITS[digit] + _SMALL_UNITS[power]
            pending_zero = False
        elif text:
            pending_zero = True
    return text


def parse_capitals(text: str) -> int:
    """Read an amount in capitals as fen: "柒仟柒佰肆拾叁元陆角贰分" -> 774362.

    Raises:
        AmountError: a character that stands in no such amount, units out of order, or a unit without its digit
            (a reader that lost the 伍 of 伍佰 must not make it 100).
    """
    cleaned = re.sub(r"[\s：:¥￥]|人民币|大写", "", text).replace("圆", "元").replace("園", "元").replace("億", "亿").replace("萬", "万")
    match = re.fullmatch(r"(?:([^元角分整正]+)元)?零?(?:([^元角分整正])角)?零?(?:([^元角分整正])分)?[整正]?", cleaned)
    if match is None or not any(match.groups()):
        raise AmountError(f"{text!r} is no amount in capitals", "it reads like 柒仟柒佰肆拾叁元陆角贰分")
    try:
        whole = _integer_of_capitals(match[1]) if match[1] else 0
        jiao = _DIGIT_OF[match[2]] if match[2] else 0
        last = _DIGIT_OF[match[3]] if match[3] else 0
    except (KeyError, ValueError):
        raise AmountError(f"{text!r} is no amount in capitals", "it reads like 柒仟柒佰肆拾叁元陆角贰分") from None
    return whole * 100 + jiao * 10 + last


def _integer_of_capitals(text: str) -> int:
    total = 0
    if text[0] in "拾十":  # 拾伍元 is written for 壹拾伍元; no other unit goes without its digit
        text = "壹" + text
    for unit, scale in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            head, text = text.split(unit, 1)
            group = _group_of_capitals(head)
            if not group:
                raise ValueError(unit)
            total += group * scale
    return total + _group_of_capitals(text)


def _group_of_capitals(text: str) -> int:
    total, digit, ceiling = 0, None, 10_000
    for character in text:
        if character in _UNIT_OF:
            unit = _UNIT_OF[character]
            if unit >= ceiling or not digit:
                raise ValueError(character)
            total, digit, ceiling = total + digit * unit, None, unit
        else:
            if digit:
                raise ValueError(character)
            digit = _DIGIT_OF[character]
    return total + (digit or 0)
