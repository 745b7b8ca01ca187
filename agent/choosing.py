"""Choosing one's own agent: the policyholder says who looks after their policies, and from that moment nobody else does."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent import telling
from agent.finding import card_of
from agent.wordings import check_current
from domain.agent import AppointmentState, ConsentScope
from domain.china import china_midnight_ms
from domain.decision import Actor
from domain.errors import ConflictError, NotFoundError
from domain.policy import Policy
from storage import agent_acts, agent_changes, agents, appointments, consents, registry
from storage.agent_sight import looks_after
from storage.database import Transaction


@dataclass(frozen=True)
class Period:
    """Who looked after a policy from when to when (milliseconds; None: still); `agent_id` "" is nobody."""

    agent_id: str
    from_ms: int
    until_ms: int | None
    cause: str  # contract | chosen | imported


def choose(tx: Transaction, person_id: str, agent_id: str, policy_numbers: Sequence[str], wording: str, actor: Actor) -> tuple[str, ...]:
    """Give the policies of a policyholder to another agent, all of them or those that are named; gives those that changed hands.

    `wording` is the version of the words that the customer agreed to.

    Raises:
        NotFoundError: no such agent, or a policy that is not this policyholder's.
        ConflictError: other words than those asked for now; or the agent takes nobody new, or has as many customers as they may.
    """
    check_current(ConsentScope.CHANGE, wording)
    for person in sorted({person_id} | {each.insured_id for each in registry.policies_of(tx, person_id)}):
        agent_acts.lock_customer(tx, person)
    held = _held(tx, person_id, policy_numbers)
    agent_acts.lock_agent(tx, agent_id)
    _check_room(tx, person_id, agent_id)
    moving = [each for each in held if each.agent_id != agent_id]
    for each in moving:
        agent_changes.hand_over(tx, each.policy_number, each.agent_id, agent_id, "chosen")
    if not moving:
        return ()
    earlier = sorted({each.agent_id for each in moving if each.agent_id})
    for old in earlier:
        _leave(tx, old, [each for each in moving if each.agent_id == old], actor)
    numbers = tuple(each.policy_number for each in moving)
    told = {"agent": agent_id, "policies": numbers, "before": earlier, "wording": wording}
    agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "agent.chosen", **told)
    telling.tell_chosen(tx, person_id, card_of(tx, agent_id), len(numbers))
    return numbers


def _held(tx: Transaction, person_id: str, wanted: Sequence[str]) -> tuple[Policy, ...]:
    numbers = [each.policy_number for each in registry.policies_of(tx, person_id) if each.policyholder_id == person_id]
    strange = sorted(set(wanted) - set(numbers))
    if strange or not numbers:
        told = f"no policy {strange[0]} of yours" if strange else "no policy is yours as policyholder"
        raise NotFoundError(told, "only the policyholder chooses who looks after a policy: GET /v1/me/policies")
    return registry.find_policies(tx, sorted(set(wanted)) or numbers, lock=True)


def _check_room(tx: Transaction, person_id: str, agent_id: str) -> None:
    card = card_of(tx, agent_id)
    if any((each.agent_id, each.policyholder_id) == (agent_id, person_id) for each in registry.policies_of(tx, person_id)):
        return  # a customer of theirs already
    if not card.profile.accepting:
        raise ConflictError(f"agent {agent_id} takes no new customers", "choose another: GET /v1/agents gives those who do")
    if agents.count_customers(tx, agent_id) >= card.profile.capacity:
        raise ConflictError(f"agent {agent_id} has as many customers as they may", "choose another: GET /v1/agents gives those who do")


def _leave(tx: Transaction, old: str, policies: Sequence[Policy], actor: Actor) -> None:
    """End what an agent had with the customers of policies that they look after no more: consents, and what was still to come."""
    people = sorted({person for each in policies for person in (each.insured_id, each.policyholder_id)})
    consents.end_without_care(tx, old, people)
    telling.tell_left(tx, old, len(policies))
    for person_id in people:
        if looks_after(tx, old, person_id):
            continue
        for coming in appointments.coming_with(tx, person_id, [old]):
            appointments.set_state(tx, coming, AppointmentState.CANCELLED)
            telling.tell_cancelled(tx, coming)
            chain = agent_acts.of_customer(person_id)
            agent_acts.append(tx, chain, actor, "appointment.cancelled", appointment=coming.appointment_id, cause="agent_changed")


def history(tx: Transaction, policy: Policy) -> tuple[Period, ...]:
    """Tell who looked after a policy, from the beginning of the contract until now."""
    begin, changes = china_midnight_ms(policy.first_effective_from), agent_changes.changes_of(tx, policy.policy_number)
    if not changes:
        return (Period(policy.agent_id, begin, None, "contract"),)
    begin = min(begin, changes[0].changed_ms)  # a policy may change hands before its term begins
    periods = [Period(changes[0].from_agent_id or "", begin, changes[0].changed_ms, "contract")]
    for change, following in zip(changes, (*changes[1:], None), strict=True):
        until_ms = following.changed_ms if following else None
        periods.append(Period(change.to_agent_id or "", change.changed_ms, until_ms, change.cause))
    return tuple(periods)
