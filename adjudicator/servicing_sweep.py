"""What comes due on policies by the calendar, booked once: benefits, automatic premium loans (自动垫交), renewals (自动续保), loan interest
that joins its principal.

Once a day in China all contracts are gone through, some hundred at a time; how far that is stands in the database. A day that was missed
is made up by the next one, since each thing is booked with the value date on which it came due.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from actuarial.calendar import add_years, full_years
from actuarial.cash_value import Bases
from actuarial.loans import can_lend_premium
from adjudicator.system import System
from domain.china import DAY_MS, china_day
from domain.contract import EntryKind, Holding, PolicyEntry, PolicyState, premium_event
from domain.policy import Policy
from policy.facts import Look
from policy.holdings import holdings_of, standing_of
from policy.transacting.asking import added_event
from storage import policy_ledger, registry, servicing, servicing_sweeps
from storage.database import Transaction

_PAGE = 200
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
        numbers = servicing_sweeps.contracts_after(tx, after, _PAGE)
        busy = servicing.open_on(tx, numbers)  # their money is on its way, and counts from a day before this one
        for holding in holdings_of(tx, [each for each in numbers if each not in busy], system.terms, day) if numbers else ():
            _deal_with(system, tx, holding)
        servicing.drop_stale(tx, tx.now_ms() - DAY_MS, _PAGE)
        servicing_sweeps.go_on(tx, day, numbers[-1] if numbers else after, is_over=len(numbers) < _PAGE)
    return len(numbers)


def _deal_with(system: System, tx: Transaction, seen: Holding) -> None:
    """Look at one policy without a lock, and again under one if there is something to do."""
    if not _is_anything_due(system, seen):
        return
    number = seen.policy.policy_number
    (held,) = holdings_of(tx, [number], system.terms, seen.day, lock=True)
    renewed = renewal_of(held)
    if renewed:
        registry.save_policies(tx, [renewed])
        (held,) = holdings_of(tx, [number], system.terms, seen.day)
    policy_ledger.book(tx, tuple(due_entries(system, held)))


def _is_anything_due(system: System, seen: Holding) -> bool:
    known = {(each.event, each.kind) for each in seen.entries}
    return renewal_of(seen) is not None or any((each.event, each.kind) not in known for each in due_entries(system, seen))


def due_entries(system: System, holding: Holding) -> Iterator[PolicyEntry]:
    """Give what is to be booked on a policy by its day, what was booked before among it."""
    number, look = holding.policy.policy_number, Look(holding, system.bases)
    booked = {each.event for each in holding.entries if each.kind is EntryKind.BENEFIT_DUE}
    for each in look.waiting:
        if each.event not in booked:
            yield PolicyEntry(number, EntryKind.BENEFIT_DUE, each.amount_fen, each.event, each.due)
    for on, amount_fen in look.loan.added:
        yield PolicyEntry(number, EntryKind.LOAN_INTEREST_ADDED, amount_fen, added_event(on), on)
    lent = premium_loan_of(holding, system.bases)
    if lent:
        yield lent


def premium_loan_of(holding: Holding, bases: Bases) -> PolicyEntry | None:
    """Lend the premium whose grace has run out, on the last day of its grace, where the cash value carries it."""
    contract, terms = holding.contract, holding.terms
    if contract is None or terms is None or not contract.automatic_premium_loan or not holding.standing.due:
        return None
    due = holding.standing.due[0]
    last = due + timedelta(days=terms.grace_days)
    if holding.day <= last or holding.standing.state is not PolicyState.LAPSED:
        return None
    look = Look(_as_of(holding, last), bases)
    if look.holding.standing.state is not PolicyState.IN_GRACE or look.cash_fen is None:
        return None
    if not can_lend_premium(look.cash_fen, look.loan.total_fen, contract.premium_fen):
        return None
    return PolicyEntry(holding.policy.policy_number, EntryKind.PREMIUM_BY_LOAN, contract.premium_fen, premium_event(due), last)


def _as_of(holding: Holding, day: date) -> Holding:
    entries = tuple(each for each in holding.entries if each.value_date <= day)
    standing = standing_of(holding.policy, holding.contract, holding.terms, entries, day)
    return replace(holding, entries=entries, standing=standing, day=day)


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
    return _as_of(holding, holding.policy.effective_to).standing.state is PolicyState.IN_FORCE
