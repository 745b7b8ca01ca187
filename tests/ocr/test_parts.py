"""Several papers in one picture: parted where each bears its own title, whole in every other case."""

from io import BytesIO

import pytest
from PIL import Image

from bench.ocr_fields import misses_of, pages_of
from domain.document import DocumentClass
from sandbox.bundle import back_of, side_by_side
from sandbox.pages.id_card import IdCard
from sandbox.render import PageSpec, render

C = DocumentClass
PAGES = {page.document_class: page for page in pages_of(223)}


def jpeg_of(picture: Image.Image) -> bytes:
    sink = BytesIO()
    picture.save(sink, "JPEG", quality=90)
    return sink.getvalue()


def card() -> IdCard:
    page: PageSpec = PAGES[C.ID_CARD]
    assert isinstance(page, IdCard)
    return page


def copied(pictures: list[Image.Image], *, gap: int = 160) -> Image.Image:
    """Copy papers onto one white sheet, one below the other."""
    sheet = Image.new("RGB", (1400, sum(each.height + gap for each in pictures) + gap), "white")
    top = gap
    for each in pictures:
        sheet.paste(each, (100, top))
        top += each.height + gap
    return sheet


@pytest.mark.parametrize("stacked", [False, True])
def test_a_bank_card_beside_an_id_card_is_a_document_of_its_own(reader, stacked):
    picture = side_by_side([render(card()), render(PAGES[C.BANK_CARD])], stacked=stacked)
    documents = reader.read_all(jpeg_of(picture))
    assert [each.document_class for each in documents] == [C.ID_CARD, C.BANK_CARD]
    assert [misses_of(PAGES[each.document_class], each) for each in documents] == [{}, {}]


def test_boxes_of_the_second_paper_lie_where_it_lies_in_the_photograph(reader):
    picture = side_by_side([render(card()), render(PAGES[C.BANK_CARD])])
    box = reader.read_all(jpeg_of(picture))[1].field("card_number").box
    assert picture.width / 2 < box.left < box.right < picture.width


def test_both_sides_of_an_id_card_in_one_photograph_are_one_document(reader):
    (document,) = reader.read_all(jpeg_of(side_by_side([back_of(card()), render(card())])))
    assert (document.document_class, document.pages) == (C.ID_CARD, (0,))
    assert misses_of(card(), document) == {}


def test_cards_copied_onto_one_sheet_are_parted(reader):
    sheet = copied([render(card()), back_of(card()), render(PAGES[C.BANK_CARD])])
    documents = reader.read_all(jpeg_of(sheet))
    assert [each.document_class for each in documents] == [C.ID_CARD, C.BANK_CARD]
    assert [misses_of(PAGES[each.document_class], each) for each in documents] == [{}, {}]


def test_an_invoice_beside_a_card_on_the_table_is_parted(reader):
    picture = side_by_side([render(PAGES[C.MEDICAL_INVOICE]), render(PAGES[C.BANK_CARD])], stacked=True)
    assert [each.document_class for each in reader.read_all(jpeg_of(picture))] == [C.MEDICAL_INVOICE, C.BANK_CARD]


def test_papers_of_two_classes_copied_onto_one_sheet_are_told_to_a_person(reader):
    sheet = copied([render(PAGES[C.MEDICAL_INVOICE]).resize((1200, 795)), render(PAGES[C.BANK_CARD])])
    told = [each.message for each in reader.read(jpeg_of(sheet)).findings if each.code == "document.mixed_classes"]
    assert told == ["一个文件内有多种资料：医疗收费票据、银行卡"]
