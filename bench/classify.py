"""Counts how often the class of a page is told right, told wrong, or left open, on held-out seeds as PP-OCR reads them.

    python -m bench.classify [--quick] [--seeds N] [--sweep] [--misses]

Every class of the sandbox in every layout at three levels of damage, and papers that are of no class at all (`sandbox/strangers.py`), which
must be left open. What was read is kept under var/classify/, so that a run after a change takes seconds; --fresh reads anew.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from PIL import Image

from bench.ocr.pages import pages_of
from domain.document import Box, DocumentClass
from ocr.classify import judge_text
from ocr.extract.registry import EXTRACTORS
from ocr.gathered import text_of
from ocr.layout import Cell, rows_of
from ocr.picture import decode_picture
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from ocr.validate import is_empty, serves
from sandbox.layouts.registry import LAYOUTS
from sandbox.photograph import Level, photograph
from sandbox.strangers import STRANGERS

FIRST_SEED = 7_000  # held out: neither tests nor whoever weighed the anchors looked at these
LEVELS = (Level.SCAN, Level.GOOD, Level.MIDDLING)
HOME = Path("var/classify")


@dataclass(frozen=True)
class _Asked:
    """One page: what it is (None: of no class), of which group, at which level."""

    name: str
    group: str
    level: Level
    truth: DocumentClass | None
    seed: int


@dataclass(frozen=True)
class _Told:
    """What was said of a page, how surely, and in how many ms."""

    asked: _Asked
    said: DocumentClass | None
    confidence: float
    milliseconds: float


def main() -> None:
    """Read what was not read before, classify everything, print a table."""
    arguments = _parse_arguments()
    settings = OcrSettings()
    shelf = _Shelf(settings, arguments.fresh)
    told = [_tell(shelf, *each) for each in _pages(2 if arguments.quick else arguments.seeds)]
    _print_table(told, settings.class_confidence_min)
    if arguments.misses:
        for each in told:
            if _verdict(each, settings.class_confidence_min) != "right":
                print(f"{each.asked.name} {each.asked.level}: {each.said} {each.confidence:.2f}")
    if arguments.sweep:
        _print_sweep(told)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="two seeds")
    parser.add_argument("--fresh", action="store_true", help="read every page anew")
    parser.add_argument("--sweep", action="store_true", help="what other thresholds would give")
    parser.add_argument("--misses", action="store_true")
    return parser.parse_args()


def _pages(seeds: int) -> Iterator[tuple[_Asked, Image.Image]]:
    for level in LEVELS:
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            for page in pages_of(seed):
                for layout in LAYOUTS[page.document_class]:
                    name, group = (
                        f"{page.document_class}-{layout.name}-{seed}",
                        f"held-out {layout.name}" if layout.is_held_out else "tuned layouts",
                    )
                    yield _Asked(name, group, level, page.document_class, seed), layout.draw(page).image
        for number, draw in enumerate(STRANGERS):
            yield _Asked(draw.__name__, "strangers", level, None, FIRST_SEED + number), draw()


class _Shelf:
    """What was read of every page, kept as JSON; the engines are loaded at the first page that is not there."""

    def __init__(self, settings: OcrSettings, fresh: bool) -> None:
        self._reader, self._fresh, self._settings = DocumentReader(settings), fresh, settings

    def cells(self, asked: _Asked, picture: Image.Image) -> list[Cell]:
        path = HOME / asked.level / f"{asked.name}.json"
        if self._fresh or not path.exists():
            pixels = decode_picture(photograph(picture, asked.level, asked.seed), self._settings.max_pixels)
            pages = self._reader.read_picture(pixels, 0)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps([astuple(cell) for page in pages for cell in page.cells], ensure_ascii=False))
        return [
            Cell(text, confidence, page, Box(*box), Box(*source)) for text, confidence, page, box, source in json.loads(path.read_text())
        ]


def _tell(shelf: _Shelf, asked: _Asked, picture: Image.Image) -> _Told:
    rows = rows_of(shelf.cells(asked, picture))
    text = text_of(rows)
    start = time.process_time()
    judged = judge_text(text)
    milliseconds = (time.process_time() - start) * 1000
    guess = judged.document_class
    said = guess if guess and (serves(guess, EXTRACTORS[guess](rows)) or not is_empty(text)) else None
    return _Told(asked, said, judged.confidence if said else 0.0, milliseconds)


def _verdict(told: _Told, threshold: float) -> str:
    if told.said is None or told.confidence < threshold:
        return "open" if told.asked.truth else "right"
    return "right" if told.said is told.asked.truth else "wrong"


def _print_table(told: list[_Told], threshold: float) -> None:
    print(f"threshold {threshold}          pages   right   wrong    open   right of decided")
    for group in dict.fromkeys(each.asked.group for each in told):
        for level in LEVELS:
            counts = Counter(_verdict(each, threshold) for each in told if (each.asked.group, each.asked.level) == (group, level))
            decided = counts["right"] + counts["wrong"]
            share = f"{counts['right'] / decided:.2%}" if decided else "-"
            print(f"{group:17} {level:9} {counts.total():5} {counts['right']:7} {counts['wrong']:7} {counts['open']:7}   {share}")
    times = sorted(each.milliseconds for each in told)
    print(f"ms a page: median {times[len(times) // 2]:.2f}, worst {times[-1]:.2f}")


def _print_sweep(told: list[_Told]) -> None:
    print("threshold   wrong of decided   open of a class   strangers taken for one")
    own = [each for each in told if each.asked.truth]
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        counts = Counter(_verdict(each, threshold) for each in own)
        taken = sum(_verdict(each, threshold) == "wrong" for each in told if not each.asked.truth)
        decided = counts["right"] + counts["wrong"]
        print(f"{threshold:9}   {counts['wrong']:5} / {decided:<8}   {counts['open']:5} / {len(own):<7}   {taken}")


if __name__ == "__main__":
    main()
