"""One file, several documents: every one is found, with the pages of the file that it stands on."""

from datetime import date
from functools import cache

import pytest
from PIL import Image

from bench.ocr_fields import misses_of, pages_of
from domain.document import Document, DocumentClass
from domain.states import DocumentState
from sandbox.bundle import back_of, list_over_pages, long_list, pdf_of
from sandbox.pages.expense_list import ExpenseList
from sandbox.render import PageSpec, render

C = DocumentClass
PAGES = {page.document_class: page for page in pages_of(211)}


@cache
def picture(document_class: DocumentClass) -> Image.Image:
    return render(PAGES[document_class])


def the_list(lines: int = 17) -> ExpenseList:
    page: PageSpec = PAGES[C.EXPENSE_LIST]
    assert isinstance(page, ExpenseList)
    return long_list(page, lines)


def told(documents: tuple[Document, ...]) -> list[tuple[DocumentClass | None, tuple[int, ...]]]:
    return [(each.document_class, each.pages) for each in documents]


def test_a_pdf_of_four_papers_is_four_documents_with_every_field_on_its_page(reader):
    wanted = (C.MEDICAL_INVOICE, C.EXPENSE_LIST, C.DISCHARGE_SUMMARY, C.ID_CARD)
    documents = reader.read_all(pdf_of([picture(each) for each in wanted]))
    assert told(documents) == [(each, (number,)) for number, each in enumerate(wanted)]
    for number, document in enumerate(documents):
        assert misses_of(PAGES[wanted[number]], document) == {}
        assert {field.page for field in document.fields} == {number}
    assert len({each.sha256 for each in documents}) == 1


def test_a_list_over_three_pages_in_the_wrong_order_is_put_right_and_sums(reader):
    first, second, third = list_over_pages(the_list(), 7)
    (document,) = reader.read_all(pdf_of([third, first, second]))
    assert (document.document_class, document.pages) == (C.EXPENSE_LIST, (1, 2, 0))
    assert [line.amount_fen for line in document.lines] == [line.amount_fen for line in the_list().lines]
    assert [line.page for line in document.lines] == [1] * 7 + [2] * 7 + [0] * 3
    assert document.field("total_fen").proven and document.findings == ()


def test_a_list_without_page_numbers_goes_on_over_its_pages(reader):
    (document,) = reader.read_all(pdf_of(list_over_pages(the_list(), 9, mark="")))
    assert document.pages == (0, 1) and document.field("total_fen").proven


def test_a_missing_page_is_told(reader):
    first, _, third = list_over_pages(the_list(), 7)
    (document,) = reader.read_all(pdf_of([first, third]))
    assert [each.message for each in document.findings if each.code == "document.pages_missing"] == ["按印刷的页码缺少第2页"]


def test_the_back_of_an_id_card_joins_its_front(reader):
    card = PAGES[C.ID_CARD]
    (document,) = reader.read_all(pdf_of([back_of(card), picture(C.ID_CARD)]))
    assert (document.document_class, document.pages) == (C.ID_CARD, (1, 0))
    assert misses_of(card, document) == {} and document.findings == ()
    assert document.field("issuing_authority").value == "示例市公安局示例分局"
    assert (document.field("valid_until_date").value, document.field("valid_until_date").page) == (date(card.birth_date.year + 50, 1, 1), 0)


def test_the_back_of_an_id_card_alone_is_no_id_card_but_tells_its_term(reader):
    card = PAGES[C.ID_CARD]
    (document,) = reader.read_all(pdf_of([back_of(card)]))
    assert (document.document_class, [each.code for each in document.findings]) == (None, ["id_card.back_only"])
    assert document.field("valid_until_date").value == date(card.birth_date.year + 50, 1, 1)


@pytest.mark.parametrize("blank_first", [False, True])
def test_a_blank_page_is_no_document_of_its_own(reader, blank_first):
    blank = Image.new("RGB", picture(C.ID_CARD).size, "white")
    pages = [blank, picture(C.ID_CARD)] if blank_first else [picture(C.ID_CARD), blank]
    (document,) = reader.read_all(pdf_of(pages))
    assert (document.state, document.findings) == (DocumentState.EXTRACTED, ())
