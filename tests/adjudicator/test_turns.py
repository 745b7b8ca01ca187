"""Taking turns: the threads of a process work on one batch at a time, and what follows a small one waits for company."""

import threading
from dataclasses import dataclass

import pytest

from adjudicator import turns, worker
from adjudicator.turns import Turns
from adjudicator.worker import Workers, work_once
from tests.adjudicator.test_together import states, submitted
from tests.adjudicator.world import World

TO_ORDER = ("read", "adjudicate")


@dataclass
class Clock:
    """A clock that only sleeping and working move."""

    now: float = 100.0
    slept: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(turns, "time", clock)
    return clock


def work(taken: Turns, clock: Clock, seconds: float, *, is_full: bool = False) -> None:
    with taken.working(is_full=is_full):
        clock.now += seconds


def test_what_comes_first_waits_for_nothing(clock: Clock) -> None:
    Turns().gather()
    assert clock.slept == 0


@pytest.mark.parametrize(("worked", "waits"), [(0.005, 0.005), (0.01, 0.01), (0.0101, 0.01), (3.0, 0.01)])
def test_what_follows_at_once_waits_as_long_as_the_batch_before_it_took_and_never_long(clock: Clock, worked: float, waits: float) -> None:
    taken = Turns()
    work(taken, clock, worked)
    taken.gather()
    assert clock.slept == pytest.approx(waits)


def test_what_follows_a_full_batch_is_there_already(clock: Clock) -> None:
    taken = Turns()
    work(taken, clock, 0.03, is_full=True)
    taken.gather()
    assert clock.slept == 0


def test_what_comes_a_moment_later_waits_for_nothing(clock: Clock) -> None:
    taken = Turns()
    work(taken, clock, 0.03)
    clock.now += 0.021
    taken.gather()
    assert clock.slept == 0


def test_while_one_thread_works_the_claims_of_others_gather(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, more = submitted(world, range(1)), range(1, 5)
    working, go_on, sizes = threading.Event(), threading.Event(), []
    together = worker.work_together

    def slowly(system, leases):  # type: ignore[no-untyped-def]  # as work_together
        sizes.append(len(leases))
        working.set()
        go_on.wait(20)
        together(system, leases)

    monkeypatch.setattr(worker, "work_together", slowly)
    threads = [threading.Thread(target=work_once, args=(world.system, TO_ORDER)) for _ in range(3)]
    threads[0].start()
    assert working.wait(20)
    for each in threads[1:]:
        each.start()
    gathered = [*first, *submitted(world, more)]
    go_on.set()
    for each in threads:
        each.join()
    assert sizes == [1, len(more)]
    assert len({*states(world, gathered)}) == 1


def test_a_bank_that_takes_its_time_holds_up_no_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(world, range(1))
    work_once(world.system, TO_ORDER)
    paying, go_on = threading.Event(), threading.Event()

    def slowly(system, leases):  # type: ignore[no-untyped-def]  # as pay_together
        paying.set()
        go_on.wait(20)
        return []

    monkeypatch.setattr(worker, "pay_together", slowly)
    payer = threading.Thread(target=work_once, args=(world.system, ("pay",)))
    payer.start()
    assert paying.wait(20)
    submitted(world, range(1, 2))
    assert work_once(world.system, TO_ORDER)
    assert payer.is_alive()
    go_on.set()
    payer.join()


def test_workers_of_a_busy_process_pay_every_claim(world: World) -> None:
    woken = threading.Event()
    workers = Workers(world.system, woken, 4)
    workers.start()
    try:
        claim_ids = submitted(world, range(6))
        woken.set()
        for _ in range(200):
            if {str(each) for each in states(world, claim_ids)} == {"PAID"}:
                break
            threading.Event().wait(0.05)
    finally:
        workers.stop()
    assert {str(each) for each in states(world, claim_ids)} == {"PAID"}
