"""A migrated, empty database for every test that asks for one: a file of SQLite, and a PostgreSQL database of this session's own.

PostgreSQL is found by MINGBAI_TEST_POSTGRES (a SQLAlchemy URL); without it, or when it does not answer, its half is skipped.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from storage.all_tables import metadata
from storage.crypto import FieldCipher
from storage.database import Database
from storage.migrate import upgrade

os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the terminal's language; the tests read English, whoever runs them
_ROOM_BYTES = 4 << 30  # several times what a whole run writes
CIPHER = FieldCipher(bytes(range(64)))
APPEND_ONLY = (
    *("agent_act", "agent_change", "audit", "book_act", "decision", "event_report", "ledger_entry", "letter", "look_up"),
    *("policy_entry", "receipt", "reconciliation", "risk_label", "risk_release", "rule_content", "servicing_signature"),
)


def pytest_configure() -> None:
    """Let temporary files lie in memory where there is room: tests kill processes, and no power fails."""
    memory = Path("/dev/shm")  # noqa: S108  # pytest makes a folder of its own in it
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{path}", CIPHER)
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Give the URL of a new, empty database that is dropped at the end."""
    configured = os.environ.get("MINGBAI_TEST_POSTGRES")
    if not configured:
        pytest.skip("MINGBAI_TEST_POSTGRES is not set: PostgreSQL is not tested")
    server = create_engine(configured, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    name = f"mingbai_test_{secrets.token_hex(6)}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))  # nobody pulls the plug of the server
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL answers at MINGBAI_TEST_POSTGRES: {str(error.orig).splitlines()[0]}")
    yield make_url(configured).set(database=name)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: URL) -> Iterator[Database]:
    database = Database(postgres_server.render_as_string(hide_password=False), CIPHER)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "postgres":
        shared: Database = request.getfixturevalue("postgres_database")
        _empty(shared)
        yield shared
        shared._ahead_ms, shared.cipher = lambda: 0, CIPHER  # whatever a test did with its clock and its keys
        return
    path = tmp_path / "claims.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    opened = Database(f"sqlite:///{path}", CIPHER)
    yield opened
    opened.close()


def _empty(database: Database) -> None:
    """Delete all rows in one message to the server: several thousand tests begin so."""
    guarded = [f"ALTER TABLE {name} {{}} TRIGGER USER" for name in APPEND_ONLY]
    emptied = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]  # noqa: S608  # our own names
    statements = [*(each.format("DISABLE") for each in guarded), *emptied, *(each.format("ENABLE") for each in guarded)]
    with database.write() as tx:
        tx.connection.exec_driver_sql(";".join(statements))
