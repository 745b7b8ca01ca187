"""The documents of a claim, what was read from them, and the bytes of small ones.

A small file lies sealed in the row of its first document: it is there when the claim is, goes when the claim is erased, and is
copied, moved and brought to another key with its row. A file of its own would cost a disk three syncs. Larger ones are in the blob
store (storage/blobs.py), where a database need not carry them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from domain.document import Document, DocumentClass
from domain.errors import SetupError
from domain.states import DOCUMENT_MOVES, DocumentState, check_move
from storage import tables as t
from storage.codec import document_from_json, to_json
from storage.database import Transaction
from storage.paper_marks import save_marks

IN_ROW_BYTES = 32_768  # the largest file that lies in its row: an e-invoice as XML has 2 to 30 thousand bytes


@dataclass(frozen=True)
class DocumentRecord:
    """One document of a claim; `read` is None until it has been read. Several may stand in one file, and have its sha256."""

    document_id: str
    claim_id: str
    seq: int
    file_name: str
    sha256: str
    size_bytes: int
    media_type: str
    state: DocumentState
    document_class: DocumentClass | None
    read: Document | None
    received_ms: int


@dataclass(frozen=True)
class NewDocument:
    """A file that came in for a claim; without `content` its bytes are in the blob store already."""

    document_id: str
    file_name: str
    sha256: str
    size_bytes: int
    media_type: str
    content: bytes | None = field(default=None, repr=False)


def add_documents(tx: Transaction, claim_id: str, files: Sequence[NewDocument], *, is_new_claim: bool = False) -> None:
    """Store that files came in for a claim, behind those it has; a claim that was stored a moment ago has none."""
    last = 0 if is_new_claim else tx.connection.execute(_LAST_SEQ, {"of_claim": claim_id}).scalar_one()
    for seq, file in enumerate(files, start=last + 1):
        told = {name: value for name, value in vars(file).items() if name != "content"}
        content = {"content_enc": None if file.content is None else tx.cipher.encrypt_bytes(file.content)}
        row = {"claim_id": claim_id, "seq": seq, "state": DocumentState.RECEIVED, "received_ms": tx.now_ms()}
        tx.later(claim_id, _ADD, row | told | content)
    tx.forget("documents")


def add_document(tx: Transaction, document_id: str, claim_id: str, file_name: str, sha256: str, size_bytes: int, media_type: str) -> None:
    """Store that one file came in for a claim."""
    add_documents(tx, claim_id, [NewDocument(document_id, file_name, sha256, size_bytes, media_type)])


_LAST_SEQ = select(func.coalesce(func.max(t.document.c.seq), 0)).where(t.document.c.claim_id == bindparam("of_claim"))
_ADD = insert(t.document)
_RECORD = select(*(column for column in t.document.c if column.name != "content_enc"))
_OF_CLAIM = _RECORD.where(t.document.c.claim_id == bindparam("of_claim")).order_by(t.document.c.seq)
_IT = t.document.c.document_id == bindparam("of_document")
_FIND = _RECORD.where(_IT)
_STATE = select(t.document.c.state).where(_IT)
_IN_CLAIMS = t.document.c.claim_id.in_(bindparam("of_claims", expanding=True))
_OF_CLAIMS = _RECORD.where(_IN_CLAIMS).order_by(t.document.c.claim_id, t.document.c.seq)
_CONTENTS = select(t.document.c.claim_id, t.document.c.sha256, t.document.c.content_enc).where(
    _IN_CLAIMS, t.document.c.content_enc.is_not(None)
)
_WRITE = update(t.document).where(_IT).values({name: bindparam(name) for name in ("state", "document_class", "media_type", "read_enc")})


def documents_of(tx: Transaction, claim_id: str) -> tuple[DocumentRecord, ...]:
    """List a claim's documents in the order they came."""
    return tx.once(("documents", claim_id), lambda: tuple(_record(tx, row) for row in tx.find(_OF_CLAIM, {"of_claim": claim_id})))


def look_ahead(tx: Transaction, claim_ids: Sequence[str]) -> None:
    """Read the documents of several claims at once, for those who ask for one claim's after another."""
    found: dict[str, list[DocumentRecord]] = {each: [] for each in claim_ids}
    for row in tx.find(_OF_CLAIMS, {"of_claims": list(claim_ids)}):
        found[row.claim_id].append(_record(tx, row))
    for claim_id, records in found.items():
        tx.learn(("documents", claim_id), tuple(records))


def contents_of(tx: Transaction, claim_ids: Sequence[str]) -> dict[tuple[str, str], bytes]:
    """Give the bytes of the papers of several claims that lie in their rows, by claim and sha256; the others are in the blob store.

    Raises:
        SetupError: a row holds other bytes than it says.
    """
    found = {}
    for claim_id, sha256, sealed in tx.find(_CONTENTS, {"of_claims": list(claim_ids)}):
        content = tx.cipher.decrypt_bytes(sealed)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SetupError(f"a paper of claim {claim_id} holds another paper's bytes", "restore the database from your backup")
        found[claim_id, sha256] = content
    return found


def find_document(tx: Transaction, document_id: str) -> DocumentRecord | None:
    """Find one document."""
    row = tx.connection.execute(_FIND, {"of_document": document_id}).one_or_none()
    return _record(tx, row) if row else None


def move_documents(tx: Transaction, claim_id: str, into_id: str) -> tuple[str, ...]:
    """Give a claim's documents to another claim, behind its own; gives their numbers. Files that it has already stay behind.

    What is known of a paper (its reading, its marks) goes with it.
    """
    held = {each.sha256 for each in documents_of(tx, into_id)}
    last = tx.connection.execute(select(func.coalesce(func.max(t.document.c.seq), 0)).where(t.document.c.claim_id == into_id)).scalar_one()
    moved = tuple(each.document_id for each in documents_of(tx, claim_id) if each.sha256 not in held)
    for seq, document_id in enumerate(moved, start=last + 1):
        tx.connection.execute(update(t.document).where(t.document.c.document_id == document_id).values(claim_id=into_id, seq=seq))
    tx.forget("documents")
    return moved


def save_reading(tx: Transaction, document_id: str, read: Document) -> None:
    """Write what was read, passing through the states that lead to the one it ended in.

    Raises:
        IllegalTransitionError: it was read before.
    """
    _save_first(tx, document_id, DocumentState(tx.connection.execute(_STATE, {"of_document": document_id}).scalar_one()), read)
    tx.forget("documents")


def save_readings(tx: Transaction, claim_id: str, found: Sequence[tuple[DocumentRecord, Document]]) -> None:
    """Write what was read of files that a claim has had unread until now; raises as `save_reading` does. Lock the claim first."""
    for record, read in found:
        _save_first(tx, record.document_id, record.state, read, key=claim_id)
    read_of = {record.document_id: read for record, read in found}
    tx.learn(("documents", claim_id), tuple(_with(each, read_of.get(each.document_id)) for each in documents_of(tx, claim_id)))


def _with(record: DocumentRecord, read: Document | None) -> DocumentRecord:
    if read is None:
        return record
    return replace(record, read=read, state=read.state, document_class=read.document_class, media_type=read.media_type)


def _save_first(tx: Transaction, document_id: str, now: DocumentState, read: Document, key: str = "") -> None:
    for step in _steps_to(read.state):
        check_move(DOCUMENT_MOVES, now, step, f"document {document_id}")
        now = step
    values = {"state": read.state, "document_class": read.document_class, "media_type": read.media_type, "read_enc": _seal(tx, read)}
    tx.later(key or document_id, _WRITE, {"of_document": document_id, **values})
    save_marks(tx, document_id, read, is_first=True)


def add_part(tx: Transaction, record: DocumentRecord, document_id: str, read: Document) -> None:
    """Store a further document that was found in a file: its own row, its own reading, the content of the first."""
    add_document(tx, document_id, record.claim_id, record.file_name, record.sha256, record.size_bytes, record.media_type)
    save_reading(tx, document_id, read)


def save_joined(tx: Transaction, document_id: str, read: Document) -> None:
    """Write what became of a reading when pages were joined over files: the document that it is part of, or that it is the first page of.

    Raises:
        IllegalTransitionError: its pages count in another document already.
    """
    now = DocumentState(tx.connection.execute(select(t.document.c.state).where(t.document.c.document_id == document_id)).scalar_one())
    if read.state is DocumentState.JOINED:
        check_move(DOCUMENT_MOVES, now, read.state, f"document {document_id}")
    elif now is not read.state:
        check_move(DOCUMENT_MOVES, now, DocumentState.CLASSIFIED, f"document {document_id}")
    tx.connection.execute(
        update(t.document)
        .where(t.document.c.document_id == document_id)
        .values(state=read.state, document_class=read.document_class, read_enc=_seal(tx, read))
    )
    save_marks(tx, document_id, read)
    tx.forget("documents")


def _steps_to(state: DocumentState) -> tuple[DocumentState, ...]:
    if state is DocumentState.EXTRACTED:
        return (DocumentState.CHECKED, DocumentState.CLASSIFIED, DocumentState.EXTRACTED)
    if state is DocumentState.CLASSIFIED:
        return (DocumentState.CHECKED, DocumentState.CLASSIFIED)
    return (state,)


def correct_reading(tx: Transaction, document_id: str, read: Document) -> None:
    """Replace a reading by what a person corrected in it; the state stays."""
    tx.connection.execute(
        update(t.document)
        .where(t.document.c.document_id == document_id)
        .values(document_class=read.document_class, read_enc=_seal(tx, read))
    )
    save_marks(tx, document_id, read)
    tx.forget("documents")


def _seal(tx: Transaction, read: Document) -> bytes:
    # All of it: an ID card's number stands in a field, in that field's raw text, and in the page's text.
    return tx.cipher.encrypt(to_json(read, Document))


def _record(tx: Transaction, row: Row[Any]) -> DocumentRecord:
    return DocumentRecord(
        document_id=row.document_id,
        claim_id=row.claim_id,
        seq=row.seq,
        file_name=row.file_name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        state=DocumentState(row.state),
        document_class=DocumentClass(row.document_class) if row.document_class else None,
        read=document_from_json(tx.cipher.decrypt(row.read_enc)) if row.read_enc else None,
        received_ms=row.received_ms,
    )
