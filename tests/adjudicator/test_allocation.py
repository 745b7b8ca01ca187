"""Allocation: what a payout leaves on each line; nothing is lost to rounding."""

from hypothesis import given
from hypothesis import strategies as st

from rules.line_payout import split

AMOUNTS = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=30)


@given(weights=AMOUNTS, data=st.data())
def test_shares_sum_to_the_amount_and_none_exceeds_its_line(weights: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(weights)))
    shares = split(amount, weights)
    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@given(weights=AMOUNTS, data=st.data())
def test_shares_are_proportional_to_within_one_fen(weights: list[int], data: st.DataObject) -> None:
    amount, total = data.draw(st.integers(0, sum(weights))), sum(weights)
    if total:
        assert all(abs(share * total - amount * weight) < total for share, weight in zip(split(amount, weights), weights, strict=True))


def test_one_fen_goes_to_the_largest_remainder() -> None:
    assert split(1, [1, 3, 2]) == [0, 1, 0]
