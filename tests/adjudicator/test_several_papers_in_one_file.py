"""One file that holds several documents: each gets a record of its own, and the claim goes on as if they had come one by one."""

import json
from dataclasses import replace

from adjudicator.intake import add_files, submit
from adjudicator.story import ClaimStory, tell
from domain.claim import UploadedFile
from domain.decision import Actor
from domain.document import Document, DocumentClass
from domain.states import ClaimState, DocumentState
from ocr.findings import make_finding
from tests.adjudicator.test_path import CLEAN_PAYS_FEN
from tests.adjudicator.world import INSURED, World, id_card, invoice, notice, paper, summary

C = DocumentClass


def sent(world: World, *files: UploadedFile, ref: str = "APP-1", **changes: object) -> ClaimStory:
    receipt = submit(world.system, notice(ref, files, **changes))
    world.run()
    return tell(world.system, receipt.claim_id)


def bank_card() -> Document:
    return paper(C.BANK_CARD, card_number="9900000000000000010", bank_name="示例银行", holder_name=INSURED.name)


def nameless() -> Document:
    return Document("", "application/pdf", DocumentState.CHECKED, findings=(make_finding("document.unclassified"),))


def test_a_claim_whose_papers_all_stand_in_one_pdf_pays_itself(world: World) -> None:
    story = sent(world, world.file("all", invoice(), summary(), id_card(), bank_card()), payee=None)
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)
    assert [each.document_class for each in story.documents] == [C.MEDICAL_INVOICE, C.DISCHARGE_SUMMARY, C.ID_CARD, C.BANK_CARD]


def test_every_document_keeps_the_pages_of_the_file_it_came_in(world: World) -> None:
    story = sent(world, world.file("all", invoice(), summary(), id_card()))
    assert [each.read.pages for each in story.documents if each.read] == [(0,), (1,), (2,)]
    assert len({(each.sha256, each.file_name) for each in story.documents}) == 1
    assert [each.seq for each in story.documents] == [1, 2, 3]


def test_the_audit_tells_which_file_and_pages_a_document_came_from(world: World) -> None:
    story = sent(world, world.file("all", invoice(), summary(), id_card()))
    told = [json.loads(each.detail_json) for each in story.audit if each.action == "document.read"]
    assert [each["pages"] for each in told] == [[1], [2], [3]]
    assert {each["file"] for each in told} == {story.documents[0].document_id}


def test_the_decision_names_the_file_once(world: World) -> None:
    story = sent(world, world.file("all", invoice(), summary(), id_card()))
    assert story.decision is not None
    assert json.loads(story.decision.inputs_json)["documents"] == [story.documents[0].sha256]


def test_two_invoices_without_a_number_in_one_file_both_count(world: World) -> None:
    stays = [invoice(1_500_000, 250_000) for _ in range(2)]
    unnumbered = [replace(each, fields=tuple(field for field in each.fields if field.name != "invoice_number")) for each in stays]
    story = sent(world, world.file("all", *unnumbered, summary(), id_card()))
    assert story.adjudication is not None
    assert sum(each.assessment.total_fen for each in story.adjudication.policies) == CLEAN_PAYS_FEN


def test_the_same_file_sent_again_is_not_read_again(world: World) -> None:
    file = world.file("some", invoice(), summary())
    story = sent(world, file)
    assert story.claim.state is ClaimState.NEEDS_SUPPLEMENT
    receipt = add_files(world.system, story.claim.claim_id, (file, world.file("card", id_card())), Actor("app", "channel"))
    world.run()
    assert receipt.problems == ()
    after = tell(world.system, story.claim.claim_id)
    assert (after.claim.state, len(after.documents)) == (ClaimState.PAID, 3)


def test_files_and_not_documents_are_counted_against_the_limit(world: World) -> None:
    few = world.with_limits(max_files=2)
    story = sent(few, few.file("some", invoice(), summary(), bank_card()))
    add_files(few.system, story.claim.claim_id, few.files(id_card()), Actor("app", "channel"))
    few.run()
    assert tell(few.system, story.claim.claim_id).claim.state is ClaimState.PAID


def test_a_page_of_no_known_class_holds_up_nothing_when_the_papers_are_complete(world: World) -> None:
    story = sent(world, world.file("all", invoice(), nameless(), summary(), id_card()))
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)


def test_a_paper_of_no_known_class_is_asked_about_when_something_is_missing(world: World) -> None:
    story = sent(world, world.file("some", invoice(), nameless(), summary()))
    items = [(each.code, each.advice) for asked in story.notices for each in asked.items]
    assert ("document.unclassified", "请注明这是什么资料，或重新拍摄，让标题完整、清晰") in items
    assert [code for code, _ in items] == ["document.unclassified", "document.missing"]
