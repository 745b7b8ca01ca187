"""Opens an uploaded picture file: every page of a TIFF, the first picture of an animation, and of one cut off what is there."""

from collections.abc import Iterator
from threading import Lock

import numpy as np
from PIL import Image, ImageFile, ImageSequence

from domain.errors import FileTooLargeError, UnreadableFileError
from ocr.electronic.page import ElectronicPage
from ocr.findings import make_finding
from ocr.picture import Pixels, check_pixels, opened_picture, upright_bgr
from ocr.settings import OcrSettings

_LEAST_THERE = 0.25  # of a picture that was cut off: with less of it nothing worth reading is there
_PAGED = "TIFF"  # the one kind of picture file whose pictures are pages; those of the others move
_CUT_OFF = "the picture was cut off while it was sent: less than a quarter of it is there"
_tolerant = Lock()  # Pillow's leave to decode what is there is one for the whole process


def read_pictures(content: bytes, settings: OcrSettings) -> Iterator[ElectronicPage]:
    """Go through a picture file page by page, each upright and on white paper.

    Raises:
        FileTooLargeError: more than `max_pixels` on one page, or more than `max_pages`.
        UnreadableFileError: damaged, or of a kind that cannot be decoded.
    """
    with opened_picture(content, settings.max_pixels) as image:
        frames = getattr(image, "n_frames", 1)
        if image.format != _PAGED or frames == 1:
            yield _first(content, image, settings.max_pixels, moves=frames > 1 and getattr(image, "is_animated", False))
            return
        check_frames(image, settings.max_pages)
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            yield _page(frame, number, settings.max_pixels)


def check_frames(image: Image.Image, max_pages: int) -> None:
    """Refuse a TIFF of more than `max_pages` pages.

    Raises:
        FileTooLargeError: it is one.
    """
    count = getattr(image, "n_frames", 1) if image.format == _PAGED else 1
    if count > max_pages:
        raise FileTooLargeError(
            f"the TIFF has {count} pages; at most {max_pages} are taken",
            "send only the pages of the claim",
            advice_zh=f"TIFF 页数过多（{count} 页，最多 {max_pages} 页），请只上传与本次理赔有关的页",
        )


def _page(frame: Image.Image, number: int, max_pixels: int) -> ElectronicPage:
    """Decode one page of several; one that is damaged or too large is a finding, and the others go on."""
    name = f"第 {number + 1} 页"
    try:
        check_pixels(frame.width, frame.height, max_pixels)
        return ElectronicPage(pixels=upright_bgr(frame))
    except FileTooLargeError:
        return ElectronicPage(findings=(make_finding("document.page_too_large", detail=name),))
    except (OSError, SyntaxError, ValueError, EOFError):  # what Pillow's decoders raise
        return ElectronicPage(findings=(make_finding("document.page_unreadable", detail=name),))


def _first(content: bytes, image: Image.Image, max_pixels: int, *, moves: bool) -> ElectronicPage:
    findings = (make_finding("document.animation"),) if moves else ()
    try:
        image.load()
    except OSError:
        pixels, there = _what_is_there(content, max_pixels)
        detail = f"只收到约 {there:.0%}" if there < 1 else "只收到模糊的画面"
        return ElectronicPage(pixels=pixels, findings=(*findings, make_finding("document.cut_short", detail=detail)))
    return ElectronicPage(pixels=upright_bgr(image), findings=findings)


def _what_is_there(content: bytes, max_pixels: int) -> tuple[Pixels, float]:
    """Decode a picture that was cut off, the rest as white paper; also the share of rows that came (1: all of them, but coarsely).

    Raises:
        UnreadableFileError: too little of it is there, or it is damaged in another way.
    """
    with _tolerant, opened_picture(content, max_pixels) as image:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        came = _rows_that_came(image)
        if came < _LEAST_THERE * image.height:
            raise UnreadableFileError(_CUT_OFF, "send it again", advice_zh="图片没有传完整，请重新上传")
        picture = image.convert("RGB")
        picture.paste("white", (0, came, image.width, image.height))
        return upright_bgr(picture), came / image.height


def _rows_that_came(image: Image.Image) -> int:
    """Count the rows above those that no byte was there for: a decoder leaves them in one and the same colour."""
    rows = np.asarray(image)
    rows = rows.reshape(image.height, -1, rows.shape[2] if rows.ndim == 3 else 1)
    differs = (rows != rows[-1, -1]).any(axis=(1, 2)).nonzero()[0]
    return int(differs[-1]) + 1 if differs.size else 0
