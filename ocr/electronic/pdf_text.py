"""The text layer of a PDF page, character by character: what stands upright and can be seen."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from domain.errors import FileTooLargeError
from ocr.electronic.glyphs import CHARACTERS_MAX, Glyph, plain

_SLANT = math.radians(3)  # beyond it a text is a watermark or a seal
_UNSEEN_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_WHITE = 245  # of 255, in every channel
_DARK_GROUND = 200  # of 255: the brightness that most of a place has at most, for white on it to be seen
_HEIGHT_MIN_PX = 4.0  # smaller type is written for machines, not for people
_NO_CHARACTER = {0, 0xFFFD, 0xFFFE, 0xFFFF}
_SURROGATES = range(0xD800, 0xE000)
_PRIVATE_USE = range(0xE000, 0xF900)  # follows them


@dataclass(frozen=True)
class PdfText:
    """What a text layer holds: characters in the order of the file, how many were hidden, how many have no meaning."""

    glyphs: tuple[Glyph, ...]
    hidden: int
    unknown: int


def read_text_layer(page: pdfium.PdfPage, scale: float) -> PdfText:
    """Read the characters of a page; places are in pixels of the page as it is shown, at `scale` pixels a point.

    Raises:
        FileTooLargeError: more characters than anybody puts on a page.
    """
    layer = page.get_textpage()
    try:
        if layer.count_chars() > CHARACTERS_MAX:
            raise FileTooLargeError(
                f"a page has {layer.count_chars():,} characters; at most {CHARACTERS_MAX:,} are taken", "split the page"
            )
        return _Layer(page, layer, scale).read()
    finally:
        layer.close()


class _Layer:
    """One page's text layer; what pdfium answers into is made once, for it is asked six times a character."""

    def __init__(self, page: pdfium.PdfPage, layer: pdfium.PdfTextPage, scale: float) -> None:
        self._page, self._layer, self._scale = page, layer.raw, scale
        self._count = layer.count_chars()
        self._to_pixels = _matrix(page, scale)
        self._turned = math.radians(page.get_rotation())
        self._box = raw.FS_RECTF()
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._shown: NDArray[np.uint8] | None = None

    def read(self) -> PdfText:
        glyphs, hidden, unknown = [], 0, 0
        for number, code in self._written():
            if code in _NO_CHARACTER or _SURROGATES.start <= code < _PRIVATE_USE.stop:
                unknown += 1
                continue
            character = chr(code)
            if character.isspace():
                glyphs.append(self._glyph(number, character))
            elif self._is_upright(number):
                glyph = self._glyph(number, character)
                if self._is_seen(number, glyph):
                    glyphs.append(glyph)
                else:
                    hidden += 1
        return PdfText(tuple(glyphs), hidden, unknown)

    def _written(self) -> Iterator[tuple[int, int]]:
        """Go through the characters that the file holds; those that pdfium thought up, blanks and line ends, are left out."""
        layer = self._layer
        for number in range(self._count):
            code = raw.FPDFText_GetUnicode(layer, number)
            if code not in (10, 13) and not (code == 32 and raw.FPDFText_IsGenerated(layer, number)):
                yield number, code

    def _glyph(self, number: int, character: str) -> Glyph:
        box = self._box
        raw.FPDFText_GetLooseCharBox(self._layer, number, box)
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        a, b, c, d, e, f = self._to_pixels
        x, y = a * left + c * top + e, b * left + d * top + f
        beyond_x, beyond_y = a * right + c * bottom + e, b * right + d * bottom + f
        if beyond_x < x:
            x, beyond_x = beyond_x, x
        if beyond_y < y:
            y, beyond_y = beyond_y, y
        return Glyph(plain(character), x, y, beyond_x, beyond_y)

    def _is_upright(self, number: int) -> bool:
        angle = (raw.FPDFText_GetCharAngle(self._layer, number) + self._turned) % math.tau
        return bool(angle <= _SLANT or math.tau - angle <= _SLANT)

    def _is_seen(self, number: int, glyph: Glyph) -> bool:
        if glyph.bottom - glyph.top < _HEIGHT_MIN_PX:
            return False
        piece = raw.FPDFText_GetTextObject(self._layer, number)
        if piece and raw.FPDFTextObj_GetTextRenderMode(piece) in _UNSEEN_MODES:
            return False
        red, green, blue, alpha = self._colour
        if not raw.FPDFText_GetFillColor(self._layer, number, red, green, blue, alpha):
            return True
        if alpha.value == 0:
            return False
        return red.value < _WHITE or green.value < _WHITE or blue.value < _WHITE or self._is_on_dark(glyph)

    def _is_on_dark(self, glyph: Glyph) -> bool:
        """Look at the page as it is shown: white on a dark bar is a heading, white on white is hidden."""
        if self._shown is None:
            self._shown = self._page.render(scale=1.0, grayscale=True).to_numpy()
        left, top, right, bottom = (round(side / self._scale) for side in (glyph.left, glyph.top, glyph.right, glyph.bottom))
        cut = self._shown[max(0, top) : bottom + 1, max(0, left) : right + 1]
        return bool(cut.size) and float(np.median(cut)) <= _DARK_GROUND


def _matrix(page: pdfium.PdfPage, scale: float) -> tuple[float, float, float, float, float, float]:
    """Find how points of the page become pixels as it is shown: crop box, turn and all."""
    width, height = (max(1, round(side * scale * 64)) for side in page.get_size())  # finer than pixels: pdfium answers in whole ones

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
        return across.value / 64, down.value / 64

    (e, f), (ax, ay), (cx, cy) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return (ax - e) / 1000, (ay - f) / 1000, (cx - e) / 1000, (cy - f) / 1000, e, f
