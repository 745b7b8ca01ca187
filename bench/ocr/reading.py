"""Reads shots through the whole pipeline, with engines that remember, and tells every field with what it should have been."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.ocr.cached_engine import FOLDER, CachedEngine, cpu_seconds
from bench.ocr.pages import Shot
from domain.document import Document
from ocr.calibration import Evidence, line_key
from ocr.engines import Readers, load_readers
from ocr.extract.wanted import Extraction
from ocr.picture import Pixels
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.exposure import Place


@dataclass(frozen=True)
class Reading:
    """A picture, the document that was read of it, the CPU seconds of the whole way, and those of the first engine alone."""

    shot: Shot
    places: Mapping[str, Place]  # where every fact truly stands in the picture
    document: Document
    seconds: float
    engine_seconds: float


class RememberingReader(DocumentReader):
    """The reader as it is shipped, on engines that remember what they read."""

    def __init__(self, settings: OcrSettings, folder: Path = FOLDER, *, is_calibrating: bool = True) -> None:
        super().__init__(settings)
        self.is_calibrating = is_calibrating
        plain = load_readers(settings)
        self.first = CachedEngine(plain.first, plain.first.name if plain.first.name == "rapidocr" else "pytesseract", folder)
        self.second = CachedEngine(plain.second, "pytesseract", folder) if plain.second else None
        self.evidence: Mapping[str, Evidence] = {}
        self.raw: Mapping[str, float] = {}  # of the last document: what the engine felt of each field and each charged item
        self._readers = Readers(self.first, self.second)  # type: ignore[arg-type]  # it reads pages and lines as the plain ones do

    def _calibrate(self, extraction: Extraction, evidence: Mapping[str, Evidence], uploads: Mapping[int, Pixels]) -> Extraction:
        """Keep what the calibration is told, then calibrate, unless it is the calibration that is being made."""
        self.evidence = evidence
        self.raw = {each.name: each.confidence for each in extraction.fields}
        self.raw |= {line_key(place): line.confidence for place, line in enumerate(extraction.lines)}
        return super()._calibrate(extraction, evidence, uploads) if self.is_calibrating else extraction


def read_all(shots: Iterable[Shot], reader: RememberingReader) -> Iterator[Reading]:
    """Read shot by shot; remembered readings count with the seconds that they took when they were fresh."""
    for shot in shots:
        photo = shot.photo()
        first, spent, start = reader.first.seconds, _remembered(reader), cpu_seconds()
        document = reader.read(photo.content)
        seconds = cpu_seconds() - start + _remembered(reader) - spent
        yield Reading(shot, photo.places, document, seconds, reader.first.seconds - first)


def _remembered(reader: RememberingReader) -> float:
    return reader.first.remembered_seconds + (reader.second.remembered_seconds if reader.second else 0.0)
