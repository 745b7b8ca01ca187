"""Electronic documents: a PDF's text layer is parsed, its scanned pages are drawn as pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from domain.document import Box, ReadPage, TextLine
from domain.errors import FileTooLargeError, PasswordProtectedError, UnreadableFileError
from ocr.picture import Pixels
from ocr.settings import OcrSettings

PDF_TEXT_READER = "pdf-text"
_POINTS_PER_INCH = 72
_TEXT_CHARACTERS_MIN = 20  # fewer on a page is a stamp or a page number, not a text layer
_SCAN_SHARE = 0.7  # a picture over so much of a page makes its text layer somebody else's reading
_PASSWORD_WORDS = ("password", "security")


@dataclass(frozen=True)
class PdfPage:
    """One page: either the text that its layer holds, or its picture; boxes are in pixels at `pdf_dpi`."""

    text: ReadPage | None
    pixels: Pixels | None


def read_pdf(content: bytes, settings: OcrSettings) -> Iterator[PdfPage]:
    """Go through a PDF page by page; a page is only drawn when it is asked for.

    Raises:
        PasswordProtectedError: it opens only with a password.
        FileTooLargeError: more than `max_pages`, or a page larger than `max_pixels` when drawn.
        UnreadableFileError: damaged, or without a page.
    """
    with _opened(content) as document:
        _check_pages(document, settings.max_pages)
        for number in range(len(document)):
            yield _read_page(document, number, settings)


def check_pdf(content: bytes, max_pages: int) -> None:
    """Open a PDF and count its pages, no more; raises as `read_pdf` does for that."""
    with _opened(content) as document:
        _check_pages(document, max_pages)


def _check_pages(document: pdfium.PdfDocument, max_pages: int) -> None:
    if len(document) == 0:
        raise UnreadableFileError("the PDF has no page", "export it again")
    if len(document) > max_pages:
        raise FileTooLargeError(f"the PDF has {len(document)} pages; at most {max_pages} are taken", "send only the pages of the claim")


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if any(word in str(error).lower() for word in _PASSWORD_WORDS):
            raise PasswordProtectedError("the PDF is locked with a password", "save it without a password and send it again") from error
        raise UnreadableFileError(f"the PDF is damaged ({error})", "export it again and send the new file") from error
    try:
        yield document
    finally:
        document.close()


def _read_page(document: pdfium.PdfDocument, number: int, settings: OcrSettings) -> PdfPage:
    scale = settings.pdf_dpi / _POINTS_PER_INCH
    try:
        page = document[number]
        text = _text_layer(page, scale)
        if text is not None:
            return PdfPage(text, None)
        _check_canvas(page, scale, number, settings.max_pixels)
        picture = page.render(scale=scale).to_numpy()
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(f"page {number + 1} of the PDF is damaged ({error})", "export it again and send the new file") from error
    return PdfPage(None, np.ascontiguousarray(picture[:, :, :3], dtype=np.uint8))


def _check_canvas(page: pdfium.PdfPage, scale: float, number: int, max_pixels: int) -> None:
    width, height = (round(side * scale) for side in page.get_size())
    if width * height > max_pixels:
        raise FileTooLargeError(
            f"page {number + 1} of the PDF would be {width} × {height} pixels; at most {max_pixels:,} are taken", "export it as A4"
        )


def _text_layer(page: pdfium.PdfPage, scale: float) -> ReadPage | None:
    if _is_scan(page):
        return None
    height = page.get_height()
    layer = page.get_textpage()
    lines = []
    for index in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(index)
        text = layer.get_text_bounded(left, bottom, right, top).strip()
        if text:
            box = Box(round(left * scale), round((height - top) * scale), round(right * scale), round((height - bottom) * scale))
            lines.append(TextLine(text, 1.0, box))
    if sum(len(line.text) for line in lines) < _TEXT_CHARACTERS_MIN:
        return None
    return ReadPage(tuple(lines), PDF_TEXT_READER)


def _is_scan(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    for picture in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= _SCAN_SHARE * width * height:
            return True
    return False
