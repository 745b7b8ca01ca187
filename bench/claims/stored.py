"""What a claim costs beside many that are stored: rows of paid claims are doubled again and again, in the database itself.

    python -m bench.claims.stored [--url URL] [--sizes 10000 100000 1000000] [--lean] [--folder DIR]

Each doubling copies every row under new ids and 37 days earlier; the insureds, hospitals and agents stay the same, and the claims
that are measured are of other insureds. CPU time is that of this process, with SQLite that of the database too; files of claims are
not copied. A claim takes 30 kB; ten million take a disk of 400 GB.

With `--lean` the copies hold what the path of a later claim reads or is kept unique by: claims, documents, what papers are known
again by, tasks, clocks, limits used, decisions, payments and ledger, 5 kB a claim. Their long texts (what was read, what was worked out
and decided) are left empty, and adjudications, feature rows, notices, messages and audit entries, which no other claim looks at, are
not copied at all.
"""

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, NullPool, String, Table, create_engine, func, insert, literal, null, select
from sqlalchemy.sql.elements import ColumnElement

from adjudicator.intake import submit
from adjudicator.system import System
from adjudicator.worker import drain, work_once
from bench.claims import cast, plant
from bench.claims.ours import TO_ORDER
from bench.claims.watch import server_cpu_seconds
from storage import tables as t
from storage.database import Database

_SEED, _MEASURED = 160, 96  # claims
_DAYS_37_MS = 37 * 86_400_000
_NAMES = frozenset({"claim_id", "document_id", "notice_id", "message_id", "idempotency_key", "event", "external_ref", "bank_reference"})
_LEAN = (t.claim, t.document, t.paper_mark, t.task, t.decision, t.accumulator_use, t.payout, t.ledger_entry, t.clock)
_LONG = frozenset({"read_enc", "inputs_json", "narrative", "settlement_enc"})
_COPIED = (
    t.claim, t.document, t.paper_mark, t.task, t.adjudication, t.risk_row, t.decision, t.accumulator_use, t.payout, t.ledger_entry, t.clock,
    t.notice, t.message, t.audit,
)  # fmt: skip


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--lean", action="store_true", help="copy what other claims look at, and no long texts")
    parser.add_argument("--folder", default=None, help="where SQLite and the files lie (default: the system's temporary folder)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingbai-stored-", dir=asked.folder) as folder:
        _measure(asked.url or f"sqlite:///{folder}/claims.db", Path(folder), asked.sizes, lean=asked.lean)


def _measure(url: str, folder: Path, sizes: list[int], *, lean: bool) -> None:
    people = _SEED + _MEASURED * (len(sizes) + 2)
    plant.make_database(url, people)
    system = plant.open_system(url, folder / "files", lambda: None)
    for number in range(_SEED):
        submit(system, cast.notice_of(number))
    drain(system)
    first, doublings = _SEED, 0
    print(f"{'stored claims':>14}{'submit ms':>11}{'to order ms':>13}{'to pay ms':>11}{'server ms':>11}")
    _run(system, range(people - _MEASURED, people))  # a process works out its first claims more slowly
    drain(system)
    for size in (_SEED, *sizes):
        while _count(system.database) < size:
            _double(system.database, chr(ord("A") + doublings), lean=lean)
            doublings += 1
        spent = _run(system, range(first, first + _MEASURED))
        first += _MEASURED
        print(f"{_count(system.database):14,}{spent[0]:11.2f}{spent[1]:13.2f}{spent[2]:11.2f}{spent[3]:11.2f}", flush=True)
    system.database.close()


def _run(system: System, numbers: range) -> tuple[float, float, float, float]:
    """Submit claims, bring them to the payment order and pay them; gives the CPU ms a claim of each, and of the server in all."""
    notices, before = [cast.notice_of(number) for number in numbers], server_cpu_seconds(system.database)
    marks = [time.process_time()]
    for each in notices:
        submit(system, each)
    marks.append(time.process_time())
    for stages in (TO_ORDER, ("pay",)):
        while work_once(system, stages):
            pass
        marks.append(time.process_time())
    server = server_cpu_seconds(system.database) - before
    ours = [later - earlier for earlier, later in pairwise(marks)]
    return tuple(seconds / len(notices) * 1000 for seconds in (*ours, server))


def _count(database: Database) -> int:
    with database.read() as tx:
        return int(tx.bare.execute(select(func.count()).select_from(t.claim)).scalar_one())


def _double(database: Database, letter: str, *, lean: bool) -> None:
    """Copy every row; the names of the copies begin with a letter that no name begins with so far. Here nothing need survive a crash."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF" if database.is_sqlite else "SET synchronous_commit = off")
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA cache_size=-1000000")
        for table in _LEAN if lean else _COPIED:
            columns = [each for each in table.c if not (each.primary_key and isinstance(each.type, Integer) and table is t.ledger_entry)]
            chosen = select(*(_copied(table, each, letter, lean=lean) for each in columns))
            connection.execute(insert(table).from_select([each.name for each in columns], chosen))
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _copied(table: Table, column: "Column[object]", letter: str, *, lean: bool) -> ColumnElement[object]:
    if lean and column.name in _LONG:
        return null() if column.nullable else literal("")
    if column.name in _NAMES and isinstance(column.type, String) and not isinstance(column.type, LargeBinary):
        return literal(letter).concat(column)
    return column - _DAYS_37_MS if column.name == "created_ms" else column  # type: ignore[operator]


if __name__ == "__main__":
    main()
