"""The small promises of the values themselves: both ends of a term, what is left of a limit, what a total counts."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from domain.assessment import AccumulatorKey, AccumulatorUse, Assessment, Benefit, Outcome, ResponsibilityResult
from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH, DocumentClass
from domain.policy import Policy

POLICY = Policy("P1", "I1", "I1", "anxin-inpatient", "标准版", date(2024, 3, 1), date(2025, 2, 28), date(2024, 3, 1))


@pytest.mark.parametrize(
    ("day", "covered"), [(date(2024, 2, 29), False), (date(2024, 3, 1), True), (date(2025, 2, 28), True), (date(2025, 3, 1), False)]
)
def test_a_policy_is_in_force_on_its_first_and_its_last_day(day: date, covered: bool) -> None:
    assert POLICY.is_in_force(day) is covered


@pytest.mark.parametrize(("years_before", "renewed"), [(0, False), (1, True)])
def test_a_policy_that_began_earlier_without_a_gap_is_a_renewal(years_before: int, renewed: bool) -> None:
    first = POLICY.effective_from - timedelta(days=365 * years_before)
    policy = Policy("P1", "I1", "I1", "anxin-inpatient", "标准版", POLICY.effective_from, POLICY.effective_to, first)
    assert policy.is_renewal is renewed


def test_what_is_left_of_a_limit_is_exact() -> None:
    use = AccumulatorUse(AccumulatorKey("住院/年限额", "年度 2024-03-01"), Fraction(1, 3), Fraction(1, 3), Fraction(1), "元")
    assert (use.left_before, use.left_after) == (Fraction(2, 3), Fraction(1, 3))


def test_a_total_counts_only_what_is_payable() -> None:
    results = tuple(
        ResponsibilityResult(outcome.value, outcome, Benefit.INDEMNITY, amount)
        for outcome, amount in [(Outcome.PAYABLE, 100), (Outcome.PAYABLE, 20), (Outcome.DECLINED, 400), (Outcome.UNKNOWN, None)]
    )
    assert Assessment("anxin-inpatient", "标准版", "0" * 64, "", results).total_fen == 120


def test_every_class_of_document_has_a_chinese_name() -> None:
    assert set(CLASS_NAMES_ZH) == set(DocumentClass)


def test_every_class_of_document_tells_its_fields() -> None:
    assert set(FIELD_LABELS_ZH) == set(DocumentClass)
