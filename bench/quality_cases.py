"""The photographs on which the quality gate is fitted and measured, and what the real reader made of each.

A case is one page, one level and up to three damages of random strength, all from its seed. Each is read once; the answer is kept
in var/bench/ under the picture's hash and the reader's version, so that a second run reads nothing.
"""

import hashlib
import importlib.metadata
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from bench.ocr_fields import misses_of, pages_of
from domain.document import FIELD_LABELS_ZH, Document
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings, QualityThresholds
from sandbox.damage import Damage
from sandbox.photograph import Level, photograph
from sandbox.render import PAGE_CLASSES, PageSpec, facts_of, render

CACHE = Path("var/bench/quality-readings.jsonl")
_LEVELS = (Level.SCAN, Level.GOOD, Level.MIDDLING)
_HOW_MANY = (0, 1, 1, 1, 2, 2, 3)  # damages of one photograph, equally likely
_MILDER = 0.75  # the most that each of several damages may have


@dataclass(frozen=True)
class Case:
    """One photograph to judge; the same for the same seed."""

    seed: int
    page: PageSpec
    level: Level
    damages: dict[Damage, float]

    def take(self) -> bytes:
        """Take the photograph."""
        return photograph(render(self.page), self.level, self.seed, self.damages)


@dataclass(frozen=True)
class Outcome:
    """How many of a page's fields the reader found exactly."""

    found: int
    wanted: int
    sureness: float  # what the reader itself says afterwards: confidence over the fields its class should have, 0 without a class

    @property
    def failed(self) -> bool:
        """Reading failed when fewer than half of the wanted fields were found."""
        return 2 * self.found < self.wanted


def case_of(seed: int) -> Case:
    """Make the case of a seed; the classes take turns."""
    chance = random.Random(seed)
    page = next(islice(pages_of(seed), seed % len(PAGE_CLASSES), None))
    many = chance.choice(_HOW_MANY)
    worst = 1.0 if many == 1 else _MILDER
    damages = {each: round(chance.uniform(0.05, worst), 3) for each in chance.sample(list(Damage), many)}
    return Case(seed, page, chance.choice(_LEVELS), damages)


def read_cases(seeds: Iterable[int]) -> Iterator[tuple[Case, bytes, Outcome]]:
    """Give each case with its picture and what reading made of it, from the cache where it is known."""
    known, reader = _load(), _open_reader()
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with CACHE.open("a", encoding="utf-8") as sink:
        for seed in seeds:
            case = case_of(seed)
            content = case.take()
            key = _key(content)
            if key not in known:
                known[key] = _outcome(case, content, reader)
                sink.write(json.dumps({"key": key} | asdict(known[key])) + "\n")
                sink.flush()
            yield case, content, known[key]


def _outcome(case: Case, content: bytes, reader: DocumentReader) -> Outcome:
    wanted = facts_of(case.page)
    document = reader.read(content)
    missed = misses_of(case.page, document).keys() & wanted.keys()
    return Outcome(len(wanted) - len(missed), len(wanted), _sureness(document))


def _sureness(document: Document) -> float:
    if document.document_class is None:
        return 0.0
    return round(sum(field.confidence for field in document.fields) / len(FIELD_LABELS_ZH[document.document_class]), 4)


def _open_reader() -> DocumentReader:
    """Make a reader whose gate lets everything through; it loads its models at the first page that needs them."""
    return DocumentReader(OcrSettings(engine="rapidocr", quality=QualityThresholds(reading_fails=1.0)))


def _key(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()} rapidocr {importlib.metadata.version('rapidocr')}"


def _load() -> dict[str, Outcome]:
    if not CACHE.exists():
        return {}
    rows = map(json.loads, CACHE.read_text(encoding="utf-8").splitlines())
    return {row.pop("key"): Outcome(**row) for row in rows}
