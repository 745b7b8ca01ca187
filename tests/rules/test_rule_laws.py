"""Laws that hold for every claim: limits, accumulators, intervals, waterfalls."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, Assessment, Outcome, ResponsibilityResult
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book
from rules.values import ElementValue

DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))
KNOWN: dict[str, st.SearchStrategy[ElementValue]] = {
    "保单生效日": DATES,
    "出险日": DATES,
    "确诊日": DATES,
    "出险原因": st.sampled_from(["疾病", "意外"]),
    "连续续保": st.booleans(),
    "主诊断": st.sampled_from(["K35.8", "O80.0", "C73", "I21.4", "Z41.1"]),
    "确诊重疾": st.sampled_from(["无", "C73", "N18.6", "N18.5"]),
    "医院等级": st.sampled_from(["未定级", "一级", "二级", "三级"]),
    "医院性质": st.sampled_from(["公立", "民营"]),
    "参保身份": st.sampled_from(["有医保", "无医保"]),
    "经医保结算": st.booleans(),
    "合理医疗费用": st.integers(0, 400_000_000),
    "医保已付": st.integers(0, 400_000_000),
    "住院天数": st.integers(0, 400),
}
CLAIMS = st.fixed_dictionaries(KNOWN)
BOOKS = ("anxin-inpatient", "ankang-cash", "zhifu-direct")
_LOADED: dict[str, Book] = {name: load_book(Path(f"rules/book/{name}.yaml")) for name in BOOKS}
PLANS = [(name, plan) for name in BOOKS for plan in _LOADED[name].plans]
PLAN_CHOICES = st.sampled_from(PLANS)


def _ask(chosen: tuple[str, str], claim: dict[str, ElementValue], used: dict[AccumulatorKey, Fraction]) -> Assessment:
    product, plan = chosen
    return adjudicate(_LOADED[product], plan, claim, used)


def _used(result: ResponsibilityResult) -> dict[AccumulatorKey, Fraction]:
    return {use.key: use.used_now for use in result.uses if use.used_now}


def _after(used: dict[AccumulatorKey, Fraction], assessment: Assessment) -> dict[AccumulatorKey, Fraction]:
    total = dict(used)
    for use in (use for result in assessment.results for use in result.uses):
        total[use.key] = total.get(use.key, Fraction(0)) + use.used_now
    return total


@given(PLAN_CHOICES, st.lists(CLAIMS, min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_no_accumulator_is_ever_used_beyond_its_limit(chosen: tuple[str, str], claims: list[dict[str, ElementValue]]) -> None:
    used: dict[AccumulatorKey, Fraction] = {}
    start = claims[0]["保单生效日"]  # one contract
    for claim in claims:
        assessment = _ask(chosen, {**claim, "保单生效日": start}, used)
        used = _after(used, assessment)
        for use in (use for result in assessment.results for use in result.uses):
            assert use.used_now >= 0
            assert used[use.key] <= use.at_most


@given(PLAN_CHOICES, st.lists(CLAIMS, min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_what_is_paid_in_a_year_never_exceeds_the_limit_of_the_year(chosen: tuple[str, str], claims: list[dict[str, ElementValue]]) -> None:
    used: dict[AccumulatorKey, Fraction] = {}
    paid: dict[AccumulatorKey, int] = {}
    limits: dict[AccumulatorKey, Fraction] = {}
    for claim in claims:
        assessment = _ask(chosen, {**claim, "保单生效日": claims[0]["保单生效日"]}, used)
        used = _after(used, assessment)
        for result in assessment.results:
            for use in result.uses:
                if use.counts_payout:
                    paid[use.key] = paid.get(use.key, 0) + (result.amount_fen or 0)
                    limits[use.key] = use.at_most
    assert all(paid[key] <= limits[key] for key in paid)


@given(PLAN_CHOICES, CLAIMS)
@settings(deadline=None, max_examples=60)
def test_a_waterfall_has_no_gap_and_ends_in_the_amount_paid(chosen: tuple[str, str], claim: dict[str, ElementValue]) -> None:
    for result in _ask(chosen, claim, {}).results:
        assert result.outcome is not Outcome.UNKNOWN
        if result.outcome is Outcome.PAYABLE:
            assert [step.before for step in result.steps[1:]] == [step.after for step in result.steps[:-1]]
            assert all(step.after >= 0 and step.is_exact for step in result.steps)
            assert result.steps[-1].after == result.amount_fen
        else:
            assert (result.amount_fen, result.steps) == (0, ())


@given(PLAN_CHOICES, CLAIMS, st.data())
@settings(deadline=None, max_examples=120)
def test_the_interval_of_an_unknown_answer_holds_every_completion(
    chosen: tuple[str, str], claim: dict[str, ElementValue], data: st.DataObject
) -> None:
    hidden = data.draw(st.sets(st.sampled_from(sorted(set(KNOWN) - {"保单生效日", "连续续保", "确诊重疾", "医保已付"})), max_size=3))
    known = _ask(chosen, claim, {})
    partly = _ask(chosen, {name: None if name in hidden else value for name, value in claim.items()}, {})
    for full, part in zip(known.results, partly.results, strict=True):
        if part.outcome is Outcome.UNKNOWN:
            assert {each.element for each in part.unknowns} <= hidden
            assert part.unknowns
            assert part.low_fen is not None
            assert part.low_fen <= (full.amount_fen or 0)
            assert part.high_fen is None or (full.amount_fen or 0) <= part.high_fen
        else:
            assert (part.outcome, part.amount_fen, _used(part)) == (full.outcome, full.amount_fen, _used(full))


@given(st.integers(0, 300_000_000), st.integers(0, 300_000_000))
@settings(deadline=None, max_examples=60)
def test_splitting_a_bill_over_two_claims_of_a_year_changes_nothing(first: int, second: int) -> None:
    book = _LOADED["anxin-inpatient"]
    base: dict[str, ElementValue] = {
        "保单生效日": date(2024, 3, 1),
        "出险日": date(2024, 8, 15),
        "出险原因": "疾病",
        "主诊断": "K35.8",
        "医院等级": "三级",
        "医院性质": "公立",
        "参保身份": "无医保",
    }

    def pay(cost: int, used: dict[AccumulatorKey, Fraction]) -> tuple[int, dict[AccumulatorKey, Fraction]]:
        assessment = adjudicate(book, "标准版", {**base, "合理医疗费用": cost, "住院天数": 0}, used)
        return assessment.total_fen, _after(used, assessment)

    one, used = pay(first, {})
    two, used = pay(second, used)
    whole, used_at_once = pay(first + second, {})
    assert one + two == whole
    assert used == used_at_once


@given(st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None, max_examples=60)
def test_splitting_a_stay_over_two_claims_shares_the_days_of_the_year(first: int, second: int) -> None:
    book = _LOADED["ankang-cash"]
    base: dict[str, ElementValue] = {
        "保单生效日": date(2024, 3, 1),
        "出险日": date(2024, 8, 15),
        "出险原因": "意外",
        "医院等级": "二级",
        "医院性质": "公立",
    }
    one = adjudicate(book, "基础版", {**base, "住院天数": first}, {})
    two = adjudicate(book, "基础版", {**base, "住院天数": second}, _after({}, one))
    assert one.total_fen + two.total_fen == min(first + second, 180) * 20_000


@pytest.mark.parametrize(("cost", "paid"), [(1_000_000, 0), (1_000_001, 1), (999_999, 0)])
def test_the_yearly_deductible_is_exact_to_the_fen(cost: int, paid: int) -> None:
    elements: dict[str, ElementValue] = {
        "保单生效日": date(2024, 3, 1),
        "出险日": date(2024, 8, 15),
        "出险原因": "疾病",
        "主诊断": "K35.8",
        "医院等级": "二级",
        "医院性质": "公立",
        "参保身份": "无医保",
        "合理医疗费用": cost,
        "住院天数": 1,
    }
    result = adjudicate(_LOADED["anxin-inpatient"], "标准版", elements, {}).result("住院医疗")
    assert result is not None
    assert result.amount_fen == paid
