"""The one time zone of the product: days, hours and words of time are those of China, UTC+8 without summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
_AHEAD = timedelta(hours=8)  # also of days for which the zone's history knows summer time


def china_day(at_ms: int) -> date:
    """Give the calendar day in China (UTC+8) of a time in milliseconds."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _AHEAD).date()


def china_hour(at_ms: int) -> int:
    """Give the hour of the day in China, 0 to 23."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _AHEAD).hour


def china_midnight_ms(day: date) -> int:
    """Give the moment when a day begins in China."""
    return int((datetime.combine(day, time(), UTC) - _AHEAD).timestamp() * 1000)


def china_minute(at_ms: int) -> str:
    """Write a moment as people in China read it, to the minute: 2026-11-22 09:30."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _AHEAD).strftime("%Y-%m-%d %H:%M")


def china_moment(at_ms: int) -> str:
    """Write a moment of today as people in China read it, to the second: 09:30:05."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _AHEAD).strftime("%H:%M:%S")
