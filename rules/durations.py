"""Dates and durations as FEEL writes them: 2024-03-01, P1Y6M, P30D, PT36H."""

import re
from datetime import date
from fractions import Fraction

from rules.types import DAYS, SimpleType, Type
from rules.unknown import Months

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS = re.compile(r"(-?)P(?=[\dT])(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,12})?)S)?)?", re.ASCII)
SECONDS_A_DAY = 86400


def read_date(text: str) -> date | None:
    """Read a day of the calendar; None when it is none."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def read_duration(text: str) -> tuple[Months | Fraction, Type] | None:
    """Read a span of months, or of days with parts of a day as an exact fraction; None when it is neither."""
    if match := _MONTHS.fullmatch(text):
        sign, years, months = match.groups()
        count = int(years or 0) * 12 + int(months or 0)
        return Months(-count if sign else count), SimpleType.MONTHS
    if match := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds = match.groups()
        whole = Fraction(seconds or 0) + 60 * int(minutes or 0) + 3600 * int(hours or 0)
        length = int(days or 0) + whole / SECONDS_A_DAY
        return -length if sign else length, DAYS
    return None


def read_date_or_duration(text: str) -> tuple[date | Months | Fraction, Type] | None:
    """Read what may stand in `@"…"`; times of day are no part of the language."""
    day = read_date(text)
    return (day, SimpleType.DATE) if day is not None else read_duration(text)


def write_months(months: Months) -> str:
    """Write a span of months: P1Y8M, P0M for none."""
    years, rest = divmod(abs(months.count), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest or not years else "")
    return ("-" if months.count < 0 else "") + "P" + body


def write_days(days: Fraction) -> str:
    """Write a span of days and parts of a day to the nanosecond: P1DT2H, PT0S for none."""
    nanoseconds = round(abs(days) * SECONDS_A_DAY * 10**9)
    whole, rest = divmod(nanoseconds, 10**9)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    day_count, hours = divmod(hours, 24)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or rest else ""
    body = (f"{day_count}D" if day_count else "") + (f"T{clock}" if clock else "")
    return ("-" if days < 0 and nanoseconds else "") + "P" + (body or "T0S")
