"""Tasks: each is held by one worker at a time, a killed worker blocks nothing, and a late one can write nothing."""

import time

import pytest
from sqlalchemy import text
from storage_samples import at_once, save_claims

from domain.errors import StaleVersionError
from storage import tasks
from storage.database import Database
from storage.tasks import Backlog, Lease

STAGES = ("read", "adjudicate", "pay")
LONG, OVER = 60_000, -1  # a lease of OVER milliseconds has ended when it is given


def _lease(database: Database, lease_ms: int = LONG, stages: tuple[str, ...] = STAGES) -> Lease | None:
    with database.write() as tx:
        return tasks.lease_next(tx, stages, lease_ms)


def _sure_lease(database: Database, lease_ms: int = LONG) -> Lease:
    lease = _lease(database, lease_ms)
    assert lease is not None
    return lease


def _open(database: Database, claim_id: str = "C1", stage: str = "read", round_: int = 1) -> None:
    with database.write() as tx:
        tasks.open_task(tx, claim_id, stage, round_)


@pytest.fixture
def one_task(database: Database) -> Database:
    save_claims(database)
    _open(database)
    return database


def test_a_lease_tells_what_is_to_be_done(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    assert (lease.claim_id, lease.stage, lease.round) == ("C1", "read", 1)


def test_nothing_is_leased_when_nothing_is_open(database: Database) -> None:
    assert _lease(database) is None


def test_a_leased_task_is_not_leased_again(one_task: Database) -> None:
    _sure_lease(one_task)
    assert _lease(one_task) is None


def test_only_the_stages_that_were_asked_for_are_leased(one_task: Database) -> None:
    assert _lease(one_task, stages=("pay", "adjudicate")) is None


def test_the_oldest_task_is_leased_first(database: Database) -> None:
    save_claims(database, 3)
    for claim_id in ("C2", "C3", "C1"):
        _open(database, claim_id)
        time.sleep(0.002)
    assert [_sure_lease(database).claim_id for _ in range(3)] == ["C2", "C3", "C1"]


def test_eight_workers_lease_each_of_forty_tasks_exactly_once(database: Database) -> None:
    save_claims(database, 40)
    with database.write() as tx:
        for number in range(1, 41):
            tasks.open_task(tx, f"C{number}", "read", 1)

    def work(_: int) -> list[str]:
        mine = []
        while lease := _lease(database):
            mine.append(lease.claim_id)
        return mine

    leased = [claim_id for mine in at_once(work) for claim_id in mine]
    assert sorted(leased) == sorted(f"C{number}" for number in range(1, 41))


def test_an_attempt_is_counted_before_the_work(one_task: Database) -> None:
    _sure_lease(one_task)
    with one_task.read() as tx:
        assert tx.connection.execute(text("SELECT attempt FROM task")).scalar_one() == 1


def test_a_worker_that_was_killed_has_used_an_attempt(one_task: Database) -> None:
    _sure_lease(one_task, OVER)
    assert _sure_lease(one_task).attempt == 2


def test_a_lease_that_has_ended_is_taken_over(one_task: Database) -> None:
    late = _sure_lease(one_task, OVER)
    assert _sure_lease(one_task).token != late.token


def test_a_worker_that_comes_back_late_cannot_finish(one_task: Database) -> None:
    late = _sure_lease(one_task, OVER)
    _sure_lease(one_task)
    with pytest.raises(StaleVersionError, match="the lease on read of claim C1 was lost"), one_task.write() as tx:
        tasks.finish(tx, late)


def test_a_worker_that_comes_back_late_writes_nothing_of_its_result(one_task: Database) -> None:
    late = _sure_lease(one_task, OVER)
    _sure_lease(one_task)
    with pytest.raises(StaleVersionError), one_task.write() as tx:
        tasks.open_task(tx, "C1", "adjudicate", 1)
        tasks.finish(tx, late)
    assert _lease(one_task, stages=("adjudicate",)) is None


@pytest.mark.parametrize("act", ["renew", "fail", "bury"])
def test_a_worker_that_comes_back_late_can_neither_renew_nor_fail_nor_bury(one_task: Database, act: str) -> None:
    late = _sure_lease(one_task, OVER)
    _sure_lease(one_task)
    with one_task.write() as tx:
        answers = {
            "renew": lambda: tasks.renew(tx, late, LONG),
            "fail": lambda: tasks.fail(tx, late, "late", retry_after_ms=0),
            "bury": lambda: tasks.bury(tx, late, "late"),
        }
        assert answers[act]() is False


def test_the_worker_that_took_over_can_finish(one_task: Database) -> None:
    _sure_lease(one_task, OVER)
    heir = _sure_lease(one_task)
    with one_task.write() as tx:
        tasks.finish(tx, heir)
        assert not tasks.has_open_tasks(tx, "C1")


def test_a_late_worker_whose_task_nobody_took_over_can_still_finish(one_task: Database) -> None:
    late = _sure_lease(one_task, OVER)
    with one_task.write() as tx:
        tasks.finish(tx, late)
        assert not tasks.has_open_tasks(tx, "C1")


def test_a_finished_task_is_not_finished_twice(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        tasks.finish(tx, lease)
    with pytest.raises(StaleVersionError), one_task.write() as tx:
        tasks.finish(tx, lease)


def test_a_renewed_lease_is_not_taken_over(one_task: Database) -> None:
    lease = _sure_lease(one_task, OVER)
    with one_task.write() as tx:
        assert tasks.renew(tx, lease, LONG)
    assert _lease(one_task) is None


def test_a_failed_task_waits_until_it_is_tried_again(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        assert tasks.fail(tx, lease, "no engine", retry_after_ms=LONG)
    assert _lease(one_task) is None


def test_a_failed_task_is_tried_again_after_its_pause(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        tasks.fail(tx, lease, "no engine", retry_after_ms=OVER)
    assert _sure_lease(one_task).attempt == 2


def test_a_buried_task_is_not_tried_again(one_task: Database) -> None:
    lease = _sure_lease(one_task, OVER)
    with one_task.write() as tx:
        assert tasks.bury(tx, lease, "no engine")
    assert _lease(one_task) is None


def test_a_buried_task_tells_why_it_died(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        tasks.bury(tx, lease, "no engine")
        assert tasks.last_error(tx, "C1") == "no engine"


def test_a_claim_without_a_dead_task_has_no_error(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        tasks.fail(tx, lease, "no engine", retry_after_ms=0)
        assert tasks.last_error(tx, "C1") == ""


@pytest.mark.parametrize("end", ["done", "dead"])
def test_a_task_that_was_done_or_died_is_opened_again_with_all_its_attempts(one_task: Database, end: str) -> None:
    lease = _sure_lease(one_task)
    with one_task.write() as tx:
        if end == "done":
            tasks.finish(tx, lease)
        else:
            tasks.bury(tx, lease, "no engine")
    _open(one_task)
    assert _sure_lease(one_task).attempt == 1


def test_opening_a_task_that_is_being_done_fences_off_its_worker(one_task: Database) -> None:
    lease = _sure_lease(one_task)
    _open(one_task)
    with pytest.raises(StaleVersionError), one_task.write() as tx:
        tasks.finish(tx, lease)


def test_eight_threads_that_open_the_same_task_open_one(database: Database) -> None:
    save_claims(database)
    at_once(lambda _: _open(database))
    with database.read() as tx:
        assert tasks.backlog(tx).open == 1


def test_the_same_stage_of_another_round_is_another_task(one_task: Database) -> None:
    _open(one_task, round_=2)
    with one_task.read() as tx:
        assert tasks.backlog(tx).open == 2


def test_the_backlog_counts_open_and_dead_tasks_and_not_done_ones(database: Database) -> None:
    save_claims(database, 4)
    for number in range(1, 5):
        _open(database, f"C{number}")
    with database.write() as tx:
        tasks.finish(tx, tasks.lease_next(tx, STAGES, LONG))  # type: ignore[arg-type]  # there are four
        tasks.bury(tx, tasks.lease_next(tx, STAGES, LONG), "no engine")  # type: ignore[arg-type]
    with database.read() as tx:
        assert (tasks.backlog(tx).open, tasks.backlog(tx).dead) == (2, 1)


def test_the_backlog_tells_the_age_of_the_oldest_that_could_be_done(database: Database) -> None:
    save_claims(database, 2)
    _open(database, "C1")
    _open(database, "C2")
    with database.write() as tx:
        tx.connection.execute(text("UPDATE task SET available_ms = available_ms - 5000 WHERE claim_id = 'C2'"))
    with database.read() as tx:
        assert 5_000 <= tasks.backlog(tx).oldest_age_ms < 25_000


def test_a_task_that_is_being_done_has_no_age(one_task: Database) -> None:
    _sure_lease(one_task)
    with one_task.read() as tx:
        assert tasks.backlog(tx) == Backlog(open=1, dead=0, oldest_age_ms=0)


def test_an_empty_backlog_is_nothing(database: Database) -> None:
    with database.read() as tx:
        assert tasks.backlog(tx) == Backlog(0, 0, 0)


def test_an_open_task_is_due(one_task: Database) -> None:
    with one_task.read() as tx:
        assert tasks.has_due(tx, STAGES)


def test_a_task_of_another_stage_is_not_due(one_task: Database) -> None:
    with one_task.read() as tx:
        assert not tasks.has_due(tx, ("pay",))


@pytest.mark.parametrize(("lease_ms", "due"), [(LONG, False), (OVER, True)])
def test_a_leased_task_is_due_again_when_its_lease_has_ended(one_task: Database, lease_ms: int, due: bool) -> None:
    _sure_lease(one_task, lease_ms)
    with one_task.read() as tx:
        assert tasks.has_due(tx, STAGES) is due


def test_looking_for_due_tasks_leases_nothing(one_task: Database) -> None:
    with one_task.read() as tx:
        tasks.has_due(tx, STAGES)
    assert _sure_lease(one_task).attempt == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT claim_id FROM task WHERE task.status = 'open' AND task.available_ms <= 1 ORDER BY task.available_ms LIMIT 1",
        "SELECT count(*), min(available_ms) FROM task WHERE task.status = 'open'",
        "SELECT count(*) FROM task WHERE task.status = 'dead'",
    ],
)
def test_what_every_claim_and_worker_asks_never_looks_at_tasks_that_are_done(one_task: Database, statement: str) -> None:
    with one_task.read() as tx:
        if one_task.is_sqlite:
            plan = "\n".join(row[-1] for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
        else:
            tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # with one row it would scan
            plan = "\n".join(row[0] for row in tx.connection.exec_driver_sql(f"EXPLAIN {statement}"))
    assert "ix_task_open" in plan or "ix_task_dead" in plan
