"""Whatever comes in is answered with one clear error or finding by the disposable process, and the next page is read.

Every case goes through a real process that may not have more than 1.5 GB, and must not need to be killed.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from domain.document import Document
from domain.errors import FileTooLargeError, InputError, PasswordProtectedError, UnreadableFileError
from domain.states import DocumentState
from ocr.heic import has_heic
from ocr.picture import decode_picture
from ocr.picture_file import read_pictures
from ocr.process import ReaderPool
from ocr.reading import read_document
from ocr.settings import OcrSettings
from sandbox.render import render
from tests.ocr.bad_files import (
    LOCKED_PDF,
    blank_pdf,
    heic,
    png_that_claims,
    png_with_a_bomb_of_text,
    restricted_pdf,
    tiff_of,
    written,
)
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import codes_of, pdf_of, read
from tests.ocr.test_electronic_bad_input import REFUSED

SETTINGS = OcrSettings()
BOUNDED = replace(SETTINGS, memory_mb=2048, timeout_seconds=30.0)  # of address space; the reader's networks take half
WHITE = Image.new("RGB", (600, 400), "white")
PAGE = render(invoice())
BLACK = Image.new("RGB", (600, 400))
JPEG, PNG = written(PAGE, "JPEG", quality=85), written(PAGE, "PNG")

TOO_LARGE, UNREADABLE = FileTooLargeError, UnreadableFileError
REFUSED_PICTURES = {
    "zero bytes": (lambda: b"", UNREADABLE, "0 bytes"),
    "text renamed JPG": (lambda: "您好，这是一段文字".encode(), UNREADABLE, "plain text"),
    "a ZIP renamed JPG": (lambda: b"PK\x03\x04" + bytes(100), UNREADABLE, "ZIP"),
    "a JPEG of three bytes": (lambda: JPEG[:3], UNREADABLE, "damaged"),
    "the header of a JPEG": (lambda: JPEG[:400], UNREADABLE, "damaged"),
    "a tenth of a JPEG": (lambda: JPEG[: len(JPEG) // 10], UNREADABLE, "less than a quarter"),
    "a PNG of 100 megapixels": (lambda: png_that_claims(10_000), TOO_LARGE, "10000 × 10000"),
    "a PNG of 400 megapixels": (lambda: png_that_claims(20_000), TOO_LARGE, "bomb"),
    "a PNG with a bomb of text": (lambda: png_with_a_bomb_of_text(70_000_000), UNREADABLE, "damaged"),
    "a TIFF of 31 pages": (lambda: tiff_of([Image.new("1", (50, 50))] * 31), TOO_LARGE, "31 pages"),
    "a PDF of 1,000 pages": (lambda: blank_pdf(1000), TOO_LARGE, "1000 pages"),
    "a PDF of bytes": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4, UNREADABLE, "damaged"),
    "a PDF with a password": (lambda: LOCKED_PDF, PasswordProtectedError, "password"),
    "more bytes than allowed": (lambda: JPEG + bytes(20_000_000), TOO_LARGE, "at most 20,000,000"),
}  # fmt: skip
if not has_heic():
    REFUSED_PICTURES["HEIC"] = (heic, UNREADABLE, "HEIC")
FOUND = {
    "an animated GIF": (lambda: written(WHITE, "GIF", save_all=True, append_images=[BLACK]), ["document.animation", "document.blank"]),
    "an animated WebP": (lambda: written(WHITE, "WEBP", save_all=True, append_images=[BLACK]), ["document.animation", "document.blank"]),
    "a third of a JPEG": (lambda: JPEG[: len(JPEG) * 7 // 20], ["document.cut_short"]),
    "a PNG of 49 megapixels": (lambda: written(Image.new("RGB", (7000, 7000), "white"), "PNG"), ["document.blank"]),
    "one pixel": (lambda: written(Image.new("RGB", (1, 1), "white"), "PNG"), ["document.blank"]),
    "a strip of 20,000 × 50": (lambda: written(Image.new("RGB", (20_000, 50), "white"), "PNG"), ["document.blank"]),
    "a strip of 50 × 20,000": (lambda: written(Image.new("RGB", (50, 20_000), "white"), "PNG"), ["document.blank"]),
    "a PDF that contains itself": (lambda: re.sub(rb"/Kids.[^]]*.", b"/Kids[2 0 R]", pdf_of(WHITE)), ["document.page_unreadable"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def pool():
    with ReaderPool(BOUNDED, 1) as pool:
        yield pool


def outcome(pool: ReaderPool, content: bytes) -> Document | InputError:
    """Read in the process; it must answer by itself, and then read the next page."""
    try:
        (answer,) = pool.read_all(content)
    except InputError as error:
        answer = error
    process = pool._workers[0].process
    assert process is None or process.is_alive(), "the process had to be killed"
    (good,) = pool.read_all(pdf_of(invoice()))
    assert good.field("total_fen").value == 774362
    assert process is None or pool._workers[0].process is process
    return answer


@pytest.mark.parametrize("case", [*REFUSED, *REFUSED_PICTURES])
def test_it_is_refused_by_name_with_a_chinese_sentence_and_the_next_page_is_read(pool, case):
    make, error, said = (REFUSED | REFUSED_PICTURES)[case]
    answer = outcome(pool, make())
    assert type(answer) is error and said in str(answer) and answer.way_out
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.advice_zh)


@pytest.mark.parametrize("case", list(FOUND))
def test_it_is_told_by_a_finding_and_the_next_page_is_read(pool, case):
    make, codes = FOUND[case]
    answer = outcome(pool, make())
    assert isinstance(answer, Document) and (codes_of(answer), answer.state) == (codes, DocumentState.RETAKE_ASKED)
    assert all(each.advice for each in answer.findings)


def test_what_needs_more_memory_than_a_process_may_have_is_told_and_the_next_page_is_read():
    with ReaderPool(replace(SETTINGS, memory_mb=400), 1) as small:
        answer = outcome(small, written(Image.new("RGB", (7000, 7000), "white"), "PNG"))
    assert isinstance(answer, UnreadableFileError) and "more memory" in str(answer)


def test_what_is_there_of_a_photograph_that_was_cut_off_is_read(reader):
    document = reader.read(JPEG[: len(JPEG) * 19 // 20])
    assert codes_of(document) == ["document.cut_short"] and document.field("total_fen").value == 774362


def test_a_progressive_jpeg_that_was_cut_off_is_there_but_coarse():
    content = written(PAGE, "JPEG", quality=85, progressive=True)
    (page,) = read_pictures(content[: len(content) // 2], SETTINGS)
    assert [each.message for each in page.findings] == ["图片没有传完整，只收到模糊的画面"]
    assert page.pixels.shape == (PAGE.height, PAGE.width, 3)


def test_a_pdf_that_forbids_printing_opens_without_a_password():
    assert "Total 774362 of 20240311 and more words" in read(restricted_pdf("Total 774362 of 20240311 and more words")).text


@pytest.mark.parametrize("damaged", [0, 1])
def test_every_page_of_a_tiff_is_there_and_a_damaged_one_is_told(damaged):
    content = bytearray(tiff_of([PAGE, PAGE]))
    half = len(content) // 2
    start = half * damaged + half // 3
    content[start : start + 200] = bytes(200)
    pages = list(read_pictures(bytes(content), SETTINGS))
    assert [page.pixels is None for page in pages] == [damaged == 0, damaged == 1]
    assert [each.message for page in pages for each in page.findings] == [f"第 {damaged + 1} 页已损坏，无法读取"]


def as_16_bit() -> Image.Image:
    return Image.fromarray(np.asarray(PAGE.convert("L")).astype(np.uint16) * 257)


def clear_where_white() -> Image.Image:
    rgba = np.asarray(PAGE.convert("RGBA")).copy()
    rgba[(rgba[:, :, :3] > 250).all(axis=2)] = 0  # black, and transparent
    return Image.fromarray(rgba)


def turned(orientation: int) -> bytes:
    """Store the page as a camera held that way does, and say so."""
    as_stored = Image.Transpose
    how = {
        2: as_stored.FLIP_LEFT_RIGHT, 3: as_stored.ROTATE_180, 4: as_stored.FLIP_TOP_BOTTOM, 5: as_stored.TRANSPOSE,
        6: as_stored.ROTATE_90, 7: as_stored.TRANSVERSE, 8: as_stored.ROTATE_270,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    return written(PAGE.transpose(how[orientation]) if orientation in how else PAGE, "JPEG", quality=95, exif=exif)


UNUSUAL = {
    "CMYK JPEG": lambda: written(PAGE.convert("CMYK"), "JPEG", quality=95),
    "CMYK TIFF": lambda: written(PAGE.convert("CMYK"), "TIFF"),
    "16-bit PNG": lambda: written(as_16_bit(), "PNG"),
    "16-bit TIFF": lambda: written(as_16_bit(), "TIFF"),
    "1-bit TIFF": lambda: written(PAGE.convert("L").point(lambda value: 255 * (value > 128)).convert("1"), "TIFF", compression="group4"),
    "PNG clear where it is white": lambda: written(clear_where_white(), "PNG"),
    "palette PNG clear where it is white": lambda: written(clear_where_white().quantize(256), "PNG"),
    "progressive JPEG": lambda: written(PAGE, "JPEG", quality=95, progressive=True),
    "JPEG with something behind it": lambda: written(PAGE, "JPEG", quality=95) + bytes(5000) + b"behind",
    "AVIF": lambda: written(PAGE, "AVIF"),
    **{f"EXIF orientation {each}": lambda each=each: turned(each) for each in range(1, 9)},
}


@pytest.mark.parametrize("case", list(UNUSUAL))
def test_an_unusual_picture_looks_as_it_was_meant(case):
    (page,) = read_pictures(UNUSUAL[case](), SETTINGS)
    shown, meant = page.pixels.mean(axis=2), decode_picture(PNG, SETTINGS.max_pixels).mean(axis=2)
    assert page.findings == () and np.corrcoef(shown.ravel(), meant.ravel())[0, 1] > 0.9


@pytest.mark.skipif(not has_heic(), reason="pi-heif is not installed: pip install pi-heif")
def test_a_heic_picture_that_is_damaged_is_told():
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_document(heic(), SETTINGS)


def test_the_door_counts_the_pages_of_a_tiff():
    with ReaderPool(SETTINGS, 1) as door, pytest.raises(FileTooLargeError, match="31 pages"):
        door.inspect(tiff_of([Image.new("1", (50, 50))] * 31))
