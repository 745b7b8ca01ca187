"""Migrations only add (online): a process of the version before goes on writing while the newer ones start."""

import time
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from storage_samples import ACTOR, new_claim, save_world

from domain.errors import SetupError
from domain.risk import EntityKind
from storage import claims, decisions, entities
from storage.database import Database
from storage.migrate import _config, is_up_to_date, upgrade
from tests.conftest import CIPHER
from tests.storage.test_storage_decisions import ADJUDICATION

STEPS = [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]  # in the order they are run
RULE_SINCE = "0004"  # itself replaced a table, when nobody ran more than one version yet
KEYED = "0044"  # entities in the order of their keys
BEFORE_KEYED = STEPS[STEPS.index(KEYED) - 1]
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


def at(database: Database, step: str) -> None:
    with database.write() as tx:
        config = _config()
        config.attributes |= {"connection": tx.connection, "cipher": tx.cipher}
        command.downgrade(config, step)


def test_writers_of_the_version_before_and_the_steps_do_not_hold_each_other_up(postgres_database: Database) -> None:
    """Step 0040 locks letters before attachments; whoever writes them the other way round comes through, and the steps after them."""
    at(postgres_database, "0034")
    began = Thread(target=upgrade, args=(postgres_database,))
    with postgres_database.write() as tx:
        tx.connection.execute(text("LOCK TABLE claim_attachment IN ROW EXCLUSIVE MODE"))
        began.start()
        while not tx.connection.execute(
            text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'claim_attachment'::regclass")
        ).scalar():
            assert began.is_alive()
            time.sleep(0.02)
        tx.connection.execute(text("LOCK TABLE letter IN ROW EXCLUSIVE MODE"))  # which the steps hold
    began.join()
    assert is_up_to_date(postgres_database)


def test_who_holds_a_table_for_good_is_told_of_and_nothing_was_changed(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(postgres_database, "0034")
    monkeypatch.setattr("storage.migrate._PAUSES_S", (0.01,))
    with postgres_database.write() as tx:
        tx.connection.execute(text("LOCK TABLE claim_attachment IN ACCESS SHARE MODE"))  # as pg_dump does
        with pytest.raises(SetupError, match="somebody has held its tables"):
            upgrade(postgres_database)
    assert not is_up_to_date(postgres_database)
    upgrade(postgres_database)
    assert is_up_to_date(postgres_database)


def test_claims_that_were_scored_before_entities_were_counted_are_counted_by_the_step(database: Database) -> None:
    told = {"hospital": "H1", "agent": "A1", "hospital_agent": "H1 A1"}
    with database.write() as tx:
        save_world(tx, 3)
        for number, insured in ((1, 1), (2, 2), (3, 1), (4, 3)):
            phone = f"1990000{insured % 2:04}"
            claims.add_claim(tx, new_claim(number, insured, hospital_id="H1", reporter_phone=phone, device_id=f"d{number}"), ACTOR)
            claim = claims.get_claim(tx, f"C{number}")
            values = told | {"insured": f"I{insured}", "phone": claim.reporter_phone_index, "device": claim.device_index}
            values["account"] = claim.payee_account_index
            keys = {EntityKind(kind): entities.key_of(tx, EntityKind(kind), value) for kind, value in values.items()}
            met = entities.meet(tx, claim.claim_id, keys, 1)
            decisions.save_risk_row(tx, claim.claim_id, 1, decisions.Scoring({}, 0.0, met.known_json), ADJUDICATION.score)
    counted = entity_rows(database)
    with database.write() as tx:
        config = _config()
        config.attributes |= {"connection": tx.connection, "cipher": tx.cipher}
        command.downgrade(config, "0016")
        command.upgrade(config, "head")
    assert entity_rows(database) == counted


def step_to(database: Database, revision: str) -> None:
    """Bring a database down or up to a step."""
    with database.write() as tx:
        config = _config()
        config.attributes |= {"connection": tx.connection, "cipher": tx.cipher}
        before = STEPS.index(revision) < STEPS.index(MigrationContext.configure(tx.connection).get_current_revision() or STEPS[0])
        (command.downgrade if before else command.upgrade)(config, revision)


def test_entities_keep_every_count_when_they_are_laid_in_the_order_of_their_keys(database: Database) -> None:
    def meet(number: int) -> None:
        with database.write() as tx:
            told = {EntityKind.INSURED: f"I{number}", EntityKind.PHONE: "a", EntityKind.ACCOUNT: f"x{number % 2}"}
            entities.meet(tx, f"C{number}", {kind: entities.key_of(tx, kind, value) for kind, value in told.items()}, 1_000)

    step_to(database, BEFORE_KEYED)
    for number in range(6):
        meet(number)
    before = entity_rows(database)
    assert len(before) == 9
    step_to(database, KEYED)
    assert entity_rows(database) == before
    meet(6)  # they go on being counted
    phone = next(each for each in entity_rows(database) if each[0].startswith("phone:"))
    assert (phone[1], len(phone[3])) == (7, 7)
    step_to(database, BEFORE_KEYED)
    step_to(database, STEPS[-1])


def test_on_sqlite_entities_lie_in_the_order_of_their_keys(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has heaps only")
    with database.read() as tx:
        made = tx.connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'risk_entity'")).scalar_one()
        indexes = set(
            tx.connection.execute(text("SELECT name FROM sqlite_master WHERE tbl_name = 'risk_entity' AND sql IS NOT NULL")).scalars()
        )
    assert made.strip().endswith("WITHOUT ROWID")
    assert indexes == {"risk_entity", "ix_risk_entity_group_head"}


def entity_rows(database: Database) -> list[Any]:
    """Give every entity with its counts, and with the keys that hang together with it: what a group is called means nothing."""
    with database.read() as tx:
        rows = list(tx.connection.execute(text("SELECT * FROM risk_entity ORDER BY entity_key")))
    told = []
    for row in rows:
        people = sorted(row.people[at : at + 16] for at in range(0, len(row.people), 16))
        group = [other.entity_key for other in rows if other.component == row.component is not None]
        told.append((row.entity_key, row.claims, pytest.approx(row.recent), people, group, row.account, row.account_ms))
    return told
