"""Printed endorsements (批单): the hash of each; the bytes lie in the blob store."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from domain.letter import LetterFormat
from storage import tables_servicing as ts
from storage.database import Transaction


@dataclass(frozen=True)
class EndorsementFile:
    """One endorsement in one format, by the hash of its bytes."""

    transaction_id: str
    format: LetterFormat
    sha256: str
    size_bytes: int


def add(tx: Transaction, transaction_id: str, format_: LetterFormat, sha256: str, size_bytes: int) -> None:
    """Write that an endorsement was printed; what stands there already stays."""
    if any(each.format is format_ for each in of_transaction(tx, transaction_id)):
        return
    row = {"transaction_id": transaction_id, "format": format_, "sha256": sha256, "size_bytes": size_bytes}
    tx.connection.execute(insert(ts.endorsement).values(**row, created_ms=tx.now_ms()))


def of_transaction(tx: Transaction, transaction_id: str) -> tuple[EndorsementFile, ...]:
    """List the files of a transaction's endorsement."""
    c = ts.endorsement.c
    chosen = select(c.transaction_id, c.format, c.sha256, c.size_bytes).where(c.transaction_id == transaction_id).order_by(c.format)
    rows = tx.connection.execute(chosen)
    return tuple(EndorsementFile(row.transaction_id, LetterFormat(row.format), row.sha256, row.size_bytes) for row in rows)
