"""Erasure (个人信息删除): what names a person in one claim is overwritten; what the books and the chain of audit rest on stays.

Sealed columns are sealed anew around nothing, so that every reader of a row still opens it. Stored bytes go when no
other claim and no endorsement (批单) has the same ones.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, literal_column, select, update

from domain.errors import NotFoundError
from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction
from storage.entities import forget_claim
from storage.heads import is_among
from storage.held import let_go
from storage.risk_labels import find_label
from storage.tables_servicing import endorsement

_OF_CLAIMS = (t.document, t.letter, t.claim_attachment)
_PRINTED = (t.letter, endorsement)
ERASED = "（已删除）"  # stands where a name stood


@dataclass(frozen=True)
class Keeping:
    """A claim that may be due to be erased, with what tells for how long it is kept."""

    claim_id: str
    policy_numbers_json: str
    updated_ms: int


def page_of_settled(tx: Transaction, states: Sequence[ClaimState], before_ms: int, after: str, limit: int) -> tuple[Keeping, ...]:
    """List claims in these states that have not changed since a moment and are not erased, by number."""
    c = t.claim.c
    wanted = (c.state.in_(states), c.updated_ms < before_ms, c.erased_ms.is_(None), c.claim_id > after)
    rows = tx.connection.execute(select(c.claim_id, c.policy_numbers_json, c.updated_ms).where(*wanted).order_by(c.claim_id).limit(limit))
    return tuple(Keeping(**row._mapping) for row in rows)


def erased_ms(tx: Transaction, claim_id: str) -> int | None:
    """Tell when a claim was erased; None when it was not.

    Raises:
        NotFoundError: no such claim.
    """
    row = tx.connection.execute(select(t.claim.c.erased_ms).where(t.claim.c.claim_id == claim_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"no claim {claim_id}", "look the number up in the queue")
    moment: int | None = row.erased_ms
    return moment


def hashes_of(tx: Transaction, claim_id: str) -> frozenset[str]:
    """Name what a claim holds: papers, letters and attachments."""
    found = (tx.connection.execute(select(table.c.sha256).where(table.c.claim_id == claim_id)).scalars() for table in _OF_CLAIMS)
    return frozenset().union(*found)


def held_by_nobody(tx: Transaction, hashes: Collection[str]) -> tuple[str, ...]:
    """Name those bytes that nothing holds which is not erased: they may be destroyed."""
    held: set[str] = set()
    for table in _OF_CLAIMS:
        holders = select(table.c.sha256).join(t.claim, t.claim.c.claim_id == table.c.claim_id).where(t.claim.c.erased_ms.is_(None))
        held |= set(tx.connection.execute(holders.where(*_holds(table, hashes))).scalars())
    held |= set(tx.connection.execute(select(endorsement.c.sha256).where(*_holds(endorsement, hashes))).scalars())
    return tuple(sorted(set(hashes) - held))


def _holds(table: Table, hashes: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Give the condition that a row holds one of some bytes; of what we print the PDF alone can be what somebody else sends in."""
    is_printed = (table.c.format == literal_column("'pdf'"),) if table in _PRINTED else ()
    return (is_among(table.c.sha256, hashes), *is_printed)


def overwrite(tx: Transaction, claim_id: str) -> None:
    """Overwrite what names a person in the rows of a claim, and write when."""
    if tx.connection.dialect.name == "sqlite":
        tx.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed places in the file are zeroed, too
    nothing = tx.cipher.encrypt("")
    account = {"payee_holder": ERASED, "payee_account_enc": nothing, "payee_bank": ERASED}
    reporter = {"narrative": ERASED, "reporter_name": ERASED, "reporter_phone_enc": nothing, "reporter_phone_index": ""}
    indexes = {"payee_account_index": "", "device_index": "", "settlement_enc": None}
    papers = select(t.document.c.document_id).where(t.document.c.claim_id == claim_id)
    tx.connection.execute(delete(t.audit_text).where(t.audit_text.c.claim_id == claim_id))
    tx.connection.execute(delete(t.claim_attachment).where(t.claim_attachment.c.claim_id == claim_id))
    for table in (t.look_part, t.paper_mark):
        tx.connection.execute(delete(table).where(table.c.document_id.in_(papers)))
    _set(tx, t.claim, claim_id, {**account, **reporter, **indexes, "erased_ms": tx.now_ms(), "version": t.claim.c.version + 1})
    let_go(tx, claim_id)
    tx.forget("documents")
    _set(tx, t.payout, claim_id, {**account, "last_error": ""})
    _set(tx, t.task, claim_id, {"last_error": ""})
    _set(tx, t.document, claim_id, {"file_name": ERASED, "read_enc": None, "content_enc": None})
    _set(tx, t.message, claim_id, {"recipient_enc": nothing, "body": ERASED})
    _set(tx, t.notice, claim_id, {"body": ERASED, "items_json": "[]", "letter_due_ms": None})
    _set(tx, t.adjudication, claim_id, {"policies_json": "[]", "findings_json": "[]"})
    label = find_label(tx, claim_id)
    forget_claim(tx, claim_id, is_fraud=label is not None and label.is_fraud)
    _set(tx, t.risk_row, claim_id, {"features_json": "{}", "known_json": None})


def _set(tx: Transaction, table: Any, claim_id: str, values: dict[str, Any]) -> None:
    tx.connection.execute(update(table).where(table.c.claim_id == claim_id).values(**values))
