"""Days as people say them, at the moment of reporting: Sunday, 22 November 2026, half past nine in China."""

from datetime import date, datetime

import pytest
from report_ear import CHINA, SUNDAY

from reporting.days import find_days
from reporting.heard import hear

EXACT = {
    "2026-11-22": "今天 今早 刚才 22号 11月22号",
    "2026-11-21": "昨天下午 昨儿个 琴日 夜来 昨晚",
    "2026-11-20": "前天晚上 前儿 这周五",
    "2026-11-19": "大前天 三天前",
    "2026-11-18": "大大前天 星期三",
    "2026-11-15": "上礼拜天",
    "2026-11-11": "上周三 双十一",
    "2026-11-03": "这个月3号",
    "2026-11-02": "上上周一",
    "2026-10-20": "上个月20日",
    "2026-10-01": "国庆节那天",
    "2026-10-02": "国庆第二天",
    "2026-09-25": "中秋节",
    "2026-08-15": "8月15号 八月十五号 2026年8月15日 二零二六年八月十五日 2026-08-15 8.15 20260815",
    "2026-02-19": "大年初三",
    "2026-02-16": "除夕",
    "2025-08-15": "去年8月15号",
    # the last such day that was: tomorrow's is a month or a year ago
    "2026-10-23": "23号",
    "2026-10-31": "31号",
    "2025-11-23": "11月23号",
}
VAGUE = [
    "前几天",
    "前两天",
    "上周末",
    "国庆期间",
    "最近",
    "半个月前",
    "一周前",
    "8月15号左右",
    "上周三四",
    "农历七月初五",
    "八月十五",
    "昨天还是",
    "去年的今天",
    "星期天",
]
NO_DAY = ("3号楼", "5号病房", "8点15分", "3.27万", "8.15元", "晚上十一点", "三年了", "二十三岁", "1.5倍", "住了三天")


@pytest.mark.parametrize(("said", "day"), [(said, day) for day, every in EXACT.items() for said in every.split()])
def test_a_day_is_the_one_that_people_mean(said: str, day: str) -> None:
    (found,) = find_days(hear(said), SUNDAY)
    assert (found.days, found.is_sure) == ((date.fromisoformat(day),), True)


@pytest.mark.parametrize("said", VAGUE)
def test_what_can_be_several_days_is_never_sure(said: str) -> None:
    assert [each.is_sure for each in find_days(hear(said), SUNDAY)] == [False]


@pytest.mark.parametrize("said", NO_DAY)
def test_other_numbers_are_no_days(said: str) -> None:
    assert find_days(hear(said), SUNDAY) == []


@pytest.mark.parametrize("said", ["明天", "后天", "下周三", "下个月3号", "今年12月3号", "2月30号", "今年11月31号"])
def test_the_future_and_days_of_no_calendar_are_no_day_of_a_loss(said: str) -> None:
    assert [each.days for each in find_days(hear(said), SUNDAY)] == [()]


@pytest.mark.parametrize(("hour", "is_sure"), [(0, False), (11, False), (12, True), (23, True)])
def test_this_afternoon_has_not_been_before_noon(hour: int, is_sure: bool) -> None:
    (found,) = find_days(hear("今天下午"), SUNDAY.replace(hour=hour))
    assert found.is_sure is is_sure


@pytest.mark.parametrize("said", ["从8月3号到8月10号", "8月3日至8月10日", "8.3-8.10", "八月三号到十号"])
def test_a_stretch_has_its_first_and_its_last_day(said: str) -> None:
    (found,) = find_days(hear(said), SUNDAY)
    assert (found.days[0], found.last) == (date(2026, 8, 3), date(2026, 8, 10))


def test_just_after_new_year_last_night_was_last_year() -> None:
    (found,) = find_days(hear("昨天晚上"), datetime(2027, 1, 1, 0, 30, tzinfo=CHINA))
    assert found.days == (date(2026, 12, 31),)


def test_the_29th_is_looked_for_in_a_month_that_has_one() -> None:
    (found,) = find_days(hear("29号"), datetime(2026, 3, 2, 10, 0, tzinfo=CHINA))
    assert found.days == (date(2026, 1, 29),)
