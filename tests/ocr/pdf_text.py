"""Writes a PDF with a text layer, as a hospital's system does: for tests of the electronic short-cut."""

import ctypes
from collections.abc import Iterable
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_A4 = (595, 842)


def pdf_with_text(placed: Iterable[tuple[int, int, str]], font_file: bytes) -> bytes:
    """Write texts at (x, y) in points from the upper left corner, 11 points high, on one A4 page."""
    document = pdfium.PdfDocument.new()
    page = document.new_page(*_A4)
    buffer = (ctypes.c_uint8 * len(font_file)).from_buffer_copy(font_file)
    font = raw.FPDFText_LoadFont(document, buffer, len(font_file), raw.FPDF_FONT_TRUETYPE, True)
    for x, y, text in placed:
        piece = raw.FPDFPageObj_CreateTextObj(document, font, 11)
        wide = (text + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(piece, ctypes.cast(ctypes.c_char_p(wide), ctypes.POINTER(ctypes.c_ushort)))
        raw.FPDFPageObj_Transform(piece, 1, 0, 0, 1, x, _A4[1] - y)
        raw.FPDFPage_InsertObject(page, piece)
    raw.FPDFPage_GenerateContent(page)
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()
