"""Rank among similar people (同城同龄比较): customers of one city and one band of ages, told in fifths and never singled out.

What is kept of a group is how many they are and four cuts, written once in a while over all; nothing of any person. Below the
least number nothing is kept at all. Cuts are rounded up, so that "more than" stays true, and so coarsely that one person who
joins or leaves can hardly be told from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.cover import CoverKind
from storage.cover import CoverGroup

LEAST_PEOPLE = 20
BAND_YEARS = 10
STEPS = (20, 40, 60, 80)  # percent of a group
_MUNICIPALITIES = ("11", "12", "31", "50")  # 直辖市: the first two digits are the city
_SIZES = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True)
class Rank:
    """Where somebody stands: at least so many percent of the group have less cover; the group is at least so large."""

    more_than_percent: int
    people_at_least: int
    city: str
    age_from: int
    age_to: int
    counted_on: date


def city_of(region_code: str) -> str:
    """Give the city of a region code (行政区划代码), "" for one that names none."""
    if not region_code.isdecimal() or len(region_code) < 4:
        return ""
    return region_code[:2] if region_code.startswith(_MUNICIPALITIES) else region_code[:4]


def band_of(age: int) -> int:
    """Give the lowest age of the ten years that an age belongs to."""
    return age // BAND_YEARS * BAND_YEARS


def make_group(city: str, age_band: int, kind: CoverKind, amounts_fen: Sequence[int], day: date, least: int) -> CoverGroup | None:
    """Make of the amounts of a group what may be kept; nothing when it is too small.

    `least` is never below `LEAST_PEOPLE`, whatever is set.
    """
    count = len(amounts_fen)
    if not city or count < max(least, LEAST_PEOPLE):
        return None
    ordered = sorted(amounts_fen)
    cuts = tuple(_coarse(ordered[-(-count * step // 100) - 1]) for step in STEPS)
    return CoverGroup(city, age_band, kind, count, cuts, day)


def rank_in(group: CoverGroup, amount_fen: int) -> Rank:
    """Tell where an amount stands in a group."""
    beaten = [step for step, cut in zip(STEPS, group.cuts_fen, strict=True) if cut < amount_fen]
    size = max((each for each in _SIZES if each <= group.people), default=LEAST_PEOPLE)
    return Rank(max(beaten, default=0), size, group.city, group.age_band, group.age_band + BAND_YEARS - 1, group.counted_on)


def _coarse(fen: int) -> int:
    """Round up to two figures, and to no less than 100 元."""
    unit: int = max(10 ** max(len(str(fen)) - 2, 0), 10_000)
    return -(-fen // unit) * unit
