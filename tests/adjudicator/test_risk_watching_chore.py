"""What scoring keeps for watching, and the chore that writes it down once a day, a week and a month."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from adjudicator import watching
from adjudicator.chores import do_chores
from adjudicator.concluding import conclude_investigation
from adjudicator.serving import ServingModel
from adjudicator.story import tell
from domain.errors import ModelError
from domain.states import ClaimState
from riskmodel.model import RiskModel
from storage.risk_watch import list_figures
from tests.adjudicator.test_concluding import INVESTIGATOR, investigated
from tests.adjudicator.test_risk_as_of import audited, future
from tests.adjudicator.test_together import send, submitted
from tests.adjudicator.world import INSURED, World

DAY_MS = 86_400_000


def kept(world: World, column: str) -> list[object]:
    with world.system.database.read() as tx:
        return list(tx.connection.execute(text(f"SELECT {column} FROM risk_row ORDER BY claim_id")).scalars())  # noqa: S608


def age(world: World, days: int) -> None:
    """Let every score be some days older."""
    with world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE risk_row SET created_ms = created_ms - :ms"), {"ms": days * DAY_MS})


def test_a_claim_that_is_paid_was_not_drawn_and_one_that_was_goes_to_a_person(world: World) -> None:
    paid = send(world, 1, INSURED)
    world.run()
    assert tell(world.system, paid).claim.state is ClaimState.PAID
    assert kept(world, "audit_drawn") in ([False], [0])
    drawn = audited(world, 5)
    assert tell(world.system, drawn).claim.state is ClaimState.IN_REVIEW
    with world.system.database.read() as tx:
        row = tx.connection.execute(text("SELECT audit_drawn, audit_inclusion FROM risk_row WHERE claim_id = :id"), {"id": drawn}).one()
    assert (bool(row.audit_drawn), row.audit_inclusion) == (True, 1)


def test_whoever_goes_to_people_anyway_is_no_audit(world: World) -> None:
    world = world.with_limits(straight_through_fen=1)
    audited(world)
    assert kept(world, "audit_drawn") == [None]


def test_reasons_are_told_in_two_languages_of_claims_that_people_look_at_and_of_no_other(world: World) -> None:
    paid = send(world, 1, INSURED)
    world.run()
    drawn = audited(world, 5)
    stories = [tell(world.system, each).adjudication for each in (paid, drawn)]
    assert [bool(each and each.score.reasons) for each in stories] == [False, True]
    assert stories[1]
    assert all(each.text and each.text_en for each in stories[1].score.reasons)


def test_the_claims_behind_what_is_shared_are_named_with_what_was_found_of_them(world: World) -> None:
    first = investigated(world)
    conclude_investigation(world.system, first, INVESTIGATOR, True, "病历系伪造")
    future(world)
    with world.system.database.read() as tx:
        last = tx.connection.execute(text("SELECT claim_id FROM claim WHERE external_ref = 'F-2'")).scalar_one()
    story = tell(world.system, last)
    assert story.adjudication
    assert story.adjudication.score.reasons[0].feature == "sharing"
    by_account = {each.claim_id: (each.is_same_insured, each.is_fraud) for each in story.shared if each.kind == "account"}
    assert len(by_account) == 4
    assert by_account[first] == (False, True)


def test_the_chore_writes_each_period_once(world: World) -> None:
    do_chores(world.system)
    with world.system.database.read() as tx:
        first = {kind: list_figures(tx, kind, 9) for kind in ("day", "week", "month")}
    assert {kind: len(found) for kind, found in first.items()} == {"day": 1, "week": 1, "month": 1}
    assert watching.watch(world.system) == 0
    with world.system.database.read() as tx:
        assert {kind: list_figures(tx, kind, 9) for kind in first} == first


def test_a_day_tells_of_its_own_claims_and_a_week_of_those_old_enough(world: World) -> None:
    submitted(world)
    world.run()
    age(world, 1)
    watching.watch(world.system)
    with world.system.database.write() as tx:
        (day,), (week,) = list_figures(tx, "day", 1), list_figures(tx, "week", 1)
        tx.connection.execute(text("DELETE FROM risk_watch"))
    assert (day.figures["claims"], week.figures["claims"]) == (6, 0)
    age(world, 80)
    watching.watch(world.system)
    with world.system.database.read() as tx:
        (day,), (week,) = list_figures(tx, "day", 1), list_figures(tx, "week", 1)
    assert (day.figures["claims"], week.figures["claims"]) == (0, 6)
    assert "frauds_told" not in week.figures  # synthetic evidence tells no probability that could come true


@pytest.mark.parametrize("fault", [ModelError("broken", "mend it"), MemoryError(), ValueError("a shape")])
def test_a_claim_that_the_model_in_force_cannot_score_goes_to_a_person_and_nothing_is_paid(world: World, fault: Exception) -> None:
    class Broken(RiskModel):
        def probability(self, row: object) -> float:
            raise fault

    model = world.system.risk_model
    broken = Broken(model.manifest, model.scorecard, model.trees, model.model_hash)
    world = replace(world, system=replace(world.system, serving=ServingModel(broken))).with_limits(max_attempts=1)
    claim_id = send(world, 1, INSURED)
    world.run()
    story = tell(world.system, claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert not story.payouts
