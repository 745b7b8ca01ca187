"""A rank among similar people singles nobody out: groups of twenty or more, told in fifths, with coarse cuts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cover import CoverKind
from entitlement.cover.peers import LEAST_PEOPLE, STEPS, band_of, city_of, make_group, rank_in

DAY = date(2026, 11, 22)


def a_group(amounts: list[int], least: int = LEAST_PEOPLE, city: str = "9901"):  # type: ignore[no-untyped-def]
    return make_group(city, 30, CoverKind.DEATH, amounts, DAY, least)


def test_of_nineteen_people_nothing_is_kept_and_of_twenty_a_group() -> None:
    assert a_group([0] * 19) is None
    assert a_group([0] * 20) is not None


def test_no_setting_makes_a_group_smaller_than_twenty() -> None:
    assert a_group([0] * 19, least=1) is None
    assert a_group([0] * 20, least=1) is not None
    assert a_group([0] * 49, least=50) is None


def test_whoever_lives_nowhere_known_is_in_no_group() -> None:
    assert a_group([0] * 100, city="") is None


@pytest.mark.parametrize(
    ("code", "city"), [("510104", "5101"), ("5101", "5101"), ("110105", "11"), ("310115", "31"), ("51", ""), ("", ""), ("51a1", "")]
)
def test_a_city_is_four_figures_of_the_region_and_two_of_a_municipality(code: str, city: str) -> None:
    assert city_of(code) == city


@pytest.mark.parametrize(("age", "band"), [(0, 0), (9, 0), (10, 10), (39, 30), (40, 40)])
def test_ages_are_compared_in_tens(age: int, band: int) -> None:
    assert band_of(age) == band


def test_a_rank_is_told_in_fifths_and_the_size_of_the_group_roughly() -> None:
    group = a_group([each * 1_000_000 for each in range(1, 101)])  # 1 to 100 ten thousands
    assert group.cuts_fen == (20_000_000, 40_000_000, 60_000_000, 80_000_000)
    assert [rank_in(group, fen).more_than_percent for fen in (20_000_000, 20_000_001, 60_000_001, 10**10)] == [0, 20, 60, 80]
    assert rank_in(group, 0).people_at_least == 100
    assert (rank_in(group, 0).age_from, rank_in(group, 0).age_to) == (30, 39)


amounts = st.lists(st.integers(0, 10**10), min_size=20, max_size=60)


@given(amounts, st.integers(0, 10**10))
def test_more_than_so_many_percent_is_always_true(found: list[int], mine: int) -> None:
    told = rank_in(a_group(found), mine).more_than_percent
    assert 100 * sum(each < mine for each in found) >= told * len(found)
    assert told in (0, *STEPS)


@given(amounts)
def test_a_cut_has_no_more_than_two_figures(found: list[int]) -> None:
    assert all(cut % 10_000 == 0 and len(str(cut).rstrip("0")) <= 2 for cut in a_group(found).cuts_fen)
