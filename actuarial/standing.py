"""A policy's state (保单状态) on a day, derived from its entries, its contract and its terms; nothing of it is stored.

保险法 art. 36: a premium may be paid until sixty days after it was due; then the contract is suspended. Art. 37: it is reinstated
when both sides agree and the premiums are made up; two years later the insurer may end it. Days are those of China:
due on 1 March, grace are the next sixty days (2 March to 30 April), the policy lapses on 1 May, and can be reinstated up to
30 April two years later.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush

from actuarial.calendar import add_years
from actuarial.premiums import iter_due_days
from domain.contract import ENDED, ENDING_KINDS, PREMIUM_KINDS, Contract, EntryKind, PolicyEntry, PolicyState, Standing
from domain.policy import Policy
from domain.terms import ProductTerms


class Happening(StrEnum):
    """What may change a state."""

    STARTED = "started"
    PREMIUM_MISSED = "premium_missed"  # the day after it was due
    PREMIUMS_MADE_UP = "premiums_made_up"  # no premium that has come due is missing any more
    GRACE_OVER = "grace_over"  # a premium is still missing on the first day after its grace
    REINSTATED = "reinstated"
    REINSTATEMENT_OVER = "reinstatement_over"
    SURRENDERED = "surrendered"
    RESCINDED = "rescinded"
    TERM_OVER = "term_over"  # the day after the last


_S, _H = PolicyState, Happening
_OUT_OF_ORDER = ENDING_KINDS | {EntryKind.REINSTATEMENT_PREMIUM}
# Every move there is. What is not here changes nothing: a premium that arrives after grace reinstates nobody by itself.
TRANSITIONS: dict[tuple[PolicyState, Happening], PolicyState] = {
    (_S.NOT_STARTED, _H.STARTED): _S.IN_FORCE,
    (_S.IN_FORCE, _H.PREMIUM_MISSED): _S.IN_GRACE,
    (_S.IN_GRACE, _H.PREMIUMS_MADE_UP): _S.IN_FORCE,
    (_S.IN_GRACE, _H.GRACE_OVER): _S.LAPSED,
    (_S.LAPSED, _H.REINSTATED): _S.IN_FORCE,
    (_S.LAPSED, _H.REINSTATEMENT_OVER): _S.TERMINATED,
    (_S.IN_FORCE, _H.TERM_OVER): _S.MATURED,
    (_S.IN_GRACE, _H.TERM_OVER): _S.MATURED,
    (_S.LAPSED, _H.TERM_OVER): _S.TERMINATED,
    **{(state, _H.SURRENDERED): _S.SURRENDERED for state in (_S.NOT_STARTED, _S.IN_FORCE, _S.IN_GRACE, _S.LAPSED)},
    **{(state, _H.RESCINDED): _S.TERMINATED for state in (_S.NOT_STARTED, _S.IN_FORCE, _S.IN_GRACE, _S.LAPSED)},
}


def standing_without_contract(policy: Policy, day: date) -> Standing:
    """Tell the state of a policy of which only the cover is known: by its days alone."""
    if day < policy.effective_from:
        return Standing(_S.NOT_STARTED, None, None, ())
    if day > policy.effective_to:
        return Standing(_S.MATURED, policy.effective_to + timedelta(days=1), None, ())
    return Standing(_S.IN_FORCE, policy.effective_from, None, ())


def standing_on(policy: Policy, contract: Contract, terms: ProductTerms, entries: Sequence[PolicyEntry], day: date) -> Standing:
    """Tell the state on a day, from the entries that count by then."""
    counting = [each for each in entries if each.value_date <= day]
    paid = _paid_on(counting)
    dues, next_unpaid = _schedule(policy, contract, terms, paid, day)
    return _in_good_order(policy, terms, counting, dues, next_unpaid, paid, day) or _gone_through(
        policy, terms, counting, dues, next_unpaid, paid, day
    )


def _in_good_order(
    policy: Policy,
    terms: ProductTerms,
    entries: Sequence[PolicyEntry],
    dues: Sequence[date],
    next_unpaid: date | None,
    paid: dict[date, date],
    day: date,
) -> Standing | None:
    """Tell the state if each premium was paid in its days of grace and before the next, as nearly all are; None: not so, or not begun."""
    since, grace = policy.first_effective_from, timedelta(days=terms.grace_days)
    if any(each.kind in _OUT_OF_ORDER for each in entries) or not since <= day <= policy.effective_to:
        return _ended_in_good_order(policy, entries, dues, paid, grace, day)
    for place, due in enumerate(dues, 1):
        on = paid.get(due)
        if on is None:
            if place < len(dues) or day > due + grace:
                return None
            state, since = (_S.IN_GRACE, due + timedelta(days=1)) if day > due else (_S.IN_FORCE, since)
            return Standing(state, since, due, (due,), due + grace)
        if on > due:
            if on > due + grace or (place < len(dues) and on >= dues[place]):
                return None
            since = on
    return Standing(_S.IN_FORCE, since, next_unpaid, ())


def _ended_in_good_order(
    policy: Policy, entries: Sequence[PolicyEntry], dues: Sequence[date], paid: dict[date, date], grace: timedelta, day: date
) -> Standing | None:
    """Tell how a policy ended of which no premium was missing after its grace until then; None: not so."""
    state, end = _S.MATURED, policy.effective_to
    if endings := [each for each in entries if each.kind in _OUT_OF_ORDER]:
        if {each.kind for each in endings} != {EntryKind.SURRENDER}:
            return None
        state, end = _S.SURRENDERED, min(each.value_date for each in endings)
    if not policy.first_effective_from <= end <= min(policy.effective_to, day) or (state is _S.MATURED and end == day):
        return None
    if all(due + grace > end or ((on := paid.get(due)) is not None and on <= due + grace) for due in dues):
        return Standing(state, end if state is _S.SURRENDERED else end + timedelta(days=1), None, ())
    return None


def _gone_through(
    policy: Policy,
    terms: ProductTerms,
    counting: Sequence[PolicyEntry],
    dues: Sequence[date],
    next_unpaid: date | None,
    paid: dict[date, date],
    day: date,
) -> Standing:
    """Tell the state by all that happened, day by day."""
    queue = _Queue(_happenings(policy, terms, counting, dues, paid))
    state, since, lapsed_on = _S.NOT_STARTED, None, None
    while (first := queue.pop(day)) is not None:
        on, happening = first
        if happening is _H.REINSTATEMENT_OVER and (lapsed_on is None or on != add_years(lapsed_on, terms.reinstatement_years)):
            continue  # it was reinstated, and this was the end of an earlier lapse
        moved = TRANSITIONS.get((state, happening))
        if moved is None:
            continue
        state, since = moved, on
        lapsed_on = on if state is _S.LAPSED else None
        if lapsed_on:
            queue.push(add_years(on, terms.reinstatement_years), _H.REINSTATEMENT_OVER)
    missing = () if state in ENDED else tuple(each for each in dues if each not in paid)
    paid_to = None if state in ENDED else next(iter(missing), next_unpaid)
    return _told(terms, state, since, missing, paid_to, lapsed_on)


def _schedule(policy: Policy, contract: Contract, terms: ProductTerms, paid: dict[date, date], day: date) -> tuple[list[date], date | None]:
    """Give the due days up to and with a day, and the first later one that is not paid in advance."""
    dues: list[date] = []
    for due in iter_due_days(policy, contract, terms):
        if due <= day:
            dues.append(due)
        elif due not in paid:
            return dues, due
    return dues, None


def _told(
    terms: ProductTerms, state: PolicyState, since: date | None, missing: tuple[date, ...], paid_to: date | None, lapsed_on: date | None
) -> Standing:
    grace = missing[0] + timedelta(days=terms.grace_days) if missing and state in (_S.IN_FORCE, _S.IN_GRACE) else None
    until = add_years(lapsed_on, terms.reinstatement_years) - timedelta(days=1) if lapsed_on else None
    return Standing(state, since, paid_to, missing, grace, until)


def _paid_on(entries: Sequence[PolicyEntry]) -> dict[date, date]:
    """Give the day on which the premium of each due day was paid."""
    events = ((each.event, each.value_date) for each in entries if each.kind in PREMIUM_KINDS)
    return {date.fromisoformat(event[8:]): on for event, on in events if event.startswith("premium ")}


def _happenings(
    policy: Policy, terms: ProductTerms, entries: Sequence[PolicyEntry], dues: Sequence[date], paid: dict[date, date]
) -> list[tuple[date, Happening]]:
    """List what happened by itself and by people; what is later than the day asked for is left in the queue."""
    found = [(policy.first_effective_from, _H.STARTED)]
    if policy.effective_to < date.max:
        found.append((policy.effective_to + timedelta(days=1), _H.TERM_OVER))
    restored = {each.value_date for each in entries if each.kind is EntryKind.REINSTATEMENT_PREMIUM}
    for due in dues:
        covered, over = paid.get(due), due + timedelta(days=terms.grace_days + 1)
        if covered is None or covered > due:
            found.append((due + timedelta(days=1), _H.PREMIUM_MISSED))
        if covered is None or covered >= over:
            found.append((over, _H.GRACE_OVER))
    late = [due for due in dues if due not in paid or paid[due] > due]
    made_up = sorted(paid[due] for due in late if due in paid)
    whole = [
        on for on in dict.fromkeys(made_up) if bisect_left(late, on) == bisect_right(made_up, on)
    ]  # all that came due are paid by then
    found += [(on, _H.REINSTATED if on in restored else _H.PREMIUMS_MADE_UP) for on in whole]
    found += [(each.value_date, _H.SURRENDERED) for each in entries if each.kind is EntryKind.SURRENDER]
    return found + [(each.value_date, _H.RESCINDED) for each in entries if each.kind is EntryKind.RESCISSION]


class _Queue:
    """What happens, day by day; of one day in the order in which it was told."""

    def __init__(self, happenings: Sequence[tuple[date, Happening]]) -> None:
        self._heap = [(on, order, happening) for order, (on, happening) in enumerate(happenings)]
        heapify(self._heap)

    def push(self, on: date, happening: Happening) -> None:
        """Add what will happen by itself: on its day before all else, so that nobody acts on what has ended."""
        heappush(self._heap, (on, -1, happening))

    def pop(self, until: date) -> tuple[date, Happening] | None:
        """Take the next that happens up to and with a day."""
        if not self._heap or self._heap[0][0] > until:
            return None
        on, _, happening = heappop(self._heap)
        return on, happening
