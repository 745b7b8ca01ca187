"""What the papers say is held against the claim and against each other; a disagreement names every place, with page and box."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adjudicator.claim_checks import check_form, check_history, check_id_card, check_payee
from adjudicator.costs import gather_bills
from adjudicator.evidence import gather
from adjudicator.injuries import gather_injuries
from adjudicator.paper_checks import check_people
from adjudicator.papers import ClaimPaper, agreed
from domain.claim import Payee
from domain.document import Box, Document, DocumentClass, InvoiceLine
from domain.finding import Severity
from domain.states import ClaimState
from rules.medical_base import shipped_base
from storage.documents import DocumentRecord
from tests.adjudicator.test_path import claimed
from tests.adjudicator.world import HOSPITAL, INSURED, PRIVATE, STANDARD, World, id_card, invoice, paper, summary

C = DocumentClass
PAYEE = Payee(INSURED.name, "9900000000000000010", "示例银行")
SINCE = STANDARD.first_effective_from


def at(document: Document, document_id: str, page: int) -> ClaimPaper:
    """Put a paper's fields on a page of a file, each in a box of its own."""
    fields = tuple(replace(each, page=page, box=Box(10, 30 * n, 90, 30 * n + 20)) for n, each in enumerate(document.fields))
    return ClaimPaper(**vars(replace(document, fields=fields)), claim_id="C1", document_id=document_id)


def record_of(document: Document) -> DocumentRecord:
    return DocumentRecord("d", "C1", 1, "a.jpg", "", 1, "image/jpeg", document.state, document.document_class, document, 0)


def test_days_that_differ_are_shown_on_both_papers() -> None:
    papers = [at(summary(), "s", 0), at(invoice(admission_date=date(2025, 8, 14)), "i", 2)]
    _, (finding,) = agreed(papers, "admission_date", (C.DISCHARGE_SUMMARY, C.MEDICAL_INVOICE), "入院日期")
    boxes = [paper.field("admission_date").box for paper in papers]
    assert [(each.document_id, each.title, each.page) for each in finding.places] == [("s", "出院小结", 0), ("i", "医疗收费票据", 2)]
    assert [each.box for each in finding.places] == [(box.left, box.top, box.right, box.bottom) for box in boxes]


def test_an_expense_list_that_sums_to_something_else_shows_both_totals_and_its_items() -> None:
    listed = at(paper(C.EXPENSE_LIST, total_fen=2_999_999), "l", 0)
    listed = replace(listed, lines=(InvoiceLine("床位费", 2_999_999, page=0, box=Box(1, 2, 3, 4)), InvoiceLine("药", 0, page=1)))
    _, findings = gather_bills([at(invoice(), "i", 0), listed])
    (finding,) = [each for each in findings if each.code == "claim.expense_list_differs"]
    assert [(each.document_id, each.page, each.box) for each in finding.places][2:] == [("l", 0, (1, 2, 3, 4)), ("l", 1, None)]
    assert {each.document_id for each in finding.places} == {"i", "l"}


@pytest.mark.parametrize(("total_fen", "codes"), [(3_000_000, []), (2_999_999, ["claim.expense_list_differs"])])
def test_an_expense_list_whose_items_were_not_read_is_compared_by_its_total(total_fen: int, codes: list[str]) -> None:
    assert [each.code for each in gather_bills([invoice(), paper(C.EXPENSE_LIST, total_fen=total_fen)])[1]] == codes


def test_another_name_is_shown_beside_the_names_on_the_other_papers() -> None:
    papers = [at(id_card(), "c", 0), at(invoice(payer_name="张别人"), "i", 1)]
    (finding,) = check_people(papers, INSURED)
    assert [(each.document_id, each.page) for each in finding.places] == [("i", 1), ("c", 0)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, None), ({"card_number": "9900000000000000028"}, "claim.account_mismatch"), ({"holder_name": "张别人"}, "claim.holder_mismatch")],
)
def test_the_bank_card_is_that_of_the_payee(changes: dict[str, str], code: str | None) -> None:
    card = paper(C.BANK_CARD, **({"card_number": PAYEE.account_number, "holder_name": PAYEE.holder} | changes))
    assert [each.code for each in check_payee([card], PAYEE)] == ([code] if code else [])


def test_the_account_on_the_claim_form_is_compared_with_the_card_and_both_are_shown() -> None:
    card = at(paper(C.BANK_CARD, card_number=PAYEE.account_number, holder_name=PAYEE.holder), "k", 0)
    form = at(paper(C.CLAIM_FORM, bank_account="9900000000000000028"), "f", 3)
    (finding,) = check_payee([card, form], PAYEE)
    assert (finding.code, [(each.document_id, each.page) for each in finding.places]) == ("claim.account_mismatch", [("k", 0), ("f", 3)])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("policy_number", "P-ANOTHER", "claim.policy_number_mismatch"), ("policy_number", STANDARD.policy_number, None),
     ("loss_date", date(2025, 8, 14), "claim.loss_date_differs"), ("loss_date", date(2025, 8, 15), None)],
)  # fmt: skip
def test_the_claim_form_is_held_against_the_report(field: str, value: str | date, code: str | None) -> None:
    findings = check_form([paper(C.CLAIM_FORM, **{field: value})], date(2025, 8, 15), [STANDARD])
    assert [each.code for each in findings] == ([code] if code else [])


@pytest.mark.parametrize(("began", "told"), [(SINCE - timedelta(days=1), True), (SINCE, False)])
def test_an_illness_that_began_before_the_first_policy_is_told_to_a_person(began: date, told: bool) -> None:
    findings = check_history([summary(history_since_date=began)], [STANDARD])
    assert [(each.code, each.severity) for each in findings] == ([("history.predates_policy", Severity.DOUBT)] if told else [])


def test_a_claim_with_an_older_illness_goes_to_a_person_and_is_not_declined(world: World) -> None:
    story = claimed(world, invoice(), summary(history_since_date=SINCE - timedelta(days=1)), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW and story.adjudication
    (finding,) = [each for each in story.adjudication.findings if each.code == "history.predates_policy"]
    assert [each.claim_id for each in finding.places] == [story.claim.claim_id]
    assert finding.places[0].document_id in {each.document_id for each in story.documents}


@pytest.mark.parametrize(("until", "codes"), [(date(2025, 8, 14), ["id_card.expired"]), (date(2025, 8, 15), [])])
def test_an_id_card_that_has_expired_is_a_note(until: date, codes: list[str]) -> None:
    back = Document("", "image/jpeg", id_card().state, None, fields=paper(C.ID_CARD, valid_until_date=until).fields)
    findings = check_id_card([back], date(2025, 8, 15))
    assert [each.code for each in findings] == codes and all(each.severity is Severity.NOTE for each in findings)


def test_a_discharge_summary_names_the_operation_of_which_no_record_was_sent() -> None:
    told, record = summary(operation="腹腔镜下阑尾切除术"), paper(C.SURGERY_RECORD, operation="阑尾切除术", operation_grade="二级")
    assert [each.name for each in gather_injuries([told]).operations] == ["腹腔镜下阑尾切除术"]
    assert [(each.name, each.grade) for each in gather_injuries([told, record]).operations] == [("阑尾切除术", "二级")]


@pytest.mark.parametrize(
    ("known", "printed_on", "told"), [("示例市第一医院东院", 1, True), ("示例市第一医院东院", 2, False), ("示例市第二医院", 1, False)]
)
def test_a_hospital_whose_name_begins_anothers_is_doubted_where_one_paper_alone_says_so(known: str, printed_on: int, told: bool) -> None:
    branch = replace(PRIVATE, name=known)
    records = [record_of(each) for each in (invoice(), summary())[:printed_on]]
    codes = [each.code for each in gather(records, INSURED, (HOSPITAL, branch), shipped_base()).findings]
    assert ("claim.hospital_cut_short" in codes) is told
