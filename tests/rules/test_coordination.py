"""Several policies over one cost."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, AccumulatorUse, Assessment, Benefit, Outcome, ResponsibilityResult
from domain.errors import InputError
from rules.coordination import coordinate


def _paying(*results: tuple[Benefit, int]) -> Assessment:
    return Assessment(
        "product",
        "plan",
        "hash",
        "",
        tuple(ResponsibilityResult(f"r{index}", Outcome.PAYABLE, benefit, fen) for index, (benefit, fen) in enumerate(results)),
    )


def _amounts(assessments: tuple[Assessment, ...]) -> list[list[int | None]]:
    return [[result.amount_fen for result in each.results] for each in assessments]


@pytest.mark.parametrize(("cost", "second"), [(9_999, 4_999), (10_000, 5_000), (10_001, 5_000)])
def test_indemnity_stops_at_the_cost(cost: int, second: int) -> None:
    both = [_paying((Benefit.INDEMNITY, 5_000)), _paying((Benefit.INDEMNITY, 5_000))]
    assert _amounts(coordinate(both, cost, 0)) == [[5_000], [second]]


def test_what_others_paid_comes_off_the_cost_first() -> None:
    assert _amounts(coordinate([_paying((Benefit.INDEMNITY, 5_000))], 10_000, 9_000)) == [[1_000]]
    assert _amounts(coordinate([_paying((Benefit.INDEMNITY, 5_000))], 10_000, 11_000)) == [[0]]


def test_fixed_benefits_add_up_whatever_the_cost() -> None:
    both = [_paying((Benefit.INDEMNITY, 5_000), (Benefit.FIXED, 2_400)), _paying((Benefit.FIXED, 2_400))]
    assert _amounts(coordinate(both, 1_000, 0)) == [[1_000, 2_400], [2_400]]


def test_a_cut_is_a_line_of_the_waterfall() -> None:
    (assessment,) = coordinate([_paying((Benefit.INDEMNITY, 5_000))], 4_000, 0)
    (step,) = assessment.results[0].steps
    assert (step.kind, step.before, step.after, step.operand) == ("限", 5_000, 4_000, "40.00")


def test_a_cut_payout_uses_up_less_of_the_limit_but_no_less_of_the_deductible() -> None:
    limit = AccumulatorUse(AccumulatorKey("r/limit", "终身"), Fraction(0), Fraction(5_000), Fraction(9_000), "元", counts_payout=True)
    deductible = AccumulatorUse(AccumulatorKey("r/deductible", "终身"), Fraction(0), Fraction(6_000), Fraction(6_000), "元")
    result = ResponsibilityResult("r", Outcome.PAYABLE, Benefit.INDEMNITY, 5_000, uses=(limit, deductible))
    (assessment,) = coordinate([Assessment("product", "plan", "hash", "", (result,))], 4_000, 0)
    assert [use.used_now for use in assessment.results[0].uses] == [4_000, 6_000]


def test_an_unknown_payout_is_bounded_by_the_cost_and_reserves_nothing() -> None:
    unknown = ResponsibilityResult("r", Outcome.UNKNOWN, Benefit.INDEMNITY, None, 3_000, None)
    waiting = Assessment("product", "plan", "hash", "", (unknown,))
    first, second = coordinate([waiting, _paying((Benefit.INDEMNITY, 2_000))], 2_500, 0)
    assert (first.results[0].low_fen, first.results[0].high_fen) == (2_500, 2_500)
    assert second.results[0].amount_fen == 2_000


@pytest.mark.parametrize(("cost", "others", "field"), [(-1, 0, "cost_fen"), (0, -1, "paid_by_others_fen")])
def test_a_negative_amount_is_refused(cost: int, others: int, field: str) -> None:
    with pytest.raises(InputError, match=f"{field} is negative: -0.01"):
        coordinate([], cost, others)


AMOUNTS = st.integers(0, 10**9)
RESULTS = st.lists(st.tuples(st.sampled_from([Benefit.INDEMNITY, Benefit.FIXED]), AMOUNTS), max_size=4)


@settings(deadline=None)
@given(st.lists(RESULTS, max_size=4), AMOUNTS, AMOUNTS)
def test_indemnity_and_other_payers_together_never_exceed_the_cost(
    policies: list[list[tuple[Benefit, int]]], cost: int, others: int
) -> None:
    before = [_paying(*results) for results in policies]
    after = coordinate(before, cost, others)
    pairs = [pair for old, new in zip(before, after, strict=True) for pair in zip(old.results, new.results, strict=True)]
    indemnity = sum(new.amount_fen or 0 for _, new in pairs if new.benefit is Benefit.INDEMNITY)
    wanted = sum(old.amount_fen or 0 for old, _ in pairs if old.benefit is Benefit.INDEMNITY)
    assert indemnity == min(wanted, max(cost - others, 0))
    assert all(old == new for old, new in pairs if new.benefit is Benefit.FIXED)


@pytest.mark.parametrize(
    ("loss", "paid"),
    [(80_000, [[60_000], [20_000]]), (79_999, [[59_999], [20_000]]), (40_000, [[30_000], [10_000]]), (80_001, [[60_000], [20_000]])],
)
def test_insurers_of_one_property_share_the_loss_in_proportion(loss: int, paid: list[list[int]]) -> None:
    both = [_paying((Benefit.PROPORTIONAL, 60_000)), _paying((Benefit.PROPORTIONAL, 20_000))]
    assert _amounts(coordinate(both, loss, 0)) == paid


def test_a_share_of_a_property_is_a_line_of_the_waterfall() -> None:
    first, _ = coordinate([_paying((Benefit.PROPORTIONAL, 6_000)), _paying((Benefit.PROPORTIONAL, 2_000))], 4_000, 0)
    assert [(step.label, step.before, step.after) for step in first.results[0].steps] == [("各保险人按比例分摊", 6_000, 3_000)]


@settings(deadline=None)
@given(st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_proportional_shares_sum_to_the_loss_and_none_exceeds_its_own(alone: list[int], loss: int) -> None:
    after = coordinate([_paying((Benefit.PROPORTIONAL, fen)) for fen in alone], loss, 0)
    shares = [each.results[0].amount_fen or 0 for each in after]
    assert sum(shares) == min(sum(alone), loss)
    assert all(share <= fen for share, fen in zip(shares, alone, strict=True))
