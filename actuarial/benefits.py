"""Benefits of a living insured: survival (生存金), annuity (年金) and maturity (满期金), each with its day and amount."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from actuarial.calendar import add_months, add_years, full_years
from actuarial.premiums import yearly_premium_fen
from actuarial.rounding import to_fen
from domain.contract import Contract, benefit_event
from domain.policy import Policy
from domain.terms import AnnuityBenefit, Base, ProductTerms


@dataclass(frozen=True)
class Instalment:
    """A benefit on the day it comes due, if the insured lives to see it and the policy covers then."""

    kind: str  # survival | annuity | maturity
    due: date
    amount_fen: int

    @property
    def event(self) -> str:
        """The event that books it."""
        return benefit_event(self.kind, self.due)


def term_years(policy: Policy) -> int:
    """Count the years of a contract's term."""
    return full_years(policy.first_effective_from, min(policy.effective_to, date.max - timedelta(days=1)) + timedelta(days=1))


def entry_age(policy: Policy, birth_date: date) -> int:
    """Give the age at the contract's first day (投保年龄), in full years."""
    return full_years(birth_date, policy.first_effective_from)


def base_fen(base: Base, policy: Policy, contract: Contract, years_paid: int) -> int:
    """Give what a benefit is a share of; premiums as agreed, so many years of them."""
    if base is Base.SUM_INSURED:
        return policy.sum_insured_fen
    yearly = yearly_premium_fen(contract)
    return yearly if base is Base.YEARLY_PREMIUM else yearly * min(years_paid, contract.payment_years)


def survival_fen(policy: Policy, contract: Contract, terms: ProductTerms, anniversary: int) -> Fraction:
    """Give the survival benefit of an anniversary, exactly; nothing on most of them."""
    chosen = (each for each in terms.survival if anniversary in each.anniversaries)
    return sum((each.ratio * base_fen(each.base, policy, contract, anniversary) for each in chosen), Fraction(0))


def annuity_fen(policy: Policy, contract: Contract, annuity: AnnuityBenefit, anniversary: int) -> Fraction:
    """Give a year's annuity, exactly."""
    return annuity.ratio * base_fen(annuity.base, policy, contract, anniversary)


def is_annuity_year(annuity: AnnuityBenefit, age: int) -> bool:
    """Tell whether a policy year that begins at an age pays an annuity."""
    return annuity.from_age <= age and (annuity.until_age is None or age < annuity.until_age)


def instalments(policy: Policy, contract: Contract, terms: ProductTerms, birth_date: date, until: date) -> tuple[Instalment, ...]:
    """List the benefits that come due up to and with a day, oldest first, as if the policy covers all the time."""
    every = (
        *_survivals(policy, contract, terms, until),
        *_annuities(policy, contract, terms, birth_date, until),
        *_maturity(policy, contract, terms),
    )
    return tuple(sorted((each for each in every if each.due <= until and each.amount_fen), key=lambda each: (each.due, each.kind)))


def _survivals(policy: Policy, contract: Contract, terms: ProductTerms, until: date) -> Iterator[Instalment]:
    for anniversary in sorted({number for each in terms.survival for number in each.anniversaries}):
        due = add_years(policy.first_effective_from, anniversary)
        if due > min(until, policy.effective_to):
            return
        yield Instalment("survival", due, to_fen(survival_fen(policy, contract, terms, anniversary)))


def _annuities(policy: Policy, contract: Contract, terms: ProductTerms, birth_date: date, until: date) -> Iterator[Instalment]:
    annuity, age = terms.annuity, entry_age(policy, birth_date)
    if annuity is None:
        return
    for year in range(max(full_years(policy.first_effective_from, min(until, policy.effective_to)) + 1, 0)):
        if year and is_annuity_year(annuity, age + year):
            yearly_fen = to_fen(annuity_fen(policy, contract, annuity, year))
            for number, amount_fen in enumerate(parts_of(yearly_fen, annuity.instalments_a_year)):
                due = add_months(policy.first_effective_from, 12 * year + number * 12 // annuity.instalments_a_year)
                if due <= policy.effective_to:
                    yield Instalment("annuity", due, amount_fen)


def _maturity(policy: Policy, contract: Contract, terms: ProductTerms) -> Iterator[Instalment]:
    if terms.maturity_base is not None and policy.effective_to < date.max:
        years = term_years(policy)
        amount = terms.maturity_ratio * base_fen(terms.maturity_base, policy, contract, years)
        yield Instalment("maturity", policy.effective_to + timedelta(days=1), to_fen(amount))


def parts_of(yearly_fen: int, parts: int) -> tuple[int, ...]:
    """Split a year's annuity so that its parts sum to it: the last one bears what does not divide."""
    each = yearly_fen // parts
    return (*[each] * (parts - 1), yearly_fen - each * (parts - 1))
