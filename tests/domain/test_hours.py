"""Hours of agents: slots of half an hour, on the days that are worked in China."""

from datetime import date

import pytest

from domain.agent import Hours
from domain.china import MINUTE_MS, china_midnight_ms


def minutes(hours: Hours, day: date) -> list[int]:
    return [(each - china_midnight_ms(day)) // MINUTE_MS for each in hours.slots_on(day)]


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2025, 9, 30), True),
        (date(2025, 10, 1), False),  # 国庆节, a Wednesday
        (date(2025, 10, 11), True),  # a Saturday that is worked for it
        (date(2025, 10, 12), False),  # a Sunday
    ],
)
def test_slots_follow_the_holidays_of_china_and_the_weekends_worked_for_them(day: date, is_worked: bool) -> None:
    assert bool(Hours().slots_on(day)) is is_worked


def test_a_slot_ends_within_the_hours_and_begins_on_the_hour_or_half_past() -> None:
    worked = date(2025, 9, 30)
    assert minutes(Hours(), worked) == [540, 570, 600, 630, 660, 690, 810, 840, 870, 900, 930, 960, 990, 1020]
    assert minutes(Hours(((550, 629),)), worked) == [570]
    assert minutes(Hours(((550, 630),)), worked) == [570, 600]


def test_hours_that_overlap_give_a_slot_once() -> None:
    assert minutes(Hours(((540, 600), (570, 630))), date(2025, 9, 30)) == [540, 570, 600]
