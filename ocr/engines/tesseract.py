"""Tesseract through pytesseract: the second opinion on numbers, and a supported reader where RapidOCR cannot run."""

import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box, ReadPage, TextLine
from domain.errors import ReaderError

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-chi-sim (macOS: brew install tesseract tesseract-lang); pip install pytesseract"
TESSERACT = "tesseract"
_LANGUAGE = "chi_sim"
_PAGE_LAYOUT, _ONE_LINE = "--psm 3", "--psm 7"
_TIMEOUT_SECONDS = 30
_NEAR = 1.2  # share of a word's height; words closer than this are one piece of text
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +| +(?=[\u3000-\u9fff\uff00-\uffef])")


def check_tesseract() -> None:
    """Make sure that program, language and package are there.

    Raises:
        ReaderError: names what is missing, with the command.
    """
    if importlib.util.find_spec("pytesseract") is None:
        raise ReaderError("the package pytesseract is not installed", "pip install pytesseract")
    if shutil.which("tesseract") is None:
        raise ReaderError("the program tesseract is not installed", INSTALL)
    import pytesseract

    try:
        languages = pytesseract.get_languages()
    except (pytesseract.TesseractError, OSError) as error:
        raise ReaderError(f"tesseract does not start ({error})", INSTALL) from error
    if _LANGUAGE not in languages:
        raise ReaderError(f"tesseract has no {_LANGUAGE} model", INSTALL)


class TesseractReader:
    """Reads a page, or lines that were cut out of pages."""

    name = TESSERACT

    def __init__(self) -> None:
        """Check that everything is installed.

        Raises:
            ReaderError: something is missing; the message holds the command.
        """
        check_tesseract()
        os.environ["OMP_THREAD_LIMIT"] = "1"  # its child inherits this; without it OpenMP makes a page 1.5–5 times slower

    def read_page(self, image: object) -> ReadPage:
        """Read one page, given as an 8-bit BGR array.

        Raises:
            ReaderError: the program failed or took longer than 30 s.
        """
        gray = _gray(image)
        words = _words(gray, _PAGE_LAYOUT, f"a picture of {gray.shape[1]} × {gray.shape[0]} pixels")
        return ReadPage(tuple(_pieces(words[0])), self.name)

    def read_lines(self, images: Sequence[object]) -> list[tuple[str, float]]:
        """Read pictures of one line each: the text and a confidence of 0..1 of every one, "" and 0.0 where there is none.

        All go to one run of the program: starting it and loading its model takes longer than reading a line.

        Raises:
            ReaderError: as for `read_page`.
        """
        if not images:
            return []
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, f"{number}.png") for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                path.write_bytes(cv2.imencode(".png", _gray(image))[1].tobytes())
            listing = Path(folder, "strips.txt")
            listing.write_text("\n".join(map(str, paths)), "utf-8")
            strips = _words(str(listing), _ONE_LINE, f"{len(images)} strips", pages=len(images))
        return [(_join(words), min(word.confidence for word in words)) if words else ("", 0.0) for words in strips]


def _gray(image: object) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.asarray(image, dtype=np.uint8), cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _words(source: NDArray[np.uint8] | str, layout: str, what: str, pages: int = 1) -> list[list[TextLine]]:
    """Run the program on a picture, or on a file that lists pictures: the words of each."""
    import pytesseract

    try:
        table = pytesseract.image_to_data(
            source, lang=_LANGUAGE, config=layout, timeout=_TIMEOUT_SECONDS, output_type=pytesseract.Output.DICT
        )
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise ReaderError(f"tesseract failed on {what} ({error})", "try the engine rapidocr") from error
    words: list[list[TextLine]] = [[] for _ in range(pages)]
    for index, text in enumerate(table["text"]):
        if text.strip() and float(table["conf"][index]) >= 0:
            left, top = int(table["left"][index]), int(table["top"][index])
            box = Box(left, top, left + int(table["width"][index]), top + int(table["height"][index]))
            words[int(table["page_num"][index]) - 1].append(TextLine(text.strip(), float(table["conf"][index]) / 100, box))
    return words


def _pieces(words: list[TextLine]) -> list[TextLine]:
    """Join neighbouring words of one height into pieces of text, as long as no wide gap parts them."""
    pieces: list[list[TextLine]] = []
    for word in words:
        if pieces and _follows(pieces[-1][-1], word):
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [_piece(piece) for piece in pieces]


def _follows(before: TextLine, word: TextLine) -> bool:
    height = max(before.box.bottom - before.box.top, word.box.bottom - word.box.top, 1)
    is_level = before.box.top < word.box.bottom and word.box.top < before.box.bottom
    return is_level and -height <= word.box.left - before.box.right <= _NEAR * height


def _piece(words: list[TextLine]) -> TextLine:
    box = Box(
        min(word.box.left for word in words),
        min(word.box.top for word in words),
        max(word.box.right for word in words),
        max(word.box.bottom for word in words),
    )
    weights = [max(1, len(word.text)) for word in words]
    confidence = sum(word.confidence * weight for word, weight in zip(words, weights, strict=True)) / sum(weights)
    return TextLine(_join(words), confidence, box)


def _join(words: list[TextLine]) -> str:
    """Chinese words stand together; only between Latin words does a space stay."""
    return _BETWEEN_CHINESE.sub("", " ".join(word.text for word in words))
