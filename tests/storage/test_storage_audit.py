"""The audit trail: whatever is changed, dropped, reordered or cut off is found, and the database refuses to do it at all."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from storage_samples import ACTOR, at_once, save_claims

from domain.decision import Actor, DecisionKind
from domain.errors import NotFoundError
from storage import audit, claims, decisions, ledger
from storage.database import Database, Transaction
from storage.ledger import Account


def _chain(database: Database) -> None:
    """A claim with five entries: received, and four acts."""
    save_claims(database)
    with database.write() as tx:
        for number in range(4):
            audit.append(tx, "C1", Actor("li", "adjuster"), "claim.looked_at", {"number": number, "note": "审核"})


def _drop_triggers(tx: Transaction) -> None:
    if tx.connection.dialect.name == "sqlite":
        tx.connection.execute(text("DROP TRIGGER audit_no_update"))
        tx.connection.execute(text("DROP TRIGGER audit_no_delete"))
    else:
        tx.connection.execute(text("DROP TRIGGER audit_append_only ON audit"))


def test_a_chain_that_nobody_touched_holds(database: Database) -> None:
    _chain(database)
    with database.read() as tx:
        assert audit.find_break(tx, "C1") is None


def test_entries_are_numbered_from_one_and_each_holds_the_hash_before_it(database: Database) -> None:
    _chain(database)
    with database.read() as tx:
        found = audit.entries(tx, "C1")
    assert [each.seq for each in found] == [1, 2, 3, 4, 5]
    assert [each.previous_hash for each in found] == [audit.GENESIS, *(each.hash for each in found[:-1])]


def test_the_head_stands_in_the_claims_own_row(database: Database) -> None:
    _chain(database)
    with database.read() as tx:
        head = tx.connection.execute(text("SELECT audit_seq, audit_hash FROM claim")).one()
        last = audit.entries(tx, "C1")[-1]
    assert tuple(head) == (last.seq, last.hash)


# The tampering is done in a look, so that it is gone afterwards; the triggers are out of its way.
TAMPERING = {
    "an actor": ("UPDATE audit SET actor = 'wang' WHERE seq = 2", "at entry 2"),
    "a role": ("UPDATE audit SET actor_role = 'operator' WHERE seq = 5", "at entry 5"),
    "an action": ("UPDATE audit SET action = 'claim.paid' WHERE seq = 3", "at entry 3"),
    "a detail": ("UPDATE audit SET detail_json = '{}' WHERE seq = 4", "at entry 4"),
    "a time": ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1", "at entry 1"),
    "a hash": ("UPDATE audit SET hash = previous_hash WHERE seq = 3", "at entry 3"),
    "a hash before": ("UPDATE audit SET previous_hash = hash WHERE seq = 3", "at entry 3"),
    "a dropped first": ("DELETE FROM audit WHERE seq = 1", "at entry 1"),
    "a dropped middle": ("DELETE FROM audit WHERE seq = 3", "at entry 3"),
    "a dropped middle, renumbered": ("DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq = 4", "at entry 3"),
    "a reordering": (
        "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99",
        "at entry 2",
    ),
    "a cut end": ("DELETE FROM audit WHERE seq = 5", "ends before its head"),
    "everything cut": ("DELETE FROM audit", "ends before its head"),
    "a head set back": ("UPDATE claim SET audit_hash = (SELECT hash FROM audit WHERE seq = 4)", "ends before its head"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_at_its_place(database: Database, what: str) -> None:
    _chain(database)
    statements, place = TAMPERING[what]
    with database.read() as tx:
        _drop_triggers(tx)
        for statement in statements.split("; "):
            assert tx.connection.execute(text(statement)).rowcount > 0
        assert place in (audit.find_break(tx, "C1") or "no break")


def test_an_entry_moved_to_another_claim_is_found(database: Database) -> None:
    save_claims(database, 2)
    with database.read() as tx:
        _drop_triggers(tx)
        tx.connection.execute(text("DELETE FROM audit WHERE claim_id = 'C2'"))
        tx.connection.execute(text("UPDATE audit SET claim_id = 'C2'"))
        tx.connection.execute(text("UPDATE claim SET audit_hash = (SELECT hash FROM audit)"))
        assert audit.find_break(tx, "C2") == "the audit chain of C2 is broken at entry 1"


def test_eight_threads_that_append_to_one_claim_make_one_chain_of_all_their_entries(database: Database) -> None:
    save_claims(database)

    def act(number: int) -> None:
        with database.write() as tx:
            audit.append(tx, "C1", ACTOR, "claim.looked_at", {"number": number})

    at_once(act)
    with database.read() as tx:
        assert (len(audit.entries(tx, "C1")), audit.find_break(tx, "C1")) == (9, None)


def test_an_act_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    save_claims(database)
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        audit.append(tx, "C1", ACTOR, "claim.looked_at", {})
        raise ZeroDivisionError
    with database.read() as tx:
        assert (len(audit.entries(tx, "C1")), audit.find_break(tx, "C1")) == (1, None)


def test_an_entry_of_no_claim_is_refused(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no claim C404"), database.write() as tx:
        audit.append(tx, "C404", ACTOR, "claim.looked_at", {})


def _one_of_each(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_FULL, 100, ACTOR, "", "", {})
        ledger.book(tx, "C1", "P1", Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, 100, "decision C1/1")


@pytest.mark.parametrize("table", ["audit", "decision", "ledger_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET claim_id = claim_id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_delete(database: Database, table: str, statement: str) -> None:
    _one_of_each(database)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), database.write() as tx:
        tx.connection.execute(text(statement.format(table)))


@pytest.mark.parametrize("table", ["audit", "decision", "ledger_entry"])
def test_the_database_itself_refuses_to_replace_on_sqlite_and_to_truncate_on_postgres(database: Database, table: str) -> None:
    _one_of_each(database)
    statement = "REPLACE INTO {0} SELECT * FROM {0}" if database.is_sqlite else "TRUNCATE {0} CASCADE"
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), database.write() as tx:
        tx.connection.execute(text(statement.format(table)))


def test_a_claim_with_an_audit_chain_cannot_be_deleted(database: Database) -> None:
    save_claims(database)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.write() as tx:
        tx.connection.execute(text("DELETE FROM claim"))


def test_a_chain_of_no_claim_is_no_chain_that_holds(database: Database) -> None:
    with database.read() as tx:
        assert audit.find_break(tx, "C404") is not None


def test_moving_a_claim_keeps_its_chain_whole(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        claims.note_facts(tx, "C1", hospital_id="H1")
        assert audit.find_break(tx, "C1") is None


def _said(database: Database) -> None:
    _chain(database)  # entries of an earlier version, whose words stand in the chain itself
    with database.write() as tx:
        for words in ("示例 来电", "", "示例 来电"):
            audit.append(tx, "C1", ACTOR, "claim.moved", {"to": "WITHDRAWN", "reason": audit.Said(words)})


def test_free_words_stand_beside_the_chain_under_a_salted_hash(database: Database) -> None:
    _said(database)
    with database.read() as tx:
        *before, first, empty, last = audit.entries(tx, "C1")
        assert audit.find_break(tx, "C1") is None
    assert [each.detail.get("note") for each in before] == [None, "审核", "审核", "审核", "审核"]
    assert first.detail == last.detail == {"to": "WITHDRAWN", "reason": "示例 来电"}
    assert empty.detail_json == '{"to":"WITHDRAWN"}'
    assert "来电" not in first.detail_json
    assert first.detail_json != last.detail_json  # the same words twice cannot be told from others


@pytest.mark.parametrize("tampering", ["DELETE FROM audit_text WHERE seq = 6", "UPDATE audit_text SET seq = 7 WHERE seq = 6"])
def test_words_that_are_changed_or_gone_are_found_until_the_claim_is_erased(database: Database, tampering: str) -> None:
    _said(database)
    with database.read() as tx:
        tx.connection.execute(text(tampering))
        assert "not those that were said" in (audit.find_break(tx, "C1") or "")
    with database.read() as tx:
        tx.connection.execute(text("DELETE FROM audit_text"))
        tx.connection.execute(text("UPDATE claim SET erased_ms = 1"))
        assert audit.find_break(tx, "C1") is None
        assert audit.entries(tx, "C1")[5].detail["reason"] == audit.ERASED_WORDS
