"""Attachments (附件): files that adjusters put beside a claim. They are no documents: nothing reads them, no rule knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Attachment:
    """A file beside a claim, with who put it there and when; its bytes are in the blob store."""

    attachment_id: str
    claim_id: str
    sha256: str
    file_name: str
    media_type: str
    added_by: str
    added_ms: int


def add(tx: Transaction, attachments: Sequence[Attachment]) -> None:
    """Put files beside a claim."""
    if attachments:
        tx.connection.execute(insert(t.claim_attachment), [vars(each) for each in attachments])


def attachments_of(tx: Transaction, claim_id: str) -> tuple[Attachment, ...]:
    """List what lies beside a claim, in the order it came."""
    c = t.claim_attachment.c
    rows = tx.connection.execute(select(t.claim_attachment).where(c.claim_id == claim_id).order_by(c.added_ms, c.attachment_id))
    return tuple(Attachment(**row._mapping) for row in rows)


def find(tx: Transaction, attachment_id: str) -> Attachment | None:
    """Find one attachment."""
    c = t.claim_attachment.c
    row = tx.connection.execute(select(t.claim_attachment).where(c.attachment_id == attachment_id)).one_or_none()
    return Attachment(**row._mapping) if row else None
