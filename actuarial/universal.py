"""Universal life accounts (万能账户), rolled forward month by month from what was put in and taken out.

On the first of each month the interest of the month before is credited: by the day, simple, at the credited rate (结算利率) of
that month, never below the guaranteed one, rounded once. After it the month's risk premium (风险保费) is taken. While a month's
rate is not published, the guaranteed rate stands in for it. Interest of the running month is told apart and not yet part of the value.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from actuarial.calendar import add_months, full_years
from actuarial.mortality import MortalityBasis
from actuarial.rounding import EXACT, divide_to_fen, to_decimal, to_fen
from domain.contract import EntryKind, PolicyEntry
from domain.policy import Policy
from domain.terms import UniversalTerms

_DAYS_A_YEAR = 365
_DAYS_IN = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # February of a leap year has one more
_SIGNS = {
    EntryKind.ACCOUNT_PREMIUM: 1,
    EntryKind.ACCOUNT_CHARGE: -1,
    EntryKind.ACCOUNT_WITHDRAWAL: -1,
    EntryKind.ACCOUNT_WITHDRAWAL_CHARGE: -1,
    EntryKind.ACCOUNT_CLOSED: -1,
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
    value_fen, months, begins, place = 0, [], moves[0][0].replace(day=1), 0
    published = {(each.year, each.month): max(each.rate, terms.guaranteed) for each in terms.credited}
    risks: dict[int, Decimal] = {}  # by age: it changes once a year
    while (ends := add_months(begins, 1)) <= day:
        until = bisect_left(moves, (ends,), place)
        rate = published.get((begins.year, begins.month))
        age = full_years(birth_date, ends)
        risks[age] = risks.get(age) or monthly_risk(terms, basis, age)
        month = _settle(value_fen, moves[place:until], begins, ends, rate or terms.guaranteed, risks[age], is_guaranteed=rate is None)
        months.append(month)
        value_fen, begins, place = month.value_fen, ends, until
    running = moves[place:]
    accruing = _interest_fen(value_fen, running, begins, day + timedelta(days=1), terms.guaranteed)
    return AccountValue(value_fen + sum(fen for _, fen in running), accruing, tuple(months))


@dataclass(frozen=True)
class SettledValue:
    """An account on a day without its months."""

    value_fen: int
    settled_on: date | None  # the first of the month to which it was settled last; None: it was not yet


def account_value(
    entries: Sequence[PolicyEntry], terms: UniversalTerms, birth_date: date, basis: MortalityBasis, day: date
) -> SettledValue:
    """Give the value that `roll_account` gives, to the fen, in a tenth of its time: months are gone through in whole numbers, not kept."""
    moves = sorted((each.value_date.toordinal(), _SIGNS[each.kind] * each.amount_fen) for each in entries if each.kind in _SIGNS)
    until = day.toordinal()
    moves = [move for move in moves if move[0] <= until]
    if not moves:
        return SettledValue(0, None)
    steps = _steps(terms, basis)
    first = date.fromordinal(moves[0][0])
    year, month, begins = first.year, first.month, moves[0][0] - first.day + 1
    birthday, born = (birth_date.month, birth_date.day), birth_date.year
    value_fen, place, count, settled = 0, 0, len(moves), 0
    while (ends := begins + _DAYS_IN[month - 1] + (month == 2 and _is_leap(year))) <= until:
        times, over = steps.rates.get((year, month), steps.guaranteed)
        amount_days = value_fen * (ends - begins)
        while place < count and moves[place][0] < ends:
            on, fen = moves[place]
            amount_days += fen * (ends - on)
            value_fen += fen
            place += 1
        value_fen += divide_to_fen(amount_days * times, over)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        times, over = steps.risks[
            min(year - born - (birthday > (month, 1)), len(steps.risks) - 1)
        ]  # the age on the first that it is settled on
        value_fen = max(value_fen - (2 * value_fen * times + over) // (2 * over), 0)  # its risk premium: never more than there is
        begins = settled = ends
    value_fen += sum(fen for _, fen in moves[place:])
    return SettledValue(value_fen, date.fromordinal(settled) if settled else None)


def _is_leap(year: int) -> bool:
    return not year % 4 and (year % 100 != 0 or not year % 400)


@dataclass(frozen=True)
class _Steps:
    """What a month does to any account of one product: quotients, each as numerator and denominator."""

    rates: dict[tuple[int, int], tuple[int, int]]  # a day's interest in a year and month whose rate is published
    guaranteed: tuple[int, int]  # in any other
    risks: list[tuple[int, int]]  # a month's risk premium by age


@lru_cache(maxsize=64)
def _steps(terms: UniversalTerms, basis: MortalityBasis) -> _Steps:
    def daily(rate: Fraction) -> tuple[int, int]:
        return rate.numerator, rate.denominator * _DAYS_A_YEAR

    rates = {(each.year, each.month): daily(max(each.rate, terms.guaranteed)) for each in terms.credited}
    risks = [monthly_risk(terms, basis, age).as_integer_ratio() for age in range(max(basis.last_age, terms.last_band_age) + 2)]
    return _Steps(rates, daily(terms.guaranteed), risks)


def _settle(
    value_fen: int, moves: list[tuple[date, int]], begins: date, ends: date, rate: Fraction, risk: Decimal, *, is_guaranteed: bool
) -> AccountMonth:
    interest_fen = _interest_fen(value_fen, moves, begins, ends, rate)
    moved_fen = sum(fen for _, fen in moves)
    before_fen = value_fen + moved_fen + interest_fen
    charge_fen = min(to_fen(EXACT.multiply(risk, Decimal(max(before_fen, 0)))), before_fen)
    return AccountMonth(ends, moved_fen, interest_fen, charge_fen, before_fen - charge_fen, is_guaranteed)


def _interest_fen(value_fen: int, moves: list[tuple[date, int]], begins: date, ends: date, rate: Fraction) -> int:
    """Sum a stretch's interest: of the value at its beginning, and of each movement from its day on; the end day bears none."""
    amount_days = value_fen * (ends - begins).days + sum(fen * (ends - on).days for on, fen in moves)
    return divide_to_fen(amount_days * rate.numerator, rate.denominator * _DAYS_A_YEAR)


def monthly_risk(terms: UniversalTerms, basis: MortalityBasis, age: int) -> Decimal:
    """Give a month's risk premium as a share of the account: q/12, loaded, on the share that a death pays above the account."""
    ratio = next((each.ratio for each in terms.risk_bands if age <= each.to_age), Fraction(1))
    return EXACT.multiply(to_decimal((ratio - 1) * terms.risk_loading / 12), basis.q_at(age))


def initial_charge_fen(terms: UniversalTerms, policy: Policy, day: date, premium_fen: int) -> int:
    """Give the initial charge (初始费用) of a premium paid on a day."""
    return to_fen(premium_fen * _of_year(terms.initial_charges, policy, day))


def withdrawal_charge_fen(terms: UniversalTerms, policy: Policy, day: date, amount_fen: int) -> int:
    """Give the charge of taking an amount out of the account on a day, be it a part or all of it."""
    return to_fen(amount_fen * _of_year(terms.withdrawal_charges, policy, day))


def _of_year(charges: Sequence[Fraction], policy: Policy, day: date) -> Fraction:
    """Find the charge of the policy year that a day lies in; the last one goes on for ever."""
    return charges[min(max(full_years(policy.first_effective_from, day), 0), len(charges) - 1)] if charges else Fraction(0)
