"""Days as people say them, resolved against the moment of reporting in China; what could be several days stays several.

Our own small grammar: the packages that read Chinese times look into the future, take 3号楼 for a day, and know no doubt (docs/adr/0018).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reporting.festivals import FESTIVAL, festival_days
from reporting.heard import Heard
from reporting.numerals import small_number, whole_number
from reporting.weekdays import WEEKDAY, weekday_days

_N = "[0-9零〇一二三四五六七八九十两廿卅]"
_NOT_A_DAY = r"(?![楼线病床房门店馆院桌车出路文公仓库机柜窗厅棚井工台]|信|码|地|厂)"
_PART = r"(?:清早|清晨|凌晨|早上|早晨|早|上午|晌午|中午|下午|后晌|傍晚|晚上|晚间|夜里头?|半夜|晚|夜)?"
_BACK = {"前": 2, "昨": 1, "今": 0, "寻": 1, "琴": 1, "噚": 1}
_START_HOUR = {"下午": 12, "后晌": 12, "傍晚": 16, "晚上": 17, "晚": 17, "夜里": 18, "夜": 18, "中午": 10}


_BARE = re.compile(rf"(?P<d>{_N}{{1,3}})[日号]")
_ABOUT = re.compile(r"(?:大概|大约|好像|可能|估计|应该|或者?|还是)是?在?$")
_OR_SO = re.compile(r"左右|前后|上下|或|还是|要么")


@dataclass(frozen=True)
class DayMention:
    """A day in what was heard: the days it can mean, none of them in the future; `is_sure` when it is exactly the one."""

    start: int
    end: int
    days: tuple[date, ...]
    is_sure: bool
    last: date | None = None  # of a stretch


_Read = Callable[[re.Match[str], datetime], tuple[tuple[date, ...], bool]]


def find_days(heard: Heard, at: datetime) -> list[DayMention]:
    """List the days that are mentioned, in their order; `at` is the moment of reporting in China."""
    found: list[DayMention] = []
    for mention in sorted(_mentions(heard.plain, at), key=lambda each: (each.start, -each.end)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return _stretches(heard, found, at)


def _mentions(plain: str, at: datetime) -> Iterator[DayMention]:
    for pattern, read in _GRAMMAR:
        for match in pattern.finditer(plain):
            days, is_sure = read(match, at)
            past = tuple(dict.fromkeys(day for day in days if day <= at.date()))
            is_about = _ABOUT.search(plain[: match.start()][-4:]) or _OR_SO.match(plain[match.end() : match.end() + 3])
            yield DayMention(match.start(), match.end(), past, is_sure and len(past) == 1 and not is_about)


def _stretches(heard: Heard, found: list[DayMention], at: datetime) -> list[DayMention]:
    """Join two days with 到 between them; the month may be said once."""
    joined: list[DayMention] = []
    for each in found:
        between = heard.plain[joined[-1].end : each.start] if joined else ""
        if joined and re.fullmatch(r"(?:住院|一直)?(?:到|至|-|—|一直到)", between) and joined[-1].is_sure and each.is_sure:
            first, last = joined[-1].days[0], each.days[0]
            bare = _BARE.fullmatch(heard.plain[each.start : each.end])
            if bare:  # 8月3号到10号: the month is said once
                last = next(iter(_dated(first.year, first.month, small_number(bare["d"]))), last)
            if first <= last <= at.date() and joined[-1].last is None:
                joined[-1] = replace(joined[-1], end=each.end, last=last)
                continue
        joined.append(each)
    return joined


def _dated(year: int, month: int | None, day: int | None) -> tuple[date, ...]:
    try:
        return (date(year, month or 0, day or 0),)
    except ValueError:
        return ()


def _full(match: re.Match[str], _: datetime) -> tuple[tuple[date, ...], bool]:
    year = whole_number(match["y"]) or 0
    return _dated(year + 2000 if year < 100 else year, small_number(match["m"]), small_number(match["d"])), True


def _month_and_day(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    month, day = small_number(match["m"]), small_number(match["d"])
    if match["lunar"]:
        return (), False
    if match["year"]:
        return _dated(at.year - {"今年": 0, "去年": 1, "前年": 2}[match["year"]], month, day), True
    years = (*_dated(at.year, month, day), *_dated(at.year - 1, month, day))
    days = tuple(each for each in years if each <= at.date())[:1]
    is_of_the_moon = not match["mark"] and not match["d"].isascii()  # 八月十五 is a day of the moon as often as one of the sun
    return days, not is_of_the_moon


def _in_numbers(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    month, day = int(match["m"]), int(match["d"])
    return tuple(each for year in (at.year, at.year - 1) for each in _dated(year, month, day) if each <= at.date())[:1], True


def _day_of_a_month(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    back = {"上": 1, "这": 0, "本": 0, "当": 0, "下": -1}[match["which"][-1]] + (1 if match["which"] == "上上" else 0)
    months = at.year * 12 + at.month - 1 - back
    return _dated(months // 12, months % 12 + 1, small_number(match["d"])), True


def _bare_day(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    """20号 is the last 20th that was; a month without such a day is passed over."""
    day, months = small_number(match["d"]), at.year * 12 + at.month - 1
    days = (found for back in range(3) for found in _dated((months - back) // 12, (months - back) % 12 + 1, day))
    return tuple(each for each in days if each <= at.date())[:1], True


def _relative(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    back = _BACK[match["which"][-1]] + match["which"].count("大")
    part = match["part"] or ""
    start = next((hour for word, hour in _START_HOUR.items() if part.startswith(word)), 0)
    if back == 0 and at.hour < start:  # 今天下午, said shortly after midnight or in the morning
        return (), False
    return (at.date() - timedelta(days=back),), True


def _northern(_: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    return (at.date() - timedelta(days=1),), True


def _ago(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    count = small_number(match["n"]) if match["n"] not in ("几", "两三", "三四", "四五", "好几", "半") else None
    unit = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}.get(match["unit"])
    if count is None or unit is None:
        return (), False
    return (at.date() - timedelta(days=count * unit),), unit == 1


def _just_now(_: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    return (at.date(),), True


def _part_of_today(match: re.Match[str], at: datetime) -> tuple[tuple[date, ...], bool]:
    return ((at.date(),), True) if at.hour >= {"中": 12, "上": 9}.get(match[0][0], 6) else ((), False)


def _vague(_: re.Match[str], __: datetime) -> tuple[tuple[date, ...], bool]:
    return (), False


_YEAR = r"(?P<y>(?:19|20)?\d\d|[零〇一二三四五六七八九]{4})(?:年|[-/.](?=\d{1,2}[-/.]))"
_MONTH = rf"(?P<m>{_N}{{1,2}}|正|腊|冬)月份?"
_LAST_YEAR = r"(?P<lunar>农历|阴历|旧历|老历)?(?P<year>去年|今年|前年)?的?"
_NO_AMOUNT = r"(?![\d.:%]|元|万|块|度|千|cm|厘米|公分|个|斤|倍)"
_GRAMMAR: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(rf"{_YEAR}(?P<m>{_N}{{1,2}})[-/.月]份?(?P<d>{_N}{{1,3}})(?!\d)[日号]?"), _full),
    (re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"), _full),
    (re.compile(rf"{_LAST_YEAR}(?<![\d.]){_MONTH}(?P<d>(?:初|廿|二)?{_N}{{1,3}})(?P<mark>[日号])?(?![天个\d])"), _month_and_day),
    (re.compile(rf"(?<![\d.:/])(?P<m>1[0-2]|0?[1-9])[./-](?P<d>3[01]|[12]\d|0?[1-9]){_NO_AMOUNT}"), _in_numbers),
    (re.compile(rf"(?P<which>上上|上|这|本|当|下)个?月(?P<d>{_N}{{1,3}})[日号]"), _day_of_a_month),
    (re.compile(rf"(?<![\d月零〇一二三四五六七八九十两廿卅第.])(?P<d>{_N}{{1,3}})[日号]{_NOT_A_DAY}"), _bare_day),
    (re.compile(rf"(?P<which>大+前|(?<!之|以)前|昨|今|[寻琴噚])(?:天|日|儿个?|个儿?|朝)(?P<part>{_PART})"), _relative),
    (re.compile(r"(?P<which>前|昨|今|琴)(?P<part>晚上|夜里|晚|夜|早|晌午|晨)(?!期|饭)"), _relative),
    (re.compile(r"(?:去年|前年|上个?月)的?今天"), _vague),
    (re.compile(r"夜(?:儿个?|个儿?|来)"), _northern),
    (re.compile(rf"(?P<n>{_N}{{1,3}}|几|两三|三四|四五|好几|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)多?(?:之|以)?前(?!后)"), _ago),
    (re.compile(r"刚才|刚刚|刚(?=摔|被|撞|出车祸)"), _just_now),
    (re.compile(r"(?<![天日儿个朝今昨前晚号一-六四五])(?:一?大?清?早上|早晨|清晨|清早|一早|上午)(?!班)"), _part_of_today),
    (re.compile(r"(?:明|后)天|明早|下(?:个?星期|周|个?礼拜|个?月)[一二三四五六日天]?|过几天"), _vague),
    (re.compile(rf"前(?:[几两]|{_N})天|这[几两]天|前阵子|前段时间|最近|上个?星期(?![一二三四五六日天])"), _vague),
    (WEEKDAY, lambda match, at: weekday_days(match, at.date())),
    (FESTIVAL, lambda match, at: festival_days(match, at.date())),
)
