"""A score knows what was known when it was made: the future changes no row, and neither does who the insured is."""

import json
import math
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from adjudicator import correcting, review
from adjudicator.intake import submit
from adjudicator.story import tell
from domain.claim import Payee, PersonClue
from domain.risk import FeatureRow
from domain.states import ClaimState
from storage import registry
from tests.adjudicator.test_together import person_of, send
from tests.adjudicator.world import ADJUSTER, INSURED, OTHER, SENIOR, STANDARD, World, id_card, invoice, notice, summary

ACCOUNT = Payee(INSURED.name, "9900000000000000009")


def row_of(world: World, claim_id: str, round_: int = 1) -> FeatureRow:
    with world.system.database.read() as tx:
        chosen = {"id": claim_id, "round": round_}
        found = tx.connection.execute(text("SELECT features_json FROM risk_row WHERE claim_id = :id AND round = :round"), chosen)
        return dict(json.loads(found.scalar_one()))


def same(left: FeatureRow, right: FeatureRow) -> bool:
    return left.keys() == right.keys() and all(left[name] == right[name] or math.isnan(left[name]) for name in left)


def audited(world: World, number: int = 1, amount: int = 3_000_000) -> str:
    """A claim that a person looks at, because it was drawn for an audit."""
    world = world.with_limits(audit_sample_rate=1.0)
    files = world.files(invoice(amount, number=f"99{number:08}"), summary(), id_card(), tag=f"d{number}")
    claim_id = submit(world.system, replace(notice(f"AUDIT-{number}", files), payee=ACCOUNT)).claim_id
    world.run()
    return claim_id


def future(world: World) -> None:
    """Claims of others with the same phone, account, device and hospital, and later ones of the insured."""
    with world.system.database.write() as tx:
        for number in range(3):
            registry.save_people(tx, [person_of(number)])
            policy = replace(STANDARD, policy_number=f"PT{number}", insured_id=f"T{number}", policyholder_id=f"T{number}")
            registry.save_policies(tx, [policy])
    for number in range(3):
        person = person_of(number)
        papers = world.files(invoice(number=f"98{number:08}", payer_name=person.name), summary(), id_card(person), tag=f"f{number}")
        own = {"insured": PersonClue(id_number=person.id_number), "reporter_phone": INSURED.phone}
        submit(world.system, replace(notice(f"F-{number}", papers), **own, payee=ACCOUNT))
    world.run()
    audited(world, 7)


def test_the_future_changes_no_stored_row_and_no_later_score_of_the_same_claim(world: World) -> None:
    claim_id = audited(world)
    story = tell(world.system, claim_id)
    assert story.claim.state in (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)
    row = row_of(world, claim_id)
    assert story.adjudication
    future(world)
    correcting.correct_field(world.system, story.documents[0].document_id, "total_fen", "30000.00", SENIOR)
    again = tell(world.system, claim_id)
    assert same(row_of(world, claim_id), row)
    assert again.adjudication
    assert again.adjudication.score.probability == story.adjudication.score.probability


def test_what_a_person_corrects_does_not_come_into_the_row_that_training_reads(world: World) -> None:
    claim_id = audited(world)
    row, story = row_of(world, claim_id), tell(world.system, claim_id)
    correcting.correct_field(world.system, story.documents[0].document_id, "total_fen", "45000.00", ADJUSTER)
    assert same(row_of(world, claim_id), row)
    assert row["claimed_fen"] == 3_000_000


def test_paying_and_deciding_change_no_row(world: World) -> None:
    claim_id = audited(world)
    row, story = row_of(world, claim_id), tell(world.system, claim_id)
    review.approve(world.system, claim_id, story.claim.version, SENIOR, "核实无误")
    world.run()
    assert tell(world.system, claim_id).paid_fen
    assert same(row_of(world, claim_id), row)


@pytest.mark.parametrize("personal", [frozenset[str](), frozenset({"age"}), frozenset({"region"})], ids=["none", "age", "region"])
def test_a_row_tells_age_and_region_only_where_configuration_allows_it(world: World, personal: frozenset[str]) -> None:
    world = replace(world, system=replace(world.system, risk_personal=personal))
    with world.system.database.write() as tx:
        registry.save_people(tx, [replace(INSURED, region_code="990101")])
    row = row_of(world, audited(world))
    assert math.isnan(row["insured_age_years"]) == ("age" not in personal)
    assert math.isnan(row["region_fraud_rate"]) == ("region" not in personal)


def test_two_people_who_differ_only_in_who_they_are_have_the_same_row(world: World) -> None:
    """Name, number (which tells the sex), day of birth: none of them is in the row."""
    rows = []
    for number, person in enumerate((person_of(1), replace(person_of(2), name="欧阳示例", birth_date=date(1950, 1, 1)))):
        with world.system.database.write() as tx:
            registry.save_people(tx, [person])
            policy = replace(
                STANDARD, policy_number=f"PT{number}", insured_id=person.person_id, policyholder_id=person.person_id, agent_id=""
            )
            registry.save_policies(tx, [policy])
        rows.append(row_of(world, run_of(world, number, person)))
    hospital = {name for name in rows[0] if name.startswith("hospital_") and not name.startswith(("hospital_grade", "hospital_is"))}
    assert [name for name in rows[0] if rows[0][name] != rows[1][name] and not math.isnan(rows[0][name]) and name not in hospital] == []


def run_of(world: World, number: int, person: object) -> str:
    claim_id = send(world, 20 + number, person)  # type: ignore[arg-type]
    world.run()
    return claim_id


def test_somebody_elses_claims_before_this_one_are_in_its_row(world: World) -> None:
    future(world)
    claim_id = audited(world, 9)
    row = row_of(world, claim_id)
    assert row["account_other_insureds"] == 3
    assert row["phone_other_insureds"] == 3
    assert row["linked_insureds"] == 4
    assert OTHER.person_id not in json.dumps(row)
