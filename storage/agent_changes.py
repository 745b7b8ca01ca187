"""Policies that go from one agent to another: the register tells who it is now, and here stands who it was before."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from domain.policy import Policy
from storage import consents
from storage import tables as t
from storage.database import Transaction
from storage.tables_agents import agent_change

_p = t.policy.c
_CHUNK = 500


@dataclass(frozen=True)
class Change:
    """A policy that went from one agent to another."""

    change_id: int
    policy_number: str
    from_agent_id: str | None
    to_agent_id: str | None
    cause: str
    changed_ms: int


def hand_over(tx: Transaction, policy_number: str, from_agent_id: str | None, to_agent_id: str, cause: str) -> None:
    """Give a policy, which is locked, to another agent, from this moment on."""
    tx.connection.execute(update(t.policy).where(_p.policy_number == policy_number).values(agent_id=to_agent_id))
    note_change(tx, policy_number, from_agent_id, to_agent_id, cause)
    tx.forget("locked policy", "policies insuring")


def note_change(tx: Transaction, policy_number: str, from_agent_id: str | None, to_agent_id: str | None, cause: str) -> None:
    """Write down that a policy went from one agent to another."""
    row = {"policy_number": policy_number, "from_agent_id": from_agent_id or None, "to_agent_id": to_agent_id or None, "cause": cause}
    tx.connection.execute(insert(agent_change).values(**row, changed_ms=tx.now_ms()))


def changes_of(tx: Transaction, policy_number: str) -> tuple[Change, ...]:
    """List the changes of a policy's agent, oldest first."""
    rows = tx.connection.execute(
        select(agent_change).where(agent_change.c.policy_number == policy_number).order_by(agent_change.c.change_id)
    )
    return tuple(Change(**row._mapping) for row in rows)


def note_imported(tx: Transaction, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Write down which policies another system is about to give to another agent; gives those policies as they come."""
    moved: list[Policy] = []
    for start in range(0, len(policies), _CHUNK):
        some = {each.policy_number: each for each in policies[start : start + _CHUNK]}
        known = tx.connection.execute(select(_p.policy_number, _p.agent_id).where(_p.policy_number.in_(some)))
        for row in known.all():
            policy = some[row.policy_number]
            if (row.agent_id or "") != policy.agent_id:
                note_change(tx, policy.policy_number, row.agent_id, policy.agent_id, "imported")
                moved.append(policy)
    return tuple(moved)


def end_care(tx: Transaction, policies: Sequence[Policy]) -> None:
    """Let the consents to earlier agents of these policies be over, where they look after nothing else of the customer."""
    for each in policies:
        people = {each.insured_id, each.policyholder_id}
        for change in changes_of(tx, each.policy_number)[-1:]:
            if change.from_agent_id:
                consents.end_without_care(tx, change.from_agent_id, people)
