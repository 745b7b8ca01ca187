"""Brings everything that is stored under earlier keys to the key that writes now: a few rows a transaction, while all else runs.

Encrypted fields end in `_enc`, blind indexes in `_index`, so that a new column is found by its name. How far each table is
stands in the database and moves with the rows: after a kill the next run goes on there. What somebody else wrote meanwhile
under an earlier key, behind that place, is found by the last pass, which looks at every row and only reads.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select, tuple_, update

from storage import tables as t
from storage.all_tables import metadata
from storage.blobs import BlobStore
from storage.database import Database, Transaction

_ALSO_INDEXES = {"request_hash"}
_FORGOTTEN_SOON = {"answered_call"}  # kept for a day: its rows go before they could be brought over, and are found under any key


@dataclass(frozen=True)
class Progress:
    """One step: which table, how many rows were looked at, and how many were under an earlier key."""

    table: str
    looked_at: int
    renewed: int


def sealed_tables() -> tuple[Table, ...]:
    """Give the tables that have something to bring over."""
    return tuple(each for each in metadata.sorted_tables if each.name not in _FORGOTTEN_SOON and (_sealed(each) or _indexed(each)))


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name.endswith("_enc")]


def _indexed(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name.endswith("_index") or column.name in _ALSO_INDEXES]


def rotate(database: Database, blobs: BlobStore, rows_a_step: int) -> Iterator[Progress]:
    """Bring over all that is left, step by step; each step is committed before it is told. Ends when a whole pass found nothing."""
    while True:
        renewed = 0
        for table in sealed_tables():
            while (progress := _step(database, table, rows_a_step)) is not None:
                renewed += progress.renewed
                yield progress
        for _, path in blobs.iter_files():
            if blobs.renew(path):
                renewed += 1
                yield Progress("files", 1, 1)
        if not renewed:
            return
        with database.write() as tx:  # another pass, from the beginning
            tx.connection.execute(delete(t.key_rotation).where(t.key_rotation.c.key_id == tx.cipher.writes_under))


def is_finished(tx: Transaction) -> bool:
    """Tell whether everything was brought to the key that writes now."""
    c = t.key_rotation.c
    done = tx.connection.execute(select(c.table_name).where(c.key_id == tx.cipher.writes_under, c.is_done)).scalars().all()
    return not tx.cipher.writes_under or {each.name for each in sealed_tables()} <= set(done)


def begin_again(database: Database) -> None:
    """Look at every row once more: something may have been written under an earlier key since."""
    with database.write() as tx:
        tx.connection.execute(delete(t.key_rotation).where(t.key_rotation.c.key_id == tx.cipher.writes_under))


def _step(database: Database, table: Table, rows_a_step: int) -> Progress | None:
    """Do the next rows of a table in one transaction; None when it has no more."""
    with database.write() as tx:
        after = _place(tx, table)
        if after is None:
            return None
        keys = list(table.primary_key.columns)
        wanted = select(*keys, *(table.c[name] for name in (*_sealed(table), *_indexed(table))))
        if after:
            wanted = wanted.where(tuple_(*keys) > tuple_(*after))
        rows = tx.connection.execute(wanted.order_by(*keys).limit(rows_a_step).with_for_update()).all()
        renewed = sum(_renew(tx, table, row._mapping) for row in rows)
        last = [rows[-1]._mapping[key.name] for key in keys] if rows else after
        _note(tx, table, last, is_done=len(rows) < rows_a_step)
        return Progress(table.name, len(rows), renewed)


def _renew(tx: Transaction, table: Table, row: Any) -> bool:
    cipher = tx.cipher
    sealed = {name: row[name] for name in _sealed(table) if row[name] and not cipher.is_current(row[name])}
    indexes = {name: cipher.newest(row[name]) for name in _indexed(table) if row[name]}
    values: dict[str, Any] = {name: cipher.encrypt_bytes(cipher.decrypt_bytes(each)) for name, each in sealed.items()}
    values |= {name: each for name, each in indexes.items() if each != row[name]}
    if values:
        mine = [key == row[key.name] for key in table.primary_key.columns]
        tx.connection.execute(update(table).where(*mine).values(**values))
    return bool(values)


def _place(tx: Transaction, table: Table) -> list[Any] | None:
    """Give the primary key after which a table goes on, [] at its beginning, None at its end."""
    c = t.key_rotation.c
    mine = (c.key_id == tx.cipher.writes_under, c.table_name == table.name)
    row = tx.connection.execute(select(c.after_json, c.is_done).where(*mine)).one_or_none()
    if row is None:
        return []
    return None if row.is_done else list(json.loads(row.after_json))


def _note(tx: Transaction, table: Table, last: list[Any], *, is_done: bool) -> None:
    c, key_id = t.key_rotation.c, tx.cipher.writes_under
    tx.connection.execute(delete(t.key_rotation).where(c.key_id == key_id, c.table_name == table.name))
    row = {"key_id": key_id, "table_name": table.name, "after_json": json.dumps(last), "is_done": is_done}
    tx.connection.execute(insert(t.key_rotation).values(**row))
