"""The automatic premium loan (自动垫交): the premium whose grace has run out is lent, where it was chosen and the cash value carries it."""

from dataclasses import replace
from datetime import date, timedelta

from actuarial.cash_value import Bases, cash_value_fen
from actuarial.loans import LoanBalance, can_lend_premium, roll_loan
from actuarial.standing import standing_on
from domain.contract import EntryKind, Holding, PolicyEntry, PolicyState, premium_event


def holding_as_of(holding: Holding, day: date) -> Holding:
    """Give a policy as it stood on an earlier day, or as it will stand on a later one if nothing moves any more."""
    if holding.contract is None or holding.terms is None:
        return replace(holding, day=day)
    entries = tuple(each for each in holding.entries if each.value_date <= day)
    standing = standing_on(holding.policy, holding.contract, holding.terms, entries, day)
    return replace(holding, entries=entries, standing=standing, day=day)


def premium_loan_of(holding: Holding, bases: Bases) -> PolicyEntry | None:
    """Lend the premium whose grace has run out, on the last day of its grace."""
    contract, terms = holding.contract, holding.terms
    if contract is None or terms is None or not contract.automatic_premium_loan or not holding.standing.due:
        return None
    due = holding.standing.due[0]
    last = due + timedelta(days=terms.grace_days)
    if holding.day <= last or holding.standing.state is not PolicyState.LAPSED:
        return None
    then = holding_as_of(holding, last)
    value_fen = cash_value_fen(then, bases)
    if then.standing.state is not PolicyState.IN_GRACE or value_fen is None:
        return None
    loan = roll_loan(then.entries, terms.loan, last) if terms.loan else LoanBalance()
    premium_fen = contract.premium_on(due)
    if not can_lend_premium(value_fen, loan.total_fen, premium_fen):
        return None
    return PolicyEntry(holding.policy.policy_number, EntryKind.PREMIUM_BY_LOAN, premium_fen, premium_event(due), last)
