"""The audit trail (审计): one hash chain a claim, whose head stands in the claim's own row.

Changing, dropping or reordering an old entry breaks every hash after it; cutting off the end breaks the head.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

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
    """Add an entry to a claim's chain, in the transaction of the act itself; all of a transaction's entries are written at its end.

    `detail` may hold ids, states, codes and amounts; never names, numbers of persons or accounts.
    """
    kept = next((each for each in tx.before_commit if isinstance(each, _Unwritten)), None)
    if kept is None:
        kept = _Unwritten()
        tx.before_commit.append(kept)
    kept.add(claim_id, actor, action, canonical_json(detail))


class _Unwritten:
    """The entries of one transaction, by claim, until it ends."""

    def __init__(self) -> None:
        self._entries: dict[str, list[dict[str, Any]]] = {}

    def add(self, claim_id: str, actor: Actor, action: str, detail_json: str) -> None:
        entry = {"actor": actor.name, "actor_role": actor.role, "action": action, "detail_json": detail_json}
        self._entries.setdefault(claim_id, []).append(entry)

    def __call__(self, tx: Transaction) -> None:
        """Chain the entries to the ones before them, claims in order of their ids, so that two transactions never wait for each other."""
        for claim_id in sorted(self._entries):
            self._write(tx, claim_id, self._entries[claim_id])
        self._entries.clear()

    @staticmethod
    def _write(tx: Transaction, claim_id: str, new: list[dict[str, Any]]) -> None:
        head = tx.connection.execute(_HEAD, {"of_claim": claim_id}).one_or_none()
        if head is None:
            raise NotFoundError(f"no claim {claim_id}")
        seq, previous, rows = head.audit_seq, head.audit_hash, []
        for entry in new:
            seq += 1
            row = {"claim_id": claim_id, "seq": seq, "at_ms": tx.now_ms(), **entry, "previous_hash": previous}
            row["hash"] = previous = sha256_of(row)
            rows.append(row)
        tx.connection.execute(_ADD, rows)
        tx.connection.execute(_MOVE_HEAD, {"of_claim": claim_id, "new_seq": seq, "new_hash": previous})


_OF_CLAIM = t.claim.c.claim_id == bindparam("of_claim")
_HEAD = select(t.claim.c.audit_seq, t.claim.c.audit_hash).where(_OF_CLAIM).with_for_update()  # two writers of one chain queue up
_ADD = insert(t.audit)
_MOVE_HEAD = update(t.claim).where(_OF_CLAIM).values(audit_seq=bindparam("new_seq"), audit_hash=bindparam("new_hash"))


def entries(tx: Transaction, claim_id: str) -> tuple[AuditEntry, ...]:
    """Read a claim's chain, oldest first, with what this transaction has added."""
    tx.close()
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
