"""Papers that came with other claims too: who is told, with which places, and what is no duplicate."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from adjudicator.intake import add_files, submit
from adjudicator.people import WITH_PEOPLE
from adjudicator.review import decline
from adjudicator.story import ClaimStory, tell
from adjudicator.worker import drain
from domain.claim import Channel, PersonClue
from domain.decision import Actor
from domain.document import Document, DocumentClass
from domain.finding import Finding, Place, Severity
from domain.states import ClaimState
from storage import claims
from tests.adjudicator.test_path import CLEAN_PAYS_FEN, claimed
from tests.adjudicator.world import INSURED, OTHER, SENIOR, World, id_card, invoice, notice, paper, summary

LOOK, NEAR = "0f" * 32, "0f" * 31 + "00"  # four bits apart
BILL = {"issue_date": date(2025, 8, 23)}


def unnumbered(**changes: int | str | date) -> Document:
    made = invoice(**(BILL | changes))
    return replace(made, fields=tuple(each for each in made.fields if each.name != "invoice_number"), perceptual_hash=LOOK)


def repeats(story: ClaimStory) -> list[Finding]:
    assert story.adjudication is not None
    codes = ("invoice.duplicate", "document.duplicate", "document.seen_before", "document.shared_card")
    return [each for each in story.adjudication.findings if each.code in codes]


def test_an_invoice_on_another_claim_is_told_with_both_places_and_the_other_claims_state(world: World) -> None:
    first = claimed(world, invoice(), summary(), id_card())
    second = claimed(world, invoice(), replace(summary(), perceptual_hash=LOOK), id_card(), ref="APP-2")
    (told,) = repeats(second)
    assert told.places == (
        Place(second.claim.claim_id, second.documents[0].document_id, 0, "invoice_number", "医疗收费票据"),
        Place(first.claim.claim_id, first.documents[0].document_id, 0, "invoice_number", "医疗收费票据"),
    )
    assert f"案件 {first.claim.claim_id}（已支付，同一被保险人）" in told.message
    assert (second.claim.state, second.decision) == (ClaimState.IN_REVIEW, None)


def test_a_declined_claim_does_not_hide_its_invoice_and_says_that_it_was_declined(world: World) -> None:
    first = claimed(world, invoice(), summary(), id_card(), loss_date=date(2025, 3, 2))
    decline(world.system, first.claim.claim_id, first.claim.version, SENIOR, "出险日期不符", "第五条")
    (told,) = repeats(claimed(world, invoice(), summary(), id_card(), ref="APP-2"))
    assert "已结案" in told.message


def test_a_re_encoded_copy_whose_number_was_not_read_goes_to_a_person(world: World) -> None:
    first = claimed(world, unnumbered(total_fen=2_000_000, issue_date=date(2025, 8, 22)), summary(), id_card())
    copy = replace(unnumbered(), perceptual_hash=NEAR)
    copy = replace(copy, fields=tuple(each for each in copy.fields if each.name not in ("total_fen", "issue_date")))
    second = claimed(world, copy, summary(), id_card(), ref="APP-2")
    (told,) = repeats(second)
    assert told.code == "invoice.duplicate"
    assert first.claim.claim_id in told.message
    assert "差 4 位" in told.message
    assert (second.claim.state in WITH_PEOPLE, second.decision) == (True, None)


def test_another_invoice_of_the_same_form_that_looks_the_same_is_no_duplicate(world: World) -> None:
    claimed(world, replace(invoice(900_000, 200_000), perceptual_hash=LOOK), summary(), id_card())
    second = claimed(world, replace(invoice(number="9900000002"), perceptual_hash=LOOK), summary(), id_card(), ref="APP-2")
    assert repeats(second) == []


def test_two_receipts_of_one_payer_day_and_total_with_different_numbers_are_no_duplicate(world: World) -> None:
    claimed(world, invoice(**BILL), summary(), id_card())
    assert repeats(claimed(world, invoice(number="9900000002", **BILL), summary(), id_card(), ref="APP-2")) == []


def test_payer_day_and_total_tell_an_invoice_whose_number_one_reading_lacks(world: World) -> None:
    claimed(world, invoice(**BILL), summary(), id_card())
    (told,) = repeats(claimed(world, unnumbered(), summary(), id_card(), ref="APP-2"))
    assert "交款人、开票日期和金额相同" in told.message


def test_forms_of_which_hardly_anything_was_read_are_not_told_to_be_copies(world: World) -> None:
    def bare() -> Document:
        return replace(paper(DocumentClass.IMAGING_REPORT, patient_name=INSURED.name), perceptual_hash=LOOK)

    claimed(world, invoice(), summary(), id_card(), bare())
    assert repeats(claimed(world, invoice(number="9900000002"), summary(), id_card(), bare(), ref="APP-2")) == []


def test_one_summary_on_two_claims_of_its_patient_is_noted_and_holds_nothing_up(world: World) -> None:
    stay = replace(summary(), perceptual_hash=LOOK)
    claimed(world, invoice(900_000, 200_000), stay, id_card())
    second = claimed(world, invoice(number="9900000002"), stay, id_card(), ref="APP-2")
    assert [(each.code, each.severity) for each in repeats(second)] == [("document.seen_before", Severity.NOTE)]
    assert second.claim.state is ClaimState.PAID


def test_one_summary_on_the_claims_of_two_people_goes_to_a_person(world: World) -> None:
    stay = replace(summary(), perceptual_hash=LOOK)
    claimed(world, invoice(), stay, id_card())
    theirs = invoice(number="9900000002", payer_name=OTHER.name), stay, id_card(OTHER)
    second = claimed(world, *theirs, ref="APP-2", insured=PersonClue(id_number=OTHER.id_number))
    assert [each.code for each in repeats(second)] == ["document.duplicate"]
    assert "另一被保险人" in repeats(second)[0].message
    assert "document.duplicate_seen" in [each.code for each in second.adjudication.route.flags]  # type: ignore[union-attr]


@pytest.mark.parametrize(("person", "codes"), [(INSURED, []), (OTHER, ["document.shared_card"])])
def test_a_card_file_is_noted_only_on_the_claim_of_somebody_else(world: World, person: object, codes: list[str]) -> None:
    card = world.file("card", paper(DocumentClass.BANK_CARD, card_number="9900000000000000010", holder_name=INSURED.name))
    submit(world.system, notice("APP-1", (card, *world.files(invoice(), summary(), id_card(), tag="1"))))
    world.run()
    clue = PersonClue(id_number=person.id_number)  # type: ignore[attr-defined]
    files = (card, *world.files(invoice(number="9900000002"), summary(), id_card(), tag="2"))
    receipt = submit(world.system, notice("APP-2", files, insured=clue))
    world.run()
    assert [each.code for each in repeats(tell(world.system, receipt.claim_id))] == codes


def test_the_same_invoice_again_among_the_supplement_of_its_own_claim_is_no_duplicate(world: World) -> None:
    story = claimed(world, replace(invoice(), perceptual_hash=LOOK), id_card())
    again = world.files(replace(invoice(), perceptual_hash=NEAR), summary(), tag="later")
    add_files(world.system, story.claim.claim_id, again, Actor("app", "channel"))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)


def test_of_two_claims_with_one_invoice_that_arrive_at_once_at_least_one_sees_the_other(world: World) -> None:
    for ref in ("APP-1", "APP-2"):
        submit(world.system, notice(ref, world.files(invoice(), summary(), id_card(), tag=ref)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: drain(world.system), range(2)))
    world.run()
    with world.system.database.read() as tx:
        both = [claims.find_by_key(tx, Channel.APP, ref) for ref in ("APP-1", "APP-2")]
    stories = [tell(world.system, each.claim_id) for each in both if each]
    assert len(stories) == 2
    assert any(repeats(story) for story in stories)
    assert sum(story.paid_fen for story in stories) <= CLEAN_PAYS_FEN
