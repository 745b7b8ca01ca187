"""What people decide: within their authority, on the version they saw, with a clause where they say no."""

from datetime import date

import pytest

from adjudicator import correcting, review
from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from domain.errors import ConflictError, InputError, NotAllowedError, StaleVersionError
from domain.states import ClaimState
from storage.access import Staff
from tests.adjudicator.world import ACTUARY, ADJUSTER, HOSPITAL, SENIOR, World, id_card, invoice, notice, summary

PROPOSED_FEN = 1_550_000


@pytest.fixture
def reviewed(world: World) -> tuple[World, ClaimStory]:
    """A claim of 15,500.00 that only the straight-through limit sent to a person."""
    strict = world.with_limits(straight_through_fen=0)
    receipt = submit(strict.system, notice(files=world.files(invoice(), summary(), id_card())))
    strict.run()
    story = tell(strict.system, receipt.claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    return strict, story


def after(world: World, story: ClaimStory) -> ClaimStory:
    world.run()
    return tell(world.system, story.claim.claim_id)


def test_an_approval_pays_what_the_rules_propose(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.approve(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "")
    story = after(world, story)
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, PROPOSED_FEN)
    assert story.decision is not None and story.decision.actor == "lin"


@pytest.mark.parametrize(("authority_fen", "may"), [(PROPOSED_FEN - 1, False), (PROPOSED_FEN, True), (PROPOSED_FEN + 1, True)])
def test_authority_includes_its_own_amount(reviewed: tuple[World, ClaimStory], authority_fen: int, may: bool) -> None:
    world, story = reviewed
    staff = Staff("xin", "新", "adjuster", authority_fen)
    if may:
        review.approve(world.system, story.claim.claim_id, story.claim.version, staff, "")
    else:
        with pytest.raises(NotAllowedError, match=r"15,500\.00"):
            review.approve(world.system, story.claim.claim_id, story.claim.version, staff, "")
    assert (after(world, story).paid_fen == PROPOSED_FEN) is may


@pytest.mark.parametrize("amount_fen", [0, PROPOSED_FEN, PROPOSED_FEN + 1])
def test_a_part_payment_lies_between_nothing_and_the_whole(reviewed: tuple[World, ClaimStory], amount_fen: int) -> None:
    world, story = reviewed
    with pytest.raises(InputError) as refused:
        review.pay_part(world.system, story.claim.claim_id, story.claim.version, SENIOR, amount_fen, "部分费用与本次疾病无关")
    assert refused.value.field == "amount"


@pytest.mark.parametrize("amount_fen", [1, PROPOSED_FEN - 1])
def test_a_part_payment_pays_its_amount(reviewed: tuple[World, ClaimStory], amount_fen: int) -> None:
    world, story = reviewed
    review.pay_part(world.system, story.claim.claim_id, story.claim.version, SENIOR, amount_fen, "部分费用与本次疾病无关")
    assert after(world, story).paid_fen == amount_fen


@pytest.mark.parametrize(
    ("reason", "clause", "field"), [("与本次疾病无关", "", "clause"), ("", "第七条", "reason"), ("  ", "第七条", "reason")]
)
def test_declining_needs_a_clause_and_a_reason(reviewed: tuple[World, ClaimStory], reason: str, clause: str, field: str) -> None:
    world, story = reviewed
    with pytest.raises(InputError) as refused:
        review.decline(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, reason, clause)
    assert refused.value.field == field


def test_a_declined_claim_pays_nothing_and_its_letter_cites_the_clause(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.decline(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "属于除外病种", "第七条")
    story = after(world, story)
    assert (story.claim.state, story.paid_fen, story.ledger) == (ClaimState.CLOSED, 0, ())
    assert "第七条" in story.notices[-1].body and "申诉" in story.notices[-1].body


def test_a_declined_claim_uses_up_no_deductible(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.decline(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "属于除外病种", "第七条")
    receipt = submit(world.system, notice("APP-2", world.files(invoice(number="9900000002"), summary(), id_card(), tag="2")))
    world.run()
    second = tell(world.system, receipt.claim_id)
    assert second.adjudication is not None and second.adjudication.proposed_fen == PROPOSED_FEN


def test_two_people_never_overwrite_each_other(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.investigate(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "核实住院真实性")
    with pytest.raises(StaleVersionError, match="lin"):
        review.approve(world.system, story.claim.claim_id, story.claim.version, SENIOR, "")


def test_a_claim_is_decided_once(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.approve(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "")
    paid = after(world, story)
    with pytest.raises(ConflictError, match="PAID"):
        review.approve(world.system, story.claim.claim_id, paid.claim.version, ADJUSTER, "")
    assert len(world.bank.booked) == 1


def test_an_investigator_looks_into_a_claim_and_decides_none(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    investigator = Staff("cha", "查", "investigator", 5_000_000)
    correcting.correct_field(world.system, story.documents[0].document_id, "total_fen", "30000.00", investigator)
    story = tell(world.system, story.claim.claim_id)
    with pytest.raises(NotAllowedError, match="investigator"):
        review.approve(world.system, story.claim.claim_id, story.claim.version, investigator, "")


def test_an_actuary_decides_no_claim(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    with pytest.raises(NotAllowedError, match="actuary"):
        review.approve(world.system, story.claim.claim_id, story.claim.version, ACTUARY, "")


def test_the_one_notice_may_be_sent_by_a_person_but_only_once(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    review.ask(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, ("用药清单", " ", "既往病历"))
    story = after(world, story)
    assert story.claim.state is ClaimState.NEEDS_SUPPLEMENT
    assert [item.message for item in story.notices[-1].items] == ["用药清单", "既往病历"]


def test_a_corrected_amount_is_worked_out_again_at_once(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    document = story.documents[0]
    correcting.correct_field(world.system, document.document_id, "total_fen", "32000.00", ADJUSTER)
    story = tell(world.system, story.claim.claim_id)
    assert story.adjudication is not None and story.adjudication.proposed_fen == PROPOSED_FEN + 200_000


def test_a_corrected_diagnosis_can_turn_a_payment_into_a_refusal_for_a_person_to_make(reviewed: tuple[World, ClaimStory]) -> None:
    world, story = reviewed
    correcting.correct_field(world.system, story.documents[1].document_id, "diagnosis_icd10", "O80.0", ADJUSTER)
    story = tell(world.system, story.claim.claim_id)
    assert story.adjudication is not None and story.adjudication.proposed_fen == 0
    with pytest.raises(ConflictError, match="decline it"):
        review.approve(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "")


@pytest.mark.parametrize(
    ("name", "text"), [("total_fen", "-1"), ("total_fen", "3万"), ("admission_date", "2025-13-01"), ("inpatient_days", "8.5")]
)
def test_a_correction_that_does_not_fit_its_field_is_refused(reviewed: tuple[World, ClaimStory], name: str, text: str) -> None:
    world, story = reviewed
    with pytest.raises(InputError):
        correcting.correct_field(world.system, story.documents[0].document_id, name, text, ADJUSTER)


def test_a_correction_is_typed_by_its_name() -> None:
    assert correcting.typed_value("admission_date", " 2025-08-15 ") == date(2025, 8, 15)
    assert correcting.typed_value("total_fen", "7,743.62") == 774_362
    assert correcting.typed_value("hospital_name", HOSPITAL.name) == HOSPITAL.name
