"""Universal life accounts (万能账户), rolled forward month by month from what was put in and taken out.

On the first of each month the interest of the month before is credited: by the day, simple, at the credited rate (结算利率) of
that month, never below the guaranteed one, rounded once. After it the month's risk premium (风险保费) is taken. While a month's
rate is not published, the guaranteed rate stands in for it. Interest of the running month is told apart and not yet part of the value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import localcontext
from fractions import Fraction

from actuarial.calendar import add_months, full_years
from actuarial.mortality import MortalityBasis
from actuarial.rounding import EXACT, to_decimal, to_fen
from domain.contract import EntryKind, PolicyEntry
from domain.policy import Policy
from domain.terms import UniversalTerms

_DAYS_A_YEAR = 365
_SIGNS = {
    EntryKind.ACCOUNT_PREMIUM: 1,
    EntryKind.ACCOUNT_CHARGE: -1,
    EntryKind.ACCOUNT_WITHDRAWAL: -1,
    EntryKind.ACCOUNT_WITHDRAWAL_CHARGE: -1,
}


@dataclass(frozen=True)
class AccountMonth:
    """One month of an account, as a customer reads it."""

    settled_on: date  # the first of the next month
    moved_fen: int  # put in less taken out
    interest_fen: int
    risk_charge_fen: int
    value_fen: int  # after all of it
    is_guaranteed: bool  # no credited rate was published: the guaranteed one was used


@dataclass(frozen=True)
class AccountValue:
    """An account on a day."""

    value_fen: int
    accruing_fen: int  # interest of the running month at the guaranteed rate, not credited yet
    months: tuple[AccountMonth, ...]


def roll_account(entries: Sequence[PolicyEntry], terms: UniversalTerms, birth_date: date, basis: MortalityBasis, day: date) -> AccountValue:
    """Roll an account forward to a day, whose own entries count."""
    moves = sorted((each.value_date, _SIGNS[each.kind] * each.amount_fen) for each in entries if each.kind in _SIGNS)
    moves = [(on, fen) for on, fen in moves if on <= day]
    if not moves:
        return AccountValue(0, 0, ())
    value_fen, months, begins = 0, [], moves[0][0].replace(day=1)
    while (ends := add_months(begins, 1)) <= day:
        month = _settle(value_fen, [each for each in moves if begins <= each[0] < ends], begins, ends, terms, birth_date, basis)
        months.append(month)
        value_fen, begins = month.value_fen, ends
    running = [each for each in moves if begins <= each[0]]
    accruing = to_fen(_interest(value_fen, running, begins, day + timedelta(days=1), terms.guaranteed))
    return AccountValue(value_fen + sum(fen for _, fen in running), accruing, tuple(months))


def _settle(
    value_fen: int, moves: list[tuple[date, int]], begins: date, ends: date, terms: UniversalTerms, birth_date: date, basis: MortalityBasis
) -> AccountMonth:
    rate, is_guaranteed = monthly_rate(terms, begins)
    interest_fen = to_fen(_interest(value_fen, moves, begins, ends, rate))
    moved_fen = sum(fen for _, fen in moves)
    before_fen = value_fen + moved_fen + interest_fen
    charge_fen = min(risk_charge_fen(terms, basis, full_years(birth_date, ends), before_fen), before_fen)
    return AccountMonth(ends, moved_fen, interest_fen, charge_fen, before_fen - charge_fen, is_guaranteed)


def _interest(value_fen: int, moves: list[tuple[date, int]], begins: date, ends: date, rate: Fraction) -> Fraction:
    """Sum a stretch's interest: of the value at its beginning, and of each movement from its day on; the end day bears none."""
    amount_days = value_fen * (ends - begins).days + sum(fen * (ends - on).days for on, fen in moves)
    return amount_days * rate / _DAYS_A_YEAR


def monthly_rate(terms: UniversalTerms, month: date) -> tuple[Fraction, bool]:
    """Give the rate of a month, and whether the guaranteed one stands in for one that is not published."""
    published = [each.rate for each in terms.credited if (each.year, each.month) == (month.year, month.month)]
    return (max(published[0], terms.guaranteed), False) if published else (terms.guaranteed, True)


def risk_charge_fen(terms: UniversalTerms, basis: MortalityBasis, age: int, value_fen: int) -> int:
    """Give a month's risk premium: a twelfth of the year's probability of death, loaded, on what a death pays above the account."""
    ratio = next((each.ratio for each in terms.risk_bands if age <= each.to_age), Fraction(1))
    at_risk = to_decimal(max(value_fen, 0) * (ratio - 1) * terms.risk_loading / 12)
    with localcontext(EXACT):
        return to_fen(at_risk * basis.q_at(age))


def initial_charge_fen(terms: UniversalTerms, policy: Policy, day: date, premium_fen: int) -> int:
    """Give the initial charge (初始费用) of a premium paid on a day."""
    return to_fen(premium_fen * _of_year(terms.initial_charges, policy, day))


def withdrawal_charge_fen(terms: UniversalTerms, policy: Policy, day: date, amount_fen: int) -> int:
    """Give the charge of taking an amount out of the account on a day, be it a part or all of it."""
    return to_fen(amount_fen * _of_year(terms.withdrawal_charges, policy, day))


def _of_year(charges: Sequence[Fraction], policy: Policy, day: date) -> Fraction:
    """Find the charge of the policy year that a day lies in; the last one goes on for ever."""
    return charges[min(max(full_years(policy.first_effective_from, day), 0), len(charges) - 1)] if charges else Fraction(0)
