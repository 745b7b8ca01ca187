"""A consistent copy of a database while others write to it, and the way back: SQLite's online backup, or pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from domain.errors import ConflictError, SetupError
from storage.key_file import sync_folder

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_TABLES = text("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
_IN_USE = "stop every serve and worker first"


def copy_database(url: str, to: Path) -> None:
    """Write all of a database to one file, as it was at one moment.

    Raises:
        SetupError: pg_dump is missing, or refuses.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(parsed.database or "")) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)  # in one step: with WAL nobody waits for it
        return
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={to}"], parsed)


def check_target(url: str, *, replace: bool) -> None:
    """Make sure that a database may be written over.

    Raises:
        ConflictError: it holds something and `replace` was not said, or somebody uses it.
        SetupError: there is no such database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        if path.exists() and not replace:
            raise ConflictError(f"{path} is there already", "name a new place, or say --replace to lose what is there")
        if path.exists():
            _check_unused(path)
        return
    name = parsed.database
    with _connected(url) as connection:
        others, tables = connection.execute(_OTHERS).scalar_one(), connection.execute(_TABLES).scalar_one()
    if others:
        raise ConflictError(f"{others} connections use the database {name}", _IN_USE)
    if tables and not replace:
        raise ConflictError(f"the database {name} holds {tables} tables", "name an empty one, or say --replace to lose what is there")


def put_back(url: str, copy: Path) -> None:
    """Bring a copy back in place of whatever the database holds; `check_target` was asked before.

    Raises:
        SetupError: pg_restore is missing, or refuses.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in (f"{path.name}-wal", f"{path.name}-shm"):  # they belong to the database that goes
            path.with_name(leftover).unlink(missing_ok=True)
        draft = path.with_name(f"{path.name}.part")  # the copy may lie on another disk
        shutil.copyfile(copy, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
        return
    with _connected(url) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        connection.commit()
    _run("pg_restore", ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(copy)], parsed)


def _check_unused(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # only the last connection may leave WAL
    except sqlite3.OperationalError as error:
        raise ConflictError(f"somebody uses {path}: {error}", _IN_USE) from error
    except sqlite3.DatabaseError:
        return  # damaged: nobody works with it, and it may be the reason for restoring


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        name = make_url(url).database
        raise SetupError(f"the database {name} does not open: {str(error.orig).splitlines()[0]}", f"make it: createdb {name}") from error
    finally:
        engine.dispose()


def _run(program: str, arguments: Sequence[str], url: URL) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where no list of processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise SetupError(f"{program} is not on this machine", "sudo apt-get install -y postgresql-client, not older than the server")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603  # no shell, and the words are ours
        [found, *arguments, f"--dbname={address}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(f"{program} failed: {done.stderr.strip()}", "mend what it names, then run the command again")
