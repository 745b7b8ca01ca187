"""Festivals as days: those of the sun by rule, those of the moon by the calendar of public holidays (package `holidays`)."""

import re
from datetime import date, timedelta
from functools import cache

import holidays

_SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "愚人节": (4, 1), "劳动节": (5, 1), "五一": (5, 1),
    "青年节": (5, 4), "儿童节": (6, 1), "六一": (6, 1), "建军节": (8, 1), "八一": (8, 1), "教师节": (9, 10), "国庆": (10, 1),
    "十一": (10, 1), "双十一": (11, 11), "双十二": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_LUNAR = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_FROM_SPRING = {"除夕": -1, "大年三十": -1, "年三十": -1, "小年夜": -2, "大年初一": 0, "春节": 0, "元宵": 14}
_LONG = frozenset({"春节", "国庆", "十一", "五一", "劳动节", "元旦"})  # a holiday of several days, unless one of them is meant
_NEW_YEAR_DAY = "一二三四五六七八九十"
_NUMERALS = {"十一": "十一(?=那天|当天|那日|当日|那晚|第二天|期间|假期|放假|长假|黄金周|节)"}  # 晚上十一点, 十一月 are none
_NUMERALS |= {name: rf"{name}(?![点分月号个块百千万零〇一二三四五六七八九十\d])" for name in ("五一", "六一", "八一", "双十一")}
_NAMES = "|".join(_NUMERALS.get(name, name) for name in sorted((*_SOLAR, *_LUNAR, *_FROM_SPRING), key=len, reverse=True))
_DAY = r"(?:节)?(?P<which>当天|那天|当日|那日|当晚|那晚|节那天|第二天)"
FESTIVAL = re.compile(
    rf"(?P<year>去年|今年|前年)?的?(?:(?P<name>{_NAMES})(?:{_DAY}|节)?(?P<stretch>期间|假期|放假|长假|前后|前|后|时候)?"
    rf"|(?:大年|正月|年)?初(?P<nth>[{_NEW_YEAR_DAY}]))"
)


def festival_days(found: re.Match[str], today: date) -> tuple[tuple[date, ...], bool]:
    """Give the day that a match of `FESTIVAL` means, not later than today, and whether it is exactly that day."""
    name = found["name"] or ""
    shift = 1 if found["which"] == "第二天" else 0
    years = [today.year - {"去年": 1, "前年": 2}.get(found["year"] or "", 0)]
    if not found["year"]:
        years.append(today.year - 1)
    days = [day + timedelta(days=shift) for year in years if (day := _day(name, found["nth"], year))]
    past = [day for day in days if day <= today][:1]
    is_exact = not found["stretch"] and (bool(found["which"]) or name not in _LONG or name == "元旦")
    return (tuple(past) if not found["stretch"] else ()), is_exact and bool(past)


def _day(name: str, nth: str | None, year: int) -> date | None:
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name in _LUNAR:
        return _public_holiday(_LUNAR[name], year)
    spring = _public_holiday("春节", year)
    if spring is None:
        return None
    return spring + timedelta(days=_NEW_YEAR_DAY.index(nth) if nth else _FROM_SPRING[name])


@cache
def _public_holiday(name: str, year: int) -> date | None:
    """Give the first day of a public holiday; None where the calendar does not know it."""
    days = holidays.country_holidays("CN", years=year, language="zh_CN", expand=False)
    return min((day for day, label in days.items() if name in label.split("; ")), default=None)
