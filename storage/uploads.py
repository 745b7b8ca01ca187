"""Files that come in parts (断点续传): sealed, for a day, and only for whoever began them; a part is there whole or not at all."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from domain.errors import ConflictError, FileTooLargeError, NotFoundError
from storage import tables as t
from storage.database import Transaction

KEPT_MS = 24 * 3_600_000  # from the last part on


@dataclass(frozen=True)
class Upload:
    """One file on its way: `received_bytes` of `size_bytes` are here."""

    upload_id: str
    asker: str
    file_name: str
    size_bytes: int
    received_bytes: int
    expires_ms: int

    @property
    def is_complete(self) -> bool:
        """Tell whether all of it is here."""
        return self.received_bytes == self.size_bytes


def begin(tx: Transaction, asker: str, file_name: str, size_bytes: int) -> Upload:
    """Note that a file is coming."""
    made = Upload("U" + secrets.token_hex(15), asker, file_name, size_bytes, 0, tx.now_ms() + KEPT_MS)
    tx.connection.execute(insert(t.upload).values(**vars(made)))
    return made


def count_of(tx: Transaction, asker: str) -> int:
    """Count what an asker has begun and not let run out."""
    u = t.upload.c
    return int(tx.connection.execute(select(func.count()).where(u.asker == asker, u.expires_ms > tx.now_ms())).scalar_one())


def get(tx: Transaction, asker: str, upload_id: str, *, lock: bool = False) -> Upload:
    """Give an upload of this asker.

    Raises:
        NotFoundError: there is none, it ran out, or it is somebody else's.
    """
    u = t.upload.c
    mine = select(t.upload).where(u.upload_id == upload_id, u.asker == asker, u.expires_ms > tx.now_ms())
    row = tx.connection.execute(mine.with_for_update() if lock else mine).one_or_none()
    if row is None:
        raise NotFoundError(f"no upload {upload_id}", "begin it again: an upload is kept for a day after its last part")
    return _upload(row)


def append(tx: Transaction, asker: str, upload_id: str, start_byte: int, content: bytes) -> Upload:
    """Add the next part.

    Raises:
        NotFoundError: as `get`.
        ConflictError: the part does not begin where the last one ended.
        FileTooLargeError: it goes beyond the size that was told.
    """
    upload = get(tx, asker, upload_id, lock=True)
    if start_byte != upload.received_bytes:
        told = f"upload {upload_id} stands at byte {upload.received_bytes}, and not at {start_byte}"
        raise ConflictError(told, "ask where it stands (HEAD), and go on from there")
    end = start_byte + len(content)
    if end > upload.size_bytes:
        raise FileTooLargeError(f"the part ends at byte {end} of {upload.size_bytes}", "send no more than Upload-Length")
    if content:
        row = {"upload_id": upload_id, "start_byte": start_byte, "content_enc": tx.cipher.encrypt_bytes(content)}
        tx.connection.execute(insert(t.upload_part).values(**row))
    changed = {"received_bytes": end, "expires_ms": tx.now_ms() + KEPT_MS}
    tx.connection.execute(update(t.upload).where(t.upload.c.upload_id == upload_id).values(**changed))
    return Upload(**{**vars(upload), **changed})


def read_content(tx: Transaction, upload_id: str) -> bytes:
    """Give the bytes that are here, in their order."""
    p = t.upload_part.c
    parts = tx.connection.execute(select(p.content_enc).where(p.upload_id == upload_id).order_by(p.start_byte)).scalars()
    return b"".join(map(tx.cipher.decrypt_bytes, parts))


def drop(tx: Transaction, upload_ids: Sequence[str]) -> None:
    """Forget uploads with all their bytes."""
    tx.connection.execute(delete(t.upload_part).where(t.upload_part.c.upload_id.in_(upload_ids)))
    tx.connection.execute(delete(t.upload).where(t.upload.c.upload_id.in_(upload_ids)))


def expired(tx: Transaction, limit: int) -> tuple[str, ...]:
    """List uploads that ran out."""
    u = t.upload.c
    return tuple(tx.connection.execute(select(u.upload_id).where(u.expires_ms <= tx.now_ms()).limit(limit)).scalars())


def _upload(row: Row[Any]) -> Upload:
    return Upload(**row._mapping)
