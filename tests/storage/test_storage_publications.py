"""What decides is kept by its content hash; who put it in force is one chain that nobody can change unnoticed."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_samples import at_once

from domain.decision import Actor
from domain.errors import ConflictError, NotFoundError
from storage import publications
from storage.database import Database, Transaction
from storage.publications import Act, BookAct

LIN, GAO, RELEASE = Actor("lin", "actuary"), Actor("gao", "actuary"), Actor("mingbai", "release")


def _ship(tx: Transaction, content: bytes = b"one", product: str = "anxin", day: date = date(2000, 1, 1)) -> BookAct:
    return publications.add_act(tx, Act.SHIPPED, RELEASE, product, publications.keep(tx, content), publications.keep(tx, b"base"), day)


def _publish(tx: Transaction, content: bytes, day: date, product: str = "anxin") -> BookAct:
    book, base = publications.keep(tx, content), publications.keep(tx, b"base")
    proposal = publications.add_act(tx, Act.PROPOSED, LIN, product, book, base, day)
    return publications.add_act(tx, Act.APPROVED, GAO, product, book, base, day, proposal.seq)


def _drop_triggers(tx: Transaction) -> None:
    for table in ("book_act", "rule_content"):
        if tx.connection.dialect.name == "sqlite":
            tx.connection.execute(text(f"DROP TRIGGER {table}_no_update"))
            tx.connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
        else:
            tx.connection.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))


def test_bytes_are_found_by_their_hash_and_kept_once(database: Database) -> None:
    with database.write() as tx:
        digest = publications.keep(tx, "条款".encode())
        assert publications.keep(tx, "条款".encode()) == digest
    with database.read() as tx:
        assert publications.find_content(tx, digest) == "条款".encode()
        assert tx.connection.execute(text("SELECT count(*) FROM rule_content")).scalar_one() == 1


def test_a_hash_under_which_nothing_is_kept_is_not_found(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFoundError, match="abab"):
        publications.find_content(tx, "ab" * 32)


def test_bytes_that_were_changed_afterwards_are_refused(database: Database) -> None:
    with database.write() as tx:
        digest = publications.keep(tx, b"one")
    with database.read() as tx:
        _drop_triggers(tx)
        tx.connection.execute(text("UPDATE rule_content SET content = :other"), {"other": b"two"})
        with pytest.raises(ConflictError, match="changed afterwards"):
            publications.find_content(tx, digest)


def test_on_the_day_before_the_old_book_is_in_force_and_on_the_day_the_new(database: Database) -> None:
    with database.write() as tx:
        old, new = _ship(tx), _publish(tx, b"two", date(2026, 4, 1))
        other = _ship(tx, b"other", "zhifu")
        days = [date(1999, 12, 31), date(2000, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
        found = [publications.in_force(tx, {"anxin", "zhifu", "none"}, day) for day in days]
    assert found == [{}, {"anxin": old, "zhifu": other}, {"anxin": old, "zhifu": other}, {"anxin": new, "zhifu": other}]


def test_a_proposal_puts_nothing_in_force(database: Database) -> None:
    with database.write() as tx:
        shipped = _ship(tx)
        publications.add_act(tx, Act.PROPOSED, LIN, "anxin", publications.keep(tx, b"two"), shipped.base_sha256, date(2026, 4, 1))
        assert publications.in_force(tx, ["anxin"], date(2027, 1, 1)) == {"anxin": shipped}


def test_of_two_for_the_same_day_the_later_act_counts(database: Database) -> None:
    with database.write() as tx:
        _publish(tx, b"one", date(2026, 4, 1))
        second = _publish(tx, b"two", date(2026, 4, 1))
        assert publications.in_force(tx, ["anxin"], date(2026, 4, 1)) == {"anxin": second}


def test_a_book_published_later_for_an_earlier_day_gives_way_on_the_day_of_the_other(database: Database) -> None:
    with database.write() as tx:
        planned = _publish(tx, b"planned", date(2027, 1, 1))
        between = _publish(tx, b"between", date(2026, 12, 1))
        assert publications.in_force(tx, ["anxin"], date(2026, 12, 31)) == {"anxin": between}
        assert publications.in_force(tx, ["anxin"], date(2027, 1, 1)) == {"anxin": planned}


def test_acts_tell_who_when_and_what_and_read_back_as_they_were_written(database: Database) -> None:
    with database.write() as tx:
        written = (_ship(tx), _publish(tx, b"two", date(2026, 4, 1)))
    with database.read() as tx:
        found = publications.acts(tx)
        assert (found[0], found[2]) == written
        assert [(each.actor, each.actor_role, each.act) for each in found] == [
            ("mingbai", "release", "shipped"), ("lin", "actuary", "proposed"), ("gao", "actuary", "approved")
        ]  # fmt: skip
        assert publications.find_break(tx) is None
        assert abs(found[0].at_ms - tx.now_ms()) < 60_000


TAMPERING = {
    "who": ("UPDATE book_act SET actor = 'wang' WHERE seq = 3", "at act 3"),
    "a day": ("UPDATE book_act SET effective = '2020-01-01' WHERE seq = 1", "at act 1"),
    "a book": ("UPDATE book_act SET book_sha256 = base_sha256 WHERE seq = 2", "at act 2"),
    "a base": ("UPDATE book_act SET base_sha256 = book_sha256 WHERE seq = 2", "at act 2"),
    "a dropped act": ("DELETE FROM book_act WHERE seq = 2", "at act 2"),
    "a hash": ("UPDATE book_act SET hash = previous_hash WHERE seq = 2", "at act 2"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_at_its_place(database: Database, what: str) -> None:
    with database.write() as tx:
        _ship(tx)
        _publish(tx, b"two", date(2026, 4, 1))
    statement, place = TAMPERING[what]
    with database.read() as tx:
        _drop_triggers(tx)
        assert tx.connection.execute(text(statement)).rowcount == 1
        assert place in (publications.find_break(tx) or "no break")


@pytest.mark.parametrize("table", ["book_act", "rule_content"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_itself_refuses_to_change_or_delete(database: Database, table: str, statement: str) -> None:
    with database.write() as tx:
        _ship(tx)
    column = "hash" if table == "book_act" else "content"
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), database.write() as tx:
        tx.connection.execute(text(statement.format(table, column)))


def test_a_proposal_is_approved_at_most_once(database: Database) -> None:
    with database.write() as tx:
        done = _publish(tx, b"two", date(2026, 4, 1))
    with pytest.raises(IntegrityError), database.write() as tx:
        publications.add_act(tx, Act.APPROVED, GAO, "anxin", done.book_sha256, done.base_sha256, done.effective, done.proposal)


def test_eight_people_at_once_make_one_chain_of_all_their_acts(database: Database) -> None:
    def act(number: int) -> None:
        with database.write() as tx:
            _ship(tx, f"book {number}".encode(), f"product {number}")

    at_once(act)
    with database.read() as tx:
        assert (len(publications.acts(tx)), publications.find_break(tx)) == (8, None)
