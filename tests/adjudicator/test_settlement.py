"""Hospital direct settlement: answered at once, once a number, and never for what is not clean."""

from dataclasses import replace
from datetime import date

import pytest

from adjudicator.hospital_bill import BillLine, SettlementRequest
from adjudicator.reopening import Ground, reopen
from adjudicator.review import approve
from adjudicator.settlement import SettlementStatus, settle
from adjudicator.story import tell
from domain.claim import LossCause, PersonClue
from domain.errors import InputError, KeyReusedError, NotFoundError
from domain.identity import id_check_character
from domain.states import ClaimState
from storage import registry
from tests.adjudicator.world import ADJUSTER, DIRECT, INSURED, OTHER, SENIOR, World

BILL = SettlementRequest(
    external_ref="HIS-1",
    hospital_id="H1",
    insured=PersonClue(id_number=OTHER.id_number),
    admission_date=date(2025, 8, 15),
    discharge_date=date(2025, 8, 20),
    diagnosis_icd10="J18.9",
    loss_cause=LossCause.ILLNESS,
    total_fen=774_362,
    social_insurance_paid_fen=0,
    lines=(BillLine("床位费", "甲", 300_000), BillLine("西药费", "乙", 443_916), BillLine("特需服务", "丙", 30_446)),
)


def test_the_customer_pays_1048_38_and_the_insurer_6695_24_of_7743_62(world: World) -> None:
    answer = settle(world.system, BILL)
    assert (answer.bill_fen, answer.customer_fen, answer.insurer_fen) == (774_362, 104_838, 669_524)


def test_the_insurers_part_goes_to_the_hospital(world: World) -> None:
    answer = settle(world.system, BILL)
    world.run()
    assert tell(world.system, answer.claim_id).claim.state is ClaimState.PAID
    assert [(order.payee.holder, order.amount_fen) for order in world.bank.booked.values()] == [("示例市第一医院", 669_524)]


def test_out_of_list_items_fall_on_the_customer_line_by_line(world: World) -> None:
    lines = settle(world.system, BILL).lines
    assert sum(line.paid_fen for line in lines) == 669_524
    assert [(each.code, each.amount_fen) for each in lines[2].adjustments] == [("out_of_list", 30_446)]


def test_the_same_bill_asked_again_settles_once(world: World) -> None:
    first, second = settle(world.system, BILL), settle(world.system, BILL)
    world.run()
    assert (second.is_new, second.claim_id, second.insurer_fen) == (False, first.claim_id, first.insurer_fen)
    assert len(world.bank.booked) == 1


def test_the_same_number_with_another_bill_is_refused(world: World) -> None:
    settle(world.system, BILL)
    with pytest.raises(KeyReusedError):
        settle(world.system, replace(BILL, diagnosis_icd10="J18.0"))


def test_what_social_insurance_paid_comes_off_first(world: World) -> None:
    answer = settle(world.system, replace(BILL, social_insurance_paid_fen=200_000))
    assert answer.insurer_fen == 489_524  # (7,743.62 − 2,000.00 − 304.46) × 90 % = 4,895.244
    assert answer.customer_fen == 774_362 - 200_000 - 489_524


def test_a_bill_inside_the_waiting_period_is_not_settled_and_the_customer_pays(world: World) -> None:
    answer = settle(world.system, replace(BILL, admission_date=date(2025, 2, 10), discharge_date=date(2025, 2, 12)))
    assert (answer.state, answer.insurer_fen, answer.customer_fen) == (ClaimState.IN_REVIEW, 0, 774_362)
    assert "不能直接结算" in answer.explanation
    assert "等待期" not in answer.explanation and "风险" not in answer.explanation  # the cashier is not told of doubts


@pytest.mark.parametrize(("changes", "field"), [
    ({"total_fen": 774_363}, "bill/total"),
    ({"social_insurance_paid_fen": 774_363}, "bill/social_insurance_paid"),
    ({"discharge_date": date(2025, 8, 14)}, "discharge_date"),
])  # fmt: skip
def test_a_bill_that_does_not_add_up_is_refused_by_the_name_of_the_field(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as refused:
        settle(world.system, replace(BILL, **changes))
    assert refused.value.field == field


def test_a_policy_without_direct_settlement_sends_the_customer_to_the_app(world: World) -> None:
    with pytest.raises(NotFoundError, match="app or the hotline"):
        settle(world.system, replace(BILL, insured=PersonClue(id_number=INSURED.id_number)))


def test_a_hospital_outside_the_agreement_is_refused(world: World) -> None:
    with pytest.raises(NotFoundError):
        settle(world.system, replace(BILL, hospital_id="H2"))


def test_a_settled_bill_is_decided_anew_from_what_the_hospital_stated(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.run()
    version = tell(world.system, claim_id).claim.version
    reopen(world.system, claim_id, version, ADJUSTER, "住院日期有误", Ground.NEW_EVIDENCE)  # a bill has no papers to wait for
    story = tell(world.system, claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    approve(world.system, claim_id, story.claim.version, SENIOR, "")
    world.run()
    story = tell(world.system, claim_id)
    assert (story.claim.state, story.paid_fen, len(world.bank.booked)) == (ClaimState.CLOSED, 669_524, 1)


def test_the_hospital_hears_what_it_heard_before_while_a_bill_is_decided_anew(world: World) -> None:
    first = settle(world.system, BILL)
    world.run()
    reopen(world.system, first.claim_id, tell(world.system, first.claim_id).claim.version, ADJUSTER, "复核", Ground.ERROR)
    again = settle(world.system, BILL)
    assert (again.insurer_fen, again.customer_fen, again.is_new) == (first.insurer_fen, first.customer_fen, False)


def test_a_hospitals_account_ties_no_patient_to_another(world: World) -> None:
    """Every settlement goes to it: else the tenth patient of a hospital would look like a ring of fraud."""
    numbers = [f"990101{year}0101003" for year in range(1960, 1972)]
    people = [replace(OTHER, person_id=f"Q{each}", id_number=each + id_check_character(each), phone=f"1{each[6:16]}") for each in numbers]
    with world.system.database.write() as tx:
        registry.save_people(tx, people)
        registry.save_policies(tx, [replace(DIRECT, policy_number=f"PQ{each.person_id}", insured_id=each.person_id) for each in people])
    bills = [replace(BILL, external_ref=each.person_id, insured=PersonClue(id_number=each.id_number)) for each in people]
    answers = [settle(world.system, each) for each in bills]
    assert {each.status for each in answers} == {SettlementStatus.CONFIRMED}
