"""The documents of a claim, and what was read from them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from domain.document import Document, DocumentClass
from domain.states import DOCUMENT_MOVES, DocumentState, check_move
from storage import tables as t
from storage.codec import document_from_json, to_json
from storage.database import Transaction
from storage.paper_marks import save_marks


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


def add_document(tx: Transaction, document_id: str, claim_id: str, file_name: str, sha256: str, size_bytes: int, media_type: str) -> None:
    """Store that a file came in for a claim; its bytes are in the blob store already."""
    seq = tx.connection.execute(
        select(func.coalesce(func.max(t.document.c.seq), 0) + 1).where(t.document.c.claim_id == claim_id)
    ).scalar_one()
    tx.connection.execute(
        insert(t.document).values(
            document_id=document_id,
            claim_id=claim_id,
            seq=seq,
            file_name=file_name,
            sha256=sha256,
            size_bytes=size_bytes,
            media_type=media_type,
            state=DocumentState.RECEIVED,
            received_ms=tx.now_ms(),
        )
    )


_OF_CLAIM = select(t.document).where(t.document.c.claim_id == bindparam("of_claim")).order_by(t.document.c.seq)
_IT = t.document.c.document_id == bindparam("of_document")
_FIND = select(t.document).where(_IT)
_STATE = select(t.document.c.state).where(_IT)
_WRITE = update(t.document).where(_IT).values({name: bindparam(name) for name in ("state", "document_class", "media_type", "read_enc")})


def documents_of(tx: Transaction, claim_id: str) -> tuple[DocumentRecord, ...]:
    """List a claim's documents in the order they came."""
    rows = tx.connection.execute(_OF_CLAIM, {"of_claim": claim_id})
    return tuple(_record(tx, row) for row in rows)


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
    return moved


def save_reading(tx: Transaction, document_id: str, read: Document) -> None:
    """Write what was read, passing through the states that lead to the one it ended in.

    Raises:
        IllegalTransitionError: it was read before.
    """
    now = DocumentState(tx.connection.execute(_STATE, {"of_document": document_id}).scalar_one())
    for step in _steps_to(read.state):
        check_move(DOCUMENT_MOVES, now, step, f"document {document_id}")
        now = step
    values = {"state": read.state, "document_class": read.document_class, "media_type": read.media_type, "read_enc": _seal(tx, read)}
    tx.connection.execute(_WRITE, {"of_document": document_id, **values})
    save_marks(tx, document_id, read)


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
