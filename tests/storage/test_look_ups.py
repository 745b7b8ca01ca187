"""The trail of look-ups: who looked whom up, by what, in a chain that shows a change, and names nobody."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from storage_samples import save_world

from domain.decision import Actor
from storage import look_ups
from storage import tables as t
from storage.access import ApiClient, save_api_client
from storage.database import Database

DESK, LINE = Actor("feng", "hotline_agent"), Actor("the-hotline", "hotline")


def note(database: Database, clue: str, *found: str, actor: Actor = DESK) -> None:
    with database.write() as tx:
        look_ups.note(tx, actor, clue, found)


def told(database: Database, **which: str) -> list[tuple[str, str, tuple[str, ...]]]:
    with database.read() as tx:
        return [(each.actor, each.clue, each.found) for each in look_ups.look_ups(tx, **which)]


def test_a_look_up_tells_who_by_what_and_whom(database: Database) -> None:
    note(database, "id_number", "I1")
    note(database, "name", "I3", "I2")
    note(database, "id_number", "I2", actor=LINE)
    assert sorted(told(database)) == [("feng", "id_number", ("I1",)), ("feng", "name", ("I2", "I3")), ("the-hotline", "id_number", ("I2",))]
    assert sorted(told(database, person_id="I2")) == [("feng", "name", ("I2", "I3")), ("the-hotline", "id_number", ("I2",))]
    assert told(database, actor="the-hotline") == [("the-hotline", "id_number", ("I2",))]


def test_a_number_that_begins_like_another_is_another(database: Database) -> None:
    note(database, "id_number", "I11")
    assert told(database, person_id="I1") == []


def test_who_is_found_again_within_the_hour_is_one_look_and_who_is_not_found_is_one_for_each_clue(database: Database) -> None:
    for clue in ("id_number", "chosen", "id_number"):
        note(database, clue, "I1")
    for clue in ("policy_number", "policy_number", "name"):
        note(database, clue)
    assert [each[1] for each in told(database)] == ["name", "policy_number", "id_number"]


def test_somebody_else_between_makes_a_new_look(database: Database) -> None:
    for person in ("I1", "I2", "I1"):
        note(database, "id_number", person)
    assert len(told(database)) == 3


def test_looks_at_one_moment_stand_in_one_chain(database: Database) -> None:
    with database.write() as tx:
        save_api_client(tx, ApiClient("the-hotline", "hotline", None))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: note(database, "id_number", f"I{number}", actor=LINE), range(12)))
    with database.read() as tx:
        assert (len(look_ups.look_ups(tx)), look_ups.find_breaks(tx)) == (12, ())


def test_the_table_takes_no_change(database: Database) -> None:
    note(database, "id_number", "I1")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.connection.execute(t.look_up.update().values(found_json="[]"))


def test_a_change_behind_its_back_is_told(database: Database) -> None:
    for person in ("I1", "I2", "I3"):
        note(database, "id_number", person)
    with database.write() as tx:
        save_world(tx, 1)
        if tx.is_sqlite:
            tx.connection.execute(text("DROP TRIGGER look_up_no_update"))
        else:
            tx.connection.execute(text("ALTER TABLE look_up DISABLE TRIGGER USER"))
        tx.connection.execute(t.look_up.update().where(t.look_up.c.seq == 2).values(found_json="[]"))
        broken = look_ups.find_breaks(tx)
        if not tx.is_sqlite:
            tx.connection.execute(text("ALTER TABLE look_up ENABLE TRIGGER USER"))
    assert broken == ("the chain of look-ups by feng is broken at entry 2",)
