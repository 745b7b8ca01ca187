"""Policy months, years and ages: the same day some months later, and the last day of a shorter month where there is none."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Give the same day some months later (31 January and one month: 28 or 29 February); beyond the calendar its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Give the same day some years later; 29 February becomes 28 February."""
    return add_months(day, 12 * years)


def full_years(since: date, day: date) -> int:
    """Count the whole years from one day to another: anniversaries passed, birthdays lived. Negative before the day.

    Born on 29 February, somebody is a year older on 28 February of a common year, as contracts without leap days count.
    """
    years = day.year - since.year
    return years if add_years(since, years) <= day else years - 1


def full_months(since: date, day: date) -> int:
    """Count the whole months from one day to another."""
    months = 12 * (day.year - since.year) + day.month - since.month
    return months if add_months(since, months) <= day else months - 1
