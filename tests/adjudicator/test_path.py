"""A claim's path, from the notice to the ledger: what pays itself, what is asked for, what goes to a person."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from adjudicator.intake import add_files, submit
from adjudicator.story import ClaimStory, tell
from adjudicator.worker import drain, retry
from domain.claim import LossCause
from domain.decision import Actor
from domain.document import DocumentClass
from domain.errors import ConflictError, ReaderError, UnreadableFileError
from domain.states import ClaimState, DocumentState, PaymentState
from rules.medical_base import shipped_base
from storage import audit, registry
from storage.ledger import Account, balances
from tests.adjudicator.world import CASH, HOME, HOSPITAL, INSURED, PRIVATE, World, id_card, invoice, notice, paper, summary, unusable

# 标准版, effective in 2025: (charges − social insurance − 10,000.00) × 100 %, and 100 元 a day after 3 days
CLEAN_PAYS_FEN = (3_000_000 - 500_000 - 1_000_000) + (8 - 3) * 10_000


def claimed(world: World, *papers: object, ref: str = "APP-1", **changes: object) -> ClaimStory:
    receipt = submit(world.system, notice(ref, world.files(*papers, tag=ref), **changes))
    world.run()
    return tell(world.system, receipt.claim_id)


def test_a_clean_claim_pays_itself_to_the_fen(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)
    assert [order.amount_fen for order in world.bank.booked.values()] == [CLEAN_PAYS_FEN]


def test_a_paid_claim_leaves_a_balanced_ledger(world: World) -> None:
    claimed(world, invoice(), summary(), id_card())
    with world.system.database.read() as tx:
        assert balances(tx) == dict.fromkeys(Account, 0) | {
            Account.CLAIMS_EXPENSE: CLEAN_PAYS_FEN,
            Account.CLAIMS_PAYABLE: 0,
            Account.BANK: -CLEAN_PAYS_FEN,
        }


def test_every_step_of_a_paid_claim_stands_in_an_unbroken_audit_chain(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card())
    with world.system.database.read() as tx:
        assert audit.find_break(tx, story.claim.claim_id) is None
    moves = [each.detail_json for each in story.audit if each.action == "claim.moved"]
    assert len(moves) == 7  # READING, ADJUDICATED, SCORED, APPROVED, DECIDED, PAYING, PAID


def test_a_decision_keeps_all_that_a_replay_needs(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card())
    assert story.decision is not None
    book = sha256((HOME / "rules/book/anxin-inpatient.yaml").read_bytes()).hexdigest()
    for word in ("books", "bases", "elements", "model", "documents", "主诊断", "K35.8", book, shipped_base().sha256):
        assert word in story.decision.inputs_json


@pytest.mark.parametrize(("limit_fen", "state"), [
    (CLEAN_PAYS_FEN - 1, ClaimState.IN_REVIEW),
    (CLEAN_PAYS_FEN, ClaimState.PAID),
    (CLEAN_PAYS_FEN + 1, ClaimState.PAID),
])  # fmt: skip
def test_the_straight_through_limit_includes_its_own_amount(world: World, limit_fen: int, state: ClaimState) -> None:
    story = claimed(world.with_limits(straight_through_fen=limit_fen), invoice(), summary(), id_card())
    assert story.claim.state is state


def test_lines_sum_to_the_indemnity_and_each_line_balances(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card())
    assert story.adjudication is not None
    lines = story.adjudication.lines
    assert sum(line.paid_fen for line in lines) == 1_500_000
    assert all(line.charged_fen - sum(each.amount_fen for each in line.adjustments) == line.paid_fen for line in lines)


def test_straight_through_never_declines_a_claim_in_the_waiting_period(world: World) -> None:
    story = claimed(
        world,
        invoice(admission_date=date(2025, 3, 2), discharge_date=date(2025, 3, 10)),
        summary(admission_date=date(2025, 3, 2), discharge_date=date(2025, 3, 10)),
        id_card(),
        loss_date=date(2025, 3, 2),
    )
    assert (story.claim.state, story.paid_fen, story.decision) == (ClaimState.IN_REVIEW, 0, None)
    assert any("等待期" in reason for reason in story.reasons)


def test_a_private_clinic_is_for_a_person_to_decline(world: World) -> None:
    story = claimed(world, invoice(hospital_name=PRIVATE.name), summary(hospital_name=PRIVATE.name), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW


def test_a_hospital_nobody_knows_makes_the_answer_unknown_not_zero(world: World) -> None:
    story = claimed(world, invoice(hospital_name="无名医院"), summary(hospital_name="无名医院"), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW
    assert "outcome.unknown" in [flag.code for flag in story.adjudication.route.flags]  # type: ignore[union-attr]


def test_the_one_notice_lists_everything_that_is_missing_at_once(world: World) -> None:
    story = claimed(world, unusable(), payee=None)
    assert story.claim.state is ClaimState.NEEDS_SUPPLEMENT
    (asked,) = story.notices
    text = asked.body
    for wanted in ("医疗收费票据", "出院小结", "身份证", "收款账户", "模糊"):
        assert wanted in text


def test_papers_that_complete_a_claim_let_it_pay(world: World) -> None:
    story = claimed(world, invoice(), id_card())
    assert story.claim.state is ClaimState.NEEDS_SUPPLEMENT
    add_files(world.system, story.claim.claim_id, world.files(summary(), tag="later"), Actor("app", "channel"))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)


def test_a_second_gap_is_never_a_second_notice_but_a_person(world: World) -> None:
    story = claimed(world, invoice(), id_card())
    add_files(world.system, story.claim.claim_id, world.files(unusable(), tag="later"), Actor("app", "channel"))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert [each.kind for each in story.notices] == ["supplement"]


def test_the_decision_clock_stands_still_while_the_customer_is_asked(world: World) -> None:
    story = claimed(world, invoice(), id_card())
    (decision,) = [each for each in story.clocks if each.kind == "decision"]
    assert decision.paused_ms is not None


def test_a_retaken_picture_makes_the_blurred_one_void(world: World) -> None:
    story = claimed(world, unusable(), invoice(), summary(), id_card())
    assert story.claim.state is ClaimState.PAID


def test_an_unreadable_file_harms_no_other_and_says_why(world: World) -> None:
    bad = world.file("bad", UnreadableFileError("the picture is cut off", "send it again"))
    receipt = submit(world.system, notice(files=(bad, *world.files(invoice(), summary(), id_card()))))
    world.run()
    story = tell(world.system, receipt.claim_id)
    assert [each.state for each in story.documents] == [DocumentState.UNREADABLE] + [DocumentState.EXTRACTED] * 3
    assert story.claim.state is ClaimState.PAID


def test_the_same_invoice_in_another_claim_goes_to_a_person_who_is_told_where_it_was(world: World) -> None:
    first = claimed(world, invoice(), summary(), id_card())
    second = claimed(world, invoice(), summary(), id_card(), ref="APP-2")
    assert (second.claim.state, second.paid_fen) == (ClaimState.IN_REVIEW, 0)
    assert any(first.claim.claim_id in reason for reason in second.reasons)


def test_the_same_invoice_twice_in_one_claim_counts_once(world: World) -> None:
    again = replace(invoice(), perceptual_hash="f" * 64)
    story = claimed(world, invoice(), again, summary(), id_card())
    assert story.paid_fen == CLEAN_PAYS_FEN


def test_a_deductible_spans_two_claims_of_one_policy_year(world: World) -> None:
    first = claimed(world, invoice(900_000, 200_000), summary(), id_card())
    second = claimed(world, invoice(number="9900000002"), summary(), id_card(), ref="APP-2")
    assert first.paid_fen == 50_000  # 7,000.00 fall under the deductible: only the daily allowance is paid
    assert second.paid_fen == (3_000_000 - 500_000 - 300_000) + 50_000


def test_an_indemnity_and_a_fixed_policy_add_up(world: World) -> None:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [CASH])
    story = claimed(world, invoice(), summary(), id_card())
    assert story.paid_fen == CLEAN_PAYS_FEN + 8 * 20_000
    booked = {entry.policy_number: entry.amount_fen for entry in story.ledger if entry.credit_account == Account.BANK}
    assert booked == {"PL1": CLEAN_PAYS_FEN, "PL2": 160_000}


def test_a_critical_illness_pays_its_lump_sum_without_an_invoice(world: World) -> None:
    pathology = paper(
        DocumentClass.PATHOLOGY_REPORT,
        patient_name=INSURED.name,
        hospital_name=HOSPITAL.name,
        diagnosis_icd10="C73",
        report_date=date(2025, 6, 1),
    )
    certificate = paper(
        DocumentClass.DIAGNOSIS_CERTIFICATE,
        patient_name=INSURED.name,
        hospital_name=HOSPITAL.name,
        diagnosis_icd10="C73",
        diagnosis_date=date(2025, 6, 2),
    )
    story = claimed(world, pathology, certificate, id_card(), loss_date=date(2025, 6, 1))
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, 10_000_000)
    assert any(each.kind == "critical_illness_decision" and each.met_ms for each in story.clocks)


def test_pathology_and_certificate_that_disagree_pay_no_lump_sum(world: World) -> None:
    pathology = paper(
        DocumentClass.PATHOLOGY_REPORT,
        patient_name=INSURED.name,
        hospital_name=HOSPITAL.name,
        diagnosis_icd10="C73",
        report_date=date(2025, 6, 1),
    )
    certificate = paper(
        DocumentClass.DIAGNOSIS_CERTIFICATE,
        patient_name=INSURED.name,
        hospital_name=HOSPITAL.name,
        diagnosis_icd10="D34",
        diagnosis_date=date(2025, 6, 2),
    )
    story = claimed(world, pathology, certificate, id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)


def test_another_persons_identity_card_goes_to_a_person(world: World) -> None:
    stranger = paper(DocumentClass.ID_CARD, holder_name="赵示人", id_number="990101199001010034")
    assert claimed(world, invoice(), summary(), stranger).claim.state is ClaimState.IN_REVIEW


def test_a_weighty_field_that_was_read_without_confidence_goes_to_a_person(world: World) -> None:
    doubtful = invoice()
    unsure = tuple(replace(each, confidence=0.5, proven=False) if each.name == "total_fen" else each for each in doubtful.fields)
    assert claimed(world, replace(doubtful, fields=unsure), summary(), id_card()).claim.state is ClaimState.IN_REVIEW


def test_an_accident_needs_its_certificate(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card(), loss_cause=LossCause.ACCIDENT)
    assert [item.about for notice_ in story.notices for item in notice_.items] == [DocumentClass.ACCIDENT_CERTIFICATE]


def test_a_report_without_papers_waits_for_them_and_for_a_call_back(world: World) -> None:
    story = claimed(world)
    assert story.claim.state is ClaimState.REPORTED
    assert [each.kind for each in story.clocks] == ["call_back"]


def test_a_stage_that_keeps_failing_gives_the_claim_to_a_person_with_the_error(world: World) -> None:
    broken = world.file("any", ReaderError("the engine is missing", "apt-get install it"))
    impatient = world.with_limits(max_attempts=1)
    receipt = submit(impatient.system, notice(files=(broken,)))
    drain(impatient.system)
    story = tell(impatient.system, receipt.claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert "the engine is missing" in story.reasons[0]


def test_money_that_bounced_is_not_told_as_paid(world: World) -> None:
    world.bank.mishaps.append("reject")
    story = claimed(world, invoice(), summary(), id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.DECIDED, 0)
    assert story.payout is not None and story.payout.state is PaymentState.BOUNCED
    assert "账号不存在" in story.reasons[0]


def test_what_was_given_up_can_be_taken_up_again_once_its_cause_is_mended(world: World) -> None:
    papers = (invoice(), summary(), id_card())
    broken = tuple(world.file(f"page{number}", ReaderError("the engine is missing", "install it")) for number in range(len(papers)))
    impatient = world.with_limits(max_attempts=1)
    receipt = submit(impatient.system, notice(files=broken))
    drain(impatient.system)
    for number, mended in enumerate(papers):
        world.file(f"page{number}", mended)
    assert retry(impatient.system, receipt.claim_id, Actor("ops", "operator")) == ("read",)
    drain(impatient.system)
    assert tell(impatient.system, receipt.claim_id).paid_fen == CLEAN_PAYS_FEN


def test_a_claim_that_nothing_was_given_up_for_has_nothing_to_retry(world: World) -> None:
    story = claimed(world, invoice(), summary(), id_card())
    with pytest.raises(ConflictError, match="given up"):
        retry(world.system, story.claim.claim_id, Actor("ops", "operator"))


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        (date(2025, 7, 15), ClaimState.IN_REVIEW),  # 31 days before the admission
        (date(2025, 7, 16), ClaimState.PAID),
        (date(2025, 8, 15), ClaimState.PAID),  # the day of the admission
        (date(2025, 8, 16), ClaimState.IN_REVIEW),
    ],
)
def test_a_reported_loss_date_must_fit_the_admission(world: World, reported: date, state: ClaimState) -> None:
    assert claimed(world, invoice(), summary(), id_card(), loss_date=reported).claim.state is state


def test_a_loss_date_moved_out_of_the_waiting_period_does_not_pay_itself(world: World) -> None:
    stay = {"admission_date": date(2025, 2, 20), "discharge_date": date(2025, 2, 28)}
    story = claimed(world, invoice(**stay), summary(**stay), id_card(), loss_date=date(2025, 3, 10))
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)
