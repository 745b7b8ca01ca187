"""Cash values: the factor of the regulation, values worked out by hand, and that none is ever negative."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.cash_value import _on_day, cash_value_fen, minimum_factor, yearly_cash_values
from actuarial.mortality import reference_basis
from actuarial.rounding import to_fen
from domain.contract import EntryKind, PolicyState
from domain.terms import Frequency
from tests.actuarial.contracts import BORN, START, TERMS, contract, entry, holding, policy, premium, premiums

BASES = {"SULT": reference_basis()}
FULU, PAID = policy("fulu-endowment"), contract(premium_fen=1_200_000)


@pytest.mark.parametrize(
    ("k", "year", "term", "factor"),
    [
        ("0.9", 1, 10, "0.91"),
        ("0.8", 5, 40, "0.85"),
        ("0.8", 19, 40, "0.99"),
        ("0.8", 20, 40, "1"),
        ("0.9", 14, 15, "149/150"),
        ("0.9", 15, 15, "1"),
    ],
)
def test_the_factor_is_that_of_the_regulation(k: str, year: int, term: int, factor: str) -> None:
    """r = k + t(1 − k)/min(20, n), and 1 from min(20, n) on: 0.9 + 1 × 0.1 / 10 = 0.91."""
    assert minimum_factor(Fraction(k), year, term) == Fraction(factor)


def test_a_cash_value_on_an_anniversary_is_the_factor_times_the_value() -> None:
    """Two years, no mortality to speak of: worked out by hand on a pure endowment of 10,000 元 at 2.5 %.

    Net premium P of two payments: P·(1 + v·p30) = v²·2p30·S, with v = 1/1.025, p30 = 1 − q30, 2p30 = p30·p31.
    Value after a year: V1 = v·p31·S − P; cash value r·V1 with r = 0.9 + 0.1/2 = 0.95.
    """
    q30, q31 = BASES["SULT"].q_at(30), BASES["SULT"].q_at(31)
    v, s = 1 / Decimal("1.025"), Decimal(1_000_000)
    p = v * v * (1 - q30) * (1 - q31) * s / (1 + v * (1 - q30))
    expected = Decimal("0.95") * (v * (1 - q31) * s - p)
    pure = replace(TERMS["fulu-endowment"], survival=(), death=None)
    two_years = policy("fulu-endowment", effective_to=date(2022, 2, 28), sum_insured_fen=1_000_000)
    values = yearly_cash_values(two_years, contract(payment_years=2), pure, BORN, BASES)
    assert abs(values[1] - expected) < Decimal("1e-20")
    assert (values[0], values[2]) == (0, 0)


def test_within_a_year_it_goes_in_a_straight_line() -> None:
    values = yearly_cash_values(FULU, PAID, TERMS["fulu-endowment"], BORN, BASES)
    begins, ends = date(2020, 3, 1), date(2021, 3, 1)
    middle = begins + timedelta(days=73)  # a fifth of 365 days
    expected = values[0] + (values[1] - values[0]) / 5
    assert cash_value_fen(holding(FULU, PAID, premiums(2020), middle), BASES) == round(expected)
    assert cash_value_fen(holding(FULU, PAID, premiums(2020, 2021), ends), BASES) == round(values[1])


def test_on_the_day_before_a_benefit_it_is_still_in_the_value_and_on_the_day_it_is_out() -> None:
    """Fulu pays a tenth of the sum insured on the third anniversary."""
    paid = premiums(2020, 2021, 2022, 2023)
    before, on = (cash_value_fen(holding(FULU, PAID, paid, day), BASES) or 0 for day in (date(2023, 2, 28), date(2023, 3, 1)))
    assert 900_000 < before - on < 1_000_000


def test_while_a_premium_is_missing_it_stands_still() -> None:
    paid = premiums(2020, 2021)
    days = (date(2022, 3, 1), date(2022, 4, 30), date(2022, 8, 1))
    assert len({cash_value_fen(holding(FULU, PAID, paid, day), BASES) for day in days}) == 1


@pytest.mark.parametrize("day", [START - timedelta(days=1), date(2035, 3, 1)])
def test_outside_the_term_there_is_none(day: date) -> None:
    assert cash_value_fen(holding(FULU, PAID, premiums(*range(2020, 2030)), day), BASES) == 0


def test_a_surrendered_policy_has_none() -> None:
    ended = [*premiums(2020), entry(EntryKind.SURRENDER, 5, date(2020, 5, 1))]
    assert cash_value_fen(holding(FULU, PAID, ended, date(2020, 5, 1)), BASES) == 0


def test_nobody_knows_the_cash_value_without_a_contract() -> None:
    assert cash_value_fen(replace(holding(FULU, PAID, [], START), contract=None), BASES) is None


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2020, 3, 1), 19_500 * 364 / 365), (date(2021, 2, 27), 19_500 / 365), (date(2021, 2, 28), 0)]
)
def test_a_year_s_cover_gives_back_what_is_not_earned(day: date, expected: float) -> None:
    """300 元 × (1 − 35 %) × days left / 365: 195 元 × 364/365 on the first day, 0.53 元 on the last but one."""
    short = policy("baiwan-medical", effective_to=date(2021, 2, 28))
    paid = [premium(START, amount_fen=30_000)]
    assert cash_value_fen(holding(short, contract(premium_fen=30_000, payment_years=1), paid, day), BASES) == round(expected)


@settings(max_examples=80, deadline=None)
@given(
    product=st.sampled_from(["fulu-endowment", "dingshou-term", "changqing-whole", "yinian-annuity"]),
    age=st.integers(0, 65),
    years=st.integers(1, 80),
    paying=st.integers(1, 30),
    premium_fen=st.integers(1, 10**7),
    days=st.integers(0, 30_000),
)
def test_no_cash_value_is_negative(product: str, age: int, years: int, paying: int, premium_fen: int, days: int) -> None:
    signed = policy(product, effective_to=date(2020 + years, 2, 28))
    agreed = contract(premium_fen=premium_fen, payment_years=paying, frequency=Frequency.YEARLY)
    paid = [premium(date(2020 + year, 3, 1)) for year in range(min(paying, years))]
    value = cash_value_fen(holding(signed, agreed, paid, START + timedelta(days=days), date(2020 - age, 1, 1)), BASES)
    assert value is not None and value >= 0


@settings(max_examples=150, deadline=None)
@given(
    product=st.sampled_from(["fulu-endowment", "dingshou-term", "changqing-whole", "yinian-annuity"]),
    age=st.integers(0, 65),
    years=st.integers(1, 80),
    paying=st.integers(1, 30),
    sums=st.tuples(st.integers(0, 10**11), st.integers(1, 10**8), st.integers(1, 10**5)),
    frequency=st.sampled_from([Frequency.SINGLE, Frequency.YEARLY, Frequency.MONTHLY]),
    day=st.integers(0, 400),
)
def test_a_contract_in_small_times_its_size_is_the_contract_to_the_fen(
    product: str, age: int, years: int, paying: int, sums: tuple[int, int, int], frequency: Frequency, day: int
) -> None:
    insured_fen, premium_fen, times = sums
    signed = policy(product, effective_to=date(2020 + years, 2, 28), sum_insured_fen=insured_fen * times)
    agreed, born = contract(premium_fen=premium_fen * times, payment_years=paying, frequency=frequency), date(2020 - age, 1, 1)
    of = holding(signed, agreed, [], START + timedelta(days=day), born)
    of = replace(of, standing=replace(of.standing, state=PolicyState.IN_FORCE, paid_to=None))
    whole = yearly_cash_values(signed, agreed, TERMS[product], born, BASES)
    assert cash_value_fen(of, BASES) == to_fen(_on_day(whole, 1, of, of.day))
