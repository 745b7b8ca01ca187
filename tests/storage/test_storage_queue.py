"""The queue's order and filters."""

import pytest
from sqlalchemy import text
from storage_samples import ACTOR, new_claim, save_claims, save_world
from test_storage_decisions import ADJUDICATION

from domain.decision import DecisionKind
from domain.states import ClaimState
from storage import claims, clocks, decisions, desk, queue, referrals
from storage.database import Database, Transaction
from storage.queue import Aside, Place, QueueQuery, count_claims, list_claims
from storage.referrals import Referral


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


def test_behind_each_claim_comes_the_rest_of_the_list_whether_by_clock_by_stake_or_by_age(database: Database) -> None:
    save_claims(database, 6)
    with database.write() as tx:
        for claim_id, due_ms in (("C5", 5_000), ("C6", 9_000), ("C4", 9_000)):
            clocks.start_clock(tx, claim_id, "decision", due_ms)
        tx.connection.execute(text("UPDATE claim SET stake_fen = 7 WHERE claim_id IN ('C2', 'C6')"))
        tx.connection.execute(text("UPDATE claim SET created_ms = created_ms - 1 WHERE claim_id = 'C3'"))
    with database.read() as tx:
        whole = [each.claim_id for each in queue.list_claims(tx, QueueQuery())]
        behind = [[each.claim_id for each in queue.list_claims(tx, QueueQuery(), behind=queue.find_place(tx, each))] for each in whole]
        assert queue.find_place(tx, "C0") is None
    assert whole == ["C5", "C6", "C4", "C2", "C3", "C1"]
    assert behind == [whole[place + 1 :] for place in range(len(whole))]


def test_one_claim_is_asked_for_and_found_only_among_the_others(database: Database) -> None:
    save_claims(database, 2)
    with database.read() as tx:
        found = [queue.list_claims(tx, QueueQuery(channel=each, claim_id="C2")) for each in ("app", "hotline")]
    assert [[each.claim_id for each in rows] for rows in found] == [["C2"], []]


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


def test_the_amount_is_that_of_the_present_round(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        claims.add_claim(tx, new_claim(1, state=ClaimState.IN_REVIEW), ACTOR)
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
    worked_out = ADJUDICATION.proposed_fen

    def is_found(least_fen: int) -> bool:
        with database.read() as tx:
            asked = QueueQuery(at_least_fen=least_fen)
            assert count_claims(tx, asked) == len(list_claims(tx, asked))
            return bool(count_claims(tx, asked))

    assert is_found(worked_out) and not is_found(worked_out + 1)
    with database.write() as tx:
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_PART, 100, ACTOR, "", "", {})
    assert is_found(100) and not is_found(101)
    with database.write() as tx:
        claims.begin_round(tx, "C1")
    assert not is_found(1)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 2, ADJUDICATION)
    assert is_found(worked_out)


def test_every_page_of_several_states_follows_the_one_before(database: Database) -> None:
    states = (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION, ClaimState.NEEDS_SUPPLEMENT)
    with database.write() as tx:
        save_world(tx)
        for number in range(1, 10):
            claims.add_claim(tx, new_claim(number, state=states[number % 3]), ACTOR)
            clocks.start_clock(tx, f"C{number}", "decision", 1000 * ((7 * number) % 9))
    with database.read() as tx:
        asked = QueueQuery(states)
        whole = [each.claim_id for each in list_claims(tx, asked)]
        assert sorted(whole) == [f"C{number}" for number in range(1, 10)]
        paged = [each.claim_id for offset in (0, 4, 8) for each in list_claims(tx, asked, 4, offset)]
        walked: list[str] = []
        place: Place | None = None
        while found := list_claims(tx, asked, 2, behind=place):
            walked += [each.claim_id for each in found]
            place = found[-1].place
    assert whole == paged == walked


def test_the_next_claim_is_the_first_that_nobody_else_has(database: Database) -> None:
    with database.write() as tx:
        save_world(tx)
        for number in range(1, 6):
            claims.add_claim(tx, new_claim(number, state=ClaimState.IN_REVIEW), ACTOR)
            clocks.start_clock(tx, f"C{number}", "decision", 1000 * number)
        desk.take_lease(tx, "C2", "li", 60_000)
        desk.take_lease(tx, "C4", "me", 60_000)
        referrals.refer(tx, Referral("C3", 1, "", "investigator", is_escalation=False, by_user="li", at_ms=0))
        asked = QueueQuery((ClaimState.IN_REVIEW,), aside=Aside.LEFT_OUT)
        place = queue.find_place(tx, "C1")
        found = queue.first_free(tx, asked, "me", "adjuster", "C1", place)
        assert found and found.claim_id == "C4"  # C2 is worked on, C3 is somebody's else
        found = queue.first_free(tx, asked, "me", "investigator", "C1", place)
        assert found and found.claim_id == "C3"
        assert queue.first_free(tx, asked, "me", "adjuster", "C5", queue.find_place(tx, "C5")) is None
        assert queue.first_free(tx, QueueQuery(claim_id="C2"), "me", "adjuster", "C1") is None
