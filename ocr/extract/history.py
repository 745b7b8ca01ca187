"""When an illness began (病史): dates and spans in the words of a discharge summary, counted back from the admission."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from ocr.extract.values import to_half_width

_CLAUSE = re.compile(r"[,;.:!?()]")
_DENIED = re.compile(r"否认|无|未")
_TOLD = re.compile(r"史|病|症|炎|癌|瘤|前|余|多|患|诊断|确诊|发现|术|因|反复|出现|伴")
_NUMERAL = "一二三四五六七八九十"
_SPAN = re.compile(
    r"(近)?(?<!\d)(?<!第)(\d{1,2}|半|[一二两三四五六七八九十]{1,3})\s*(余|多|几)?\s*(年|个月|月(?=余|多|前))(?!后|龄|度)(余|多|半)?"
)
_SINCE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年(?:\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?)?")


def latest_start(text: str, admitted: date | None) -> date | None:
    """Tell the latest day on which the oldest illness in a text can have begun; None when it tells of none.

    "高血压病史10年" may be rounded by half a year and counts nine and a half; "10余年" counts ten, "近10年" nine; "2015年" ends on its
    last day. What is denied (否认, 无) counts for nothing, nor does a day in the stay itself.
    """
    clauses = [each for each in _CLAUSE.split(to_half_width(text)) if _TOLD.search(each) and not _DENIED.search(each)]
    days = [day for clause in clauses for day in (*_named_days(clause), *(_counted_back(clause, admitted) if admitted else ()))]
    earlier = [day for day in days if admitted is None or day < admitted]
    return min(earlier, default=None)


def _named_days(clause: str) -> Iterator[date]:
    for match in _SINCE.finditer(clause):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if month and day:
                yield date(year or 0, month, day)
            elif month:
                yield date(year or 0, month, calendar.monthrange(year or 0, month)[1])
            else:
                yield date(year or 0, 12, 31)
        except ValueError:
            continue  # a misread month or day says nothing


def _counted_back(clause: str, admitted: date) -> Iterator[date]:
    for match in _SPAN.finditer(_SINCE.sub("", clause)):
        nearly, number, more, unit, over = match.groups()
        months = _months_of(number, unit)
        if nearly:
            months -= 12 if unit == "年" else 1
        elif not (more or over):
            months -= 6 if unit == "年" and number != "半" else 0
        if months > 0:
            yield _months_before(admitted, months)


def _months_of(number: str, unit: str) -> int:
    if number == "半":
        return 6 if unit == "年" else 0
    return _count(number) * (12 if unit == "年" else 1)


def _count(number: str) -> int:
    if number.isdecimal():
        return int(number)
    tens, found, units = number.replace("两", "二").rpartition("十")
    ones = _NUMERAL.index(units) + 1 if units else 0
    return ones + (10 * (_NUMERAL.index(tens) + 1 if tens else 1) if found else 0)


def _months_before(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
