"""Needs (保障需要): what a person should be covered for at an age, from the assumptions alone; pure, exact, rounded once.

Every kind is a what-if of its own, so that what is saved counts in each. Amounts are those of the age asked for: prices have
risen until then. Payments come at the beginning of each year. docs/cover.md tells each formula with an example.
"""

from fractions import Fraction

from actuarial.rounding import to_fen
from domain.cover import CoverKind
from entitlement.cover.assumptions import Assumptions
from entitlement.cover.cases import Bill


def needed_fen(kind: CoverKind, assumed: Assumptions, age_now: int, age: int) -> int:
    """Give the cover that is needed in a kind at an age not below that of today; whole fen, half up, never negative."""
    if kind is CoverKind.MEDICAL:
        return bill_at(assumed, age_now, age).own_fen
    exact = {CoverKind.DEATH: _death, CoverKind.DISABILITY: _disability, CoverKind.ILLNESS: _illness, CoverKind.SAVINGS: _savings}
    needed = max(to_fen(exact[kind](assumed, age_now, age)), 0)
    return min(needed, _most_on_death_fen(age)) if kind is CoverKind.DEATH and age < ADULT else needed


ADULT = 18
_CHILD, _MOST_CHILD_FEN, _MOST_YOUTH_FEN = 10, 20_000_000, 50_000_000  # 保监发〔2015〕90号: below ten years, and below eighteen


def _most_on_death_fen(age: int) -> int:
    """Give the most that all policies together may pay on the death of somebody under age: no need goes beyond what may be insured."""
    return _MOST_CHILD_FEN if age < _CHILD else _MOST_YOUTH_FEN


def bill_at(assumed: Assumptions, age_now: int, age: int) -> Bill:
    """Give the bill of the medical case at an age: the same treatment, at the prices of then."""
    charged = to_fen(assumed.treatment * _risen(assumed.medical_inflation, age - age_now))
    return Bill(charged, to_fen(charged * assumed.social_share), to_fen(charged * assumed.out_of_list_share))


def _death(assumed: Assumptions, age_now: int, age: int) -> Fraction:
    """Debts that are left, last expenses, and what dependants need as long as they depend; less what is saved."""
    passed = age - age_now
    support = sum((annuity(assumed, max(years - passed, 0)) for years in assumed.dependants), Fraction(0)) * assumed.support
    return _debts(assumed, passed) + (assumed.last_expenses + support) * _risen(assumed.inflation, passed) - _saved(assumed, passed)


def _disability(assumed: Assumptions, age_now: int, age: int) -> Fraction:
    """The income from the age of earning until retirement, and care as long as one lives; less what is saved."""
    passed, until = age - age_now, max(assumed.retirement_age - age, 0)
    before = min(max(assumed.earning_age - age, 0), until)  # years in which a child would not have earned anything
    lost = assumed.annual_income * (annuity(assumed, until) - annuity(assumed, before))
    care = assumed.care * annuity(assumed, _years_to_live(assumed, age))
    return (lost + care) * _risen(assumed.inflation, passed) - _saved(assumed, passed)


def _illness(assumed: Assumptions, age_now: int, age: int) -> Fraction:
    """Rehabilitation, and the income of the years without work, at most until retirement; less what is saved.

    Of a child it is the income of the parent who cares for it meanwhile.
    """
    passed = age - age_now
    years = min(assumed.recovery_years, max(assumed.retirement_age - age, 0))
    lost = assumed.annual_income * annuity(assumed, years) * _risen(assumed.inflation, passed)
    return assumed.rehabilitation * _risen(assumed.medical_inflation, passed) + lost - _saved(assumed, passed)


def _savings(assumed: Assumptions, age_now: int, age: int) -> Fraction:
    """The capital that closes the gap between spending and pension for the rest of life, beyond what is saved.

    What is saved is spent together with it, year by year: after retirement the same share of the capital is missing as at its beginning.
    """
    start = max(assumed.retirement_age, age_now)
    capital = _gap_capital(assumed, age_now, start)
    if not capital:
        return Fraction(0)
    missing = max(capital - _saved(assumed, start - age_now), Fraction(0))
    if age <= start:
        return missing / (1 + assumed.interest) ** (start - age)
    return _gap_capital(assumed, age_now, age) * missing / capital


def _gap_capital(assumed: Assumptions, age_now: int, age: int) -> Fraction:
    gap = max(assumed.annual_income * (assumed.spending_share - assumed.pension_share), Fraction(0))
    return gap * annuity(assumed, _years_to_live(assumed, age)) * _risen(assumed.inflation, age - age_now)


def annuity(assumed: Assumptions, years: int) -> Fraction:
    """Give the worth today of 1 at the beginning of each of some years, rising with prices, discounted with interest."""
    step = (1 + assumed.inflation) / (1 + assumed.interest)
    return Fraction(years) if step == 1 else (1 - step**years) / (1 - step)


def _years_to_live(assumed: Assumptions, age: int) -> int:
    return max(assumed.life_expectancy - age, assumed.least_years)


def _debts(assumed: Assumptions, passed: int) -> Fraction:
    """What is left of the debts, repaid in equal parts; without a number of years they stay."""
    if not assumed.debt_years:
        return Fraction(assumed.debts)
    return Fraction(assumed.debts * max(assumed.debt_years - passed, 0), assumed.debt_years)


def _saved(assumed: Assumptions, passed: int) -> Fraction:
    return assumed.assets * (1 + assumed.interest) ** passed


def _risen(rate: Fraction, years: int) -> Fraction:
    return (1 + rate) ** years
