"""What a contract counts for a whole family (每: 家庭) is one account over the policies of all its members, also at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from adjudicator.worker import drain
from domain.claim import Payee, PersonClue
from domain.policy import Person
from storage import registry
from tests.adjudicator.replaying import replay_differences
from tests.adjudicator.world import INSURED, OTHER, STANDARD, World, id_card, invoice, notice, summary

OWN = replace(STANDARD, policy_number="PF1", product="jiahe-family", plan="家和版", family_id="F1", particulars={"家庭成员": "本人"})
SPOUSE = replace(OWN, policy_number="PF2", insured_id=OTHER.person_id, policyholder_id=INSURED.person_id, particulars={"家庭成员": "配偶"})


def send(world: World, member: Person, ref: str, loss: date = date(2025, 8, 15)) -> str:
    """Claim a stay of 30,000.00, of which social insurance paid 5,000.00: 25,000.00 before any deductible."""
    mine = OWN if member is INSURED else SPOUSE
    stay = {"admission_date": loss, "discharge_date": loss.replace(day=loss.day + 8)}
    papers = (invoice(number=f"99{ref}", payer_name=member.name, **stay), summary(patient_name=member.name, **stay), id_card(member))
    made = notice(
        ref,
        world.files(*papers, tag=ref),
        insured=PersonClue(id_number=member.id_number),
        policy_numbers=(mine.policy_number,),
        loss_date=loss,
        payee=Payee(member.name, f"990000000000000{'1' if member is INSURED else '2'}010", "示例银行"),
        device_id=f"device-{member.person_id}",
    )
    return submit(world.system, made).claim_id


@pytest.fixture
def family(world: World) -> World:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [OWN, SPOUSE])
    return world


def paid(world: World, member: Person, ref: str) -> ClaimStory:
    claim_id = send(world, member, ref)
    world.run()
    return tell(world.system, claim_id)


def test_the_second_member_bears_only_what_is_left_of_the_familys_deductible(family: World) -> None:
    # each member bears 10,000.00, the family 15,000.00 in all:
    # (25,000.00 − 10,000.00) × 90 % = 13,500.00, then (25,000.00 − 5,000.00) × 90 % = 18,000.00
    own, spouse = paid(family, INSURED, "00000001"), paid(family, OTHER, "00000002")
    assert (own.paid_fen, spouse.paid_fen) == (1_350_000, 1_800_000)
    assert {(entry.policy_number, entry.amount_fen) for story in (own, spouse) for entry in story.ledger} == {
        ("PF1", 1_350_000),
        ("PF2", 1_800_000),
    }


def test_policies_of_two_families_share_nothing(family: World) -> None:
    with family.system.database.write() as tx:
        registry.save_policies(tx, [replace(SPOUSE, family_id="F2")])
    paid(family, INSURED, "00000001")
    assert paid(family, OTHER, "00000002").paid_fen == 1_350_000


def test_a_decision_that_the_familys_account_bounds_replays_bit_for_bit(family: World) -> None:
    paid(family, INSURED, "00000001")
    assert replay_differences(family, paid(family, OTHER, "00000002").claim.claim_id) == []


def test_eight_claims_of_two_members_at_once_use_the_familys_deductible_once(family: World) -> None:
    claim_ids = [send(family, (INSURED, OTHER)[number % 2], f"0000000{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: drain(family.system), range(8)))
    family.run()
    stories = [tell(family.system, each) for each in claim_ids]
    proposed = [story.adjudication.proposed_fen for story in stories if story.adjudication]
    # 8 × 25,000.00 less 15,000.00 once, × 90 %
    assert (len(proposed), sum(proposed)) == (8, 16_650_000)
