"""What an agent may see at this moment: customers of theirs who consented, and the open claims of those."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from domain.agent import ConsentScope
from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction
from storage.tables_agents import agent_consent

_c, _p = agent_consent.c, t.policy.c


def looks_after(tx: Transaction, agent_id: str, person_id: str) -> bool:
    """Tell whether an agent looks after a policy in which a person is insured or policyholder, at this moment."""
    mine = (_p.agent_id == agent_id, or_(_p.insured_id == person_id, _p.policyholder_id == person_id))
    return tx.connection.execute(select(_p.policy_number).where(*mine).limit(1)).one_or_none() is not None


@dataclass(frozen=True)
class SeenCustomer:
    """A customer whom an agent may see, and how far."""

    person_id: str
    name: str
    sees_health: bool
    wording_version: str  # of the consent to claims
    policies: tuple[tuple[str, date], ...]  # those that this agent looks after, with the last day of each


def customers_of(tx: Transaction, agent_id: str, limit: int, after: str = "", only: str = "") -> tuple[SeenCustomer, ...]:
    """List the customers who consented, and one of whose policies this agent looks after now; by number."""
    wanted = [_is_in_force(agent_id, ConsentScope.CLAIMS), _c.person_id > after, _is_looked_after(agent_id)]
    if only:
        wanted.append(_c.person_id == only)
    found = select(_c.person_id, _c.wording_version, t.person.c.name).join(t.person, t.person.c.person_id == _c.person_id).where(*wanted)
    rows = tx.connection.execute(found.order_by(_c.person_id).limit(limit)).all()
    ids = [row.person_id for row in rows]
    health = set(
        tx.connection.execute(select(_c.person_id).where(_is_in_force(agent_id, ConsentScope.HEALTH), _c.person_id.in_(ids))).scalars()
    )
    policies = _policies_of(tx, agent_id, ids)
    return tuple(
        SeenCustomer(row.person_id, row.name, row.person_id in health, row.wording_version, policies.get(row.person_id, ())) for row in rows
    )


def _is_in_force(agent_id: str, scope: ConsentScope) -> ColumnElement[bool]:
    return (_c.agent_id == agent_id) & (_c.scope == scope) & _c.ended_ms.is_(None)


def _is_looked_after(agent_id: str) -> ColumnElement[bool]:
    mine = or_(_p.insured_id == _c.person_id, _p.policyholder_id == _c.person_id)
    return select(_p.policy_number).where(_p.agent_id == agent_id, mine).exists()


def _policies_of(tx: Transaction, agent_id: str, person_ids: Sequence[str]) -> dict[str, tuple[tuple[str, date], ...]]:
    either = or_(_p.insured_id.in_(person_ids), _p.policyholder_id.in_(person_ids))
    shown = select(_p.policy_number, _p.insured_id, _p.policyholder_id, _p.effective_to).where(_p.agent_id == agent_id, either)
    found: dict[str, tuple[tuple[str, date], ...]] = {}
    for row in tx.connection.execute(shown.order_by(_p.policy_number)):
        for person_id in {row.insured_id, row.policyholder_id} & set(person_ids):
            found[person_id] = (*found.get(person_id, ()), (row.policy_number, row.effective_to))
    return found


def count_silent(tx: Transaction, agent_id: str) -> int:
    """Count the policyholders of an agent who did not consent to be seen."""
    seen = select(_c.person_id).where(_is_in_force(agent_id, ConsentScope.CLAIMS))
    silent = select(func.count(_p.policyholder_id.distinct())).where(_p.agent_id == agent_id, _p.policyholder_id.not_in(seen))
    return tx.connection.execute(silent).scalar_one()


@dataclass(frozen=True)
class SeenClaim:
    """An open claim, as little of it as an agent may need."""

    claim_id: str
    insured_id: str
    state: ClaimState
    round: int
    policy_numbers: tuple[str, ...]
    loss_date: date | None
    loss_cause: str | None
    updated_ms: int


def open_claims(tx: Transaction, person_ids: Sequence[str], done: Sequence[ClaimState]) -> tuple[SeenClaim, ...]:
    """List the claims of some insureds that are not done, oldest first."""
    c = t.claim.c
    shown = (c.claim_id, c.insured_id, c.state, c.round, c.policy_numbers_json, c.loss_date, c.loss_cause, c.updated_ms)
    wanted = (c.insured_id.in_(person_ids), c.state.not_in(done), c.erased_ms.is_(None))
    return tuple(
        SeenClaim(
            row.claim_id,
            row.insured_id,
            ClaimState(row.state),
            row.round,
            tuple(json.loads(row.policy_numbers_json)),
            row.loss_date,
            row.loss_cause,
            row.updated_ms,
        )
        for row in tx.connection.execute(select(*shown).where(*wanted).order_by(c.created_ms, c.claim_id))
    )
