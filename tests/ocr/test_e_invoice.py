"""E-invoices as XML: every field certain, on the first page, without a box; what is none is named."""

from dataclasses import replace

import pytest

from bench.ocr_fields import pages_of
from domain.document import DocumentClass
from domain.finding import Severity
from domain.states import DocumentState
from sandbox.electronic.e_invoice import tax_facts, write_fiscal_xml, write_tax_xml
from sandbox.render import facts_of
from tests.ocr.conftest import LINES, invoice
from tests.ocr.electronic_files import codes_of, read

TAX_IN_OFD = """<fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019"><fp:InvoiceCode>099012400011</fp:InvoiceCode>
<fp:InvoiceNo>99010038</fp:InvoiceNo><fp:IssueDate>2024年03月11日</fp:IssueDate><fp:InvoiceCheckCode>99731581649436515692</fp:InvoiceCheckCode>
<fp:Buyer><fp:BuyerName>张示例</fp:BuyerName></fp:Buyer><fp:Seller><fp:SellerName>示例口腔门诊部</fp:SellerName></fp:Seller>
<fp:TaxInclusiveTotalAmount>106.00</fp:TaxInclusiveTotalAmount>
<fp:GoodsInfos><fp:GoodsInfo><fp:Item>*医疗服务*洁牙</fp:Item><fp:Amount>100.00</fp:Amount><fp:TaxAmount>6.00</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos>
</fp:eInvoice>"""


def values(document):
    return {each.name: each.value for each in document.fields}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
@pytest.mark.parametrize("seed", range(4))
def test_every_field_of_a_fiscal_bill_is_exact(seed, encoding):
    page = next(pages_of(seed))
    document = read(write_fiscal_xml(page, encoding))
    assert (document.document_class, document.state, document.findings) == (DocumentClass.MEDICAL_INVOICE, DocumentState.EXTRACTED, ())
    assert values(document) == facts_of(page)
    assert [(each.name, each.amount_fen, each.list_class) for each in document.lines] == [
        (each.name, each.amount_fen, each.list_class) for each in page.lines
    ]


def test_every_field_of_a_tax_e_invoice_is_exact():
    document = read(write_tax_xml(invoice()))
    assert values(document) == tax_facts(facts_of(invoice()))
    assert [(each.name, each.amount_fen) for each in document.lines] == [(each.name, each.amount_fen) for each in LINES]


def test_the_tax_e_invoice_inside_an_ofd_adds_amount_and_tax():
    document = read(TAX_IN_OFD.encode())
    assert (document.field("invoice_number").value, document.field("total_fen").value) == ("99010038", 10600)
    assert [(each.name, each.amount_fen) for each in document.lines] == [("洁牙", 10600)] and document.findings == ()


def test_fields_are_certain_on_the_first_page_and_have_no_box():
    document = read(write_fiscal_xml(invoice()))
    assert {(each.confidence, each.page, each.box) for each in document.fields} == {(1.0, 0, None)}
    assert document.reader == "xml" and "交款人：张示例" in document.text


def test_a_total_that_is_not_its_items_sum_is_told_to_the_fen():
    lines = (replace(LINES[0], amount_fen=LINES[0].amount_fen + 1), *LINES[1:])
    wrong = write_fiscal_xml(replace(invoice(), lines=lines)).replace(b"7743.63", b"7743.62")
    assert codes_of(read(wrong)) == ["invoice.total_mismatch"]


def test_an_element_that_stands_for_two_values_is_told_and_not_taken():
    twice = write_fiscal_xml(invoice()).replace(b"</Main>", "<PayerPartyName>李示例</PayerPartyName></Main>".encode())
    document = read(twice)
    assert document.field("payer_name") is None and "document.xml_ambiguous" in codes_of(document)


def test_an_invoice_for_something_else_is_left_to_a_person():
    other = write_tax_xml(replace(invoice(), hospital_name="示例餐饮有限公司")).decode().replace("*医疗服务*", "*餐饮*")
    for line in LINES:
        other = other.replace(line.name, "餐费")
    document = read(other.encode())
    assert [(each.code, each.severity) for each in document.findings] == [("document.not_medical", Severity.DOUBT)]


def test_an_unknown_root_is_named_with_a_way_out():
    document = read(b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>')
    assert document.state is DocumentState.RETAKE_ASKED
    assert [(each.code, each.severity) for each in document.findings] == [("document.xml_unknown", Severity.BLOCK)]
    assert "「Invoice」" in document.findings[0].message and "PDF" in document.findings[0].advice
