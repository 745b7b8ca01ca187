"""A universal account, month by month: credited and guaranteed rates, charges, and that a month in two pieces is one month."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.mortality import MortalityBasis, reference_basis
from actuarial.universal import AccountValue, account_value, initial_charge_fen, roll_account, withdrawal_charge_fen
from domain.contract import EntryKind, PolicyEntry
from domain.terms import MonthlyRate, RiskBand, UniversalTerms
from tests.actuarial.contracts import BORN, entry, policy
from tests.actuarial.contracts import TERMS as OF_PRODUCTS

BASIS = MortalityBasis("flat", (Decimal("0.0012"),) * 120 + (Decimal(1),))
TERMS = UniversalTerms(
    guaranteed=Fraction("0.02"),
    credited=(MonthlyRate(2024, 1, Fraction("0.0365")), MonthlyRate(2024, 2, Fraction("0.01"))),
    initial_charges=(Fraction("0.03"), Fraction("0.01")),
    withdrawal_charges=(Fraction("0.05"), Fraction("0.02"), Fraction(0)),
    risk_bands=(RiskBand(40, Fraction("1.6")), RiskBand(120, Fraction("1.2"))),
    mortality="flat",
    risk_loading=Fraction(1),
)
SHIPPED = OF_PRODUCTS["jinhui-universal"].universal or TERMS
SIGNED = policy("jinhui-universal", first_effective_from=date(2024, 1, 1))


def account(entries: list[PolicyEntry], day: date) -> AccountValue:
    return roll_account(entries, TERMS, BORN, BASIS, day)


def paid(amount_fen: int, on: date, kind: EntryKind = EntryKind.ACCOUNT_PREMIUM) -> PolicyEntry:
    return entry(kind, amount_fen, on)


def test_a_month_is_credited_by_the_day_and_then_bears_its_risk_premium() -> None:
    """10,000 元 for 31 days at 3.65 %: 31.00 元. Death pays 60 % more, 6,018.60 元 at risk × 0.0012 / 12 = 0.60 元."""
    (month,) = account([paid(1_000_000, date(2024, 1, 1))], date(2024, 2, 1)).months
    assert (month.interest_fen, month.risk_charge_fen, month.value_fen) == (3_100, 60, 1_003_040)


def test_before_the_first_of_the_next_month_nothing_is_credited() -> None:
    found = account([paid(1_000_000, date(2024, 1, 1))], date(2024, 1, 31))
    assert (found.value_fen, found.months, found.accruing_fen) == (1_000_000, (), 1_699)  # 31 days at the guaranteed 2 %


def test_a_credited_rate_below_the_guaranteed_one_does_not_count() -> None:
    """29 days of February at 2 %, not at 1 %: 1,000,000 × 2 % × 29 / 365 = 1,589.04."""
    (month,) = account([paid(1_000_000, date(2024, 2, 1))], date(2024, 3, 1)).months
    assert (month.interest_fen, month.is_guaranteed) == (1_589, False)


def test_a_month_without_a_published_rate_says_so() -> None:
    (month,) = account([paid(1_000_000, date(2024, 4, 1))], date(2024, 5, 1)).months
    assert (month.interest_fen, month.is_guaranteed) == (1_644, True)


def test_what_is_put_in_within_a_month_bears_interest_from_its_day_on() -> None:
    """16 January to 31 January are sixteen days."""
    (month,) = account([paid(1_000_000, date(2024, 1, 16))], date(2024, 2, 1)).months
    assert month.interest_fen == 1_600


def test_what_is_taken_out_bears_none_from_its_day_on() -> None:
    moves = [paid(1_000_000, date(2024, 1, 1)), paid(1_000_000, date(2024, 1, 16), EntryKind.ACCOUNT_WITHDRAWAL)]
    (month,) = account(moves, date(2024, 2, 1)).months
    assert (month.interest_fen, month.value_fen) == (1_500, 1_500)


def test_charges_are_those_of_the_policy_year_and_the_last_goes_on() -> None:
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2050, 1, 1))
    assert [initial_charge_fen(TERMS, SIGNED, day, 10_000) for day in days] == [300, 100, 100]
    assert [withdrawal_charge_fen(TERMS, SIGNED, day, 10_000) for day in days] == [500, 200, 0]


def test_an_empty_account_is_nothing() -> None:
    assert account([], date(2024, 1, 1)) == AccountValue(0, 0, ())


@given(first=st.integers(1, 10**9), second=st.integers(1, 10**9), on=st.integers(1, 28))
def test_two_payments_of_one_day_are_one(first: int, second: int, on: int) -> None:
    day, later = date(2024, 1, on), date(2025, 1, 1)
    apart = [paid(first, day), entry(EntryKind.ACCOUNT_PREMIUM, second, day, "another")]
    assert account(apart, later) == account([paid(first + second, day)], later)


@given(amount=st.integers(0, 10**10), months=st.integers(1, 30))
def test_an_account_that_nothing_is_taken_from_is_never_negative(amount: int, months: int) -> None:
    found = account([paid(amount, date(2024, 1, 1))], date(2024 + months // 12, months % 12 + 1, 1))
    assert found.value_fen >= 0
    assert found.value_fen == sum(each.moved_fen + each.interest_fen - each.risk_charge_fen for each in found.months) + (
        amount if not found.months else 0
    )


@settings(max_examples=200, deadline=None)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from([EntryKind.ACCOUNT_PREMIUM, EntryKind.ACCOUNT_PREMIUM, EntryKind.ACCOUNT_CHARGE, EntryKind.ACCOUNT_WITHDRAWAL]),
            st.integers(1, 10**9),
            st.integers(0, 9000),
        ),
        max_size=12,
    ),
    born=st.dates(date(1930, 1, 1), date(2000, 1, 1)),
    is_shipped=st.booleans(),
    days=st.integers(-10, 12_000),
)
def test_the_value_without_its_months_is_that_of_the_months_to_the_fen(
    moves: list[tuple[EntryKind, int, int]], born: date, is_shipped: bool, days: int
) -> None:
    first = date(2003, 1, 15)
    entries = [entry(kind, fen, first + timedelta(days=on), str(place)) for place, (kind, fen, on) in enumerate(moves)]
    terms, basis = (SHIPPED, reference_basis()) if is_shipped else (TERMS, BASIS)
    day = first + timedelta(days=days)
    month_by_month, at_once = roll_account(entries, terms, born, basis, day), account_value(entries, terms, born, basis, day)
    assert at_once.value_fen == month_by_month.value_fen
    assert at_once.settled_on == (month_by_month.months[-1].settled_on if month_by_month.months else None)
