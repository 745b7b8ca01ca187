"""Who did what between customers and agents (留痕): one chain of hashes for each customer and for each agent, append-only.

It holds numbers, states and times; what people wrote is kept elsewhere, where it can be erased.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from domain.decision import Actor
from storage import tables as t
from storage import tables_agents as ta
from storage.audit import GENESIS
from storage.codec import canonical_json, sha256_of
from storage.database import Transaction


@dataclass(frozen=True)
class AgentAct:
    """One entry of a chain."""

    seq: int
    at_ms: int
    actor: str
    actor_role: str
    action: str
    detail_json: str
    previous_hash: str
    hash: str


def of_customer(person_id: str) -> str:
    """Name the chain of a customer."""
    return f"customer {person_id}"


def of_agent(agent_id: str) -> str:
    """Name the chain of an agent."""
    return f"agent {agent_id}"


def lock_customer(tx: Transaction, person_id: str) -> None:
    """Let no other transaction arrange anything for a customer until this one ends; rows that only point to them go on."""
    tx.connection.execute(select(t.person.c.person_id).where(t.person.c.person_id == person_id).with_for_update(key_share=True))


def lock_agent(tx: Transaction, agent_id: str) -> None:
    """Let no other transaction change an agent until this one ends. Who needs both takes the customer first."""
    tx.connection.execute(select(t.agent.c.agent_id).where(t.agent.c.agent_id == agent_id).with_for_update(key_share=True))


def append(tx: Transaction, subject: str, actor: Actor, action: str, **detail: Any) -> None:
    """Add an entry to a chain whose customer or agent is locked, in the transaction of the act itself."""
    c = ta.agent_act.c
    last = tx.connection.execute(select(c.seq, c.hash).where(c.subject == subject).order_by(c.seq.desc()).limit(1)).one_or_none()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    row = {"subject": subject, "seq": seq, "at_ms": tx.now_ms(), "actor": actor.name, "actor_role": actor.role, "action": action}
    row |= {"detail_json": canonical_json(detail), "previous_hash": previous}
    tx.connection.execute(insert(ta.agent_act).values(**row, hash=sha256_of(row)))


def entries(tx: Transaction, subject: str) -> tuple[AgentAct, ...]:
    """Read a chain, oldest first."""
    shown = [column for column in ta.agent_act.c if column.name != "subject"]
    rows = tx.connection.execute(select(*shown).where(ta.agent_act.c.subject == subject).order_by(ta.agent_act.c.seq))
    return tuple(AgentAct(**row._mapping) for row in rows)


def subjects(tx: Transaction) -> tuple[str, ...]:
    """List all chains."""
    return tuple(tx.connection.execute(select(ta.agent_act.c.subject).distinct().order_by(ta.agent_act.c.subject)).scalars())


def find_break(tx: Transaction, subject: str) -> str | None:
    """Check a chain: None when it holds, else a sentence that names the first broken place."""
    previous = GENESIS
    for expected, entry in enumerate(entries(tx, subject), start=1):
        row = {"subject": subject, **{name: value for name, value in vars(entry).items() if name != "hash"}}
        if entry.seq != expected or entry.previous_hash != previous or sha256_of(row) != entry.hash:
            return f"the chain of {subject} is broken at entry {expected}"
        previous = entry.hash
    return None
