"""Premiums: the days they come due, and the interest of those that come late."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import count, takewhile

from actuarial.calendar import add_months
from actuarial.rounding import to_fen
from domain.contract import Contract, Holding
from domain.errors import InputError
from domain.policy import Policy
from domain.terms import DatedRate, Frequency, ProductTerms


def due_days(policy: Policy, contract: Contract, terms: ProductTerms, until: date) -> tuple[date, ...]:
    """List the days on which premiums come due, up to and with a day, oldest first; the first is the contract's first day.

    A policy that is renewed year by year has its premiums in each of its years; any other in its payment years. Premiums
    at will (不定期交) never come due.
    """
    return tuple(takewhile(lambda due: due <= until, iter_due_days(policy, contract, terms)))


def iter_due_days(policy: Policy, contract: Contract, terms: ProductTerms) -> Iterator[date]:
    """Walk through all days on which premiums come due, oldest first.

    Where the way of paying was changed, each stretch between two changes has its own; they begin on anniversaries, on which a premium
    comes due either way.
    """
    if not contract.changes:
        yield from _iter_as_agreed(policy, contract, terms)
        return
    begins = sorted({policy.first_effective_from, *(each.effective_from for each in contract.changes)})
    for begin, end in zip(begins, [*begins[1:], date.max], strict=True):
        stretch = replace(contract, frequency=contract.frequency_on(begin), changes=())
        yield from (due for due in _iter_as_agreed(policy, stretch, terms) if begin <= due < end)


def _iter_as_agreed(policy: Policy, contract: Contract, terms: ProductTerms) -> Iterator[date]:
    start, months = policy.first_effective_from, contract.frequency.months
    if contract.frequency is Frequency.FLEXIBLE:
        return
    if not months and not terms.is_renewable:
        yield start
        return
    step = months or 12  # a renewed policy's single premium is one a year
    day, until = start.day, policy.effective_to
    for number in count() if terms.is_renewable else range(contract.payment_years * 12 // step):
        months = start.month - 1 + step * number
        due = date(start.year + months // 12, months % 12 + 1, day) if day <= 28 else add_months(start, step * number)
        if due > until:
            return
        yield due


def yearly_premium_fen(contract: Contract) -> int:
    """Sum a year's premiums; the whole of a single one."""
    return contract.premium_fen * (12 // contract.frequency.months if contract.frequency.months else 1)


def rate_on(rates: Sequence[DatedRate], day: date) -> Fraction:
    """Give the rate in force on a day.

    Raises:
        InputError: the first rate starts later.
    """
    known = [each.rate for each in rates if each.effective <= day]
    if not known:
        first = f"the first starts {rates[0].effective}" if rates else "there is none"
        raise InputError(f"no loan rate is in force on {day}: {first}", "add the rate of that day to the product's terms (贷款: 利率)")
    return known[-1]


def late_interest_fen(late: Iterable[tuple[date, int]], rates: Sequence[DatedRate], days_a_year: int, paid_on: date) -> int:
    """Sum the interest of premiums that are paid late (复效利息): each from its due day, simple, at the rate of that day; rounded once.

    1,000 元 due on 1 January, paid on 31 January at 5 % of 365 days: 1000 × 5 % × 30 / 365 = 4.11 元.
    """
    owed = Fraction(0)
    for due, amount_fen in late:
        owed += amount_fen * rate_on(rates, due) * max((paid_on - due).days, 0) / days_a_year
    return to_fen(owed)


def missing_fen(holding: Holding) -> int | None:
    """Sum the premiums that have come due and are not paid; None where no contract is known."""
    contract = holding.contract
    return sum(map(contract.premium_on, holding.standing.due)) if contract else None


def missing_interest_fen(holding: Holding) -> int | None:
    """Give the interest of the premiums that are missing on a holding's day, as reinstatement asks for it; None where no rate is agreed."""
    terms, contract = holding.terms, holding.contract
    if terms is None or terms.loan is None or contract is None:
        return None
    late = [(due, contract.premium_on(due)) for due in holding.standing.due]
    return late_interest_fen(late, terms.loan.rates, terms.loan.days_a_year, holding.day)
