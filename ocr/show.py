"""Draws the boxes of what was read onto the pages it was read from, for people who want to see where a value stands."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from domain.document import Box, Document
from ocr.electronic.opened import PDF
from ocr.electronic.pdf import draw_pdf
from ocr.picture import Pixels
from ocr.picture_file import read_pictures
from ocr.settings import OcrSettings

_PROVEN, _READ, _LINE = (60, 160, 40), (0, 120, 240), (190, 150, 60)  # blue, green, red
_WIDTH, _TEXT_SCALE = 2, 0.5
_NOTHING = np.full((100, 100, 3), 255, np.uint8)  # a page that could not be decoded


def draw_boxes(content: bytes, documents: Sequence[Document], settings: OcrSettings) -> Iterator[bytes]:
    """Give each page of a picture or a PDF as PNG with the boxes of all its documents; nothing for OFD and XML, which hold no picture.

    Green is a proven field, orange any other, blue a charged item; names are those of the fields.

    Raises:
        InputError: as reading the file does.
    """
    for number, pixels in enumerate(_pages(content, documents[0].media_type, settings)):
        for line in (each for document in documents for each in document.lines if each.page == number):
            _frame(pixels, line.box, _LINE, "")
        for field in (each for document in documents for each in document.fields if each.page == number):
            _frame(pixels, field.box, _PROVEN if field.proven else _READ, field.name)
        yield cv2.imencode(".png", pixels)[1].tobytes()


def _pages(content: bytes, media_type: str, settings: OcrSettings) -> Iterator[Pixels]:
    if media_type == PDF:
        yield from draw_pdf(content, settings)
    elif media_type.startswith("image/"):
        yield from (_NOTHING.copy() if page.pixels is None else page.pixels for page in read_pictures(content, settings))


def _frame(pixels: Pixels, box: Box | None, colour: tuple[int, int, int], name: str) -> None:
    if box is not None:
        cv2.rectangle(pixels, (box.left, box.top), (box.right, box.bottom), colour, _WIDTH)
        cv2.putText(pixels, name, (box.left, max(12, box.top - 4)), cv2.FONT_HERSHEY_SIMPLEX, _TEXT_SCALE, colour, 1, cv2.LINE_AA)
