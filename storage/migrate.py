"""Brings a database to the newest form, step by step, with Alembic; the steps stand in storage/migrations/versions."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.database import Database, Transaction

_FOLDER = Path(__file__).parent / "migrations"
_WAIT_FOR_OTHERS = text("SELECT pg_advisory_xact_lock(6467766)")  # any number, as long as every process takes the same


def upgrade(database: Database) -> None:
    """Run every step that the database has not seen yet; processes that start together wait for each other.

    A database that a newer version has brought further is left as it is: steps only add (CONTRIBUTING.md).
    """
    with database.write() as tx:
        if not database.is_sqlite:  # SQLite lets only one in anyway
            tx.connection.execute(_WAIT_FOR_OTHERS)
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
