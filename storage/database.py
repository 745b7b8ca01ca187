"""A database: SQLite in one file by default, PostgreSQL when configured, from the same code.

Writing on SQLite takes a lock of all threads and processes on the file before BEGIN IMMEDIATE, because SQLite's own
busy handler is unfair: with several writers some would wait for most of a second.

Rows that nothing in the same transaction asks for wait until its end and are written together, one statement for all rows
of a kind: with sixteen claims in a transaction that is a sixteenth of the statements (docs/adr/0020).
"""

import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Connection, Executable, RootTransaction, Select, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from domain.errors import SetupError, UnavailableError
from storage.crypto import FieldCipher
from storage.finding import FoundRow, find_rows
from storage.rows import write_rows
from storage.writer_lock import WriterLock

_Value = TypeVar("_Value")
_TRIES, _PAUSE_S = 100, 0.05  # five seconds
_NOTHING: Mapping[str, Any] = {}
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
_POSTGRES_NOW_MS = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")


@dataclass
class HeldClaim:
    """The row of a claim that this transaction has locked, as it will be when the transaction ends."""

    row: dict[str, Any]
    changed: set[str] = field(default_factory=set)  # columns that are not written yet
    record: Any = None  # the row as a value of storage.claims, until it changes


@dataclass(eq=False)
class Transaction:
    """One open transaction, with the cipher for its encrypted columns: what every storage function is given first."""

    bare: Connection
    cipher: FieldCipher
    ahead_ms: int = 0  # how far a virtual clock is ahead of the database's: tests and drills only
    before_commit: list[Callable[["Transaction"], None]] = field(default_factory=list)
    before_look: list[Callable[["Transaction"], None]] = field(default_factory=list)  # adds to what waits: see storage/held.py
    held: dict[str, HeldClaim] = field(default_factory=dict)
    _waiting: dict[Executable, tuple[int, list[dict[str, Any]]]] = field(default_factory=dict)
    _last: dict[Executable, dict[Hashable, dict[str, Any]]] = field(default_factory=dict)
    _places: dict[Hashable, int] = field(default_factory=dict)  # the last statement in which something of a key waits
    _known: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The connection, with all that waited written."""
        if self._waiting or self._last or self.before_look:
            self.write_out()
        return self.bare

    def find(self, statement: Select[Any] | CompoundSelect[Any], values: Mapping[str, Any]) -> list[FoundRow]:
        """Find rows, with all that waited written: for what is asked for every claim; see storage/finding.py."""
        if self._waiting or self._last or self.before_look:
            self.write_out()
        return find_rows(self.bare, statement, values)

    def find_bare(self, statement: Select[Any] | CompoundSelect[Any], values: Mapping[str, Any] = _NOTHING) -> list[FoundRow]:
        """Find rows that nothing which waits can change; as `bare` beside `connection`."""
        return find_rows(self.bare, statement, values)

    @cached_property
    def is_sqlite(self) -> bool:
        """Tell which of the two databases this is."""
        return self.bare.dialect.name == "sqlite"

    def now_ms(self) -> int:
        """Tell the database's time in milliseconds since 1970 (UTC): machines may disagree, the database is one.

        It is asked once a transaction, so that all that is written together happened at one moment.
        """
        return self._moment

    @cached_property
    def _moment(self) -> int:
        if self.is_sqlite:  # its clock is that of the process it lives in
            return time.time_ns() // 1_000_000 + self.ahead_ms
        return int(self.bare.execute(_POSTGRES_NOW_MS).scalar_one()) + self.ahead_ms

    def later(self, key: Hashable, statement: Executable, row: dict[str, Any]) -> None:
        """Write a row at the end, with all others of its statement. What has one key (a claim) is written in the order it came."""
        place, rows = self._waiting.get(statement, (len(self._waiting), []))
        if place < self._places.get(key, 0):
            self.write_out()
            place, rows = 0, []
        self._waiting[statement], self._places[key] = (place, rows), place
        rows.append(row)

    def last(self, key: Hashable, statement: Executable, row: dict[str, Any]) -> None:
        """Write a row after everything that waits, once for each key however often it is asked for: what is worked out from the rest."""
        self._last.setdefault(statement, {})[key] = row

    def write_out(self) -> None:
        """Write what waits."""
        for prepare in self.before_look:
            prepare(self)
        self.before_look.clear()
        waiting, self._waiting = self._waiting, {}
        self._places.clear()
        for statement, (_, rows) in waiting.items():
            write_rows(self.bare, statement, rows)
        last, self._last = self._last, {}
        for statement, by_key in last.items():
            write_rows(self.bare, statement, list(by_key.values()))

    def once(self, key: Hashable, find: Callable[[], _Value]) -> _Value:
        """Find something once in this transaction: what is locked, or what is to be of one moment."""
        if key not in self._known:
            self._known[key] = find()
        found: _Value = self._known[key]
        return found

    def learn(self, key: Hashable, value: object) -> None:
        """Keep what was found for many at once, for those who ask `once`."""
        self._known[key] = value

    def knows(self, key: Hashable) -> bool:
        """Tell whether something was found already."""
        return key in self._known

    def known(self, key: Hashable) -> Any:
        """Give what was found before."""
        return self._known[key]

    def forget(self, *kinds: str) -> None:
        """Look again from now on: for all keys that begin with one of these words."""
        for key in [key for key in self._known if isinstance(key, tuple) and key[0] in kinds]:
            del self._known[key]

    def forget_one(self, key: Hashable) -> None:
        """Look again from now on, for one key."""
        self._known.pop(key, None)

    def close(self) -> None:
        """Write what was kept back until the end, such as entries of audit chains; called before the commit."""
        while self.before_commit:
            self.before_commit.pop(0)(self)
        self.write_out()


def _real_time() -> int:
    return 0


class Database:
    """Connections to one database: `read()` for a look, `write()` for one transaction."""

    def __init__(self, url: str, cipher: FieldCipher, ahead_ms: Callable[[], int] = _real_time) -> None:
        """Open a database by SQLAlchemy URL, such as sqlite:///var/mingbai.db or postgresql+psycopg://host/name.

        `ahead_ms` is a virtual clock: how many milliseconds to add to the database's own, asked for each transaction.

        Raises:
            SetupError: a URL of another kind.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise SetupError(f"{url!r} is no database URL", "write sqlite:///var/mingbai.db in config.yaml") from error
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise SetupError(f"databases of kind {parsed.get_backend_name()!r} are not supported", "use sqlite or postgresql+psycopg")
        self.url = url
        self.cipher = cipher
        self._ahead_ms = ahead_ms
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._writing = WriterLock((parsed.database or "") if self.is_sqlite else "")
        if self.is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(url, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Look without writing; nothing is kept.

        Raises:
            UnavailableError: the database is away; the block may raise it at any look.
        """
        self.cipher.refresh()
        with _told_when_away(), self.engine.connect() as connection:
            yield Transaction(connection, self.cipher, self._ahead_ms())

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Do one transaction: committed when the block ends, rolled back when it raises.

        Raises:
            UnavailableError: the database is away, full, or took another transaction before this one; the block may raise it, too.
        """
        with self._begin() as (_, transaction):
            yield transaction
            transaction.close()

    @contextmanager
    def rehearse(self) -> Iterator[Transaction]:
        """Do one transaction as `write` does, to find out what it comes to, and keep nothing of it."""
        with self._begin() as (whole, transaction):
            yield transaction
            transaction.close()  # what waited until the end may be refused, too
            whole.rollback()

    @contextmanager
    def _begin(self) -> Iterator[tuple[RootTransaction, Transaction]]:
        self.cipher.refresh()
        with self._writing if self.is_sqlite else nullcontext():
            options = {"mingbai_writes": True}
            with _told_when_away(), self.engine.connect().execution_options(**options) as connection, connection.begin() as whole:
                yield whole, Transaction(connection, self.cipher, self._ahead_ms())

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self._writing.close()


@contextmanager
def _told_when_away() -> Iterator[None]:
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:  # the driver's own: from what prepares a new connection
        if not _is_passing(error.orig if isinstance(error, OperationalError) else error):
            raise
        raise UnavailableError(
            "the database cannot be reached, or is busy with something else", "nothing was kept: try again in a few seconds"
        ) from error


def _is_passing(error: BaseException | None) -> bool:
    """Tell whether the same may be done a moment later; SQLite reports a wrong statement as it reports a full disk."""
    return not isinstance(error, sqlite3.Error) or (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _PASSING


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    _keep_a_journal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may forget a claim that was acknowledged
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")  # else REPLACE changes an append-only row past its triggers
    cursor.execute("PRAGMA cache_size=-32768")  # KiB; with its own 2 MB a large database is read from the system's pages again and again
    cursor.close()


def _keep_a_journal(cursor: Any) -> None:
    """Have a new file keep a write-ahead log: when several processes start on it at once, SQLite tells all but one that it is locked."""
    for _ in range(_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(_PAUSE_S)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("mingbai_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
