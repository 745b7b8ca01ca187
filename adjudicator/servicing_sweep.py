"""What comes due on policies by the calendar, booked once: benefits, automatic premium loans (自动垫交), renewals (自动续保), loan interest
that joins its principal.

Once a day in China the contracts are gone through of which that day can change something, some hundred at a time: each tells when
that is next (`next_look`), and how far a day is stands in the database. A day that was missed is made up by the next one, since
each thing is booked with the value date on which it came due.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from actuarial.benefits import instalments
from actuarial.calendar import add_years, full_years
from actuarial.cash_value import Bases
from actuarial.premium_loan import holding_as_of, premium_loan_of
from adjudicator.system import System
from domain.china import DAY_MS, china_day
from domain.contract import ENDED, EntryKind, Holding, PolicyEntry, PolicyState
from domain.policy import Policy
from domain.terms import ProductTerms
from policy.facts import Look
from policy.holdings import holdings_of
from policy.transacting.asking import added_event
from storage import contract_looks, policy_ledger, registry, servicing, servicing_sweeps
from storage.database import Transaction

_PAGE = 200
_PAYING_NOTHING = ENDED | {PolicyState.LAPSED}
_LONGEST = timedelta(days=366)  # after which a contract is looked at again whatever it told
LATE_DAYS = 30  # how long after its end a policy is still renewed by itself, when nobody swept meanwhile


def is_due(tx: Transaction) -> bool:
    """Tell whether contracts are left that today's sweep has not looked at; a look that locks nothing."""
    return not servicing_sweeps.is_over(tx, china_day(tx.now_ms()))


def sweep(system: System) -> int:
    """Go through the next contracts; gives how many were looked at."""
    with system.database.write() as tx:
        day = china_day(tx.now_ms())
        after = servicing_sweeps.begin(tx, day)
        if after is None:
            return 0
        changed = contract_looks.changed_products(tx, day, terms_hashes(system.terms, system.bases))
        found = contract_looks.contracts_due(tx, day, changed, after, _PAGE)
        busy = servicing.open_on(tx, tuple(found))  # their money is on its way, and counts from a day before this one
        until = dict.fromkeys((each for each in found if each in busy), day + timedelta(days=1))
        free = [each for each in found if each not in busy]
        later = contract_looks.counting_later(tx, free, day)
        for holding in holdings_of(tx, free, system.terms, day) if free else ():
            number = holding.policy.policy_number
            if _is_anything_due(system, holding):
                _deal_with(system, tx, holding)
                contract_looks.look_again(tx, [number], day + timedelta(days=1))  # what was done today may make more due tomorrow
            else:
                until[number] = next_look(holding, system.bases, later.get(number))
        contract_looks.put_off(tx, until, found)
        servicing.drop_stale(tx, tx.now_ms() - DAY_MS, _PAGE)
        servicing_sweeps.go_on(tx, day, max(found, default=after) if changed else after, is_over=len(found) < _PAGE)
    return len(found)


def terms_hashes(terms: Mapping[str, ProductTerms], bases: Bases) -> dict[str, str]:
    """Hash of each product what decides when something comes due: its terms but for credited rates, which only make an account grow."""
    return {product: sha256(_text_of(each, bases).encode()).hexdigest() for product, each in sorted(terms.items())}


def _text_of(terms: ProductTerms, bases: Bases) -> str:
    universal = replace(terms.universal, credited=()) if terms.universal else None
    return f"{replace(terms, universal=universal)} {bases.get(terms.cash_value.mortality)}"


def next_look(holding: Holding, bases: Bases, counting_later: date | None = None) -> date:
    """Tell the first day after the holding's on which the calendar alone can make something due, at most a year away.

    `counting_later`: from when an entry counts that was booked for a day to come.
    """
    longest = holding.day + _LONGEST
    return min(
        (each for each in (longest, counting_later, *_turns(holding, bases, longest)) if each and each > holding.day), default=longest
    )


def _turns(holding: Holding, bases: Bases, until: date) -> Iterator[date]:
    """Give the days, past ones among them, on which something of this module may come due, as long as nobody books anything."""
    policy, contract, terms, standing = holding.policy, holding.contract, holding.terms, holding.standing
    if contract is None or terms is None:
        return
    if standing.state not in _PAYING_NOTHING:
        yield from (each.due for each in instalments(policy, contract, terms, holding.insured_birth_date, until))
    if loan_due := Look(holding, bases).loan.due_on:
        yield loan_due + timedelta(days=1)
    missing = standing.due[0] if standing.due else standing.paid_to
    if contract.automatic_premium_loan and missing:
        yield missing + timedelta(days=terms.grace_days + 1)
    if contract.auto_renew and terms.is_renewable:
        yield policy.effective_to


def _deal_with(system: System, tx: Transaction, seen: Holding) -> None:
    """Do what is due on a policy, looked at again under its lock."""
    number = seen.policy.policy_number
    (held,) = holdings_of(tx, [number], system.terms, seen.day, lock=True)
    renewed = renewal_of(held)
    if renewed:
        registry.save_policies(tx, [renewed])
        (held,) = holdings_of(tx, [number], system.terms, seen.day)
    policy_ledger.book(tx, tuple(due_entries(held, system.bases)))


def _is_anything_due(system: System, seen: Holding) -> bool:
    known = {(each.event, each.kind) for each in seen.entries}
    return renewal_of(seen) is not None or any((each.event, each.kind) not in known for each in due_entries(seen, system.bases))


def due_entries(holding: Holding, bases: Bases) -> Iterator[PolicyEntry]:
    """Give what is to be booked on a policy by its day, what was booked before among it."""
    number, look = holding.policy.policy_number, Look(holding, bases)
    booked = {each.event for each in holding.entries if each.kind is EntryKind.BENEFIT_DUE}
    for each in look.waiting:
        if each.event not in booked:
            yield PolicyEntry(number, EntryKind.BENEFIT_DUE, each.amount_fen, each.event, each.due)
    for on, amount_fen in look.loan.added:
        yield PolicyEntry(number, EntryKind.LOAN_INTEREST_ADDED, amount_fen, added_event(on), on)
    lent = premium_loan_of(holding, bases)
    if lent:
        yield lent


def renewal_of(holding: Holding) -> Policy | None:
    """Give a policy of one year as it is renewed: from the last day of its term on, where 自动续保 is chosen and no premium is missing."""
    policy, contract, terms = holding.policy, holding.contract, holding.terms
    if contract is None or terms is None or not (contract.auto_renew and terms.is_renewable) or policy.effective_to == date.max:
        return None
    over = (holding.day - policy.effective_to).days
    if not 0 <= over <= LATE_DAYS or not _is_whole_at_its_end(holding):
        return None
    years = full_years(policy.first_effective_from, policy.effective_to + timedelta(days=1))
    begins = add_years(policy.first_effective_from, years)
    return replace(policy, effective_from=begins, effective_to=add_years(policy.first_effective_from, years + 1) - timedelta(days=1))


def _is_whole_at_its_end(holding: Holding) -> bool:
    return holding_as_of(holding, holding.policy.effective_to).standing.state is PolicyState.IN_FORCE
