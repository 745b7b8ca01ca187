"""Working days (工作日) in China: public holidays do not count, and the weekends that are worked in their place do.

What the State Council has announced comes from the package `holidays`; of a year that is not announced yet, usually
the next but one, it knows the statutory holidays alone.
"""

from datetime import date, timedelta
from functools import cache

import holidays

from domain.china import DAY_MS, china_day


def is_working_day(day: date) -> bool:
    """Tell whether offices in China work on a day."""
    return _calendar(day.year).is_working_day(day)


def after_working_days(at_ms: int, count: int) -> int:
    """Give the same time of day, `count` working days after a moment (both in milliseconds since 1970, the days those of China).

    The day it begins on does not count, whether it is worked or not: what comes on Friday or on Saturday at 10:00
    with one working day is due on Monday at 10:00.
    """
    day = china_day(at_ms)
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return at_ms + (day - china_day(at_ms)).days * DAY_MS


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, expand=False)
