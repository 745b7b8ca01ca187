"""Numbers with units as a contract writes them: 1万元, 8千元, 30天, 60%, 100元/天, 6个月, 2年."""

import re
from fractions import Fraction

from rules.types import DAYS, MONEY, NUMBER, NumberType, SimpleType, Type
from rules.unknown import Months

_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
_MONEY_FEN = {"元": 100, "角": 10, "分": 1, "yuan": 100, "fen": 1}
_DAY_WORDS = ("天", "日", "days", "day")
_MONTHS = {"个月": 1, "月": 1, "months": 1, "month": 1, "年": 12, "years": 12, "year": 12}
_UNIT = "|".join(sorted([*_MONEY_FEN, *_DAY_WORDS, *_MONTHS, "%"], key=len, reverse=True))
_SCALE = "|".join(sorted((each for each in _SCALES if each), key=len, reverse=True))

# A unit word ends where the name would go on: 3天数 is no quantity.
QUANTITY = re.compile(
    rf"(?P<figures>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{{1,3}})?)"
    rf"(?:(?P<scale>{_SCALE})|[ ](?=[a-z]))?(?P<unit>{_UNIT})?(?P<per>/(?:天|日|day))?(?!\w)"
)


def quantity_of(match: re.Match[str]) -> tuple[Fraction | Months, Type] | None:
    """Read a match of `QUANTITY` as value and type; money counts in fen. None when the unit makes no sense."""
    number = Fraction(match["figures"]) * _SCALES[match["scale"] or ""]
    unit, per_day = match["unit"] or "", match["per"] is not None
    if unit in _MONEY_FEN:
        return number * _MONEY_FEN[unit], NumberType(1, -1) if per_day else MONEY
    if per_day:
        return None
    if unit in _DAY_WORDS:
        return number, DAYS
    if unit in _MONTHS:
        months = number * _MONTHS[unit]
        return (Months(int(months)), SimpleType.MONTHS) if months.denominator == 1 else None
    return (number / 100 if unit == "%" else number), NUMBER
