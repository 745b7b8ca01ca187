"""Built-ins on dates and durations."""

from datetime import date
from fractions import Fraction

from domain.errors import InputError
from rules.durations import read_date, read_duration
from rules.phrases import Phrase
from rules.unknown import Months, Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_of(value: date | str) -> date:
    """Read a day from a text; a date stays what it is.

    Raises:
        InputError: the text is no day of the calendar.
    """
    day = read_date(value) if isinstance(value, str) else value
    if day is None:
        raise InputError(Phrase("{value} is no day of the calendar", value=repr(str(value)[:40])), Phrase("write a date as 2024-03-01"))
    return day


def date_from(year: Fraction, month: Fraction, day: Fraction) -> date:
    """Make a day of year, month and day.

    Raises:
        InputError: there is no such day.
    """
    try:
        return date(*(int(part) if part.denominator == 1 else 0 for part in (year, month, day)))
    except (ValueError, OverflowError):
        raise InputError(Phrase("there is no such day of the calendar"), Phrase("give year, month and day")) from None


def duration_of(text: str) -> Value:
    """Read a span of months or of days from a text.

    Raises:
        InputError: the text is no duration.
    """
    found = read_duration(text)
    if found is None:
        raise InputError(Phrase("{text} is no duration", text=repr(text[:40])), Phrase("write P30D, PT36H or P1Y6M"))
    return found[0]


def months_between(earlier: date, later: date) -> Months:
    """Count the whole months from one day to another; negative when the second comes first."""
    if later < earlier:
        return Months(-months_between(later, earlier).count)
    count = (later.year - earlier.year) * 12 + later.month - earlier.month
    return Months(count - (later.day < earlier.day))


def day_of_year(day: date) -> Fraction:
    """Count the days of the year up to a day."""
    return Fraction(day.timetuple().tm_yday)


def week_of_year(day: date) -> Fraction:
    """Give the week as ISO 8601 counts it."""
    return Fraction(day.isocalendar().week)


def day_of_week(day: date) -> str:
    """Name the day of the week."""
    return _DAYS[day.weekday()]


def month_of_year(day: date) -> str:
    """Name the month."""
    return _MONTHS[day.month - 1]
