"""The photographs on which the quality gate is fitted and measured, and what the real reader makes of each.

A case is one page, one level and up to three damages of random strength, all from its seed. What the engine said of a picture is kept
in var/bench/ under the pixels that it was given, its version and the hash of our own code around it; everything behind the engine
(rows, class, fields) runs anew each time. So nobody can mix what an older reader made of a page with what today's makes of it.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.ocr.reading import RememberingReader
from bench.ocr_fields import misses_of, pages_of
from domain.document import FIELD_LABELS_ZH, Document
from ocr.engines import rapid
from ocr.settings import OcrSettings, QualityThresholds
from sandbox.damage import Damage
from sandbox.photograph import Level, photograph
from sandbox.render import PAGE_CLASSES, PageSpec, facts_of, render

KEPT = Path("var/bench/quality-readings")
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
    """What reading a photograph brought: of the fields that its class should have, and of all that is printed on the page."""

    found: int  # fields that are exactly right
    wanted: int
    read: int  # pairs of neighbouring characters of the print that stand in what was read
    printed: int
    sureness: float  # what the reader itself says afterwards: confidence over the fields its class should have, 0 without a class

    @property
    def is_unreadable(self) -> bool:
        """The page as a whole was lost: less than half of its print came out (docs/adr/0019)."""
        return 2 * self.read < self.printed

    @property
    def lacks_fields(self) -> bool:
        """Fewer than half of the wanted fields were found, for whatever reason: one label under a thumb may be enough."""
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
    """Give each case with its picture and what reading made of it; the engine is asked about pictures it has not seen yet."""
    reader = open_reader()
    for case in map(case_of, seeds):
        content = case.take()
        yield case, content, outcome_of(case.page, reader.read_all(content))


def open_reader() -> RememberingReader:
    """Make a reader whose gate lets everything through, on an engine that remembers."""
    code = hashlib.sha256(Path(rapid.__file__).read_bytes()).hexdigest()[:12]
    return RememberingReader(OcrSettings(engine="rapidocr", quality=QualityThresholds(reading_fails=1.0)), KEPT / code)


def outcome_of(page: PageSpec, documents: Sequence[Document]) -> Outcome:
    """Hold what was read against what was printed: the fields of the first document, and the text of all."""
    wanted = facts_of(page)
    missed = misses_of(page, documents[0]).keys() & wanted.keys()
    printed = sum((pairs_in(piece.text) for piece in page.draw().pieces), Counter[str]())
    read = sum((pairs_in(each.text) for each in documents), Counter[str]()) & printed
    return Outcome(len(wanted) - len(missed), len(wanted), read.total(), printed.total(), _sureness(documents[0]))


def pairs_in(text: str) -> Counter[str]:
    """Count the pairs of neighbouring characters in a text, blanks left out: one character alone comes out right too often by chance."""
    close = "".join(text.split())
    return Counter(close[place : place + 2] for place in range(len(close) - 1))


def _sureness(document: Document) -> float:
    if document.document_class is None:
        return 0.0
    return round(sum(field.confidence for field in document.fields) / len(FIELD_LABELS_ZH[document.document_class]), 4)
