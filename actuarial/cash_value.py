"""Cash values (现金价值), by the method that a product's terms name.

Reserve method: the minimum cash value at the end of policy year t is r·max(PVR, 0), with r = k + t(1 − k)/min(20, n) before
the year min(20, n) and 1 from it on (保监发〔2016〕76号; the form of 普通型人身保险精算规定, docs/policies.md). PVR is
here the policy value by net premiums on the basis and interest of the terms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import gcd

from actuarial.benefits import annuity_fen, base_fen, entry_age, is_annuity_year, survival_fen, term_years
from actuarial.calendar import add_years, full_years
from actuarial.mortality import MortalityBasis
from actuarial.premiums import yearly_premium_fen
from actuarial.rounding import EXACT, to_decimal, to_fen
from actuarial.universal import SettledValue, account_value, withdrawal_charge_fen
from actuarial.values import Flows, policy_values
from domain.contract import PREMIUM_KINDS, Contract, Holding, PolicyState
from domain.errors import InputError
from domain.policy import Policy
from domain.terms import Base, CashValueMethod, Frequency, ProductTerms, UniversalTerms

Bases = Mapping[str, MortalityBasis]
_FULL_YEARS = 20  # by the end of this policy year the minimum cash value is the whole policy value
_WORTH = frozenset({PolicyState.IN_FORCE, PolicyState.IN_GRACE, PolicyState.LAPSED})


def cash_value_fen(holding: Holding, bases: Bases) -> int | None:
    """Give the cash value on the holding's day, before loans are taken off it; None: nobody knows (no contract or no terms here).

    Nothing before the first day and after the end. Within a policy year it goes in a straight line by days. While a premium
    is missing it stands where it stood on the day to which premiums are paid.

    Raises:
        InputError: the terms name a mortality basis that is not among `bases`.
    """
    policy, contract, terms = holding.policy, holding.contract, holding.terms
    if contract is None or terms is None:
        return None
    if holding.standing.state not in _WORTH or terms.cash_value.method is CashValueMethod.NONE:
        return 0
    if terms.cash_value.method is CashValueMethod.ACCOUNT:
        return account_surrender_fen(holding, bases)
    if terms.cash_value.method is CashValueMethod.UNEARNED:
        return unearned_fen(holding)
    paid_to = holding.standing.paid_to
    day = min(holding.day, paid_to) if paid_to else holding.day
    alike, times = _in_small(policy, contract, terms, holding.insured_birth_date, basis_of(terms.cash_value.mortality, bases))
    return to_fen(_on_day(_yearly_of(alike), times, holding, day))


def minimum_factor(k: Fraction, year: int, term: int) -> Fraction:
    """Give r of the minimum cash value at the end of a policy year: k + t(1 − k)/min(20, n), and 1 from min(20, n) on."""
    full = min(_FULL_YEARS, term)
    return Fraction(1) if year >= full else k + year * (1 - k) / full


def yearly_cash_values(policy: Policy, contract: Contract, terms: ProductTerms, birth_date: date, bases: Bases) -> tuple[Decimal, ...]:
    """Give the cash value on every anniversary from day one on, after that day's benefit, in fen and not rounded."""
    basis, k = basis_of(terms.cash_value.mortality, bases), terms.cash_value.k
    flows = flows_of(policy, contract, terms, birth_date, basis)
    values = policy_values(basis, to_decimal(terms.cash_value.interest), entry_age(policy, birth_date), flows)
    with localcontext(EXACT):
        return tuple(max(value, Decimal(0)) * _factor(k, year, flows.years) for year, value in enumerate(values))


@dataclass(frozen=True)
class _Alike:
    """What contracts of one cash value have in common; what is not compared is that of the first of them."""

    terms: ProductTerms
    basis: MortalityBasis
    age: int
    years: int
    sum_insured_fen: int
    premium_fen: int
    frequency: Frequency
    payment_years: int
    policy: Policy = field(compare=False)
    contract: Contract = field(compare=False)
    birth_date: date = field(compare=False)


def _in_small(policy: Policy, contract: Contract, terms: ProductTerms, birth_date: date, basis: MortalityBasis) -> tuple[_Alike, int]:
    """Give a contract in the least whole fen that are to each other as its own, and how many times as large it is: so are its values.

    Every value is linear in sum insured and premium together. People of one age with one tariff share a contract in small.
    """
    premium_fen = contract.premium_fen if _counts_premiums(terms) else 0
    times = gcd(policy.sum_insured_fen, premium_fen) or 1
    sum_small, premium_small = policy.sum_insured_fen // times, premium_fen // times
    age, years = entry_age(policy, birth_date), term_years(policy)
    kept = (policy, contract, birth_date)
    return _Alike(terms, basis, age, years, sum_small, premium_small, contract.frequency, contract.payment_years, *kept), times


@lru_cache(maxsize=256)
def _counts_premiums(terms: ProductTerms) -> bool:
    """Tell whether any benefit is a share of premiums."""
    bases = [each.base for each in (terms.death, terms.annuity, *terms.survival) if each] + [terms.maturity_base]
    return any(each not in (None, Base.SUM_INSURED) for each in bases)


@lru_cache(maxsize=16_384)
def _yearly_of(alike: _Alike) -> tuple[Decimal, ...]:
    policy = replace(alike.policy, sum_insured_fen=alike.sum_insured_fen)
    contract = replace(alike.contract, premium_fen=alike.premium_fen)
    return yearly_cash_values(policy, contract, alike.terms, alike.birth_date, {alike.basis.name: alike.basis})


@lru_cache(maxsize=4096)
def _factor(k: Fraction, year: int, term: int) -> Decimal:
    return to_decimal(minimum_factor(k, year, term))


def basis_of(name: str, bases: Bases) -> MortalityBasis:
    """Find a mortality basis by name.

    Raises:
        InputError: there is none; it names those that are there.
    """
    if name not in bases:
        raise InputError(f"no mortality basis {name!r} is here: {', '.join(sorted(bases))}", f"put it at policy/mortality/{name}.csv")
    return bases[name]


def flows_of(policy: Policy, contract: Contract, terms: ProductTerms, birth_date: date, basis: MortalityBasis) -> Flows:
    """Lay a contract out in yearly flows; an annuity paid by the month counts as paid on the anniversary.

    A term beyond the last age of the basis ends there: whole life.
    """
    age, yearly_fen = entry_age(policy, birth_date), yearly_premium_fen(contract)
    years = min(term_years(policy), basis.last_age + 1 - age)
    living = _living_by_year(policy, contract, terms, age, years)
    at_end = terms.maturity_ratio * base_fen(terms.maturity_base, policy, contract, years) if terms.maturity_base else Fraction(0)
    due = min(contract.payment_years if contract.frequency.months else 1, years)
    return Flows(_deaths(policy, terms, yearly_fen, contract.payment_years, living), (*living, to_decimal(at_end)), due)


def _living_by_year(policy: Policy, contract: Contract, terms: ProductTerms, age: int, years: int) -> list[Decimal]:
    """Give what a living insured is paid at the beginning of each year: nothing in most of them, which is soon said."""
    paying = {number for each in terms.survival for number in each.anniversaries}
    nothing, found = Decimal(0), []
    for year in range(years):
        is_paid = year and (year in paying or (terms.annuity and is_annuity_year(terms.annuity, age + year)))
        found.append(_decimal(_living_fen(policy, contract, terms, age, year)) if is_paid else nothing)
    return found


def _deaths(policy: Policy, terms: ProductTerms, yearly_fen: int, payment_years: int, living: list[Decimal]) -> tuple[Decimal, ...]:
    """Give what a death pays, year by year. Where a contract pays the cash value if that is more, it is left out."""
    death = terms.death
    if death is None:
        return (Decimal(0),) * len(living)
    by_years = death.base is Base.PREMIUMS_PAID
    one = _decimal(death.ratio * (policy.sum_insured_fen if death.base is Base.SUM_INSURED else yearly_fen))
    with localcontext(EXACT):
        paid = [one * min(year + 1, payment_years) if by_years else one for year in range(len(living))]
        if not death.less_survival_benefits:
            return tuple(paid)
        return tuple(max(each - received, Decimal(0)) for each, received in zip(paid, accumulate(living), strict=True))


_decimal = lru_cache(maxsize=4096)(to_decimal)


def _living_fen(policy: Policy, contract: Contract, terms: ProductTerms, age: int, year: int) -> Fraction:
    """Give what is paid on an anniversary to a living insured; nothing on day one."""
    if not year:
        return Fraction(0)
    paid = survival_fen(policy, contract, terms, year)
    if terms.annuity and is_annuity_year(terms.annuity, age + year):
        paid += annuity_fen(policy, contract, terms.annuity, year)
    return paid


def _on_day(yearly: tuple[Decimal, ...], times: int, holding: Holding, day: date) -> Decimal:
    """Go in a straight line from one anniversary's value, so many times that in small, to the next one's, before that day's benefit."""
    start = holding.policy.first_effective_from
    year = full_years(start, day)
    if year + 1 >= len(yearly):
        return EXACT.multiply(yearly[-1], Decimal(times))
    begins, ends = add_years(start, year), add_years(start, year + 1)
    with localcontext(EXACT):
        value = yearly[year] * times
        next_value = yearly[year + 1] * times + to_decimal(_paid_on(holding, year + 1, len(yearly) - 1))
        share = Decimal((day - begins).days) / Decimal((ends - begins).days)
        return value + (next_value - value) * share


def _paid_on(holding: Holding, anniversary: int, last: int) -> Fraction:
    policy, contract, terms = holding.policy, holding.contract, holding.terms
    if contract is None or terms is None:
        return Fraction(0)
    if anniversary == last:
        return terms.maturity_ratio * base_fen(terms.maturity_base, policy, contract, last) if terms.maturity_base else Fraction(0)
    return _living_fen(policy, contract, terms, entry_age(policy, holding.insured_birth_date), anniversary)


def unearned_fen(holding: Holding) -> int:
    """Give back the part of the year's premium that is not earned yet, less the charge: premium × (1 − charge) × days left / days."""
    policy, terms = holding.policy, holding.terms
    if terms is None or holding.contract is None or not policy.effective_from <= holding.day <= policy.effective_to:
        return 0
    paid = sum(each.amount_fen for each in holding.entries if each.kind in PREMIUM_KINDS and each.value_date >= policy.effective_from)
    paid = min(paid, yearly_premium_fen(holding.contract))
    days, left = (policy.effective_to - policy.effective_from).days + 1, (policy.effective_to - holding.day).days
    return to_fen(paid * (1 - terms.cash_value.charge) * left / days)


def account_surrender_fen(holding: Holding, bases: Bases) -> int:
    """Give a universal account's value less the charge of surrendering it on this day."""
    terms = holding.terms
    if terms is None or terms.universal is None:
        return 0
    value_fen = value_of_account(holding, terms.universal, bases).value_fen
    return value_fen - withdrawal_charge_fen(terms.universal, holding.policy, holding.day, value_fen)


def value_of_account(holding: Holding, terms: UniversalTerms, bases: Bases) -> SettledValue:
    """Give the value of a universal account on the holding's day."""
    return account_value(holding.entries, terms, holding.insured_birth_date, basis_of(terms.mortality, bases), holding.day)
