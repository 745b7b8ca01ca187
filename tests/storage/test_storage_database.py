"""The database: how it is opened, what a transaction keeps, and that migrations bring it to exactly the tables."""

import time
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, CheckConstraint, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_samples import at_once, person, save_claims, save_world

from domain.decision import Actor, DecisionKind
from domain.errors import SetupError, UnavailableError
from storage import decisions, publications, registry
from storage import tables as t
from storage.all_tables import metadata
from storage.crypto import FieldCipher
from storage.database import Database
from storage.ids import new_id
from storage.migrate import is_up_to_date, upgrade

CIPHER = FieldCipher(bytes(64))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30000), ("recursive_triggers", 1)],
)
def test_sqlite_forgets_nothing_that_was_acknowledged_and_keeps_its_rules(tmp_path: Path, pragma: str, value: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/claims.db", CIPHER)
    with database.read() as tx:
        assert tx.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    upgrade(Database(f"sqlite:///{tmp_path}/a/b/claims.db", CIPHER))
    assert (tmp_path / "a/b/claims.db").exists()


@pytest.mark.parametrize(("url", "told"), [("no url", "is no database URL"), ("mysql://host/name", "'mysql' are not supported")])
def test_a_url_of_another_kind_is_refused_with_one_that_works(url: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        Database(url, CIPHER)


def test_a_database_that_is_away_is_told_apart_from_a_mistake_of_ours(database: Database) -> None:
    with pytest.raises(UnavailableError, match="cannot be reached, or is busy"), database.write() as tx:
        if database.is_sqlite:
            tx.connection.exec_driver_sql("PRAGMA max_page_count=1")
            tx.connection.exec_driver_sql("CREATE TABLE one_more AS SELECT zeroblob(4000000) AS content")
        else:
            tx.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    database.close()  # the bound on its pages was the connection's
    with pytest.raises(DBAPIError), database.read() as tx:
        tx.connection.execute(text("SELECT nothing FROM nowhere"))
    with database.read() as tx:
        assert tx.now_ms() > 0


def test_a_file_that_does_not_open_is_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "claims.db").mkdir()
    with pytest.raises(UnavailableError), Database(f"sqlite:///{tmp_path}/claims.db", CIPHER).read():
        pass


def test_what_is_written_in_a_look_is_not_kept(database: Database) -> None:
    with database.read() as tx:
        registry.save_people(tx, [person()])
    with database.read() as tx:
        assert registry.find_person(tx, "I1") is None


def test_what_is_written_in_a_transaction_is_kept(database: Database) -> None:
    with database.write() as tx:
        registry.save_people(tx, [person()])
    with database.read() as tx:
        assert registry.find_person(tx, "I1") == person()


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        registry.save_people(tx, [person()])
        raise ZeroDivisionError
    with database.read() as tx:
        assert registry.find_person(tx, "I1") is None


def test_a_transaction_that_raised_does_not_block_the_next(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError
    with database.write() as tx:
        registry.save_people(tx, [person()])
    with database.read() as tx:
        assert registry.find_person(tx, "I1") is not None


def test_a_look_does_not_wait_for_a_writer_and_sees_only_what_was_committed(database: Database) -> None:
    seen: list[object] = []

    def look() -> None:
        with database.read() as tx:
            seen.append(registry.find_person(tx, "I1"))

    with database.write() as tx:
        registry.save_people(tx, [person()])
        thread = Thread(target=look)
        thread.start()
        thread.join(10)
    assert seen == [None]


def test_eight_writers_at_once_all_get_their_turn(database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as tx:
            registry.save_people(tx, [person(number)])

    at_once(write)
    with database.read() as tx:
        assert tx.connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 8


def test_the_clock_is_the_time_of_day_in_milliseconds(database: Database) -> None:
    with database.read() as tx:
        assert abs(tx.now_ms() - time.time() * 1000) < 5_000


def test_a_row_that_points_to_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.connection.execute(t.customer_token.insert().values(token_hash="x", person_id="nobody", expires_ms=0))


def test_migrations_bring_an_empty_database_to_exactly_the_tables(database: Database) -> None:
    with database.read() as tx:
        assert compare_metadata(MigrationContext.configure(tx.connection, opts={"compare_type": True}), metadata) == []


def test_migrations_make_the_very_constraints_of_the_tables(database: Database) -> None:
    """Alembic does not compare checks; the database is asked for their names."""
    with database.read() as tx:
        found = {each["name"] for name in metadata.tables for each in inspect(tx.connection).get_check_constraints(name)}
    declared = {each for table in metadata.tables.values() for each in table.constraints if isinstance(each, CheckConstraint)}
    assert found == {str(each.name) for each in declared}


def test_a_migrated_database_is_up_to_date(database: Database) -> None:
    assert is_up_to_date(database)


def test_an_empty_database_is_not_up_to_date(tmp_path: Path) -> None:
    assert not is_up_to_date(Database(f"sqlite:///{tmp_path}/claims.db", CIPHER))


def test_migrating_twice_changes_nothing(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
    upgrade(database)
    with database.read() as tx:
        assert registry.find_person(tx, "I1") == person()


def test_a_migration_can_be_undone(tmp_path: Path) -> None:
    from alembic import command

    from storage.migrate import _config

    database = Database(f"sqlite:///{tmp_path}/claims.db", CIPHER)
    upgrade(database)
    with database.write() as tx:
        config = _config()
        config.attributes["connection"] = tx.connection
        command.downgrade(config, "base")
    with database.read() as tx:
        assert set(inspect(tx.connection).get_table_names()) == {"alembic_version"}


def test_a_database_of_before_books_were_kept_goes_on_with_its_decisions(database: Database) -> None:
    from alembic import command

    from storage.migrate import _config

    save_claims(database)
    with database.write() as tx:
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_FULL, 100, Actor("li", "adjuster"), "", "", {"books": {"P1": "ab"}})
        config = _config()
        config.attributes["connection"] = tx.connection
        command.downgrade(config, "0002")
    assert not is_up_to_date(database)
    upgrade(database)
    with database.write() as tx:
        assert decisions.find_decision(tx, "C1", 1) is not None
        assert publications.acts(tx) == ()
        assert publications.find_content(tx, publications.keep(tx, b"book")) == b"book"


def test_processes_that_start_together_migrate_one_after_the_other_on_sqlite(tmp_path: Path) -> None:
    at_once(lambda _: upgrade(Database(f"sqlite:///{tmp_path}/claims.db", CIPHER)), 3)
    assert is_up_to_date(Database(f"sqlite:///{tmp_path}/claims.db", CIPHER))


def test_processes_that_start_together_migrate_one_after_the_other_on_postgres(postgres_server: URL) -> None:
    empty = f"{postgres_server.database}_start"
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {empty}"))
    url = postgres_server.set(database=empty).render_as_string(hide_password=False)
    try:
        databases = [Database(url, CIPHER) for _ in range(4)]
        at_once(lambda number: upgrade(databases[number]), 4)
        assert is_up_to_date(databases[0])
    finally:
        for each in databases:
            each.close()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {empty} WITH (FORCE)"))
        server.dispose()


def test_ids_are_a_letter_and_fifteen_characters_without_look_alikes() -> None:
    made = new_id("C")
    assert len(made) == 16
    assert made[0] == "C"
    assert not set(made) & set("ILOU")


def test_ids_sort_by_age() -> None:
    earlier = new_id("C")
    time.sleep(0.002)
    assert earlier < new_id("C")


def test_a_thousand_ids_made_at_once_are_a_thousand() -> None:
    assert len({new_id("C") for _ in range(1000)}) == 1000
