"""Policy loans: interest by the day, added to the principal when a term ends, and that paying in pieces never gains."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.loans import can_lend_premium, loan_available_fen, roll_loan, split_repayment
from actuarial.premiums import late_interest_fen
from domain.contract import EntryKind, PolicyEntry
from domain.errors import InputError
from domain.terms import DatedRate, LoanTerms
from tests.actuarial.contracts import entry

RATES = (DatedRate(date(2020, 1, 1), Fraction("0.05")), DatedRate(date(2024, 7, 1), Fraction("0.04")))
TERMS = LoanTerms(Fraction(4, 5), 180, 365, RATES)
FIRST = date(2024, 1, 1)
DUE = FIRST + timedelta(days=180)  # 2024-06-29


def lent(amount_fen: int = 1_000_000, on: date = FIRST) -> PolicyEntry:
    return entry(EntryKind.LOAN, amount_fen, on)


def repaid(amount_fen: int, on: date, kind: EntryKind = EntryKind.LOAN_REPAID) -> PolicyEntry:
    return entry(kind, amount_fen, on)


@pytest.mark.parametrize(("days", "interest_fen"), [(0, 0), (1, 137), (30, 4110), (180, 24658)])
def test_interest_is_simple_by_the_day(days: int, interest_fen: int) -> None:
    """10,000 元 × 5 % × 30 / 365 = 41.0958… 元, a day 1.3698… 元."""
    balance = roll_loan([lent()], TERMS, FIRST + timedelta(days=days))
    assert (balance.principal_fen, balance.interest_fen, balance.due_on) == (1_000_000, interest_fen, DUE)


def test_on_the_day_after_the_term_unpaid_interest_is_principal() -> None:
    """246.58 元 join 10,000 元; a day of 10,246.58 元 at 5 % is 1.40 元."""
    balance = roll_loan([lent()], TERMS, DUE + timedelta(days=1))
    assert (balance.principal_fen, balance.interest_fen, balance.term_from) == (1_024_658, 140, DUE)
    assert balance.added == ((DUE, 24658),)


def test_a_term_bears_the_rate_of_its_first_day_to_its_end() -> None:
    """The term that began on 29 June 2024 bears 5 %, though 4 % came on 1 July; the one of 26 December bears 4 %."""
    second = DUE + timedelta(days=180)
    balance = roll_loan([lent()], TERMS, second + timedelta(days=365))
    first_added, second_added, *_ = [fen for _, fen in balance.added]
    assert (first_added, second_added) == (24658, round(Fraction(1_024_658 * 5 * 180, 100 * 365)))
    assert balance.added[2] == (second + timedelta(days=180), round(Fraction((1_024_658 + second_added) * 4 * 180, 100 * 365)))


def test_on_the_last_day_of_the_term_all_of_it_pays_it_back() -> None:
    balance = roll_loan([lent(), repaid(1_024_658, DUE)], TERMS, DUE)
    assert (balance.total_fen, balance.term_from, balance.added) == (0, None, ())


def test_one_fen_less_leaves_one_fen() -> None:
    assert roll_loan([lent(), repaid(1_024_657, DUE)], TERMS, DUE).total_fen == 1


def test_a_payment_settles_interest_first() -> None:
    day = FIRST + timedelta(days=30)
    balance = roll_loan([lent()], TERMS, day)
    assert split_repayment(balance, 104_110) == (4_110, 100_000)
    assert split_repayment(balance, 4_109) == (4_109, 0)
    after = roll_loan([lent(), repaid(104_110, day)], TERMS, day)
    assert (after.principal_fen, after.interest_fen) == (900_000, 0)


def test_a_lent_premium_is_a_loan() -> None:
    assert roll_loan([entry(EntryKind.PREMIUM_BY_LOAN, 500, FIRST)], TERMS, FIRST).principal_fen == 500


def test_what_comes_later_does_not_count_yet() -> None:
    assert roll_loan([lent(), repaid(1, FIRST + timedelta(days=9))], TERMS, FIRST).total_fen == 1_000_000


def test_before_the_first_rate_there_is_no_loan() -> None:
    with pytest.raises(InputError, match="no loan rate is in force on 2019-12-31: the first starts 2020-01-01"):
        roll_loan([lent(on=date(2019, 12, 31))], TERMS, FIRST)


def test_the_most_that_may_be_borrowed_is_a_share_of_what_is_left_and_never_rounded_up() -> None:
    """80 % of (100.01 − 10 − 20) 元 = 56.008 元."""
    assert loan_available_fen(10_001, 1_000, 2_000, TERMS) == 5_600
    assert loan_available_fen(1_000, 1_000, 1, TERMS) == 0


@pytest.mark.parametrize(("cash_fen", "can"), [(1_099, False), (1_100, True)])
def test_a_premium_is_lent_when_the_cash_value_carries_all_of_it(cash_fen: int, can: bool) -> None:
    assert can_lend_premium(cash_fen, 100, 1_000) is can


def test_interest_of_late_premiums_runs_from_each_due_day_and_is_rounded_once() -> None:
    """1,000 元 × 5 % × 30 / 365 = 4.1095… 元; two of 0.50 元 a day late each are 0.01 fen, which is nothing."""
    assert late_interest_fen([(date(2024, 1, 1), 100_000)], RATES, 365, date(2024, 1, 31)) == 411
    assert late_interest_fen([(date(2024, 1, 1), 50)] * 2, RATES, 365, date(2024, 1, 2)) == 0


@given(amount=st.integers(1, 10**11), days=st.lists(st.integers(0, 900), min_size=1, max_size=6))
def test_looking_in_between_changes_nothing_and_a_debt_never_shrinks_by_itself(amount: int, days: list[int]) -> None:
    totals = [roll_loan([lent(amount)], TERMS, FIRST + timedelta(days=each)).total_fen for each in sorted(days)]
    assert totals == sorted(totals)
    assert totals[0] >= amount


@given(first=st.integers(1, 10**9), second=st.integers(1, 10**9), days=st.integers(0, 900))
def test_two_loans_of_one_day_owe_what_one_of_their_sum_owes(first: int, second: int, days: int) -> None:
    on = FIRST + timedelta(days=days)
    apart = [lent(first), entry(EntryKind.LOAN, second, FIRST, "another")]
    assert roll_loan(apart, TERMS, on) == roll_loan([lent(first + second)], TERMS, on)


@given(
    amount=st.integers(10**4, 10**9), paid_on=st.lists(st.integers(1, 179), min_size=1, max_size=5, unique=True), days=st.integers(180, 900)
)
def test_paying_interest_in_pieces_gains_no_more_than_the_rounding(amount: int, paid_on: list[int], days: int) -> None:
    """Within a term each payment is rounded by half a fen at most; what it keeps from being added saves its interest."""
    entries, paid = [lent(amount)], 0
    for each in sorted(paid_on):
        on = FIRST + timedelta(days=each)
        due = roll_loan(entries, TERMS, on).interest_fen
        if due:
            entries.append(repaid(due, on, EntryKind.LOAN_INTEREST_PAID))
            paid += due
    in_pieces = paid + roll_loan(entries, TERMS, DUE).interest_fen
    assert abs(in_pieces - roll_loan([lent(amount)], TERMS, DUE).interest_fen) <= len(paid_on) + 1
