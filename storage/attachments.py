"""Attachments (附件): files that adjusters put beside a claim. They are no documents: nothing reads them, no rule knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select

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
    return tuple(Attachment(**row._mapping) for row in tx.find(_OF_CLAIM, {"of_claim": claim_id}))


_OF_CLAIM = (
    select(t.claim_attachment)
    .where(t.claim_attachment.c.claim_id == bindparam("of_claim"))
    .order_by(t.claim_attachment.c.added_ms, t.claim_attachment.c.attachment_id)
)


def find(tx: Transaction, attachment_id: str) -> Attachment | None:
    """Find one attachment."""
    c = t.claim_attachment.c
    row = tx.connection.execute(select(t.claim_attachment).where(c.attachment_id == attachment_id)).one_or_none()
    return Attachment(**row._mapping) if row else None
