"""What a file says of the program that wrote it: retouching is told, cameras and messengers are not, damage says nothing."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from domain.finding import Severity
from ocr.edited import find_edits
from ocr.electronic.opened import OFD, PDF, XML
from ocr.settings import OcrSettings
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import ofd_of, pdf_of, read

_SOFTWARE, _PROCESSING_SOFTWARE = 0x0131, 0x000B


def jpeg(software: str = "", tag: int = _SOFTWARE, xmp: bytes = b"", kind: str = "JPEG") -> bytes:
    exif, sink = Image.Exif(), BytesIO()
    if software:
        exif[tag] = software
    Image.new("RGB", (16, 16), "white").save(sink, kind, exif=exif, **({"xmp": xmp} if xmp else {}))
    return sink.getvalue()


def png(**texts: str) -> bytes:
    chunks, sink = PngImagePlugin.PngInfo(), BytesIO()
    for key, text in texts.items():
        chunks.add_itxt(key.replace("_", " "), text)
    Image.new("RGB", (16, 16), "white").save(sink, "PNG", pnginfo=chunks)
    return sink.getvalue()


def codes(content: bytes, media_type: str = "image/jpeg") -> list[str]:
    return [each.code for each in find_edits(content, media_type, OcrSettings())]


EDITED = ["document.edited_with"]


@pytest.mark.parametrize("name", [
    "Adobe Photoshop CS6 (Windows)", "GIMP 2.10.34", "MeituXiuXiu", "Snapseed 2.0", "PicsArt", "Photopea", "paint.net 5.0.13", "Canva",
])  # fmt: skip
def test_a_retouching_program_is_told_by_its_name(name: str) -> None:
    (finding,) = find_edits(jpeg(name), "image/jpeg", OcrSettings())
    assert (finding.code, finding.severity) == ("document.edited_with", Severity.DOUBT)
    assert name in finding.message


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_chinese_name_is_understood_in_the_encodings_that_programs_write(encoding: str) -> None:
    name = "美图秀秀".encode(encoding)
    (finding,) = find_edits(jpeg("x" * len(name)).replace(b"x" * len(name), name), "image/jpeg", OcrSettings())
    assert "美图秀秀" in finding.message


@pytest.mark.parametrize("name", [
    "17.1.1", "ELS-AN00 10.1.0.160(C00E160R5P1)", "HDR+ 1.0.641377609zd", "WeChat", "MIUI Camera", "Adobe Scan for Android", "CamScanner",
    "扫描全能王", "HUAWEI", "html2canvas", "Android RP1A.200720.012", "Microsoft Windows Photo Viewer 6.1.7600",
])  # fmt: skip
def test_cameras_messengers_and_scanners_are_normal(name: str) -> None:
    assert codes(jpeg(name)) == []


def test_the_processing_software_counts_too() -> None:
    assert codes(jpeg("Snapseed", _PROCESSING_SOFTWARE)) == EDITED


@pytest.mark.parametrize("packet", [
    b'<rdf:Description xmp:CreatorTool="Adobe Photoshop 25.0 (Windows)"/>',
    b"<xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool>",
    b'<rdf:li stEvt:action="saved" stEvt:softwareAgent="Adobe Photoshop 25.0"/>',
])  # fmt: skip
def test_an_xmp_packet_names_the_tool_and_those_of_its_history(packet: bytes) -> None:
    assert codes(jpeg(xmp=packet)) == EDITED


def test_a_name_space_of_photoshop_is_no_tool() -> None:
    assert codes(jpeg(xmp=b'<x xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:ColorMode="3"/>')) == []


def test_texts_of_a_png_and_the_exif_of_a_webp_count() -> None:
    assert codes(png(Software="Adobe ImageReady, Photoshop"), "image/png") == EDITED
    assert codes(png(Comment="Created with GIMP"), "image/png") == EDITED
    assert codes(png(Title="How to use GIMP"), "image/png") == []
    assert codes(jpeg("PicsArt", kind="WEBP"), "image/webp") == EDITED


@pytest.mark.parametrize("content", [
    b"", b"\xff\xd8\xff", jpeg("GIMP")[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 30, b"%PDF-1.7 broken", b"PK\x03\x04 broken",
    jpeg("\0\xff" * 99),
])  # fmt: skip
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", PDF, OFD, XML])
def test_metadata_that_cannot_be_understood_says_nothing(content: bytes, media_type: str) -> None:
    assert codes(content, media_type) == []


def with_producer(name: str) -> bytes:
    sink = BytesIO()
    Image.new("RGB", (16, 16), "white").save(sink, "PDF", producer=name)
    return sink.getvalue()


def test_a_pdf_names_its_producer() -> None:
    assert codes(with_producer("Adobe Photoshop for Windows"), PDF) == EDITED
    assert codes(with_producer("福昕高级PDF编辑器 12.0"), PDF) == ["document.pages_edited_with"]
    assert codes(with_producer("iText 2.1.7"), PDF) == []


def signed(tail: bytes = b"") -> bytes:
    """Make what the check looks at: a PDF whose one signature covers it to its end, and what was appended later."""
    head = pdf_of(invoice()) + b"\n7 0 obj << /Type /Sig /ByteRange [0 10 20 "
    length = 12
    end = len(head) + length + len(b"] >> endobj\n%%EOF\n")
    return head + str(end - 20).rjust(length).encode() + b"] >> endobj\n%%EOF\n" + tail


@pytest.mark.parametrize(("tail", "found"), [
    (b"", []),
    (b"\r\n", []),
    (b"8 0 obj << >> endobj\nstartxref\n9\n%%EOF\n", ["document.changed_after_signing"]),
])  # fmt: skip
def test_a_pdf_that_goes_on_behind_its_signature_was_changed(tail: bytes, found: list[str]) -> None:
    assert codes(signed(tail), PDF) == found


def test_an_update_of_an_unsigned_pdf_is_normal() -> None:
    assert codes(pdf_of(invoice()) + b"startxref\n9\n%%EOF\n", PDF) == []


def test_a_file_that_is_electronic_is_read_in_spite_of_what_edited_it() -> None:
    plain = pdf_of(invoice())
    document = read(signed(plain[plain.rindex(b"startxref") :]))  # the table of contents once more, as an update ends
    assert document.field("invoice_number") is not None
    assert [each.code for each in document.findings if each.code.startswith("document.changed")] == ["document.changed_after_signing"]


def test_our_own_electronic_invoices_say_nothing() -> None:
    assert codes(pdf_of(invoice()), PDF) == codes(ofd_of(invoice()), OFD) == []
