"""Which claims the shipped cold start reads as low, medium and high, with its trees and by its scorecard alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.risk import Band
from riskmodel.cold_start import COLD_START
from riskmodel.facts import RiskFacts
from riskmodel.features import FEATURES, Feature, feature_row
from riskmodel.model import RiskModel, load_model
from tests.riskmodel.claims import CRITICAL_ILLNESS, LOSS_DATE, ORDINARY, RING, YOUNG_AND_LARGE, YOUNG_TO_ANOTHER

SHIPPED = load_model(COLD_START)
SCORECARD_ALONE = replace(SHIPPED, trees=None)
either_model = pytest.mark.parametrize("model", [SHIPPED, SCORECARD_ALONE], ids=["with_trees", "scorecard_alone"])


def band(model: RiskModel, facts: RiskFacts) -> Band:
    return model.score(facts, facts.payable_fen or 0).band


@either_model
@pytest.mark.parametrize("claimed_fen", [1_000_000, 2_500_000, 4_000_000])
@pytest.mark.parametrize("age_days", [121, 365, 2_000])
def test_an_ordinary_hospital_stay_is_low(model: RiskModel, claimed_fen: int, age_days: int) -> None:
    effective = LOSS_DATE - timedelta(days=age_days)
    assert band(model, replace(ORDINARY, claimed_fen=claimed_fen, payable_fen=claimed_fen, policy_effective_from=effective)) is Band.LOW


@either_model
def test_a_second_stay_in_the_year_at_the_same_hospital_is_low(model: RiskModel) -> None:
    assert band(model, replace(ORDINARY, earlier_claims_365d=1, earlier_claims_same_hospital=1)) is Band.LOW


@either_model
@pytest.mark.parametrize("age_days", [101, 179, 700])
def test_a_critical_illness_of_100_000_yuan_is_low(model: RiskModel, age_days: int) -> None:
    assert band(model, replace(CRITICAL_ILLNESS, policy_effective_from=LOSS_DATE - timedelta(days=age_days))) is Band.LOW


@either_model
def test_the_same_claims_are_low_while_the_counters_are_unknown(model: RiskModel) -> None:
    unknown: dict[str, Any] = dict.fromkeys(("phone_other_insureds", "account_other_insureds", "device_other_insureds"))
    assert band(model, replace(ORDINARY, **unknown)) is Band.LOW
    assert band(model, replace(CRITICAL_ILLNESS, **unknown)) is Band.LOW


@either_model
@pytest.mark.parametrize("shared", [2, 3])
@pytest.mark.parametrize("payable_fen", [4_500_000, 9_000_000])
def test_a_young_policy_paying_another_with_everything_shared_is_high(model: RiskModel, shared: int, payable_fen: int) -> None:
    ring = replace(RING, payable_fen=payable_fen, phone_other_insureds=shared, account_other_insureds=shared, device_other_insureds=shared)
    assert band(model, ring) is Band.HIGH


@either_model
@pytest.mark.parametrize(
    "facts",
    [
        YOUNG_AND_LARGE,
        YOUNG_TO_ANOTHER,
        replace(ORDINARY, invoice_duplicate=True, document_doubts=1),
        replace(ORDINARY, phone_other_insureds=2, account_other_insureds=2),
    ],
    ids=["young and large", "young, to another", "duplicate invoice", "phone and account shared"],
)
def test_one_or_two_marks_are_medium(model: RiskModel, facts: RiskFacts) -> None:
    assert band(model, facts) is Band.MEDIUM


DIRECTED = [feature for feature in FEATURES if feature.direction]


@either_model
@pytest.mark.parametrize("start", [ORDINARY, RING], ids=["ordinary", "ring"])
@given(st.sampled_from(DIRECTED), st.integers(0, 400), st.integers(0, 400))
def test_no_feature_ever_pushes_against_its_direction(model: RiskModel, start: RiskFacts, feature: Feature, left: int, right: int) -> None:
    less, more = sorted((left, right))
    row = feature_row(start)
    low = model.score_row(row | {feature.name: float(less)}, 0).probability
    high = model.score_row(row | {feature.name: float(more)}, 0).probability
    assert (high - low) * feature.direction >= 0


@either_model
@pytest.mark.parametrize("name", ["phone_other_insureds", "account_other_insureds", "device_other_insureds"])
def test_more_sharing_never_lowers_the_score(model: RiskModel, name: str) -> None:
    row = feature_row(ORDINARY)
    scores = [model.score_row(row | {name: float(shared)}, 0).probability for shared in range(8)]
    assert scores == sorted(scores)
    assert scores[3] > scores[0]
