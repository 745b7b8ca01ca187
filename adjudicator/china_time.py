"""Days and moments in China: one time zone, UTC+8, without summer time."""

from datetime import UTC, date, datetime, time, timedelta

from storage.database import Transaction

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_CHINA = timedelta(hours=8)


def today(tx: Transaction) -> date:
    """Give the calendar day in China by the database's clock."""
    return china_day(tx.now_ms())


def china_day(at_ms: int) -> date:
    """Give the calendar day in China (UTC+8) of a time in milliseconds."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _CHINA).date()


def china_hour(at_ms: int) -> int:
    """Give the hour of the day in China, 0 to 23."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _CHINA).hour


def china_midnight_ms(day: date) -> int:
    """Give the moment when a day begins in China."""
    return int((datetime.combine(day, time(), UTC) - _CHINA).timestamp() * 1000)


def china_minute(at_ms: int) -> str:
    """Write a moment as people in China read it, to the minute: 2026-11-22 09:30."""
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _CHINA).strftime("%Y-%m-%d %H:%M")
