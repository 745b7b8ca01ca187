"""Clocks run from their start, stand still while the customer's move is awaited, and are met once. Notices: one supplement."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from storage_samples import at_once, save_claims

from domain.finding import Finding, Severity
from storage import clocks, notices
from storage.clocks import ClockRecord
from storage.database import Database

DAY_MS = 86_400_000
GAP = Finding("document.missing", Severity.BLOCK, "缺少出院小结", "请补交", "discharge_summary")


def _start(database: Database, kind: str = "decision", within_ms: int = DAY_MS) -> None:
    with database.write() as tx:
        clocks.start_clock(tx, "C1", kind, within_ms)


def _clock(database: Database) -> ClockRecord:
    with database.read() as tx:
        (found,) = clocks.clocks_of(tx, "C1")
    return found


def _set_back(database: Database, column: str, by_ms: int) -> None:
    """Let time pass: what happened is moved into the past."""
    with database.write() as tx:
        tx.connection.execute(text(f"UPDATE clock SET {column} = {column} - {by_ms}"))  # noqa: S608  # a column of ours


@pytest.fixture
def running(database: Database) -> Database:
    save_claims(database)
    _start(database)
    return database


def test_a_clock_is_due_its_time_after_its_start(running: Database) -> None:
    clock = _clock(running)
    assert clock.due_ms - clock.started_ms == DAY_MS


def test_a_clock_that_runs_is_neither_paused_nor_met(running: Database) -> None:
    clock = _clock(running)
    assert (clock.paused_ms, clock.pause_reason, clock.met_ms) == (None, "", None)


def test_a_clock_is_started_once(running: Database) -> None:
    before = _clock(running)
    _start(running, within_ms=5)
    assert _clock(running) == before


def test_eight_threads_that_start_the_same_clock_start_one(database: Database) -> None:
    save_claims(database)
    at_once(lambda _: _start(database))
    assert _clock(database).kind == "decision"


def test_clocks_are_listed_nearest_due_first(running: Database) -> None:
    _start(running, "call_back", 5)
    with running.read() as tx:
        assert [each.kind for each in clocks.clocks_of(tx, "C1")] == ["call_back", "decision"]


def test_a_paused_clock_tells_since_when_and_why(running: Database) -> None:
    with running.write() as tx:
        before = tx.now_ms()
        clocks.pause_clock(tx, "C1", "decision", "等待客户补充资料")
    clock = _clock(running)
    assert (clock.paused_ms or 0) >= before
    assert clock.pause_reason == "等待客户补充资料"


def test_a_pause_adds_exactly_its_length_to_the_due_time(running: Database) -> None:
    due = _clock(running).due_ms
    with running.write() as tx:
        clocks.pause_clock(tx, "C1", "decision", "等待客户补充资料")
    _set_back(running, "paused_ms", 5_000)
    paused = _clock(running).paused_ms or 0
    with running.write() as tx:
        earliest = tx.now_ms()
        clocks.resume_clock(tx, "C1", "decision")
        latest = tx.now_ms()
    assert earliest - paused <= _clock(running).due_ms - due <= latest - paused


def test_a_resumed_clock_runs_again(running: Database) -> None:
    with running.write() as tx:
        clocks.pause_clock(tx, "C1", "decision", "等待客户补充资料")
        clocks.resume_clock(tx, "C1", "decision")
    clock = _clock(running)
    assert (clock.paused_ms, clock.pause_reason) == (None, "")


def test_a_second_pause_does_not_change_the_first(running: Database) -> None:
    with running.write() as tx:
        clocks.pause_clock(tx, "C1", "decision", "等待客户补充资料")
    before = _clock(running)
    with running.write() as tx:
        clocks.pause_clock(tx, "C1", "decision", "其他")
    assert _clock(running) == before


def test_resuming_a_clock_that_runs_changes_nothing(running: Database) -> None:
    before = _clock(running)
    with running.write() as tx:
        clocks.resume_clock(tx, "C1", "decision")
    assert _clock(running) == before


def test_a_clock_is_met_once(running: Database) -> None:
    with running.write() as tx:
        clocks.meet_clock(tx, "C1", "decision")
    _set_back(running, "met_ms", 5_000)
    before = _clock(running)
    with running.write() as tx:
        clocks.meet_clock(tx, "C1", "decision")
    assert _clock(running) == before


def test_a_clock_that_was_met_is_not_paused(running: Database) -> None:
    with running.write() as tx:
        clocks.meet_clock(tx, "C1", "decision")
        clocks.pause_clock(tx, "C1", "decision", "等待客户补充资料")
    assert _clock(running).paused_ms is None


def test_only_the_clock_that_was_named_is_touched(running: Database) -> None:
    _start(running, "call_back")
    with running.write() as tx:
        clocks.meet_clock(tx, "C1", "call_back")
        met = {each.kind for each in clocks.clocks_of(tx, "C1") if each.met_ms}
    assert met == {"call_back"}


def _notify(database: Database, kind: str, round_: int = 1) -> None:
    with database.write() as tx:
        notices.add_notice(tx, "C1", round_, kind, "请补充 1 项资料", "正文", (GAP,))


def test_a_notice_comes_back_as_it_was_written(database: Database) -> None:
    save_claims(database)
    _notify(database, "supplement")
    with database.read() as tx:
        (found,) = notices.notices_of(tx, "C1")
    assert (found.round, found.kind, found.subject, found.body, found.items) == (1, "supplement", "请补充 1 项资料", "正文", (GAP,))


def test_the_database_refuses_a_second_supplement_notice_in_one_round(database: Database) -> None:
    save_claims(database)
    _notify(database, "supplement")
    with pytest.raises(IntegrityError):
        _notify(database, "supplement")


def test_a_reopened_claim_may_be_asked_once_more(database: Database) -> None:
    save_claims(database)
    _notify(database, "supplement")
    _notify(database, "supplement", round_=2)
    with database.read() as tx:
        assert len(notices.notices_of(tx, "C1")) == 2


def test_other_notices_are_not_counted(database: Database) -> None:
    save_claims(database)
    for _ in range(2):
        _notify(database, "decision")
    with database.read() as tx:
        assert [each.kind for each in notices.notices_of(tx, "C1")] == ["decision", "decision"]
