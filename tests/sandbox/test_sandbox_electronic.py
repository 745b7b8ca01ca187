"""Electronic documents of the sandbox: the same for the same seed, marked, about nobody."""

import zipfile
from io import BytesIO
from xml.etree.ElementTree import fromstring

import pypdfium2 as pdfium
import pytest

from bench.electronic import documents_of
from bench.ocr_fields import pages_of
from domain.document import DocumentClass
from sandbox.electronic.e_invoice import write_fiscal_xml, write_tax_xml
from sandbox.electronic.habits import Habits, habits_of
from sandbox.electronic.ofd import write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.numbers import REGION
from sandbox.samples import write_electronic

INVOICE = next(page for page in pages_of(5) if page.document_class is DocumentClass.MEDICAL_INVOICE)


def test_a_seed_gives_the_same_bytes():
    assert [content for _, content, _, _ in documents_of(3)] == [content for _, content, _, _ in documents_of(3)]


def test_another_seed_gives_another_maker_and_other_people():
    assert len({habits_of(seed) for seed in range(40)}) > 20
    assert {content for _, content, _, _ in documents_of(3)}.isdisjoint(content for _, content, _, _ in documents_of(4))


@pytest.mark.parametrize("habits", [Habits(), Habits(True, False, False, True, True, False)])
def test_every_page_says_that_it_is_a_sample(habits):
    layer = pdfium.PdfDocument(write_pdf([INVOICE.draw()], habits))[0].get_textpage().get_text_range()
    with zipfile.ZipFile(BytesIO(write_ofd([INVOICE.draw()], habits))) as package:
        page = package.read("Doc_0/Pages/Page_0/Content.xml").decode()
    assert layer.count("样") > 5 and page.count(">样张<") > 5


@pytest.mark.parametrize("write", [write_fiscal_xml, write_tax_xml])
def test_the_xml_is_well_formed_and_says_that_it_is_a_sample(write):
    assert "样张" in write(INVOICE).decode() and fromstring(write(INVOICE)).tag == "EInvoice"  # noqa: S314 - our own


def test_an_ofd_is_a_package_that_names_its_parts():
    with zipfile.ZipFile(BytesIO(write_ofd([INVOICE.draw()] * 2, Habits(), attached={"a.xml": b"<a/>"}))) as package:
        names = set(package.namelist())
        assert package.testzip() is None
    assert {
        "OFD.xml",
        "Doc_0/Document.xml",
        "Doc_0/Pages/Page_1/Content.xml",
        "Doc_0/Attachs/a.xml",
        "Doc_0/Attachs/Attachments.xml",
    } <= names


def test_numbers_of_persons_in_it_are_of_a_region_that_is_not_assigned():
    facts = [facts for _, _, page, facts in documents_of(7) if "id_number" in facts]
    assert facts and all(str(each["id_number"]).startswith(REGION) for each in facts)


def test_one_invoice_in_four_formats_can_be_written_to_a_folder(tmp_path):
    assert [path.name for path in write_electronic(tmp_path)] == ["invoice.pdf", "invoice.ofd", "fiscal.xml", "tax.xml"]
    assert all(path.stat().st_size > 500 for path in tmp_path.iterdir())
