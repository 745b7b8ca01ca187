"""The audit trail (审计): one hash chain a claim, whose head stands in the claim's own row.

Changing, dropping or reordering an old entry breaks every hash after it; cutting off the end breaks the head.
Free words of people (`Said`) may name somebody, and the chain is kept for ever: they stand beside it, sealed, until the claim
is erased, and the chain holds a keyed hash of them with a salt that is sealed with them.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, insert, select

from domain.decision import Actor
from storage import held
from storage import tables as t
from storage.codec import canonical_json, sha256_of
from storage.database import Transaction

GENESIS = "0" * 64
VIEWED = "claim.viewed"


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
    said: Mapping[str, str] = field(default_factory=dict)  # free words by their name, as long as they are not erased

    @property
    def detail(self) -> dict[str, Any]:
        """What the entry tells, with the free words in their places; erased ones are told to have been."""
        told = json.loads(self.detail_json)
        erased = {name.removesuffix(_HASHED): ERASED_WORDS for name in told if name.endswith(_HASHED)}
        return {name: value for name, value in told.items() if not name.endswith(_HASHED)} | erased | dict(self.said)

    @property
    def is_change(self) -> bool:
        """Tell whether something was done, and not only looked at."""
        return self.action != VIEWED


@dataclass(frozen=True)
class Said:
    """Free words of a person, to be put into an entry's detail."""

    words: str


ERASED_WORDS = "（已删除）"
_HASHED = "_hmac"


def append(tx: Transaction, claim_id: str, actor: Actor, action: str, detail: dict[str, Any]) -> None:
    """Add an entry to a claim's chain, in the transaction of the act itself; all of a transaction's entries are written at its end.

    `detail` may hold ids, states, codes and amounts; never names, numbers of persons or accounts. What people write is `Said`.
    """
    kept = next((each for each in tx.before_commit if isinstance(each, _Unwritten)), None)
    if kept is None:
        kept = _Unwritten()
        tx.before_commit.append(kept)
    if not any(isinstance(value, Said) for value in detail.values()):
        kept.add(claim_id, actor, action, canonical_json(detail), "")
        return
    plain = {name: value for name, value in detail.items() if not isinstance(value, Said)}
    said = {name: value.words for name, value in detail.items() if isinstance(value, Said) and value.words}
    salt = secrets.token_hex(16)
    hashes = {f"{name}{_HASHED}": _hash(tx, salt, words) for name, words in said.items()}
    kept.add(claim_id, actor, action, canonical_json(plain | hashes), canonical_json({"salt": salt, "said": said}) if said else "")


def _hash(tx: Transaction, salt: str, words: str) -> str:
    return tx.cipher.mac(f"{salt} {words}")


def _is_hash(tx: Transaction, hashed: str, salt: str, words: str) -> bool:
    return tx.cipher.is_mac(hashed, f"{salt} {words}")


def begin(tx: Transaction, row: dict[str, Any], actor: Actor, action: str, detail: dict[str, Any]) -> dict[str, Any]:
    """Give the first entry of the chain of a claim whose row is about to be inserted, and write its head into that row."""
    told = {"actor": actor.name, "actor_role": actor.role, "action": action, "detail_json": canonical_json(detail)}
    entry = {"claim_id": row["claim_id"], "seq": 1, "at_ms": tx.now_ms(), **told, "previous_hash": GENESIS}
    entry["hash"] = sha256_of(entry)
    row |= {"audit_seq": 1, "audit_hash": entry["hash"]}
    return entry


def add_first(tx: Transaction, entry: dict[str, Any]) -> None:
    """Add the entry that `begin` gave, when the claim is inserted."""
    tx.later(entry["claim_id"], _ADD, entry)


class _Unwritten:
    """The entries of one transaction, by claim, until it ends."""

    def __init__(self) -> None:
        self._entries: dict[str, list[tuple[dict[str, Any], str]]] = {}

    def add(self, claim_id: str, actor: Actor, action: str, detail_json: str, said_json: str) -> None:
        entry = {"actor": actor.name, "actor_role": actor.role, "action": action, "detail_json": detail_json}
        self._entries.setdefault(claim_id, []).append((entry, said_json))

    def __call__(self, tx: Transaction) -> None:
        """Chain the entries to the ones before them, claims in order of their ids, so that two transactions never wait for each other."""
        held.hold(tx, self._entries)
        for claim_id in sorted(self._entries):
            self._write(tx, claim_id, self._entries[claim_id])
        self._entries.clear()

    @staticmethod
    def _write(tx: Transaction, claim_id: str, new: list[tuple[dict[str, Any], str]]) -> None:
        head = held.held_claim(tx, claim_id).row  # locked: two writers of one chain queue up
        seq, previous = head["audit_seq"], head["audit_hash"]
        for entry, said_json in new:
            seq += 1
            row = {"claim_id": claim_id, "seq": seq, "at_ms": tx.now_ms(), **entry, "previous_hash": previous}
            row["hash"] = previous = sha256_of(row)
            tx.later(claim_id, _ADD, row)
            if said_json:
                tx.later(claim_id, _ADD_TEXT, {"claim_id": claim_id, "seq": seq, "text_enc": tx.cipher.encrypt(said_json)})
        held.change(tx, claim_id, {"audit_seq": seq, "audit_hash": previous})


_ADD = insert(t.audit)
_ADD_TEXT = insert(t.audit_text)


def entries(tx: Transaction, claim_id: str) -> tuple[AuditEntry, ...]:
    """Read a claim's chain, oldest first, with what this transaction has added."""
    tx.close()
    return tuple(entry for entry, _ in _entries_with_salt(tx, claim_id))


_OF_ENTRY = and_(t.audit_text.c.claim_id == t.audit.c.claim_id, t.audit_text.c.seq == t.audit.c.seq)
_COLUMNS = tuple(column for column in t.audit.c if column.name != "claim_id")
_ENTRIES = (
    select(*_COLUMNS, t.audit_text.c.text_enc)
    .outerjoin_from(t.audit, t.audit_text, _OF_ENTRY)
    .where(t.audit.c.claim_id == bindparam("of_claim"))
    .order_by(t.audit.c.seq)
)


def _entries_with_salt(tx: Transaction, claim_id: str) -> list[tuple[AuditEntry, str]]:
    found = []
    for row in tx.find(_ENTRIES, {"of_claim": claim_id}):
        values = dict(row._mapping)
        sealed = values.pop("text_enc")
        words: dict[str, Any] = json.loads(tx.cipher.decrypt(sealed)) if sealed else {"said": {}, "salt": ""}
        found.append((AuditEntry(**values, said=words["said"]), words["salt"]))
    return found


def has_entry(tx: Transaction, claim_id: str, actor: str, action: str, since_ms: int) -> bool:
    """Tell whether somebody did something to a claim since a moment."""
    return bool(tx.find(_HAS, {"of_claim": claim_id, "of_actor": actor, "of_action": action, "since": since_ms}))


_HAS = (
    select(t.audit.c.seq)
    .where(
        t.audit.c.claim_id == bindparam("of_claim"),
        t.audit.c.actor == bindparam("of_actor"),
        t.audit.c.action == bindparam("of_action"),
        t.audit.c.at_ms >= bindparam("since"),
    )
    .limit(1)
)


def find_break(tx: Transaction, claim_id: str) -> str | None:
    """Check a claim's chain: None when it holds, else a sentence that names the first broken place."""
    tx.close()
    head = tx.connection.execute(select(t.claim.c.audit_hash, t.claim.c.erased_ms).where(t.claim.c.claim_id == claim_id)).one_or_none()
    previous = GENESIS
    for expected_seq, (entry, salt) in enumerate(_entries_with_salt(tx, claim_id), start=1):
        row = {"claim_id": claim_id, **{key: value for key, value in vars(entry).items() if key not in ("hash", "said")}}
        if entry.seq != expected_seq or entry.previous_hash != previous or sha256_of(row) != entry.hash:
            return f"the audit chain of {claim_id} is broken at entry {expected_seq}"
        hashes = {name: each for name, each in json.loads(entry.detail_json).items() if name.endswith(_HASHED)}
        told = {f"{name}{_HASHED}": words for name, words in entry.said.items()}
        is_kept = told.keys() == hashes.keys() and all(_is_hash(tx, hashes[name], salt, words) for name, words in told.items())
        if not is_kept and (told or (head and head.erased_ms is None)):
            return f"the words beside entry {expected_seq} of {claim_id} are not those that were said"
        previous = entry.hash
    return None if (head.audit_hash if head else None) == previous else f"the audit chain of {claim_id} ends before its head"
