"""Days of the week as people say them: 上周三, 这礼拜天, 周五; a week begins on Monday."""

import re
from datetime import date, timedelta

_NAMES = "一二三四五六"
WEEKDAY = re.compile(
    r"(?P<week>上上|上|这|本|下)?个?(?:星期|礼拜|周)(?P<day>[一二三四五六日天末](?!期|岁))(?P<or>[一二三四五六日天](?!期|岁|[日号点月]))?"
)


def weekday_days(found: re.Match[str], today: date) -> tuple[tuple[date, ...], bool]:
    """Give the days that a match of `WEEKDAY` can mean, and whether it is exactly one.

    Without a week it is the last such day that was; said on that very day it may be today or a week ago.
    """
    week, day = found["week"], found["day"]
    if found["or"]:  # 上周三四
        return (), False
    if day == "末":
        saturday = _monday(today, week or "这") + timedelta(days=5)
        return (saturday, saturday + timedelta(days=1)), False
    index = _NAMES.find(day) if day in _NAMES else 6
    if week:
        return (_monday(today, week) + timedelta(days=index),), True
    back = (today.weekday() - index) % 7
    if back == 0:
        return (today, today - timedelta(days=7)), False
    return (today - timedelta(days=back),), True


def _monday(today: date, week: str) -> date:
    back = {"上上": 2, "上": 1, "这": 0, "本": 0, "下": -1}[week]
    return today - timedelta(days=today.weekday() + 7 * back)
