"""The queue's order and filters."""

import pytest
from sqlalchemy import text
from storage_samples import ACTOR, new_claim, save_claims, save_world
from test_storage_decisions import ADJUDICATION

from domain.decision import DecisionKind
from domain.states import ClaimState
from storage import claims, clocks, decisions, desk, queue
from storage.database import Database, Transaction
from storage.queue import Aside, QueueQuery


def _ids(database: Database, states: tuple[ClaimState, ...] = (), search: str = "", limit: int = 200) -> list[str]:
    with database.read() as tx:
        return [each.claim_id for each in queue.list_claims(tx, QueueQuery(states, search), limit)]


def test_the_nearest_due_comes_first_and_claims_without_a_clock_last(database: Database) -> None:
    save_claims(database, 3)
    with database.write() as tx:
        clocks.start_clock(tx, "C2", "decision", 9_000)
        clocks.start_clock(tx, "C3", "decision", 5_000)
    assert _ids(database) == ["C3", "C2", "C1"]


def test_a_claim_is_as_urgent_as_its_nearest_clock(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        clocks.start_clock(tx, "C1", "decision", 5_000_000)
        clocks.start_clock(tx, "C2", "decision", 9_000_000)
        clocks.start_clock(tx, "C2", "call_back", 1_000)
    assert _ids(database) == ["C2", "C1"]


@pytest.mark.parametrize("stop", ["pause", "meet"])
def test_a_clock_that_is_paused_or_met_makes_nothing_urgent(database: Database, stop: str) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        clocks.start_clock(tx, "C1", "decision", 9_000)
        clocks.start_clock(tx, "C2", "decision", 5_000)
        if stop == "pause":
            clocks.pause_clock(tx, "C2", "decision", "等待")
        else:
            clocks.meet_clock(tx, "C2", "decision")
    assert _ids(database) == ["C1", "C2"]


def test_equally_due_claims_come_by_what_is_at_stake(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C2", 1, ADJUDICATION)
    assert _ids(database) == ["C2", "C1"]


def test_otherwise_the_oldest_comes_first(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        tx.connection.execute(text("UPDATE claim SET created_ms = created_ms - 5000 WHERE claim_id = 'C2'"))
    assert _ids(database) == ["C2", "C1"]


def test_only_the_states_that_were_asked_for_are_listed(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        claims.move(tx, "C2", ClaimState.IN_REVIEW, ACTOR)
    assert _ids(database, (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)) == ["C2"]


def test_no_more_than_the_limit_are_listed(database: Database) -> None:
    save_claims(database, 3)
    assert len(_ids(database, limit=2)) == 2


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("C1", ["C1", "C11"]),
        ("c11", ["C11"]),
        ("示例1", ["C1", "C11"]),
        ("示例", []),
        ("1", []),
        ("%", []),
        ("_1", []),
        ("C_", []),
        ("C\\", []),
        ("'", []),
    ],
)
def test_a_search_begins_a_number_or_equals_a_name_and_knows_no_wildcards(database: Database, search: str, found: list[str]) -> None:
    with database.write() as tx:
        save_world(tx, 2)
        for number, insured in ((1, 1), (11, 1), (2, 2)):
            claims.add_claim(tx, new_claim(number, insured), ACTOR)
    assert sorted(_ids(database, search=search)) == found


def test_a_row_shows_what_the_queue_needs(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_PART, 100, ACTOR, "", "", {})
        (row,) = queue.list_claims(tx, QueueQuery())
    assert (row.insured_name, row.loss_date, row.channel, row.state) == ("示例1", "2024-06-01", "app", "SUBMITTED")
    assert (row.proposed_fen, row.expected_loss_fen, row.decided_fen) == (669524, 5, 100)


def test_a_row_of_a_bare_report_shows_gaps(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        claims.add_claim(tx, new_claim(loss_date=None), ACTOR)
        (row,) = queue.list_claims(tx, QueueQuery())
    assert (row.loss_date, row.proposed_fen, row.decided_fen, row.due_ms) == ("", None, None, None)


def test_filters_narrow_and_the_count_is_of_what_would_be_listed(database: Database) -> None:
    save_claims(database, 3)
    with database.write() as tx:
        for place, fen in ((1, 99), (2, 100)):
            decisions.save_decision(tx, f"C{place}", 1, DecisionKind.PAY_PART, fen, ACTOR, "", "", {})
        clocks.start_clock(tx, "C1", "decision", 5_000)
        now = tx.now_ms()
        asked = {
            "amount": QueueQuery(at_least_fen=100), "due": QueueQuery(due_before_ms=now + 5_001), "not due": QueueQuery(due_before_ms=now),
            "channel": QueueQuery(channel="app"), "other channel": QueueQuery(channel="hotline"), "name": QueueQuery(search="示例1"),
        }  # fmt: skip
        listed = {name: [each.claim_id for each in queue.list_claims(tx, query)] for name, query in asked.items()}
        counted = {name: queue.count_claims(tx, query) for name, query in asked.items()}
    assert listed["amount"] == ["C2"] and listed["due"] == ["C1"] and listed["not due"] == listed["other channel"] == []
    assert len(listed["channel"]) == 3
    assert counted == {name: len(found) for name, found in listed.items()}


def test_pages_follow_each_other_without_a_gap(database: Database) -> None:
    save_claims(database, 3)
    with database.read() as tx:
        pages = [[each.claim_id for each in queue.list_claims(tx, QueueQuery(), 2, offset)] for offset in (0, 2)]
    assert sorted(pages[0] + pages[1]) == ["C1", "C2", "C3"] and len(pages[1]) == 1


def test_a_claim_stays_aside_until_its_moment_or_until_it_changes(database: Database) -> None:
    save_claims(database, 2)
    with database.write() as tx:
        version = claims.get_claim(tx, "C1").version
        desk.snooze(tx, "C1", version, "lin", tx.now_ms() + 1)
        desk.snooze(tx, "C2", version, "lin", tx.now_ms())

    def ids(tx: Transaction, aside: Aside) -> list[str]:
        return [each.claim_id for each in queue.list_claims(tx, QueueQuery(aside=aside))]

    with database.write() as tx:
        desk.snooze(tx, "C1", version, "lin", tx.now_ms() + 60_000)
        assert (ids(tx, Aside.ONLY), ids(tx, Aside.LEFT_OUT)) == (["C1"], ["C2"])
        claims.note_facts(tx, "C1")
    with database.read() as tx:
        assert ids(tx, Aside.ONLY) == [] and desk.find_snooze(tx, "C1") is None
