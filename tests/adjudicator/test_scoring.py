"""A claim whose risk score fails or comes too late goes to a person, with that reason; nothing is paid, and nothing waits."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from adjudicator import correcting
from adjudicator.scoring import NOT_SCORED, score_in_time, to_people
from adjudicator.serving import ServingModel
from adjudicator.story import ClaimStory, tell
from adjudicator.story_text import story_json
from domain.decision import Queue
from domain.errors import ModelError
from domain.risk import FeatureRow, RiskScore
from domain.states import ClaimState
from riskmodel.model import RiskModel
from storage.decisions import find_adjudication
from storage.queue import QueueQuery, list_claims
from storage.risk_rows import iter_first_rows
from tests.adjudicator.test_risk_as_of import row_of
from tests.adjudicator.test_together import send
from tests.adjudicator.world import INSURED, SENIOR, World


class Clock:
    """Seconds that pass when a model lets them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Slow(RiskModel):
    """Scores as ever, and lets a time pass meanwhile."""

    let_pass: Callable[[], None]

    def score_row(self, row: FeatureRow, amount_fen: int, *, with_reasons: bool = True) -> RiskScore:
        self.let_pass()
        return super().score_row(row, amount_fen, with_reasons=with_reasons)


def slow(model: RiskModel, let_pass: Callable[[], None]) -> RiskModel:
    made = Slow(model.manifest, model.scorecard, model.trees, model.model_hash, model.calibrator, model.decision_policy, model.texts)
    object.__setattr__(made, "let_pass", let_pass)  # frozen as it is
    return made


def taking(world: World, milliseconds: float) -> World:
    """A world whose model takes so long for every score."""
    clock = Clock()

    def let_pass() -> None:
        clock.seconds += milliseconds / 1_000

    model = slow(world.system.risk_model, let_pass)
    return replace(world, system=replace(world.system, serving=ServingModel(model), clock=clock))


def broken(world: World, error: Exception) -> World:
    def fail() -> None:
        raise error

    return replace(world, system=replace(world.system, serving=ServingModel(slow(world.system.risk_model, fail))))


def sent(world: World) -> ClaimStory:
    claim_id = send(world, 1, INSURED)
    world.run()
    return tell(world.system, claim_id)


@pytest.mark.parametrize(("milliseconds", "state"), [(199, ClaimState.PAID), (200, ClaimState.PAID), (201, ClaimState.IN_REVIEW)])
def test_a_score_is_in_time_up_to_the_limit_and_too_late_a_millisecond_above(world: World, milliseconds: float, state: ClaimState) -> None:
    assert sent(taking(world, milliseconds)).claim.state is state


def test_a_late_score_is_told_as_none_with_its_reason_first(world: World) -> None:
    story = sent(taking(world, 201))
    assert story.adjudication
    assert story.adjudication.score is None
    assert story.adjudication.route.queue is Queue.REVIEW
    first = story.adjudication.route.flags[0]
    assert (first.code, first.message) == (NOT_SCORED, "风险评分用时超过 200 毫秒，不予采用，案件转人工复核")
    assert story.reasons[0] == first.message
    assert story_json(story)["score"] is None
    assert [step.detail for step in story.audit if step.detail.get("to") == ClaimState.SCORED] == [
        {"band": None, "from": "ADJUDICATED", "to": "SCORED"}
    ]


@pytest.mark.parametrize("error", [ModelError("the feature row lacks x", "mend it"), ZeroDivisionError()])
def test_a_model_that_fails_sends_the_claim_to_a_person_at_once_and_is_not_tried_again(world: World, error: Exception) -> None:
    story = sent(broken(world, error))
    assert story.claim.state is ClaimState.IN_REVIEW
    assert not story.error
    assert story.adjudication
    assert [each.code for each in story.adjudication.route.flags] == [NOT_SCORED]


def test_an_investigation_stays_one_without_a_score(world: World) -> None:
    story = sent(world)
    assert story.adjudication
    why = score_in_time(broken(world, ZeroDivisionError()).system.risk_model, {}, 1, 200).why_not
    assert why
    route = to_people(replace(story.adjudication.route, queue=Queue.INVESTIGATION), why)
    assert (route.queue, route.flags[0]) == (Queue.INVESTIGATION, why)


def test_the_row_of_a_claim_without_a_score_is_learnt_from_and_no_model_is_watched_by_it(world: World) -> None:
    story = sent(taking(world, 5_000))
    claim_id = story.claim.claim_id
    with world.system.database.read() as tx:
        kept = tx.connection.execute(text("SELECT model_hash, audit_drawn, audit_inclusion FROM risk_row")).one()
        assert [each.claim_id for each in iter_first_rows(tx)] == [claim_id]
    assert tuple(kept) == ("", None, 0.0)
    assert row_of(world, claim_id)["claimed_fen"] > 0


def test_without_a_score_all_that_would_be_paid_is_at_stake_in_the_queue(world: World) -> None:
    story = sent(taking(world, 5_000))
    assert story.adjudication
    with world.system.database.read() as tx:
        (row,) = list_claims(tx, QueueQuery((ClaimState.IN_REVIEW,)))
    assert row.expected_loss_fen == story.adjudication.proposed_fen > 0


def test_a_claim_that_is_scored_again_by_a_model_that_is_well_again_has_a_score(world: World) -> None:
    story = sent(taking(world, 5_000))
    correcting.correct_field(world.system, story.documents[0].document_id, "total_fen", "30000.00", SENIOR)
    with world.system.database.read() as tx:
        again = find_adjudication(tx, story.claim.claim_id, 1)
    assert again
    assert again.score
    assert NOT_SCORED not in {each.code for each in again.route.flags}


def test_reasons_that_cannot_be_told_leave_the_score_as_it_is(world: World) -> None:
    class Silent(RiskModel):
        def reasons(self, row: FeatureRow) -> tuple[()]:
            raise ModelError("no reasons", "mend it")

    model = world.system.risk_model
    silent = Silent(model.manifest, model.scorecard, model.trees, model.model_hash)
    world = world.with_limits(audit_sample_rate=1.0)
    story = sent(replace(world, system=replace(world.system, serving=ServingModel(silent))))
    assert story.adjudication
    assert story.adjudication.score
    assert (story.claim.state, story.adjudication.score.reasons) == (ClaimState.IN_REVIEW, ())


def test_threads_that_score_slowly_leave_no_thread_behind(world: World) -> None:
    model, before = slow(world.system.risk_model, lambda: None), threading.active_count()
    row = row_of(world, sent(world).claim.claim_id)
    answers: list[bool] = []

    def ask(took: float) -> None:
        ticks = iter((0.0, took))
        answers.append(score_in_time(model, row, 100, 200, lambda: next(ticks)).score is None)

    threads = [threading.Thread(target=ask, args=(took,)) for took in (0.1, 0.3) * 20]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [False] * 20 + [True] * 20
    assert threading.active_count() == before
