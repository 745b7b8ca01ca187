"""`claim retry`: what died is tried again in the round it belongs to, and what a person has overtaken is closed."""

import pytest

from adjudicator.repaying import set_payee
from adjudicator.review import investigate
from adjudicator.settling import give_back
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from adjudicator.worker import drain, retry
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import ConflictError
from domain.states import ClaimState
from storage import audit, tasks
from storage import tables as t
from tests.adjudicator.test_reopening import FULL_FEN, after, decide, decided, in_review, reopened
from tests.adjudicator.world import ADJUSTER, SENIOR, World

OPERATOR = Actor("ops", "operator")
ACCOUNT = Payee("李示安", "9900000000000000028", "示例银行")


def kill(world: World, story: ClaimStory, stage: str, round_: int) -> None:
    with world.system.database.write() as tx:
        tasks.open_task(tx, story.claim.claim_id, stage, round_)
        it = (t.task.c.claim_id == story.claim.claim_id, t.task.c.stage == stage, t.task.c.round == round_)
        tx.connection.execute(t.task.update().where(*it).values(status="dead"))


def dead(world: World, story: ClaimStory) -> tuple[tuple[str, int], ...]:
    with world.system.database.read() as tx:
        return tasks.dead_tasks(tx, story.claim.claim_id)


def test_a_payment_of_an_earlier_round_is_tried_again(world: World) -> None:
    story = reopened(world, decided(world, 1_000_000))
    decide(world, story, None)
    story = after(world, story)
    with world.system.database.write() as tx:
        give_back(tx, story.payouts[0].idempotency_key, "账户已销户", OPERATOR)
    claim = tell(world.system, story.claim.claim_id).claim
    set_payee(world.system, claim.claim_id, claim.version, ADJUSTER, ACCOUNT, "客户来电，已核实")
    world.bank.mishaps.append("lost before")
    drain(world.with_limits(max_payment_attempts=1).system)
    assert (dead(world, story), tell(world.system, claim.claim_id).claim.state) == ((("pay", 1),), ClaimState.DECIDED)
    assert retry(world.system, claim.claim_id, OPERATOR) == ("pay",)
    story = after(world, story)
    assert (story.claim.state, story.claim.round, story.paid_fen, dead(world, story)) == (ClaimState.PAID, 2, FULL_FEN, ())
    assert verify_books(world.system.database).differences == ()


@pytest.mark.parametrize("is_reopened", [False, True])
def test_what_a_person_has_decided_since_is_closed_and_refused(world: World, is_reopened: bool) -> None:
    story = decided(world)
    kill(world, story, "read", 1)
    story = reopened(world, story) if is_reopened else story
    with pytest.raises(ConflictError, match=r"read of round 1 .* a person has decided since"):
        retry(world.system, story.claim.claim_id, OPERATOR)
    assert dead(world, story) == ()
    assert tell(world.system, story.claim.claim_id).claim.state is story.claim.state
    with world.system.database.read() as tx:
        assert audit.entries(tx, story.claim.claim_id)[-1].action == "task.overtaken"


def test_a_claim_in_an_investigation_keeps_its_dead_task(world: World) -> None:
    story = in_review(world)
    kill(world, story, "read", 1)
    investigate(world.system, story.claim.claim_id, story.claim.version, SENIOR, "核实就诊")
    with pytest.raises(ConflictError, match="IN_INVESTIGATION"):
        retry(world.system, story.claim.claim_id, OPERATOR)
    assert dead(world, story) == (("read", 1),)
