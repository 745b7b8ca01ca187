"""From photographs to documents, with real pictures and real engines."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from bench.ocr_fields import misses_of, pages_of
from domain.document import DocumentClass, InvoiceLine
from domain.finding import Severity
from domain.states import DocumentState
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.pages.expense_list import ExpenseList
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.ocr.conftest import LINES, invoice, needs

PAGES = {page.document_class: page for page in pages_of(101)}


def charge_of(line: InvoiceLine) -> tuple[str, int, str]:
    return line.name, line.amount_fen, line.list_class


def jpeg_of(image: Image.Image, turn: int = 0) -> bytes:
    sink = BytesIO()
    image.rotate(turn, expand=True).save(sink, "JPEG", quality=90)
    return sink.getvalue()


@pytest.mark.parametrize("document_class", list(PAGES))
def test_every_field_of_a_good_photograph_is_found(reader, document_class):
    document = reader.read(photograph(render(PAGES[document_class]), Level.GOOD, 101))
    assert document.document_class is document_class
    assert document.state is DocumentState.EXTRACTED
    assert misses_of(PAGES[document_class], document) == {}


def test_a_middling_photograph_of_an_invoice_is_proven_by_its_sums(reader):
    document = reader.read(photograph(render(invoice()), Level.MIDDLING, 7))
    total = document.field("total_fen")
    assert (total.value, total.proven) == (774362, True)
    assert [(line.name, line.amount_fen, line.list_class) for line in document.lines] == [
        (line.name, line.amount_fen, line.list_class) for line in LINES
    ]
    assert document.field("admission_date").value == date(2024, 3, 2)
    assert document.findings == ()


def test_the_quantity_of_a_line_is_read(reader):
    charges = (InvoiceLine("普通床位费", 40_000, "甲", quantity=8), InvoiceLine("手术费", 880_000, "甲", quantity=1))
    page = ExpenseList("李示安", "示例市第一医院", date(2024, 3, 2), date(2024, 3, 10), charges)
    document = reader.read(photograph(render(page), Level.GOOD, 3))
    assert [(each.name, each.quantity) for each in document.lines] == [("普通床位费", 8), ("手术费", 1)]


def test_a_lost_decimal_point_is_restored_with_a_note_and_the_raw_text_kept(reader):
    document = reader.read(photograph(render(invoice(has_lost_decimal=True)), Level.GOOD, 5))
    total = document.field("total_fen")
    assert (total.value, total.proven) == (774362, True)
    assert "774362" in total.raw and "." not in total.raw
    assert [(each.code, each.severity) for each in document.findings] == [("invoice.decimal_point_restored", Severity.NOTE)]


def test_boxes_lie_in_the_picture_that_was_uploaded(reader):
    picture = photograph(render(invoice()), Level.MIDDLING, 9)
    box = reader.read(picture).field("invoice_number").box
    width, height = Image.open(BytesIO(picture)).size
    assert 0.6 * width < box.left < box.right <= width and 0 < box.top < box.bottom < 0.35 * height


def test_a_blurred_photograph_is_asked_for_again_in_the_customers_words(reader):
    document = reader.read(photograph(render(invoice()), Level.BAD, 3))
    assert document.state is DocumentState.RETAKE_ASKED
    assert [(each.code, each.severity) for each in document.findings] == [("document.blurred", Severity.BLOCK)]
    assert "重拍" in document.findings[0].advice


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_lies_wrong_is_turned(reader, turn):
    document = reader.read(jpeg_of(render(invoice()), turn))
    assert document.field("total_fen").value == 774362


def test_a_page_of_another_kind_is_left_to_a_person(reader):
    page = Image.open(BytesIO(photograph(render(PAGES[DocumentClass.BANK_CARD]), Level.SCAN, 1))).crop((60, 380, 1100, 540))
    document = reader.read(jpeg_of(ImageOps.expand(page, 150, (226, 236, 228))))
    assert (document.document_class, [each.code for each in document.findings]) == (None, ["document.unclassified"])


def test_a_scanned_pdf_goes_to_the_readers(reader):
    sink = BytesIO()
    render(invoice()).save(sink, "PDF", resolution=150)
    document = reader.read(sink.getvalue())
    assert (document.media_type, document.page_count, document.field("total_fen").value) == ("application/pdf", 1, 774362)
    assert document.reader.startswith("rapidocr")


def test_a_blank_back_page_of_a_scan_asks_for_nothing(reader):
    sink, page = BytesIO(), render(invoice())
    page.save(sink, "PDF", resolution=150, save_all=True, append_images=[Image.new("RGB", page.size, "white")])
    document = reader.read(sink.getvalue())
    assert (document.page_count, document.state, document.findings) == (2, DocumentState.EXTRACTED, ())


@needs("tesseract")
def test_tesseract_alone_reads_a_scan():
    document = DocumentReader(OcrSettings(engine="tesseract")).read(photograph(render(invoice()), Level.SCAN, 4))
    assert (document.document_class, document.reader) == (DocumentClass.MEDICAL_INVOICE, "tesseract")
    assert len(document.fields) >= 8


@needs("rapidocr")
def test_onnx_runtime_reads_where_openvino_is_missing():
    document = DocumentReader(OcrSettings(engine="rapidocr", backend="onnxruntime")).read(photograph(render(invoice()), Level.GOOD, 4))
    assert document.field("total_fen").value == 774362


def test_odd_pixel_formats_are_opened(reader):
    page = render(PAGES[DocumentClass.ID_CARD])
    for mode, kind in (("CMYK", "JPEG"), ("P", "GIF"), ("RGBA", "PNG"), ("I;16", "PNG")):
        image = Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257) if mode == "I;16" else page.convert(mode)
        sink = BytesIO()
        image.save(sink, kind)
        assert reader.read(sink.getvalue()).document_class is DocumentClass.ID_CARD, mode
