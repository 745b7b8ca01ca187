"""Consents (授权) of customers to be seen by their agent: given and ended, never changed otherwise."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from domain.agent import Consent, ConsentScope
from storage import tables as t
from storage.database import Transaction
from storage.ids import new_id
from storage.tables_agents import agent_consent

_c, _p = agent_consent.c, t.policy.c


def give(tx: Transaction, person_id: str, agent_id: str, scope: ConsentScope, wording_version: str) -> Consent:
    """Write a consent that is in force from now on; the customer is locked, and has none of this scope."""
    made = Consent(new_id("G"), person_id, agent_id, scope, wording_version, tx.now_ms(), None, None)
    tx.connection.execute(insert(agent_consent).values(**vars(made)))
    return made


def end(tx: Transaction, consent_ids: Sequence[str], ended_by: str) -> None:
    """Let consents be over, at this moment."""
    standing = (_c.consent_id.in_(consent_ids), _c.ended_ms.is_(None))
    tx.connection.execute(update(agent_consent).where(*standing).values(ended_ms=tx.now_ms(), ended_by=ended_by))


def consents_of(tx: Transaction, person_id: str, limit: int | None = None, after: tuple[int, str] | None = None) -> tuple[Consent, ...]:
    """List a customer's consents, those that are over too, the latest first."""
    further = [] if after is None else [(_c.given_ms < after[0]) | ((_c.given_ms == after[0]) & (_c.consent_id < after[1]))]
    found = select(agent_consent).where(_c.person_id == person_id, *further).order_by(_c.given_ms.desc(), _c.consent_id.desc())
    return tuple(_consent_of(row) for row in tx.connection.execute(found.limit(limit)))


def _consent_of(row: Row[Any]) -> Consent:
    return Consent(**{**row._mapping, "scope": ConsentScope(row.scope)})


def end_without_care(tx: Transaction, agent_id: str, person_ids: Collection[str]) -> None:
    """Let the consents of some customers be over to an agent who looks after none of their policies any more."""
    mine = or_(_p.insured_id == _c.person_id, _p.policyholder_id == _c.person_id)
    cared_for = select(_p.policy_number).where(_p.agent_id == agent_id, mine).exists()
    standing = (_c.agent_id == agent_id, _c.person_id.in_(person_ids), _c.ended_ms.is_(None), ~cared_for)
    tx.connection.execute(update(agent_consent).where(*standing).values(ended_ms=tx.now_ms(), ended_by="agent_changed"))
