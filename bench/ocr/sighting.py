"""Reads a picture that the sandbox did not make, and tells what the gate and the reader made of it; its text is never kept."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.ocr.cached_engine import cpu_seconds
from bench.ocr.reading import RememberingReader
from domain.document import Document, ReaderEngine
from domain.errors import MingbaiError
from ocr.gathered import Page
from ocr.orientation import mean_confidence, read_upright
from ocr.picture import Pixels
from ocr.quality import READING_FAILS
from ocr.settings import OcrSettings
from ocr.view import View

_CHARACTER = re.compile(r"\w")
_NEVER_REFUSES = 1.0


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was read: by how many degrees it had been turned clockwise, its lines, characters, and how sure the reader was."""

    turned_degrees: int
    lines: int
    characters: int
    confidence: float
    boxes_outside: int  # of the uploaded picture


@dataclass(frozen=True)
class Sighting:
    """One file: the error that refused it, or what the gate said (worst page) and what was read although it may have said no."""

    path: Path
    error: str = ""
    is_crash: bool = False
    fails: float = 0.0  # the gate's probability that reading fails
    is_refused: bool = False  # by the gate as it is shipped
    blamed: tuple[str, ...] = ()  # the scores beyond their thresholds, of a picture that is refused
    sheets: tuple[Sheet, ...] = ()
    classes: tuple[str, ...] = ()
    wanted: int = 0  # texts that should be found
    found: int = 0  # of them, to the letter
    accuracy: float | None = None  # share of their characters that were read right; None when none is wanted
    seconds: float = 0.0

    @property
    def characters(self) -> int:
        """All that were read."""
        return sum(sheet.characters for sheet in self.sheets)

    @property
    def lines(self) -> int:
        """All that were read."""
        return sum(sheet.lines for sheet in self.sheets)

    @property
    def confidence(self) -> float:
        """The mean over characters; 0.0 without any."""
        return sum(sheet.characters * sheet.confidence for sheet in self.sheets) / max(1, self.characters)


class WatchedReader(RememberingReader):
    """The reader as it is shipped, but for a gate that says no and is not obeyed: only so a refusal can be called wrong."""

    def __init__(self, settings: OcrSettings, folder: Path) -> None:
        super().__init__(replace(settings, quality=replace(settings.quality, reading_fails=_NEVER_REFUSES)), folder)
        self.sheets: list[Sheet] = []
        self.watching_seconds = 0.0  # of CPU, which the shipped reader does not spend

    def read_picture(self, pixels: Pixels, number: int) -> list[Page]:
        """Read it, and count the boxes that lie outside of it."""
        before, self.sheets = self.sheets, []
        pages = super().read_picture(pixels, number)
        seen = (
            self.sheets if len(self.sheets) == len(pages) else self.sheets[-1:]
        )  # sheets that did not stand for themselves were read in vain
        height, width = pixels.shape[:2]
        outside = sum(cell.source.right > width or cell.source.bottom > height for page in pages for cell in page.cells)
        self.sheets = [*before, *seen[:-1], *(replace(each, boxes_outside=outside) for each in seen[-1:])]
        return pages

    def _read_text(self, flat: View, number: int, engine: ReaderEngine) -> Page:
        page = super()._read_text(flat, number, engine)
        start, remembered = cpu_seconds(), self.first.remembered_seconds
        read, upright = read_upright(flat, engine)  # the engine remembers
        characters = sum(len(_CHARACTER.findall(line.text)) for line in read.lines)
        self.sheets.append(Sheet(_turned(flat, upright), len(read.lines), characters, mean_confidence(read), 0))
        self.watching_seconds += cpu_seconds() - start
        self.first.remembered_seconds = remembered
        return page


def look_at(path: Path, wanted: Sequence[str], reader: WatchedReader, refuses_above: float) -> Sighting:
    """Read one file; an error that the house knows is told by its code, any other by its name as a crash."""
    reader.sheets, reader.watching_seconds = [], 0.0
    start, remembered = cpu_seconds(), reader.first.remembered_seconds
    try:
        documents = reader.read_all(path.read_bytes())
    except MingbaiError as error:
        return Sighting(path, error=error.code)
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what this benchmark looks for
        return Sighting(path, error=type(error).__name__, is_crash=True)
    seconds = cpu_seconds() - start - reader.watching_seconds + reader.first.remembered_seconds - remembered
    scores = [score for document in documents for score in document.quality]
    fails = max((score.score for score in scores if score.name == READING_FAILS), default=0.0)
    text = _bare("".join(document.text for document in documents))
    is_refused = fails > refuses_above
    blamed = tuple(dict.fromkeys(score.name for score in scores if is_refused and not score.passed and score.name != READING_FAILS))
    return Sighting(
        path,
        fails=fails,
        is_refused=is_refused,
        blamed=blamed,
        sheets=tuple(reader.sheets),
        classes=tuple(_classes(documents, reader.settings.class_confidence_min)),
        wanted=len(wanted),
        found=sum(_bare(each) in text for each in wanted),
        accuracy=_accuracy([_bare(each) for each in wanted], text) if wanted else None,
        seconds=seconds,
    )


def _turned(flat: View, upright: View) -> int:
    """Tell by how many quarter turns clockwise a sheet was turned to be read, in degrees."""
    if flat.pixels.shape == upright.pixels.shape and np.allclose(flat.way_back, upright.way_back):
        return 0
    back = np.linalg.inv(flat.way_back) @ upright.way_back
    across, down = back[0, 0], back[1, 0]  # where the read sheet's rightward direction points on the sheet before
    return round(math.degrees(math.atan2(-down, across)) / 90) * 90 % 360


def _classes(documents: Iterable[Document], confidence_min: float) -> Iterator[str]:
    for each in documents:
        if each.document_class is not None and each.class_confidence >= confidence_min:
            yield each.document_class


def _bare(text: str) -> str:
    """Leave spaces, case and punctuation aside."""
    return "".join(_CHARACTER.findall(text)).casefold()


def _accuracy(wanted: Iterable[str], text: str) -> float:
    """Compute the share of the wanted characters that stand where the text is most like each wanted piece."""
    pieces = list(wanted)
    return 1 - sum(_least_edits(piece, text) for piece in pieces) / sum(map(len, pieces))


def _least_edits(piece: str, text: str) -> int:
    """Count the edits from a piece to whatever part of the text is nearest to it; at most its length."""
    row = [0] * (len(text) + 1)  # a match may begin anywhere
    for count, wanted in enumerate(piece, 1):
        last, row[0] = row[0], count
        for place, read in enumerate(text, 1):
            last, row[place] = row[place], min(last + (wanted != read), row[place] + 1, row[place - 1] + 1)
    return min(row)
