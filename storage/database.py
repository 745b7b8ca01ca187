"""A database: SQLite in one file by default, PostgreSQL when configured, from the same code.

Writing on SQLite takes a lock of this process before BEGIN IMMEDIATE, because SQLite's own busy handler
is unfair: with several writing threads some would wait for most of a second.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from domain.errors import SetupError
from storage.crypto import FieldCipher

_SQLITE_NOW_MS = text("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
_POSTGRES_NOW_MS = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")


@dataclass(frozen=True)
class Transaction:
    """One open transaction, with the cipher for its encrypted columns: what every storage function is given first."""

    connection: Connection
    cipher: FieldCipher
    ahead_ms: int = 0  # how far a virtual clock is ahead of the database's: tests and drills only
    before_commit: list[Callable[["Transaction"], None]] = field(default_factory=list)

    def now_ms(self) -> int:
        """Tell the database's time in milliseconds since 1970 (UTC): machines may disagree, the database is one.

        It is asked once a transaction, so that all that is written together happened at one moment.
        """
        return self._moment

    @cached_property
    def _moment(self) -> int:
        statement = _SQLITE_NOW_MS if self.connection.dialect.name == "sqlite" else _POSTGRES_NOW_MS
        return int(self.connection.execute(statement).scalar_one()) + self.ahead_ms

    def close(self) -> None:
        """Write what was kept back until the end, such as entries of audit chains; called before the commit."""
        while self.before_commit:
            self.before_commit.pop(0)(self)


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
        self._write_lock = threading.Lock()
        if self.is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(url, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Look without writing; nothing is kept."""
        with self.engine.connect() as connection:
            yield Transaction(connection, self.cipher, self._ahead_ms())

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Do one transaction: committed when the block ends, rolled back when it raises."""
        with self._write_lock if self.is_sqlite else nullcontext():
            options = {"mingbai_writes": True}
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                transaction = Transaction(connection, self.cipher, self._ahead_ms())
                yield transaction
                transaction.close()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may forget a claim that was acknowledged
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")  # else REPLACE changes an append-only row past its triggers
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("mingbai_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
