"""Brings a database to the newest form, step by step, with Alembic; the steps stand in storage/migrations/versions.

Processes of the version before write meanwhile. On PostgreSQL a step that waits for a table they use holds others that they want,
and they hold each other up. So the steps wait for no table longer than half a second: they let go of everything, so that the
others come through, and begin again a moment later.
"""

import logging
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from domain.errors import SetupError, UnavailableError
from storage.database import Database, Transaction

_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "migrations"
_WAIT_FOR_OTHERS = text("SELECT pg_advisory_xact_lock(6467766)")  # any number, as long as every process takes the same
_SHORTLY = text(
    "SET LOCAL lock_timeout = '500ms'"
)  # less than the second after which PostgreSQL breaks one of those that wait for each other
_IN_THE_WAY = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
_PAUSES_S = (0.5, 1, 2, *(5,) * 12)


def upgrade(database: Database) -> None:
    """Run every step that the database has not seen yet, all or none; processes that start together wait for each other.

    A database that a newer version has brought further is left as it is: steps only add (CONTRIBUTING.md).

    Raises:
        SetupError: somebody held a table for longer than a minute.
    """
    for pause in (*_PAUSES_S, None):
        try:
            return _upgrade(database)
        except UnavailableError as error:
            if getattr(getattr(error.__cause__, "orig", None), "sqlstate", "") not in _IN_THE_WAY:
                raise
            if pause is None:
                told = "the database is to be brought to a newer form, and somebody has held its tables for over a minute"
                raise SetupError(told, "wait until the backup or the long query is over, and start again; nothing was changed") from error
        _log.info("the tables are in use: the steps of the newer form begin again in %s s", pause)
        time.sleep(pause)
    return None


def _upgrade(database: Database) -> None:
    with database.write() as tx:
        if not database.is_sqlite:  # SQLite lets only one in anyway
            tx.connection.execute(_WAIT_FOR_OTHERS)
            tx.connection.execute(_SHORTLY)
        if _is_ahead(tx):
            return
        config = _config()
        config.attributes["connection"] = tx.connection
        config.attributes["cipher"] = tx.cipher  # for steps that must read what is sealed
        command.upgrade(config, "head")


def is_up_to_date(database: Database) -> bool:
    """Tell whether a database has seen every step; one that is ahead of this version has."""
    with database.read() as tx:
        return _is_ahead(tx) or revision_of(tx) == ScriptDirectory.from_config(_config()).get_current_head()


def _is_ahead(tx: Transaction) -> bool:
    revision = revision_of(tx)
    return bool(revision) and not knows(revision)


def revision_of(tx: Transaction) -> str:
    """Name the newest step that a database has seen; "" for an empty one."""
    return MigrationContext.configure(tx.connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Tell whether a step is one of this version: a database that has seen others was written by a newer one."""
    return revision in {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
