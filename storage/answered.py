"""Answers to calls that carried an Idempotency-Key: the same call again gets the same answer, for a day."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction

KEPT_MS = 24 * 3_600_000
ABANDONED_MS = 60_000  # a call that takes longer than this has lost its process: the next one with its key does it anew


@dataclass(frozen=True)
class Call:
    """Who calls (a channel, or one customer), under which key, with what (a hash of it)."""

    asker: str
    key: str
    request_hash: str


@dataclass(frozen=True)
class Answered:
    """What is known of an earlier call with the same key; `status` is None while it is being done."""

    request_hash: str
    status: int | None
    body: bytes


def begin(tx: Transaction, call: Call) -> Answered | None:
    """Take a key for a call: None when it is ours to do now, else what is known of the earlier one."""
    c, now = t.answered_call.c, tx.now_ms()
    tx.connection.execute(delete(t.answered_call).where(c.begun_ms <= now - KEPT_MS))
    key_index = _index(tx, call.key)
    row = {"asker": call.asker, "key_index": key_index, "request_hash": call.request_hash, "begun_ms": now}
    forms = tx.cipher.same(key_index)  # one, until a key was changed
    mine = (c.asker == call.asker, c.key_index.in_(forms))
    dialect_insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    statement = dialect_insert(t.answered_call).values(**row).on_conflict_do_nothing(index_elements=["asker", "key_index"])
    is_under_earlier_key = len(forms) > 1 and tx.connection.execute(select(c.begun_ms).where(*mine).limit(1)).one_or_none()
    if not is_under_earlier_key and tx.connection.execute(statement.returning(c.begun_ms)).one_or_none():
        return None
    known = tx.connection.execute(select(t.answered_call).where(*mine).with_for_update()).one_or_none()
    if known is None:  # given up between our insert and our look: the sender may try again
        return Answered(call.request_hash, None, b"")
    if known.status is None and known.begun_ms <= now - ABANDONED_MS and call.request_hash in tx.cipher.same(known.request_hash):
        tx.connection.execute(update(t.answered_call).where(*mine).values(begun_ms=now))
        return None
    same = call.request_hash if call.request_hash in tx.cipher.same(known.request_hash) else known.request_hash
    return Answered(same, known.status, tx.cipher.decrypt_bytes(known.answer_enc) if known.answer_enc else b"")


def finish(tx: Transaction, call: Call, status: int, body: bytes) -> None:
    """Keep the answer of a call that was done."""
    values = {"status": status, "answer_enc": tx.cipher.encrypt_bytes(body)}
    tx.connection.execute(update(t.answered_call).where(*_which(tx, call)).values(**values))


def give_up(tx: Transaction, call: Call) -> None:
    """Free the key of a call that changed nothing, so that it may be mended and sent again."""
    tx.connection.execute(delete(t.answered_call).where(*_which(tx, call), t.answered_call.c.status.is_(None)))


def _which(tx: Transaction, call: Call) -> tuple[ColumnElement[bool], ...]:
    return t.answered_call.c.asker == call.asker, t.answered_call.c.key_index.in_(tx.cipher.same(_index(tx, call.key)))


def _index(tx: Transaction, key: str) -> str:
    return tx.cipher.index(hashlib.sha256(key.encode()).hexdigest())  # hashed first: `index` takes a and A for the same
