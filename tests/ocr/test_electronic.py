"""Electronic documents are parsed: every field exact, in milliseconds, without any engine, whoever wrote the file."""

import time
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from bench.ocr_fields import misses_of, pages_of
from domain.document import DocumentClass
from domain.finding import Severity
from domain.states import DocumentState
from sandbox.electronic.e_invoice import write_fiscal_xml
from sandbox.electronic.habits import habits_of
from sandbox.electronic.marks import code_text, draw_code
from sandbox.electronic.ofd import NAMESPACE, ofd_entries, pack, write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.font import load_font
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import PLAIN, codes_of, ofd_of, ofd_with, pdf_of, read
from tests.ocr.pdf_text import pdf_with_text

EMBEDDED_FONT = (
    (200, 60, "示例省医疗门诊收费票据（电子）"),
    (50, 100, "票据代码：99060123"),
    (350, 100, "票据号码：0012345678"),
    (50, 125, "交款人：张示例"),
    (350, 125, "开票日期：2024-03-11"),
    (60, 160, "项目名称"),
    (300, 160, "类别"),
    (450, 160, "金额（元）"),
    (60, 185, "西药费"),
    (300, 185, "甲"),
    (450, 185, "3543.62"),
    (60, 210, "检查费"),
    (300, 210, "乙"),
    (450, 210, "4200.00"),
    (50, 240, "金额合计（大写）：柒仟柒佰肆拾叁元陆角贰分"),
    (350, 240, "金额合计（小写）：¥7743.62"),
    (50, 270, "收款单位：示例市第一人民医院"),
)


@pytest.mark.parametrize("write", [write_pdf, write_ofd])
@pytest.mark.parametrize("seed", range(5))
def test_every_field_of_every_class_is_exact_whatever_the_habits_of_the_maker(write, seed):
    for page in pages_of(seed):
        document = read(write([page.draw()], habits_of(seed)))
        assert (document.document_class, misses_of(page, document)) == (page.document_class, {}), page.document_class
        assert {each.confidence for each in document.fields} >= {1.0}


def test_a_pdf_with_an_embedded_font_is_read_too():
    document = read(pdf_with_text(EMBEDDED_FONT, Path(str(load_font(20).path)).read_bytes()))
    assert (document.document_class, document.reader, document.findings) == (DocumentClass.MEDICAL_INVOICE, "pdf-text", ())
    assert (document.field("total_fen").value, document.field("total_fen").proven) == (774362, True)
    assert document.field("issue_date").value == date(2024, 3, 11)
    assert [(line.name, line.amount_fen, line.list_class) for line in document.lines] == [
        ("西药费", 354362, "甲"),
        ("检查费", 420000, "乙"),
    ]


@pytest.mark.parametrize(("content", "reader"), [(pdf_of(invoice()), "pdf-text"), (ofd_of(invoice()), "ofd-text")])
def test_no_engine_is_loaded_for_it(content, reader):
    read(content)
    start = time.process_time()
    assert read(content).reader == reader
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_boxes_are_in_pixels_of_the_page_at_150_dpi(written):
    box = read(written(invoice())).field("invoice_number").box
    assert 1120 <= box.left < box.right <= 1400 and 108 <= box.top < box.bottom <= 142


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_text_pages_and_scanned_pages_of_one_file_each_take_their_own_way(reader, written):
    lists = [next(page for page in pages_of(seed) if page.document_class is DocumentClass.EXPENSE_LIST) for seed in (3, 4)]
    documents = reader.read_all(written(lists[0], render(lists[1])))
    assert [each.pages for each in documents] == [(0,), (1,)]  # two lists, each closed by its total
    assert documents[0].reader.endswith("-text") and documents[1].reader.startswith("rapidocr")
    for number, document in enumerate(documents):
        assert {line.page for line in document.lines} == {number}
        assert [line.amount_fen for line in document.lines] == [line.amount_fen for line in lists[number].lines]


def test_an_ofd_of_pictures_alone_goes_to_the_readers(reader):
    document = reader.read(ofd_of(render(invoice())))
    assert (document.media_type, document.field("total_fen").value) == ("application/ofd", 774362)
    assert document.reader.startswith("rapidocr")


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_attached_data_proves_the_print(written):
    document = read(written(invoice(), attached={"original_invoice.xml": write_fiscal_xml(invoice())}))
    assert document.findings == () and all(each.proven for each in document.fields)
    assert document.field("payer_name").box is not None


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_attached_data_that_differs_is_told_with_both_values_and_the_print_stays(written):
    changed = write_fiscal_xml(invoice()).replace("张示例".encode(), "李示例".encode())
    document = read(written(invoice(), attached={"original_invoice.xml": changed}))
    assert [(each.code, each.severity, each.about) for each in document.findings] == [
        ("document.attachment_contradicts_print", Severity.DOUBT, "payer_name")
    ]
    assert "张示例" in document.findings[0].message and "李示例" in document.findings[0].message
    assert (document.field("payer_name").value, document.field("payer_name").proven) == ("张示例", False)


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_an_attachment_that_is_no_e_invoice_is_named(written):
    document = read(written(invoice(), attached={"备注.xml": b"<memo/>"}))
    assert codes_of(document) == ["document.attachment_unknown"] and "备注.xml（根元素 memo）" in document.findings[0].message


def test_a_fact_that_only_a_tag_names_is_taken_from_the_object_it_points_at():
    placed = '<ofd:TextObject ID="777" Boundary="10 170 60 5" Font="3" Size="4">'
    objects = placed + '<ofd:TextCode X="0" Y="4">00998877</ofd:TextCode></ofd:TextObject>'
    content = ofd_parts()["Doc_0/Pages/Page_0/Content.xml"].replace(b"</ofd:Layer>", objects.encode() + b"</ofd:Layer>")
    document = read(tagged_ofd(content, "<InvoiceNo><ObjectRef PageRef='10'>777</ObjectRef></InvoiceNo><SellerName/>"))
    assert (document.field("invoice_number").value, document.field("invoice_number").proven) == ("00998877", False)


def ofd_parts() -> dict[str, bytes]:
    sheet = invoice().draw()
    sheet.pieces = [piece for piece in sheet.pieces if "票据号码" not in piece.text and piece.text != "0012345678"]
    return ofd_entries([sheet], PLAIN, attached={})


def tagged_ofd(page: bytes, tag: str) -> bytes:
    parts = ofd_parts() | {"Doc_0/Pages/Page_0/Content.xml": page}
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        b"</ofd:Document>", b"<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>"
    )
    listed = f'<CustomTags xmlns="{NAMESPACE}"><CustomTag NameSpace="x"><FileLoc>CustomTag.xml</FileLoc></CustomTag></CustomTags>'
    parts["Doc_0/Tags/CustomTags.xml"] = listed.encode()
    parts["Doc_0/Tags/CustomTag.xml"] = f"<eInvoice>{tag}</eInvoice>".encode()
    return pack(parts)


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_the_code_on_an_electronic_page_proves_its_numbers(written):
    document = read(written(invoice(), code=draw_code(code_text(invoice()))))
    assert document.findings == () and all(document.field(name).proven for name in ("invoice_code", "invoice_number", "check_code"))


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_a_code_that_contradicts_the_print_is_told_with_both_values(written):
    document = read(written(invoice(), code=draw_code(code_text(invoice()).replace("7743.62", "743.62"))))
    assert codes_of(document) == ["document.code_contradicts_print"]
    assert "7,743.62" in document.findings[0].message and " 743.62" in document.findings[0].message


def test_text_that_nobody_can_see_is_left_out_and_told():
    hidden = b"BT /F1 12 Tf 3 Tr 1 0 0 1 60 60 Tm <" + "金额合计（小写）：99999.00".encode("utf-16-be").hex().encode() + b"> Tj ET\n"
    content = pdf_of(invoice())
    document = read(content.replace(b"BT /F1", hidden + b"0 Tr BT /F1", 1))
    assert (document.field("total_fen").value, codes_of(document)) == (774362, ["document.hidden_text"])


def test_white_text_is_read_on_a_dark_bar_and_not_on_white_paper():
    white = b"BT /F1 12 Tf 1 1 1 rg 1 0 0 1 400 480 Tm <" + "校验码：ffffff".encode("utf-16-be").hex().encode() + b"> Tj ET\n"
    sheet_without = pdf_of(invoice()).replace("a1b2c3".encode("utf-16-be").hex().encode(), b"")
    on_white = read(sheet_without.replace(b"BT /F1", white + b"BT /F1", 1))
    on_dark = read(sheet_without.replace(b"BT /F1", b"0 0 0 rg 390 470 200 30 re f\n" + white + b"BT /F1", 1))
    assert on_white.field("check_code") is None
    assert on_dark.field("check_code").value == "ffffff"


@pytest.mark.parametrize("written", [pdf_of, ofd_of])
def test_an_empty_page_beside_others_asks_for_nothing(written, reader):
    document = reader.read(written(invoice(), Image.new("RGB", (1240, 1754), "white")))
    assert (document.page_count, document.state, document.findings) == (2, DocumentState.EXTRACTED, ())


def test_a_damaged_page_of_an_ofd_is_told_and_the_others_go_on():
    document = read(ofd_with(invoice(), invoice(), Doc_0_Pages_Page_1_Content=b"<broken"))
    assert (document.state, document.page_count, document.field("total_fen").value) == (DocumentState.EXTRACTED, 2, 774362)
    assert codes_of(document) == ["document.page_unreadable"] and "第 2 页" in document.findings[0].message


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_its_viewer_turns_is_read_as_it_is_shown(turn):
    upright = read(pdf_of(invoice())).field("invoice_number").box
    turned = read(turned_pdf(turn))
    assert turned.field("total_fen").value == 774362
    assert turned.field("invoice_number").box == upright


def turned_pdf(turn: int) -> bytes:
    """The invoice, written sideways on its page, and the page marked to be shown turned: people see it upright."""
    content = pdf_of(invoice())
    width, height = 768.0, 508.8
    back = {90: f"0 1 -1 0 {height} 0", 180: f"-1 0 0 -1 {width} {height}", 270: f"0 -1 1 0 0 {width}"}[turn]
    size = f"{width} {height}" if turn == 180 else f"{height} {width}"
    content = content.replace(b"/MediaBox[0 0 768.00 508.80]", f"/Rotate {turn}/MediaBox[0 0 {size}]".encode())
    return content.replace(b"stream\nBT", f"stream\n{back} cm BT".encode(), 1)


def test_one_invoice_as_pdf_ofd_and_xml_says_the_same():
    said = [read(each) for each in (pdf_of(invoice()), ofd_of(invoice()), write_fiscal_xml(invoice()))]
    first, *others = ({field.name: field.value for field in each.fields} for each in said)
    assert others == [first, first]
    assert len({tuple((line.name, line.amount_fen, line.list_class) for line in each.lines) for each in said}) == 1


def test_a_code_on_a_photograph_that_contradicts_the_print_is_told(reader):
    page = render(invoice())
    page.paste(draw_code(code_text(invoice()).replace("7743.62", "743.62"), 170), (1380, 20))
    document = reader.read(photograph(page, Level.GOOD, 4))
    assert codes_of(document) == ["document.code_contradicts_print"]
    assert document.field("invoice_number").proven
