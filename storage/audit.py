"""The audit trail (审计): one hash chain a claim, whose head stands in the claim's own row.

Changing, dropping or reordering an old entry breaks every hash after it; cutting off the end breaks the head.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from domain.decision import Actor
from domain.errors import NotFoundError
from storage import tables as t
from storage.codec import canonical_json, sha256_of
from storage.database import Transaction

GENESIS = "0" * 64


@dataclass(frozen=True)
class AuditEntry:
    """One thing that somebody did to a claim."""

    seq: int
    at_ms: int
    actor: str
    actor_role: str
    action: str
    detail_json: str
    previous_hash: str
    hash: str


def append(tx: Transaction, claim_id: str, actor: Actor, action: str, detail: dict[str, Any]) -> None:
    """Add an entry to a claim's chain, in the transaction of the act itself.

    `detail` may hold ids, states, codes and amounts; never names, numbers of persons or accounts.
    """
    head = tx.connection.execute(  # locked, because two entries of one claim must queue up, not collide
        select(t.claim.c.audit_seq, t.claim.c.audit_hash).where(t.claim.c.claim_id == claim_id).with_for_update()
    ).one_or_none()
    if head is None:
        raise NotFoundError(f"no claim {claim_id}")
    row = {
        "claim_id": claim_id,
        "seq": head.audit_seq + 1,
        "at_ms": tx.now_ms(),
        "actor": actor.name,
        "actor_role": actor.role,
        "action": action,
        "detail_json": canonical_json(detail),
        "previous_hash": head.audit_hash,
    }
    row["hash"] = sha256_of(row)
    tx.connection.execute(insert(t.audit).values(**row))
    tx.connection.execute(update(t.claim).where(t.claim.c.claim_id == claim_id).values(audit_seq=row["seq"], audit_hash=row["hash"]))


def entries(tx: Transaction, claim_id: str) -> tuple[AuditEntry, ...]:
    """Read a claim's chain, oldest first."""
    columns = [column for column in t.audit.c if column.name != "claim_id"]
    rows = tx.connection.execute(select(*columns).where(t.audit.c.claim_id == claim_id).order_by(t.audit.c.seq))
    return tuple(AuditEntry(**row._mapping) for row in rows)


def find_break(tx: Transaction, claim_id: str) -> str | None:
    """Check a claim's chain: None when it holds, else a sentence that names the first broken place."""
    previous = GENESIS
    for expected_seq, entry in enumerate(entries(tx, claim_id), start=1):
        row = {"claim_id": claim_id, **{key: value for key, value in vars(entry).items() if key != "hash"}}
        if entry.seq != expected_seq or entry.previous_hash != previous or sha256_of(row) != entry.hash:
            return f"the audit chain of {claim_id} is broken at entry {expected_seq}"
        previous = entry.hash
    head = tx.connection.execute(select(t.claim.c.audit_hash).where(t.claim.c.claim_id == claim_id)).scalar_one_or_none()
    return None if head == previous else f"the audit chain of {claim_id} ends before its head"
