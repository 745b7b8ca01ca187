"""Who is looked at: by the score alone, or where a review is worth its cost, to the fen; and how audits are drawn."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ModelError
from domain.risk import SYNTHETIC, Band
from riskmodel.policy import Policy, parse_policy, spread_of

LABELS = "labels known on 2026-06-30"
ALONE = Policy(0.08, 0.35)
COSTED = Policy(0.08, 0.25, review_cost_fen=15_000, caught_share=0.5)


@pytest.mark.parametrize(
    ("probability", "band"), [(0.0799, Band.LOW), (0.08, Band.MEDIUM), (0.3499, Band.MEDIUM), (0.35, Band.HIGH), (1.0, Band.HIGH)]
)
@pytest.mark.parametrize("evidence", [SYNTHETIC, LABELS])
def test_without_a_cost_the_score_alone_decides(probability: float, band: Band, evidence: str) -> None:
    assert ALONE.band(probability, 1, evidence) is band


@pytest.mark.parametrize(("amount_fen", "band"), [(119_999, Band.LOW), (120_000, Band.HIGH), (120_001, Band.HIGH)])
def test_a_review_begins_where_it_is_worth_its_cost_to_the_fen(amount_fen: int, band: Band) -> None:
    assert COSTED.band(0.25, amount_fen, LABELS) is band  # a quarter of the amount, half of which is saved


def test_a_small_chance_of_much_money_is_looked_at_and_a_large_one_of_little_is_not() -> None:
    assert COSTED.band(0.01, 10_000_000, LABELS) is Band.MEDIUM
    assert COSTED.band(0.9, 20_000, LABELS) is Band.LOW


def test_on_synthetic_evidence_nothing_is_reckoned_with_what_is_no_probability() -> None:
    assert COSTED.band(0.01, 10**12, SYNTHETIC) is Band.LOW


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_probability_or_more_money_never_lowers_a_band(p: float, q: float, a: int, b: int) -> None:
    order = list(Band)
    low, high = COSTED.band(min(p, q), min(a, b), LABELS), COSTED.band(max(p, q), max(a, b), LABELS)
    assert order.index(low) <= order.index(high)


def test_a_policy_is_read_back_as_it_was_written() -> None:
    assert parse_policy(COSTED.to_text()) == COSTED


@pytest.mark.parametrize(
    "changes", [{"medium": 0.0}, {"medium": 0.4}, {"high": 1.0}, {"review_cost_fen": 0}, {"caught_share": 1.1}, {"audit_spread": 0.0}]
)
def test_a_policy_that_cannot_be_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ModelError, match="cannot be"):
        parse_policy(replace(ALONE, **changes).to_text())  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"medium": 0.1, "high": 0.2, "sex": 1}'])
def test_a_damaged_policy_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        parse_policy(text)


def test_audits_are_drawn_at_their_rate_on_the_mean_and_more_where_the_score_is_in_doubt() -> None:
    random = Random(3)
    told = [random.betavariate(0.5, 12) for _ in range(20_000)]
    policy = replace(ALONE, audit_spread=spread_of(told))
    drawn = [policy.audit_inclusion(each, 0.02) for each in told]
    assert sum(drawn) / len(drawn) == pytest.approx(0.02, rel=0.06)
    assert policy.audit_inclusion(0.4, 0.02) > policy.audit_inclusion(0.04, 0.02) > policy.audit_inclusion(0.004, 0.02)
    assert policy.audit_inclusion(0.4, 0.02) / policy.audit_inclusion(0.1, 0.02) == pytest.approx(math.sqrt(0.24 / 0.09))


def test_no_claim_is_drawn_with_less_than_a_quarter_of_the_rate_and_none_where_no_audit_is_wanted() -> None:
    policy = replace(ALONE, audit_spread=0.2)
    assert policy.audit_inclusion(0.0, 0.02) == 0.005
    assert policy.audit_inclusion(0.5, 0.0) == 0
    assert policy.audit_inclusion(0.0, 1.0) == 1
    assert ALONE.audit_inclusion(0.3, 0.02) == 0.02  # a folder from before: all alike
