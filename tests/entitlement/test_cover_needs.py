"""Needs follow from the assumptions by the formulas of docs/cover.md; each is worked out here by hand, and laws hold for all."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cover_samples import assumed
from hypothesis import given
from hypothesis import strategies as st

from domain.cover import CoverKind
from domain.errors import SetupError
from entitlement.cover.assumptions import MONEY, NAMES, RATES, SHARES, SHIPPED, YEARS, Assumptions, load_assumptions, of_plain, to_plain
from entitlement.cover.needs import annuity, bill_at, needed_fen

YUAN = 100
FLAT = {"inflation": Fraction(0), "medical_inflation": Fraction(0), "interest": Fraction(0)}


def test_death_needs_debts_last_expenses_and_support_less_what_is_saved() -> None:
    """600,000 of debts over 20 years, a child of 10 more years and a parent of 5, at 30,000 a year; 50,000 at last; 80,000 saved."""
    told = assumed(
        **FLAT, debts=60_000_000, debt_years=20, dependants=(10, 5), support=3_000_000, last_expenses=5_000_000, assets=8_000_000
    )
    assert needed_fen(CoverKind.DEATH, told, 40, 40) == (600_000 + 50_000 + 15 * 30_000 - 80_000) * YUAN
    # Four years later 480,000 of the debts are left, and 6 years and 1 year of support.
    assert needed_fen(CoverKind.DEATH, told, 40, 44) == (480_000 + 50_000 + 7 * 30_000 - 80_000) * YUAN
    # At 60 debts and dependants are gone: 50,000 − 80,000 is nothing, and never less.
    assert needed_fen(CoverKind.DEATH, told, 40, 60) == 0


def test_prices_rise_until_then_and_from_then_on_and_what_is_saved_bears_interest() -> None:
    """Inflation 3 %, interest 2 %: two years of support cost 1 + 1.03/1.02 of a year; ten years on all of it is 1.03^10 dearer."""
    told = assumed(
        inflation=Fraction(3, 100), interest=Fraction(2, 100), dependants=(12,), support=1_000_000, last_expenses=0, assets=100_000
    )
    expected = 1_000_000 * (1 + Fraction(103, 102)) * Fraction(103, 100) ** 10 - 100_000 * Fraction(102, 100) ** 10
    assert needed_fen(CoverKind.DEATH, told, 30, 40) == int(expected + Fraction(1, 2))


def test_disability_needs_the_income_until_retirement_and_care_for_life() -> None:
    told = assumed(**FLAT, annual_income=10_000_000, care=6_000_000, retirement_age=60, life_expectancy=80)
    assert needed_fen(CoverKind.DISABILITY, told, 40, 40) == (20 * 100_000 + 40 * 60_000) * YUAN
    assert needed_fen(CoverKind.DISABILITY, told, 40, 60) == 20 * 60_000 * YUAN  # on the day of retirement no income is lost
    assert needed_fen(CoverKind.DISABILITY, told, 40, 95) == 5 * 60_000 * YUAN  # beyond life expectancy five years are reckoned with


def test_a_child_loses_the_income_from_the_age_of_earning_on_and_needs_care_at_once() -> None:
    told = assumed(**FLAT, annual_income=10_000_000, care=6_000_000, earning_age=18, retirement_age=60, life_expectancy=80)
    assert needed_fen(CoverKind.DISABILITY, told, 8, 8) == (42 * 100_000 + 72 * 60_000) * YUAN
    assert needed_fen(CoverKind.DISABILITY, told, 8, 17) == (42 * 100_000 + 63 * 60_000) * YUAN
    assert needed_fen(CoverKind.DISABILITY, told, 8, 18) == (42 * 100_000 + 62 * 60_000) * YUAN
    assert needed_fen(CoverKind.DISABILITY, told, 8, 19) == (41 * 100_000 + 61 * 60_000) * YUAN
    never = replace(told, earning_age=30, retirement_age=25)
    assert needed_fen(CoverKind.DISABILITY, never, 20, 20) == 60 * 60_000 * YUAN


@pytest.mark.parametrize(
    ("age", "expenses_fen", "needed"),
    [
        (9, 20_000_000, 20_000_000), (9, 20_000_001, 20_000_000), (9, 19_999_999, 19_999_999), (10, 20_000_001, 20_000_001),
        (17, 50_000_001, 50_000_000), (18, 50_000_001, 50_000_001),
    ],
)  # fmt: skip
def test_a_childs_death_needs_no_more_than_may_be_insured(age: int, expenses_fen: int, needed: int) -> None:
    told = assumed(**FLAT, last_expenses=expenses_fen, debts=0, dependants=(), assets=0)
    assert needed_fen(CoverKind.DEATH, told, age, age) == needed


def test_illness_needs_rehabilitation_and_the_income_of_the_years_without_work() -> None:
    told = assumed(**FLAT, annual_income=10_000_000, rehabilitation=10_000_000, recovery_years=3, retirement_age=60)
    assert needed_fen(CoverKind.ILLNESS, told, 40, 57) == (100_000 + 3 * 100_000) * YUAN
    assert needed_fen(CoverKind.ILLNESS, told, 40, 58) == (100_000 + 2 * 100_000) * YUAN  # two years to retirement
    assert needed_fen(CoverKind.ILLNESS, told, 40, 60) == 100_000 * YUAN


def test_medical_needs_what_social_insurance_leaves_of_the_bill() -> None:
    told = assumed(
        treatment=30_000_000, social_share=Fraction(60, 100), out_of_list_share=Fraction(25, 100), medical_inflation=Fraction(5, 100)
    )
    bill = bill_at(told, 40, 42)  # 300,000 × 1.05² = 330,750
    assert (bill.charged_fen, bill.social_fen, bill.out_of_list_fen) == (33_075_000, 19_845_000, 8_268_750)
    assert needed_fen(CoverKind.MEDICAL, told, 40, 42) == 13_230_000


def test_savings_need_the_capital_that_closes_the_gap_in_retirement() -> None:
    """Spending 70 %, pension 40 % of 100,000: 30,000 a year are missing, for 20 years from 60 on: 600,000, of which 150,000 are saved."""
    told = assumed(**FLAT, annual_income=10_000_000, spending_share=Fraction(7, 10), pension_share=Fraction(4, 10), assets=15_000_000)
    told = replace(told, retirement_age=60, life_expectancy=80)
    assert needed_fen(CoverKind.SAVINGS, told, 40, 40) == 450_000 * YUAN
    assert needed_fen(CoverKind.SAVINGS, told, 40, 60) == 450_000 * YUAN
    assert needed_fen(CoverKind.SAVINGS, told, 40, 70) == 225_000 * YUAN  # half of the years, half of the capital, the same share missing
    earning = replace(told, interest=Fraction(1, 10), assets=0, inflation=Fraction(1, 10))
    # With both at 10 % a year of the gap is worth as much as any other: 20 × 30,000 × 1.1^20 at 60, a tenth a year less before.
    assert needed_fen(CoverKind.SAVINGS, earning, 40, 59) == int(20 * 3_000_000 * Fraction(11, 10) ** 19 + Fraction(1, 2))
    assert needed_fen(CoverKind.SAVINGS, replace(told, pension_share=Fraction(7, 10)), 40, 40) == 0


def test_an_annuity_without_a_difference_of_rates_is_its_years() -> None:
    assert annuity(assumed(inflation=Fraction(2, 100), interest=Fraction(2, 100)), 7) == 7
    assert annuity(assumed(inflation=Fraction(3, 100), interest=Fraction(2, 100)), 2) == 1 + Fraction(103, 102)
    assert annuity(assumed(), 0) == 0


rates = st.integers(0, 15).map(lambda each: Fraction(each, 100))
shares = st.integers(0, 100).map(lambda each: Fraction(each, 100))
money = st.integers(0, 10**9)
SOMEBODY = st.builds(
    Assumptions,
    **dict.fromkeys(MONEY, money),
    **dict.fromkeys(SHARES, shares),
    **dict.fromkeys(RATES, rates),
    **{name: st.integers(0, most) for name, most in YEARS.items()},
    dependants=st.lists(st.integers(0, 60), max_size=4).map(tuple),
)
KINDS = st.sampled_from(list(CoverKind))
AGES = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)


@given(SOMEBODY, KINDS, AGES, st.sampled_from(["debts", "last_expenses", "support", "treatment", "rehabilitation", "care"]), money)
def test_a_higher_cost_or_debt_never_lowers_a_need(told: Assumptions, kind: CoverKind, ages: list[int], name: str, more: int) -> None:
    higher = replace(told, **{name: getattr(told, name) + more})
    assert needed_fen(kind, higher, *ages) >= needed_fen(kind, told, *ages)


@given(SOMEBODY, KINDS, AGES, money)
def test_more_that_is_saved_never_raises_a_need(told: Assumptions, kind: CoverKind, ages: list[int], more: int) -> None:
    assert needed_fen(kind, replace(told, assets=told.assets + more), *ages) <= needed_fen(kind, told, *ages)


@given(SOMEBODY, AGES, money)
def test_who_earns_more_never_needs_less_when_ill_or_disabled(told: Assumptions, ages: list[int], more: int) -> None:
    richer = replace(told, annual_income=told.annual_income + more)
    for kind in (CoverKind.ILLNESS, CoverKind.DISABILITY):
        assert needed_fen(kind, richer, *ages) >= needed_fen(kind, told, *ages)


@given(SOMEBODY, AGES, st.integers(0, 60))
def test_one_more_to_support_never_lowers_the_need_in_death(told: Assumptions, ages: list[int], years: int) -> None:
    more = replace(told, dependants=(*told.dependants, years))
    assert needed_fen(CoverKind.DEATH, more, *ages) >= needed_fen(CoverKind.DEATH, told, *ages)


@given(SOMEBODY, KINDS, AGES)
def test_a_need_is_whole_fen_and_never_negative(told: Assumptions, kind: CoverKind, ages: list[int]) -> None:
    found = needed_fen(kind, told, *ages)
    assert isinstance(found, int) and found >= 0


@given(SOMEBODY)
def test_what_people_read_is_what_is_reckoned_with(told: Assumptions) -> None:
    assert {name: of_plain(name, to_plain(name, told)) for name in NAMES} == {name: getattr(told, name) for name in NAMES}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("annual_income", "1000000000", "1000000000.01"), ("debts", 0, -1), ("interest", 15, "15.01"), ("social_share", 100, 101),
     ("debt_years", 50, 51), ("retirement_age", 80, "60.5"), ("dependants", [60] * 10, [1] * 11), ("dependants", [0], [61]),
     ("care", "0.01", "0.001"), ("assets", 1, True), ("inflation", "2.5", "NaN"), ("inflation", 0, "two")],
)  # fmt: skip
def test_a_value_at_its_bound_is_taken_and_one_beyond_is_not(name: str, right: object, wrong: object) -> None:
    of_plain(name, right)
    with pytest.raises(ValueError, match=r"."):
        of_plain(name, wrong)


def test_every_assumption_has_its_words_its_source_and_its_day() -> None:
    told = load_assumptions().told
    assert set(told) == set(NAMES)
    assert all(each.zh and each.en and each.source and each.as_of.year >= 2024 for each in told.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("care:", "caer:", "caer, care"), ("value: 63", "value: 163", "retirement_age: whole years"), ("  zh: 负债\n", "", "debts needs"),
     ("annual_income:", "[", "cannot be read")],
)  # fmt: skip
def test_a_file_with_a_mistake_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "assumptions.yaml"
    path.write_text(SHIPPED.read_text().replace(old, new, 1))
    with pytest.raises(SetupError, match=said):
        load_assumptions(path)
