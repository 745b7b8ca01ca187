"""How facts are read from JSON, and what each feature makes of them."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest

from domain.errors import InputError
from domain.risk import EntityFacts, EntityKind, Shared
from riskmodel.facts import RiskFacts, shared_facts
from riskmodel.features import FEATURES, SOURCES, Feature, feature_row, parse_facts
from tests.riskmodel.claims import ORDINARY

FORBIDDEN = ("sex", "gender", "marital", "name", "id_number", "paid", "state", "decision", "reviewer")


def test_facts_are_read_from_json() -> None:
    facts = parse_facts(
        {"claimed_fen": 774_362, "loss_date": "2024-08-15", "payee_is_insured": True, "inpatient_days": None, "channel": "app"}
    )
    assert facts == RiskFacts(claimed_fen=774_362, loss_date=date(2024, 8, 15), payee_is_insured=True, channel="app")


@pytest.mark.parametrize(
    ("mapping", "what", "field"),
    [
        ({}, "claimed_fen is missing", "claimed_fen"),
        ({"claimed_fen": 1, "phone_other_insured": 2}, "no risk fact phone_other_insured", "phone_other_insured"),
        ({"claimed_fen": 7743.62}, "claimed_fen cannot be 7743.62", "claimed_fen"),
        ({"claimed_fen": "774362"}, "claimed_fen cannot be", "claimed_fen"),
        ({"claimed_fen": True}, "claimed_fen cannot be True", "claimed_fen"),
        ({"claimed_fen": -1}, "claimed_fen is negative", "claimed_fen"),
        ({"claimed_fen": 1, "loss_date": "2024-02-30"}, "loss_date is no date", "loss_date"),
        ({"claimed_fen": 1, "loss_date": 20240815}, "loss_date cannot be", "loss_date"),
        ({"claimed_fen": 1, "hospital_grade": "四级"}, "hospital_grade cannot be '四级'", "hospital_grade"),
        ({"claimed_fen": 1, "invoice_duplicate": 1}, "invoice_duplicate cannot be 1", "invoice_duplicate"),
    ],
)
def test_a_wrong_fact_is_named(mapping: dict[str, object], what: str, field: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        parse_facts(mapping)
    assert caught.value.field == field
    assert caught.value.way_out


def test_the_features_of_an_ordinary_claim() -> None:
    row = feature_row(ORDINARY)
    assert row["policy_age_days"] == 167
    assert row["report_lag_days"] == 12
    assert row["fen_per_inpatient_day"] == pytest.approx(2_500_000 / 7)
    assert row["claimed_to_sum_insured"] == 0.0125
    assert row["payee_is_other"] == 0
    assert row["hospital_grade"] == 3


def test_what_nobody_knows_is_nan_and_never_zero() -> None:
    row = feature_row(RiskFacts(claimed_fen=1))
    assert {name for name, value in row.items() if not math.isnan(value)} == {"claimed_fen", "document_doubts", "invoice_duplicate"}


def test_a_sum_insured_of_zero_and_a_stay_of_no_days_are_unknown() -> None:
    row = feature_row(replace(ORDINARY, sum_insured_fen=0, inpatient_days=0))
    assert math.isnan(row["claimed_to_sum_insured"])
    assert math.isnan(row["fen_per_inpatient_day"])


@pytest.mark.parametrize(("code", "expected"), [("M54.5", 1), ("R51", 1), ("s33.5", 1), ("K35.8", 0), ("C50.9", 0)])
def test_diagnoses_that_rest_on_what_the_patient_tells(code: str, expected: float) -> None:
    assert feature_row(replace(ORDINARY, diagnosis_icd10=code))["diagnosis_is_subjective"] == expected


def test_no_feature_looks_at_a_person_or_at_what_came_after_the_score() -> None:
    names = [feature.name for feature in FEATURES] + list(RiskFacts.__dataclass_fields__)
    assert not [name for name in names for word in FORBIDDEN if word in name.split("_")]


def test_age_and_region_alone_are_personal_and_are_nan_unless_they_are_given() -> None:
    assert {feature.personal: feature.name for feature in FEATURES if feature.personal} == {
        "age": "insured_age_years",
        "region": "region_fraud_rate",
    }
    row = feature_row(ORDINARY)
    assert math.isnan(row["insured_age_years"])
    assert math.isnan(row["region_fraud_rate"])


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_says_where_it_comes_from_until_when_it_counts_and_what_it_means_in_two_languages(feature: Feature) -> None:
    assert feature.as_of == SOURCES[feature.source]
    assert re.search("[\u4e00-\u9fff]", feature.tell(1))
    assert not re.search("[\u4e00-\u9fff]", feature.tell(0, english=True) + feature.tell(math.nan, english=True))
    assert "{" not in feature.tell(1) + feature.tell(1, english=True)


@pytest.mark.parametrize(("changed", "days"), [(date(2024, 8, 15), 0), (date(2024, 8, 1), 14), (date(2024, 8, 16), math.nan)])
def test_an_endorsement_counts_only_before_the_loss(changed: date, days: float) -> None:
    assert feature_row(replace(ORDINARY, policy_changed_on=changed))["policy_change_days"] == pytest.approx(days, nan_ok=True)


def test_what_a_claim_shares_comes_to_the_facts_of_its_entities() -> None:
    entities = {
        EntityKind.ACCOUNT: EntityFacts(2.5, 3, 0.11),
        EntityKind.INSURED: EntityFacts(1.0, 0, 0.02),
        EntityKind.HOSPITAL_DIAGNOSIS: EntityFacts(9.0, 8, 0.02),
        EntityKind.DIAGNOSIS: EntityFacts(90.0, 50, 0.02, 1_250_000),
    }
    row = feature_row(replace(ORDINARY, **shared_facts(Shared(entities, 4, 12))))
    assert (row["account_recent_claims"], row["account_other_insureds"], row["account_fraud_rate"]) == (2.5, 3, 0.11)
    assert (row["insured_fraud_rate"], row["linked_insureds"], row["account_changed_days"]) == (0.02, 4, 12)
    assert row["claimed_to_usual"] == 2.0  # of the diagnosis anywhere, because this hospital has too few yet


def test_feature_names_are_unique() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
