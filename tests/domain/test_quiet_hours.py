"""Quiet hours: on their first minute nobody is told any more, on their last they are over; also over midnight."""

from datetime import date

import pytest

from domain.china import MINUTE_MS, china_midnight_ms, china_minute
from domain.reminder import QuietHours

DAY = china_midnight_ms(date(2026, 6, 15))


@pytest.mark.parametrize(
    ("quiet", "at", "told"),
    [
        (QuietHours(22 * 60, 8 * 60), 22 * 60 - 1, "2026-06-15 21:59"),
        (QuietHours(22 * 60, 8 * 60), 22 * 60, "2026-06-16 08:00"),
        (QuietHours(22 * 60, 8 * 60), 24 * 60 - 1, "2026-06-16 08:00"),
        (QuietHours(22 * 60, 8 * 60), 0, "2026-06-15 08:00"),
        (QuietHours(22 * 60, 8 * 60), 8 * 60 - 1, "2026-06-15 08:00"),
        (QuietHours(22 * 60, 8 * 60), 8 * 60, "2026-06-15 08:00"),
        (QuietHours(12 * 60, 14 * 60), 12 * 60 - 1, "2026-06-15 11:59"),
        (QuietHours(12 * 60, 14 * 60), 12 * 60, "2026-06-15 14:00"),
        (QuietHours(12 * 60, 14 * 60), 14 * 60, "2026-06-15 14:00"),
    ],
)
def test_who_is_not_to_be_disturbed_is_told_when_it_is_over(quiet: QuietHours, at: int, told: str) -> None:
    assert china_minute(quiet.over_ms(DAY + at * MINUTE_MS)) == told
