"""PDF: a page's text layer is parsed, a scanned page is drawn as a picture, an attached e-invoice is handed on.

A page that is damaged is a finding; the other pages go on.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from domain.document import ReadPage
from domain.errors import FileTooLargeError, PasswordProtectedError, UnreadableFileError
from ocr.codes import read_codes
from ocr.electronic.glyphs import lines_of
from ocr.electronic.page import ElectronicPage
from ocr.electronic.pdf_text import read_text_layer
from ocr.findings import make_finding
from ocr.picture import Pixels
from ocr.settings import OcrSettings

PDF_TEXT_READER = "pdf-text"
_POINTS_PER_INCH = 72
_TEXT_CHARACTERS_MIN = 20  # fewer on a page is a stamp or a page number, not a text layer
_UNKNOWN_SHARE = 0.05  # more characters without a meaning make a text layer useless
_SCAN_SHARE = 0.7  # a picture over so much of a page makes its text layer somebody else's reading
_OBJECTS_MAX = 50_000  # of a page
_CODE_PICTURES_MAX = 4
_CODE_SIDE_MAX = 2000  # pixels
_ATTACHMENTS_MAX = 16
_ATTACHMENT_NAME_MAX = 80
_PASSWORD_WORDS = ("password", "security")


@dataclass(frozen=True)
class Attachment:
    """A file inside a document: its name there, and its bytes, b"" when it is larger than anybody may attach."""

    name: str
    content: bytes


def read_pdf(content: bytes, settings: OcrSettings) -> Iterator[ElectronicPage]:
    """Go through a PDF page by page; a page is only drawn when it is asked for.

    Raises:
        PasswordProtectedError: it opens only with a password.
        FileTooLargeError: more than `max_pages`.
        UnreadableFileError: damaged, or without a page.
    """
    with _opened(content) as document:
        _check_pages(document, settings.max_pages)
        for number in range(len(document)):
            yield _read_page(document, number, settings)


def draw_pdf(content: bytes, settings: OcrSettings) -> Iterator[Pixels]:
    """Draw every page as a picture at `pdf_dpi`, text pages too.

    Raises:
        InputError: as `read_pdf` does, and for a page that is too large or damaged.
    """
    with _opened(content) as document:
        _check_pages(document, settings.max_pages)
        for number in range(len(document)):
            try:
                yield _drawn(document[number], settings.pdf_dpi / _POINTS_PER_INCH, settings.max_pixels)
            except pdfium.PdfiumError as error:
                raise UnreadableFileError(f"page {number + 1} of the PDF is damaged ({error})", "export it again") from error


def check_pdf(content: bytes, max_pages: int) -> None:
    """Open a PDF and count its pages, no more; raises as `read_pdf` does for that."""
    with _opened(content) as document:
        _check_pages(document, max_pages)


def pdf_attachments(content: bytes, max_bytes: int) -> tuple[Attachment, ...]:
    """List what is attached to a PDF, as a portfolio and some e-invoices do; the first sixteen."""
    with _opened(content) as document:
        return tuple(_attachment(document, number, max_bytes) for number in range(min(document.count_attachments(), _ATTACHMENTS_MAX)))


def _attachment(document: pdfium.PdfDocument, number: int, max_bytes: int) -> Attachment:
    name = f"附件 {number + 1}"
    try:
        attached = document.get_attachment(number)
        name = attached.get_name()[:_ATTACHMENT_NAME_MAX]
        size = ctypes.c_ulong()
        pdfium.raw.FPDFAttachment_GetFile(attached, None, 0, size)
        return Attachment(name, bytes(attached.get_data()) if 0 < size.value <= max_bytes else b"")
    except (pdfium.PdfiumError, ValueError):  # an entry without a file
        return Attachment(name, b"")


def _check_pages(document: pdfium.PdfDocument, max_pages: int) -> None:
    if len(document) == 0:
        raise UnreadableFileError("the PDF has no page", "export it again", advice_zh="PDF 中没有页面，请重新导出后上传")
    if len(document) > max_pages:
        raise FileTooLargeError(
            f"the PDF has {len(document)} pages; at most {max_pages} are taken",
            "send only the pages of the claim",
            advice_zh=f"PDF 页数过多（{len(document)} 页，最多 {max_pages} 页），请只上传与本次理赔有关的页",
        )


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if any(word in str(error).lower() for word in _PASSWORD_WORDS):
            raise PasswordProtectedError(
                "the PDF is locked with a password",
                "save it without a password and send it again",
                advice_zh="PDF 设有密码，请取消密码后重新上传",
            ) from error
        raise UnreadableFileError(
            f"the PDF is damaged ({error})", "export it again and send the new file", advice_zh="PDF 已损坏或不完整，请重新下载或导出后上传"
        ) from error
    try:
        yield document
    finally:
        document.close()


def _read_page(document: pdfium.PdfDocument, number: int, settings: OcrSettings) -> ElectronicPage:
    scale = settings.pdf_dpi / _POINTS_PER_INCH
    try:
        page = document[number]
        pictures = _pictures(page)
        written = None if _is_scan(page, pictures) else _text_page(page, pictures, scale)
        return ElectronicPage(pixels=_drawn(page, scale, settings.max_pixels)) if written is None else written
    except FileTooLargeError:
        return ElectronicPage(findings=(make_finding("document.page_too_large", detail=f"第 {number + 1} 页"),))
    except pdfium.PdfiumError:
        return ElectronicPage(findings=(make_finding("document.page_unreadable", detail=f"第 {number + 1} 页"),))


def _drawn(page: pdfium.PdfPage, scale: float, max_pixels: int) -> Pixels:
    width, height = (round(side * scale) for side in page.get_size())
    if width * height > max_pixels:
        raise FileTooLargeError(f"the page would be {width} × {height} pixels; at most {max_pixels:,} are taken", "export it as A4")
    return np.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3], dtype=np.uint8)


def _pictures(page: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    count = pdfium.raw.FPDFPage_CountObjects(page)
    if count > _OBJECTS_MAX:
        raise FileTooLargeError(
            f"the page has {count:,} objects; at most {_OBJECTS_MAX:,} are taken", "export it again, or send a photograph"
        )
    found: list[pdfium.PdfImage] = []
    for number in range(count):  # a page may have an object for every character: only what is asked for is wrapped
        piece = pdfium.raw.FPDFPage_GetObject(page, number)
        kind = pdfium.raw.FPDFPageObj_GetType(piece) if piece else None
        if kind == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
            found.append(pdfium.PdfObject(piece, page=page, pdf=page.pdf))
        elif kind == pdfium.raw.FPDF_PAGEOBJ_FORM:
            form = pdfium.PdfObject(piece, page=page, pdf=page.pdf)
            found += page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], form=form, level=1)
    return found


def _text_page(page: pdfium.PdfPage, pictures: list[pdfium.PdfImage], scale: float) -> ElectronicPage | None:
    """Read a page's text layer; None when there is none worth the name."""
    layer = read_text_layer(page, scale)
    lines = lines_of(layer.glyphs)
    count = sum(len(line.text) for line in lines)
    if count < _TEXT_CHARACTERS_MIN or layer.unknown > _UNKNOWN_SHARE * count:
        return None
    findings = (make_finding("document.hidden_text", detail=str(layer.hidden)),) if layer.hidden else ()
    return ElectronicPage(ReadPage(lines, PDF_TEXT_READER), codes=_codes(pictures), findings=findings)


def _codes(pictures: list[pdfium.PdfImage]) -> tuple[str, ...]:
    """Read the codes among the small square pictures of a page; the page itself is not drawn."""
    codes: list[str] = []
    for picture in [each for each in pictures if _may_be_code(each)][:_CODE_PICTURES_MAX]:
        codes += read_codes(_bgr(picture.get_bitmap()))
    return tuple(codes)


def _may_be_code(picture: pdfium.PdfImage) -> bool:
    width, height = picture.get_px_size()
    return bool(0 < max(width, height) <= min(_CODE_SIDE_MAX, 1.25 * min(width, height)))


def _bgr(bitmap: pdfium.PdfBitmap) -> Pixels:
    pixels = bitmap.to_numpy()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)


def _is_scan(page: pdfium.PdfPage, pictures: list[pdfium.PdfImage]) -> bool:
    width, height = page.get_size()
    for picture in pictures:
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= _SCAN_SHARE * width * height:
            return True
    return False
