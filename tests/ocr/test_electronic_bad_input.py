"""Electronic files that harm: each is one typed error or finding, soon and within bounds, with a sentence for the customer."""

import random
import stat
import struct
import time
import tracemalloc
import zipfile
from collections import Counter
from io import BytesIO

import pytest
from PIL import Image

from domain.errors import FileTooLargeError, InputError, PasswordProtectedError, UnreadableFileError
from domain.states import DocumentState
from ocr.inspect import inspect_file
from ocr.settings import OcrSettings
from sandbox.electronic.e_invoice import write_fiscal_xml
from sandbox.electronic.ofd import ofd_entries, pack, write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.sheet import INK, Piece, Sheet
from tests.ocr.bad_files import LOCKED_PDF
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import PLAIN, codes_of, ofd_of, ofd_with, pdf_of, read

PARTS = ofd_entries([invoice().draw()], PLAIN, attached={})
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
) + b"]><EInvoice>&m;</EInvoice>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]><EInvoice><EInvoiceNumber>&x;</EInvoiceNumber></EInvoice>'


def zip_of(*entries: zipfile.ZipInfo | str, body: bytes = b"<x/>") -> bytes:
    """A package that has all an OFD needs, and some entries more."""
    sink = BytesIO(pack(PARTS))
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as package:
        for entry in entries:
            package.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("Doc_0/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted() -> bytes:
    """Set the bit that says so, in every entry's header and in the list."""
    content = bytearray(pack(PARTS))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 1)
    return bytes(content)


def lying_bomb() -> bytes:
    """An entry of 60 MB that says in the list that it has a hundred bytes."""
    content = bytearray(pack(PARTS | {"Doc_0/Pages/Page_0/Content.xml": b"<a>" + b" " * 60_000_000}))
    place = content.rfind(b"Doc_0/Pages/Page_0/Content.xml") - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    content[place + 24 : place + 28] = struct.pack("<I", 100)
    return bytes(content)


def pdf_of_many_pages(count: int) -> bytes:
    return pdf_of(invoice()).replace(b"/Count 1/Kids[", b"/Count %d/Kids[" % count + b"9 0 R " * (count - 1))


def many_entries(count: int) -> bytes:
    sink = BytesIO(pack(PARTS))
    with zipfile.ZipFile(sink, "a") as package:
        for number in range(count):
            package.writestr(f"Doc_0/x{number}", b"")
    return sink.getvalue()


REFUSED = {
    "a path that climbs out": (lambda: zip_of("../../etc/passwd"), UnreadableFileError, "leads out"),
    "an absolute path": (lambda: zip_of("/etc/passwd"), UnreadableFileError, "leads out"),
    "a drive letter": (lambda: zip_of("C:/x.xml"), UnreadableFileError, "leads out"),
    "a path with backslashes": (lambda: zip_of("Doc_0\\..\\..\\x.xml"), UnreadableFileError, "leads out"),
    "a link": (lambda: zip_of(link()), UnreadableFileError, "link"),
    "an encrypted entry": (encrypted, PasswordProtectedError, "encrypted"),
    "a zip bomb": (lambda: zip_of("Doc_0/bomb", body=bytes(80_000_000)), FileTooLargeError, "would grow"),
    "many entries": (lambda: many_entries(3000), FileTooLargeError, "more than 2000 entries"),
    "a truncated zip": (lambda: pack(PARTS)[:-200], UnreadableFileError, "cut off"),
    "half a zip": (lambda: pack(PARTS)[:3000], UnreadableFileError, "cut off"),
    "no Document.xml": (lambda: ofd_with(invoice(), Doc_0_Document=None), UnreadableFileError, "Doc_0/Document.xml"),
    "a DocRoot that climbs out": (
        lambda: ofd_with(invoice(), OFD=PARTS["OFD.xml"].replace(b"Doc_0/Document", b"../../etc/Document")),
        UnreadableFileError,
        "etc/Document.xml",
    ),
    "another namespace": (
        lambda: ofd_with(invoice(), OFD=b'<OFD xmlns="http://example.invalid"><DocRoot>Doc_0/Document.xml</DocRoot></OFD>'),
        UnreadableFileError,
        "namespace 'http://example.invalid'",
    ),
    "an OFD without pages": (
        lambda: ofd_with(invoice(), Doc_0_Document=b'<Document xmlns="http://www.ofdspec.org/2016"/>'), UnreadableFileError, "no page",
    ),
    "an OFD with entities": (lambda: ofd_with(invoice(), OFD=LAUGHS), UnreadableFileError, "document type"),
    "an OFD of 31 pages": (lambda: ofd_of(*[invoice()] * 31), FileTooLargeError, "31 pages"),
    "a billion laughs": (lambda: LAUGHS, UnreadableFileError, "document type"),
    "an entity from outside": (lambda: OUTSIDE, UnreadableFileError, "document type"),
    "an entity in UTF-16": (lambda: LAUGHS.decode().encode("utf-16"), UnreadableFileError, "document type"),
    "XML of 50 MB": (lambda: b"<EInvoice>" + b"<a/>" * 12_500_000, FileTooLargeError, "50,000,010 bytes"),
    "XML of 10 MB": (lambda: b"<EInvoice>" + b"<a/>" * 2_500_000, FileTooLargeError, "10,000,010 bytes"),
    "XML of a million elements": (lambda: b"<E>" + b"<a/>" * 1_000_000, FileTooLargeError, "elements"),
    "XML a thousand levels deep": (lambda: b"<a>" * 1000, FileTooLargeError, "levels"),
    "XML cut off": (lambda: write_fiscal_xml(invoice())[:600], UnreadableFileError, "not well formed"),
    "XML in an unknown encoding": (lambda: b'<?xml version="1.0" encoding="utf-7"?><a/>', UnreadableFileError, "utf-7"),
    "XML that is not what it says": (lambda: b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe\xfd</a>', UnreadableFileError, "no utf-8"),
    "a web page": (lambda: b"<!DOCTYPE html><html></html>", UnreadableFileError, "web page"),
    "zero bytes": (lambda: b"", UnreadableFileError, "0 bytes"),
    "a ZIP renamed to JPG": (lambda: pack({"photo.jpg": b"x"}), UnreadableFileError, "ZIP"),
    "a locked PDF": (lambda: LOCKED_PDF, PasswordProtectedError, "password"),
    "a PDF of 10,000 pages": (lambda: pdf_of_many_pages(10_000), FileTooLargeError, "10000 pages"),
    "a PDF cut off": (lambda: pdf_of(invoice())[:400], UnreadableFileError, "PDF"),
}  # fmt: skip


@pytest.mark.parametrize("look", [read, lambda content: inspect_file(content, OcrSettings())], ids=["read", "door"])
@pytest.mark.parametrize("case", list(REFUSED))
def test_it_is_refused_by_name_soon_in_little_memory_and_with_a_chinese_sentence(case, look):
    make, error, said = REFUSED[case]
    content = make()
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(error, match=said) as caught:
        look(content)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(caught.value, InputError) and caught.value.way_out
    assert any("\u4e00" <= character <= "\u9fff" for character in caught.value.advice_zh)
    assert seconds < 6 and peak < 80_000_000


def test_an_entry_that_lies_about_its_size_is_a_page_that_cannot_be_read():
    content = lying_bomb()
    tracemalloc.start()
    document = read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes_of(document) == ["document.page_unreadable"] and peak < 20_000_000
    assert (document.state, document.findings[0].advice[:3]) == (DocumentState.RETAKE_ASKED, "请重新")


def test_a_page_place_that_climbs_out_is_a_page_that_cannot_be_read():
    changed = PARTS["Doc_0/Document.xml"].replace(b"Pages/Page_0", b"../../../etc/Page_0")
    assert codes_of(read(ofd_with(invoice(), Doc_0_Document=changed))) == ["document.page_unreadable"]


def sheet_of(pieces: list[Piece]) -> Sheet:
    sheet = Sheet((1240, 1754))
    sheet.pieces += pieces
    return sheet


SCATTERED = sheet_of([Piece("药", 5.0 + 37 * (n % 33), 30.0 + 13 * (n // 33), 12, INK) for n in range(4000)])
CROWDED = sheet_of([Piece("药品费用清单明细合计" * 20, 5.0, 20.0 + 8 * n, 5, INK) for n in range(200)])


@pytest.mark.parametrize("write", [write_pdf, write_ofd])
@pytest.mark.parametrize("sheet", [SCATTERED, CROWDED], ids=["4,000 pieces", "40,000 characters"])
def test_a_page_with_more_text_than_anybody_prints_is_told_and_the_next_page_goes_on(write, sheet):
    content = write([sheet, invoice().draw()], PLAIN)
    start = time.process_time()
    document = read(content)
    assert time.process_time() - start < 3
    assert (codes_of(document), document.field("total_fen").value) == (["document.page_too_large"], 774362)


def test_a_page_of_a_hundred_square_metres_is_told_and_the_next_page_goes_on():
    wide = pdf_of(Image.new("RGB", (100, 100), "white"), invoice()).replace(b"/MediaBox[0 0 48.00 48.00]", b"/MediaBox[0 0 28800 28800]")
    document = read(wide)
    assert (codes_of(document), document.field("total_fen").value) == (["document.page_too_large"], 774362)


@pytest.mark.parametrize("kind", ["xml", "pdf", "zip", "part"])
def test_a_file_with_bytes_changed_at_random_is_read_or_refused_and_breaks_nothing(kind):
    chance = random.Random(f"damage/{kind}")
    whole = {"xml": write_fiscal_xml(invoice()), "pdf": pdf_of(invoice()), "zip": pack(PARTS), "part": b""}[kind]
    told = Counter()
    for _ in range(60):
        if kind == "part":
            name = chance.choice(list(PARTS))
            content = pack(PARTS | {name: damaged(PARTS[name], chance)})
        else:
            content = damaged(whole, chance)
        try:
            told[read(content).state] += 1
        except InputError as error:
            told[error.code] += 1
    assert told.total() == 60 and "input.unreadable_file" in told


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Change, remove and repeat some bytes."""
    body = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(body))
        body[place : place + chance.randint(0, 20)] = chance.choice((b"", b"\xff", b"-1", b"1e99", bytes(body[:30]), b"<x>"))
    return bytes(body)


@pytest.mark.parametrize("loop", [b"/Kids[2 0 R]", b"/Kids[2 0 R 2 0 R 2 0 R 2 0 R]"])
def test_a_pdf_whose_pages_contain_themselves_ends(loop):
    content = pdf_of(invoice())
    start = time.process_time()
    try:
        state = read(content.replace(content[content.index(b"/Kids[") : content.index(b"]", content.index(b"/Kids["))] + b"]", loop)).state
    except UnreadableFileError:
        state = DocumentState.UNREADABLE
    assert state in (DocumentState.RETAKE_ASKED, DocumentState.UNREADABLE) and time.process_time() - start < 3


def test_a_pdf_form_that_draws_itself_ends():
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 90 0 R>>>>/Length 4"
    form = b"90 0 obj\n<<" + head + b">>stream\n/X Do\nendstream\nendobj\n"
    content = pdf_of(invoice()).replace(b"/XObject<<>>", b"/XObject<</X 90 0 R>>").replace(b"stream\nBT", b"stream\n/X Do BT", 1)
    start = time.process_time()
    assert read(content.replace(b"xref\n", form + b"xref\n", 1)).field("total_fen").value == 774362
    assert time.process_time() - start < 3
