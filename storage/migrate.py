"""Brings a database to the newest form, step by step, with Alembic; the steps stand in storage/migrations/versions."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Run every step that the database has not seen yet."""
    with database.write() as tx:
        config = _config()
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "head")


def is_up_to_date(database: Database) -> bool:
    """Tell whether a database has seen every step."""
    with database.read() as tx:
        return MigrationContext.configure(tx.connection).get_current_revision() == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
