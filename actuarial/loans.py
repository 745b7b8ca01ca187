"""Policy loans (保单贷款): what is owed on a day, from the entries alone.

Interest is simple within a term, by the day, at the rate of the term's first day. What is not paid when a term ends is
added to the principal, and a new term begins (未按期偿还的, 利息并入原贷款金额, 视为再次借款: the clause that
Chinese life contracts share; docs/policies.md). Payments settle interest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import floor

from actuarial.premiums import rate_on
from actuarial.rounding import divide_to_fen
from domain.contract import EntryKind, PolicyEntry
from domain.terms import LoanTerms

BORROWED = frozenset({EntryKind.LOAN, EntryKind.PREMIUM_BY_LOAN})
REPAID = frozenset({EntryKind.LOAN_REPAID, EntryKind.LOAN_INTEREST_PAID, EntryKind.LOAN_SET_OFF, EntryKind.LOAN_INTEREST_SET_OFF})
_MOVING = BORROWED | REPAID


@dataclass(frozen=True)
class LoanBalance:
    """What is owed on a day."""

    principal_fen: int = 0  # with the interest that was added to it
    interest_fen: int = 0  # since this term began, less what was paid of it
    term_from: date | None = None  # None: nothing is owed
    due_on: date | None = None  # the last day of the term; from the next day on unpaid interest bears interest
    added: tuple[tuple[date, int], ...] = ()  # 利息并入本金: the days on which interest was added, and how much

    @property
    def total_fen(self) -> int:
        """What pays it all back on this day."""
        return self.principal_fen + self.interest_fen


@dataclass
class _Loan:
    """A loan on its way through the days. Interest is `accrued / over` fen, exactly: within a term its rate does not change."""

    terms: LoanTerms
    principal_fen: int = 0
    accrued: int = 0
    a_day: int = 0  # what a day adds to it, for each fen of principal
    over: int = 1
    term_from: date | None = None
    counted_to: date = date.min
    added: list[tuple[date, int]] = field(default_factory=list)

    def go_to(self, day: date) -> None:
        """Let interest run up to a day, term after term; on a term's last day it is not added yet."""
        while self.term_from and day > (end := self.term_from + timedelta(days=self.terms.term_days)):
            self._run_to(end)
            interest_fen = self.interest_fen
            self.principal_fen += interest_fen
            self._begin_term(end)
            if interest_fen:
                self.added.append((end, interest_fen))
        self._run_to(day)

    def _run_to(self, day: date) -> None:
        if self.term_from:
            self.accrued += self.principal_fen * self.a_day * (day - self.counted_to).days
        self.counted_to = day

    def _begin_term(self, day: date) -> None:
        rate = rate_on(self.terms.rates, day)
        self.term_from, self.accrued, self.a_day, self.over = day, 0, rate.numerator, rate.denominator * self.terms.days_a_year

    @property
    def interest_fen(self) -> int:
        """The interest of this term that is not paid yet."""
        return divide_to_fen(self.accrued, self.over)

    def borrow(self, amount_fen: int, day: date) -> None:
        """Add to what is owed; a term begins with the first loan, and a further one joins it."""
        if self.term_from is None:
            self._begin_term(day)
        self.principal_fen += amount_fen

    def repay(self, amount_fen: int) -> None:
        """Take a payment: interest first. What is more than all of it would be the customer's, and is refused where it is booked."""
        owed_fen = self.interest_fen
        interest_fen = min(amount_fen, owed_fen)
        self.accrued = 0 if interest_fen == owed_fen else self.accrued - interest_fen * self.over
        self.principal_fen = max(self.principal_fen - (amount_fen - interest_fen), 0)
        if not self.principal_fen and not self.interest_fen:
            self.term_from, self.accrued = None, 0


def roll_loan(entries: Sequence[PolicyEntry], terms: LoanTerms, day: date) -> LoanBalance:
    """Tell what is owed on a day after all entries that count by then, this day's included.

    Raises:
        InputError: no rate is in force on the first day of a term.
    """
    loan = _Loan(terms)
    for value_date, amount_fen in _movements(entries, day):
        loan.go_to(value_date)
        if amount_fen > 0:
            loan.borrow(amount_fen, value_date)
        else:
            loan.repay(-amount_fen)
    loan.go_to(day)
    if loan.term_from is None:
        return LoanBalance(added=tuple(loan.added))
    due_on = loan.term_from + timedelta(days=terms.term_days)
    return LoanBalance(loan.principal_fen, loan.interest_fen, loan.term_from, due_on, tuple(loan.added))


def _movements(entries: Sequence[PolicyEntry], day: date) -> list[tuple[date, int]]:
    """List loans (positive) and payments (negative) by day: a payment's interest and principal are one."""
    sums: dict[tuple[date, bool, str], int] = {}
    for each in entries:
        if each.value_date <= day and each.kind in _MOVING:
            key = (each.value_date, each.kind in REPAID, each.event)
            sums[key] = sums.get(key, 0) + (-each.amount_fen if each.kind in REPAID else each.amount_fen)
    return [(value_date, fen) for (value_date, _, _), fen in sorted(sums.items())]


def split_repayment(balance: LoanBalance, amount_fen: int) -> tuple[int, int]:
    """Split a payment into interest and principal, as it is to be booked; a payment above `total_fen` is for the caller to refuse."""
    interest_fen = min(amount_fen, balance.interest_fen)
    return interest_fen, amount_fen - interest_fen


def loan_available_fen(cash_value_fen: int, owed_fen: int, unpaid_premiums_fen: int, terms: LoanTerms) -> int:
    """Give the most that may be borrowed: a share of the cash value less unpaid premiums, loan and interest; never rounded up."""
    return max(floor(terms.ratio * (cash_value_fen - owed_fen - unpaid_premiums_fen)), 0)


def can_lend_premium(cash_value_fen: int, owed_fen: int, premium_fen: int) -> bool:
    """Tell whether the cash value still carries a premium lent by itself (自动垫交): all of it, beside what is owed already."""
    return cash_value_fen - owed_fen >= premium_fen
