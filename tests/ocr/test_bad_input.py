"""Whatever comes in is answered with one clear error, within bounds, before anything large is decoded."""

import struct
import time
import zlib
from io import BytesIO

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from domain.errors import FileTooLargeError, PasswordProtectedError, UnreadableFileError
from ocr.reading import read_document
from ocr.settings import OcrSettings

SETTINGS = OcrSettings()
# An encrypted PDF of one empty page (RC4, 40 bit); the key entries stand for a password nobody knows.
LOCKED_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]>>
%%%%EOF""" % (b"11" * 32, b"22" * 32)


def pdf_of(pages: int) -> bytes:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def jpeg(width: int = 400, height: int = 300) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    sink = BytesIO()
    Image.fromarray(noise).save(sink, "JPEG")
    return sink.getvalue()


def test_zero_bytes():
    with pytest.raises(UnreadableFileError, match="0 bytes"):
        read_document(b"", SETTINGS)


def test_text_renamed_jpg():
    with pytest.raises(UnreadableFileError, match="plain text"):
        read_document("您好，这是一段文字".encode(), SETTINGS)


def test_a_zip_archive():
    with pytest.raises(UnreadableFileError, match="ZIP"):
        read_document(b"PK\x03\x04" + bytes(100), SETTINGS)


def test_heic_is_named():
    with pytest.raises(UnreadableFileError, match="HEIC"):
        read_document(b"\x00\x00\x00\x18ftypheic" + bytes(100), SETTINGS)


@pytest.mark.parametrize("kept", [3, 40, 700, 5000])
def test_a_truncated_jpeg(kept):
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_document(jpeg()[:kept], SETTINGS)


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    start = time.perf_counter()
    with pytest.raises(FileTooLargeError):
        read_document(png_bomb(side), SETTINGS)
    assert time.perf_counter() - start < 1


def test_more_bytes_than_allowed():
    with pytest.raises(FileTooLargeError, match="at most 1,000"):
        read_document(jpeg(), OcrSettings(max_bytes=1000))


def test_a_pdf_with_a_password():
    with pytest.raises(PasswordProtectedError, match="password"):
        read_document(LOCKED_PDF, SETTINGS)


def test_a_pdf_of_a_thousand_pages():
    with pytest.raises(FileTooLargeError, match="1000 pages"):
        read_document(pdf_of(1000), SETTINGS)


def test_a_corrupt_pdf():
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_document(b"%PDF-1.7\n" + bytes(range(256)) * 4, SETTINGS)
