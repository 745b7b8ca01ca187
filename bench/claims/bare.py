"""The bare rate: the rows that our engine wrote, inserted once more in as many transactions, and nothing else done.

A claim's rows are taken from the database of our run: those of its submission go into a transaction of its own, as with us; then,
a batch at a time, its task into the transaction of the lease, and all others into one. A row that was changed on the way is
inserted once, as it ended.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Table, insert, select

from bench.claims import plant
from bench.claims.ours import CLIENTS, Measured
from bench.claims.watch import server_cpu_seconds
from storage import tables as t
from storage.database import Database

_AT_SUBMISSION = (t.claim, t.document, t.clock)
_AFTER = (
    t.paper_mark, t.adjudication, t.risk_row, t.decision, t.accumulator_use, t.ledger_entry, t.notice, t.message, t.payout, t.clock, t.task,
    t.audit,
)  # fmt: skip
Rows = dict[Table, list[dict[str, Any]]]  # of one transaction, parents first


def rows_of(database: Database, claims: int) -> list[tuple[Rows, Rows]]:
    """Read what our engine wrote of so many claims, claim by claim: the rows of its submission, and the others."""
    with database.read() as tx:
        ids = tx.bare.execute(select(t.claim.c.claim_id).order_by(t.claim.c.claim_id).limit(claims)).scalars().all()
        found: dict[str, tuple[Rows, Rows]] = {each: ({}, {}) for each in ids}
        claim_of = {row.document_id: row.claim_id for row in tx.bare.execute(select(t.document.c.document_id, t.document.c.claim_id))}
        for table in dict.fromkeys((*_AT_SUBMISSION, *_AFTER)):
            for row in tx.bare.execute(select(table)):
                claim_id = row.claim_id if "claim_id" in table.c else claim_of[row.document_id]
                if claim_id in found:
                    found[claim_id][_is_later(table, row)].setdefault(table, []).append(dict(row._mapping))
    return list(found.values())


def _is_later(table: Table, row: Any) -> bool:
    if table is t.audit:
        return bool(row.seq > 1)
    if table is t.clock:
        return bool(row.kind == "payment")
    return table not in _AT_SUBMISSION


def run(url: str, people: int, rows: Sequence[tuple[Rows, Rows]], batches: int) -> Measured:
    """Insert the rows into a database of the same tables and people: submissions alone, the rest in batches of two transactions."""
    plant.make_database(url, people)
    database = Database(url, plant.CIPHER)
    size = -(-len(rows) // max(1, batches))
    cpu, server, started = time.process_time(), server_cpu_seconds(database), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda each: _insert(database, [each[0]], (*_AT_SUBMISSION, t.audit)), rows))
    for first in range(0, len(rows), size):
        batch = [each[1] for each in rows[first : first + size]]
        _insert(database, batch, (t.task,))
        _insert(database, batch, tuple(each for each in _AFTER if each is not t.task))
    seconds, count = time.perf_counter() - started, len(rows)
    cpu_ms, server_ms = ((time.process_time() - cpu) / count * 1000, (server_cpu_seconds(database) - server) / count * 1000)
    database.close()
    return Measured(count, seconds, cpu_ms, server_ms, len(rows) + 2 * -(-len(rows) // size))


_INSERTS = {table: insert(table) for table in dict.fromkeys((*_AT_SUBMISSION, *_AFTER))}


def _insert(database: Database, claims: Sequence[Rows], tables: Sequence[Table]) -> None:
    with database.write() as tx:
        for table in tables:
            if rows := [row for each in claims for row in each.get(table, ())]:
                tx.bare.execute(_INSERTS[table], rows)
