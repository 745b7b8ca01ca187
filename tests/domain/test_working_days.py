"""Working days in China: holidays do not count, weekends worked in their place do, and a law for all days."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.china import china_day
from domain.working_days import after_working_days, is_working_day


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        ("2026-11-18T15:00", "2026-11-19T15:00"),  # Wednesday
        ("2026-11-20T15:00", "2026-11-23T15:00"),  # Friday
        ("2026-11-21T10:00", "2026-11-23T10:00"),  # Saturday
        ("2026-09-30T23:59", "2026-10-08T23:59"),  # before the National Day week
        ("2026-10-09T08:00", "2026-10-10T08:00"),  # that Saturday is worked
        ("2026-11-19T00:00", "2026-11-20T00:00"),  # midnight in China is the day before in UTC
    ],
)
def test_one_working_day_ends_at_the_same_time_of_the_next_working_day(begins: str, due: str) -> None:
    assert after_working_days(_moment(begins), 1) == _moment(due)


@given(st.integers(_moment("2020-01-01T00:00"), _moment("2027-12-01T00:00")), st.integers(1, 12))
def test_exactly_so_many_working_days_lie_between(at_ms: int, count: int) -> None:
    first, last = china_day(at_ms), china_day(after_working_days(at_ms, count))
    between = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    assert sum(map(is_working_day, between)) == count
    assert is_working_day(last)


def test_a_holiday_on_a_weekday_is_no_working_day() -> None:
    assert not is_working_day(date(2026, 10, 1))  # a Thursday
