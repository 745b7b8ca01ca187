"""What an agent sees of a customer who consented: where open claims stand, and what is to be done. Asked anew at every look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.wordings import shows_premiums
from domain.errors import NotFoundError
from domain.policy import Person
from domain.states import ClaimState
from storage import agent_sight, notices, registry
from storage.agent_sight import SeenClaim, SeenCustomer
from storage.database import Transaction

_DONE = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
_ENDS_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class OpenClaim:
    """An open claim as its insured's agent sees it; what tells of health is None or () without that consent."""

    claim_id: str
    state: ClaimState
    papers_asked: int
    papers: tuple[str, ...]
    loss_date: date | None
    loss_cause: str | None
    updated_ms: int


@dataclass(frozen=True)
class Customer:
    """A customer as their agent sees them."""

    person_id: str
    name: str
    sees_health: bool
    sees_premiums: bool  # whether the words they agreed to tell of premiums: those of earlier consents did not
    policy_numbers: tuple[str, ...]
    ending: tuple[tuple[str, date], ...]  # policies that end within sixty days, with their last day
    claims: tuple[OpenClaim, ...]


def customers_of(tx: Transaction, agent_id: str, today: date, limit: int, after: str = "") -> tuple[Customer, ...]:
    """List an agent's customers who consented, by number, with their open claims and what is to be done."""
    return _filled(tx, agent_sight.customers_of(tx, agent_id, limit, after), today)


def customer_of(tx: Transaction, agent_id: str, person_id: str, today: date) -> Customer:
    """Give one customer of an agent.

    Raises:
        NotFoundError: somebody else's customer, or one who has not consented, or not any more: nobody can tell which.
    """
    found = _filled(tx, agent_sight.customers_of(tx, agent_id, 1, only=person_id), today)
    if not found:
        raise NotFoundError(f"no customer {person_id}", "customers who consent are listed at /my-customers")
    return found[0]


def _filled(tx: Transaction, seen: Sequence[SeenCustomer], today: date) -> tuple[Customer, ...]:
    claims: dict[str, list[SeenClaim]] = {each.person_id: [] for each in seen}
    for claim in agent_sight.open_claims(tx, list(claims), _DONE) if seen else ():
        claims[claim.insured_id].append(claim)
    return tuple(_customer(tx, each, claims[each.person_id], today) for each in seen)


def _customer(tx: Transaction, seen: SeenCustomer, claims: Sequence[SeenClaim], today: date) -> Customer:
    numbers = tuple(number for number, _ in seen.policies)
    mine = [each for each in claims if set(each.policy_numbers) & set(numbers)]  # a claim under another agent's policy is not theirs to see
    ending = tuple(each for each in seen.policies if today <= each[1] <= today + _ENDS_WITHIN)
    shown = tuple(_claim(tx, each, sees_health=seen.sees_health) for each in mine)
    return Customer(seen.person_id, seen.name, seen.sees_health, shows_premiums(seen.wording_version), numbers, ending, shown)


def _claim(tx: Transaction, claim: SeenClaim, *, sees_health: bool) -> OpenClaim:
    asked: tuple[str, ...] = ()
    if claim.state is ClaimState.NEEDS_SUPPLEMENT:
        standing = [each for each in notices.notices_of(tx, claim.claim_id) if (each.kind, each.round) == ("supplement", claim.round)]
        asked = tuple(item.message for each in standing[-1:] for item in each.items)
    told = (asked, claim.loss_date, claim.loss_cause) if sees_health else ((), None, None)
    return OpenClaim(claim.claim_id, claim.state, len(asked), *told, claim.updated_ms)


def holder_of(tx: Transaction, agent_id: str, policy_number: str) -> Person:
    """Give the policyholder of a policy that an agent looks after now.

    Raises:
        NotFoundError: they look after no such policy.
    """
    found = [each for each in registry.find_policies(tx, [policy_number]) if each.agent_id == agent_id]
    holder = registry.find_person(tx, found[0].policyholder_id) if found else None
    if holder is None:
        raise NotFoundError(
            f"no policy {policy_number} of this agent", "check the number; a policy that changed hands is not theirs any more"
        )
    return holder
