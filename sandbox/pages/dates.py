"""How a form prints a day."""

from datetime import date


def in_words(day: date) -> str:
    """2026-08-05 -> 2026年08月05日."""
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"
