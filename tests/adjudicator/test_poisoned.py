"""A claim that fails again and again (poison) ends with a person, with its error, whatever the stage; the others go on."""

from typing import NoReturn

import pytest
from sqlalchemy import text

from adjudicator import worker
from adjudicator.intake import submit
from adjudicator.stages import STAGES
from adjudicator.story import tell
from adjudicator.system import System
from domain.decision import Actor
from domain.states import ClaimState
from storage import audit
from storage.tasks import Lease, backlog
from tests.adjudicator.world import World, id_card, invoice, notice, summary


@pytest.mark.parametrize(("stage", "ends"), [
    ("read", ClaimState.IN_REVIEW), ("adjudicate", ClaimState.IN_REVIEW), ("pay", ClaimState.DECIDED),
])  # fmt: skip
def test_it_ends_with_a_person_after_the_last_attempt(world: World, monkeypatch: pytest.MonkeyPatch, stage: str, ends: ClaimState) -> None:
    world = world.with_limits(max_attempts=2, max_payment_attempts=2, claims_together=1)  # several at once: test_together.py
    poisoned = submit(world.system, notice("APP-1", world.files(invoice(), summary(), id_card()))).claim_id
    usual, tried = STAGES[stage], []

    def fail(system: System, lease: Lease) -> None:
        if lease.claim_id != poisoned:
            usual(system, lease)
            return
        tried.append(lease.attempt)
        raise ZeroDivisionError

    monkeypatch.setitem(STAGES, stage, fail)
    world.run()
    with world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE task SET available_ms = 0 WHERE status = 'open'"))  # its pause is over
        assert backlog(tx).dead == 0
    sound = submit(world.system, notice("APP-2", world.files(invoice(number="9900000002"), summary(), id_card(), tag="2"))).claim_id
    world.run()
    with world.system.database.read() as tx:
        assert (tried, backlog(tx).dead, backlog(tx).open) == ([1, 2], 1, 0)
        error = tx.connection.execute(text("SELECT last_error FROM task WHERE status = 'dead'")).scalar_one()
        assert error == f"ZeroDivisionError in stage {stage}"
        assert audit.find_break(tx, poisoned) is None
    story = tell(world.system, poisoned)
    assert story.claim.state is ends
    assert "task.dead" in [each.action for each in story.audit]
    assert tell(world.system, sound).claim.state not in (ClaimState.SUBMITTED, ClaimState.READING, ClaimState.ADJUDICATED)


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it, and nothing is written down."""


@pytest.mark.parametrize(("stage", "ends"), [
    ("read", ClaimState.IN_REVIEW), ("adjudicate", ClaimState.IN_REVIEW), ("pay", ClaimState.DECIDED),
])  # fmt: skip
def test_one_that_kills_its_process_each_time_kills_as_many_as_it_has_attempts(
    world: World, monkeypatch: pytest.MonkeyPatch, stage: str, ends: ClaimState
) -> None:
    world = world.with_limits(max_attempts=2, max_payment_attempts=2, claims_together=1)
    poisoned, killed = submit(world.system, notice("APP-1", world.files(invoice(), summary(), id_card()))).claim_id, []

    def kill(_system: System, lease: Lease) -> NoReturn:
        killed.append(lease.attempt)
        raise KilledError

    usual = STAGES[stage]
    monkeypatch.setitem(STAGES, stage, kill)
    for _ in range(2):
        with pytest.raises(KilledError):
            world.run()
        with world.system.database.write() as tx:
            tx.connection.execute(text("UPDATE task SET available_ms = 0 WHERE status = 'open'"))  # the lease of the dead is over
    world.run()
    story = tell(world.system, poisoned)
    assert (killed, story.claim.state) == ([1, 2], ends)
    assert story.error.startswith(f"attempt 2 of stage {stage} never ended: its process died, or stood still for longer than its lease")
    monkeypatch.setitem(STAGES, stage, usual)
    assert worker.retry(world.system, poisoned, Actor("yun", "operator")) == (stage,)
    world.run()
    assert tell(world.system, poisoned).claim.state is ClaimState.PAID
