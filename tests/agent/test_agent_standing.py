"""Standing: honest with few votes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.standing import mean_of, shortfall_of

VOTES = st.lists(st.integers(1, 5), max_size=200)


def standing(votes: list[int]) -> int:
    return 5000 - shortfall_of(len(votes), sum(votes))


def test_nobody_rated_stands_between_good_and_bad() -> None:
    assert standing([]) == 2857
    assert standing([1]) < standing([]) < standing([5])


def test_one_five_stands_below_many_of_four_and_a_half() -> None:
    assert standing([5]) < standing([4, 5] * 20)


@given(VOTES)
def test_a_five_never_lowers_and_a_one_never_raises(votes: list[int]) -> None:
    assert standing([*votes, 1]) <= standing(votes) <= standing([*votes, 5])


@given(VOTES)
def test_it_lies_between_one_and_five_stars(votes: list[int]) -> None:
    assert 1000 <= standing(votes) <= 5000


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_very_many_votes_stand_for_themselves(stars: int) -> None:
    assert standing([stars] * 20_000) == pytest.approx(stars * 1000, abs=20)


def test_the_mean_is_written_with_one_decimal_rounded_half_up() -> None:
    assert [mean_of(*each) for each in ((0, 0), (1, 5), (4, 17), (20, 89), (3, 10))] == [None, "5.0", "4.3", "4.5", "3.3"]
