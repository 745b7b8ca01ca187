"""People say what a claim turned out to be: it decides nothing, is signed, counts for its entities, and is what models learn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from adjudicator import review
from adjudicator.china_time import today
from adjudicator.concluding import conclude_investigation
from adjudicator.erasing import erase
from adjudicator.promoting import claims_known
from adjudicator.story import tell
from domain.errors import InputError, NotAllowedError, StaleVersionError
from domain.risk import EntityKind
from domain.states import ClaimState
from storage.access import Staff
from storage.entities import keys_of
from storage.risk_labels import find_label, labels_of
from tests.adjudicator.test_risk_as_of import audited, row_of
from tests.adjudicator.world import ADJUSTER, SENIOR, World

INVESTIGATOR = Staff("zhen", "侦", "investigator", 0)


def frauds(world: World, claim_id: str) -> dict[EntityKind, int]:
    with world.system.database.read() as tx:
        keys = keys_of(tx, claim_id)
        counted = {row.entity_key: row.frauds for row in tx.connection.execute(text("SELECT entity_key, frauds FROM risk_entity"))}
    return {kind: counted[key] for kind, key in keys.items()}


def investigated(world: World) -> str:
    claim_id = audited(world)
    review.investigate(world.system, claim_id, tell(world.system, claim_id).claim.version, ADJUSTER, "账户异常")
    return claim_id


def test_a_conclusion_sends_the_claim_back_to_review_and_is_on_its_chain(world: World) -> None:
    claim_id = investigated(world)
    conclude_investigation(world.system, claim_id, INVESTIGATOR, True, "病历系伪造")
    story = tell(world.system, claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    entry = next(each for each in story.audit if each.action == "risk.concluded")
    assert (entry.actor, entry.detail["is_fraud"]) == ("zhen", True)
    with world.system.database.read() as tx:
        label = find_label(tx, claim_id)
        assert label is not None
        assert (label.is_fraud, label.known_on) == (True, today(tx))


def test_its_entities_count_a_fraud_once_and_no_more_once_it_is_cleared(world: World) -> None:
    claim_id = investigated(world)
    row = row_of(world, claim_id)
    for is_fraud, counted in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        conclude_investigation(world.system, claim_id, INVESTIGATOR, is_fraud, "复查")
        assert set(frauds(world, claim_id).values()) == {counted}
    assert str(row_of(world, claim_id)) == str(row)
    with world.system.database.read() as tx:
        assert [each.is_fraud for each in labels_of(tx, claim_id)] == [True, True, False, False, True]


def test_the_next_claim_knows_what_was_found(world: World) -> None:
    conclude_investigation(world.system, investigated(world), INVESTIGATOR, True, "病历系伪造")
    assert row_of(world, audited(world, 2))["insured_fraud_rate"] == pytest.approx(1.2 / 11, abs=1e-6)


@pytest.mark.parametrize("staff", [ADJUSTER, Staff("op", "", "operator", 0)])
def test_only_investigators_and_senior_adjusters_conclude(world: World, staff: Staff) -> None:
    with pytest.raises(NotAllowedError):
        conclude_investigation(world.system, investigated(world), staff, True, "因为")


def test_a_conclusion_needs_a_reason_a_day_that_has_come_and_the_newest_version(world: World) -> None:
    claim_id = investigated(world)
    with pytest.raises(InputError, match="reason"):
        conclude_investigation(world.system, claim_id, SENIOR, False, " ")
    with world.system.database.read() as tx:
        now = today(tx)
    conclude_investigation(world.system, claim_id, SENIOR, False, "查清", known_on=now)
    with pytest.raises(InputError, match="has not come"):
        conclude_investigation(world.system, claim_id, SENIOR, False, "查清", known_on=now + timedelta(days=1))
    with pytest.raises(StaleVersionError):
        conclude_investigation(world.system, claim_id, SENIOR, False, "查清", version=1)


def test_a_label_is_never_changed(world: World) -> None:
    conclude_investigation(world.system, investigated(world), SENIOR, True, "病历系伪造")
    with pytest.raises(DatabaseError, match="append-only"), world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE risk_label SET is_fraud = NOT is_fraud"))


def test_models_learn_it_once_the_claim_is_old_enough(world: World) -> None:
    claim_id = investigated(world)
    conclude_investigation(world.system, claim_id, SENIOR, True, "病历系伪造", known_on=date(2026, 1, 1))
    with world.system.database.write() as tx:
        assert claims_known(tx) == []
        tx.connection.execute(text("UPDATE risk_row SET created_ms = created_ms - 5270400000"))  # 61 days
    with world.system.database.read() as tx:
        assert [(each.snapshot.claim_id, each.is_fraud) for each in claims_known(tx)] == [(claim_id, True)]


def test_an_erased_claim_leaves_the_counts_of_what_names_a_person(world: World) -> None:
    claim_id = investigated(world)
    conclude_investigation(world.system, claim_id, SENIOR, True, "病历系伪造")
    version = tell(world.system, claim_id).claim.version
    review.decline(world.system, claim_id, version, SENIOR, "病历系伪造", "2.4")
    world.run()
    erase(world.system, claim_id, replace(SENIOR, role="operator"), "法院命令", "（2026）示例令1号")
    with world.system.database.read() as tx:
        left = {row.kind for row in tx.connection.execute(text("SELECT kind FROM risk_entity"))}
    assert not left & {"insured", "phone", "account", "device"}
