"""Migrations only add (online): a process of the version before goes on writing while the newer ones start."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage.database import Database
from storage.migrate import _config, is_up_to_date, upgrade
from tests.conftest import CIPHER

STEPS = sorted(each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions())
RULE_SINCE = "0004"  # itself replaced a table, when nobody ran more than one version yet
Column = dict[str, Any]


def columns_at(folder: Path, revision: str) -> dict[tuple[str, str], Column]:
    """Give every column of a database that has seen the steps up to one."""
    database = Database(f"sqlite:///{folder}/{revision}.db", CIPHER)
    with database.write() as tx:
        config = _config()
        config.attributes |= {"connection": tx.connection, "cipher": tx.cipher}
        command.upgrade(config, revision)
        inspector = inspect(tx.connection)
        found = {(table, str(each["name"])): dict(each) for table in inspector.get_table_names() for each in inspector.get_columns(table)}
    database.close()
    return found


@pytest.mark.parametrize(("before", "after"), list(pairwise(each for each in STEPS if each >= RULE_SINCE)))
def test_the_version_before_can_still_write(tmp_path: Path, before: str, after: str) -> None:
    old, new = columns_at(tmp_path, before), columns_at(tmp_path, after)
    assert old.keys() <= new.keys()
    tables = {table for table, _ in old}
    added = {place: each for place, each in new.items() if place not in old and place[0] in tables}
    assert [place for place, each in added.items() if not each["nullable"] and each["default"] is None] == []
    assert [place for place, each in old.items() if each["nullable"] and not new[place]["nullable"]] == []


def test_a_database_that_is_ahead_is_used_as_it_is(database: Database) -> None:
    """Alembic's number is one column of one row; it is put back, because PostgreSQL's database is shared."""
    number = text("UPDATE alembic_version SET version_num = :number")
    with database.write() as tx:
        tx.connection.execute(number, {"number": "9999"})
    upgrade(database)
    assert is_up_to_date(database)
    with database.write() as tx:
        tx.connection.execute(number, {"number": STEPS[-1]})
    assert is_up_to_date(database)


def test_a_database_that_waits_for_a_step_is_not_up_to_date(database: Database) -> None:
    number = text("UPDATE alembic_version SET version_num = :number")
    with database.write() as tx:
        tx.connection.execute(number, {"number": STEPS[-2]})
    assert not is_up_to_date(database)
    with database.write() as tx:
        tx.connection.execute(number, {"number": STEPS[-1]})
