"""Tells what reading makes of papers that curl, have yellowed, lie on wood or came through a messenger.

    python -m bench.circumstances [--quick] [--seeds 2]

Every class and layout of the seeds (which nothing was tuned on), photographed with care, plain and under each circumstance in three
strengths: fields that are exact, print that came out, pages that the gate asked for again and pages that came out as no or another class.
The gate's answer does not keep a page from being read here.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from bench.ocr_fields import pages_of
from bench.quality_cases import open_reader, outcome_of
from ocr.picture import decode_picture
from ocr.quality import measure_quality
from ocr.settings import QualityThresholds
from sandbox.circumstance import Circumstance
from sandbox.photograph import Level, photograph
from sandbox.render import render

FIRST_SEED, SEEDS = 48_000, 2
_STRENGTHS = (0.3, 0.6, 0.9)
_QUICK_EVERY = 5  # of the pages


@dataclass
class Tally:
    """What came of the pages under one circumstance."""

    pages: int = 0
    found: int = 0
    wanted: int = 0
    read: int = 0
    printed: int = 0
    refused: int = 0
    other_class: int = 0


def circumstances() -> Iterator[tuple[str, dict[Circumstance, float]]]:
    """Name the plain photograph, then every circumstance in every strength."""
    yield "plain", {}
    for each in Circumstance:
        yield from ((f"{each} {strength}", {each: strength}) for strength in _STRENGTHS)


def main() -> None:
    """Read the pages under every circumstance and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"one page in {_QUICK_EVERY}")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    arguments = parser.parse_args()
    pages = [(seed, page) for seed in range(FIRST_SEED, FIRST_SEED + arguments.seeds) for page in pages_of(seed)]
    reader = open_reader()
    print(f"{'':16}{'pages':>6}{'fields right':>20}{'print':>9}{'asked again':>13}{'wrong or no class':>19}")
    for name, strengths in circumstances():
        tally = Tally()
        for seed, page in pages[:: _QUICK_EVERY if arguments.quick else 1]:
            content = photograph(render(page), Level.GOOD, seed, None, strengths)
            documents = reader.read_all(content)
            outcome = outcome_of(page, documents)
            tally.pages += 1
            tally.found, tally.wanted = tally.found + outcome.found, tally.wanted + outcome.wanted
            tally.read, tally.printed = tally.read + outcome.read, tally.printed + outcome.printed
            tally.refused += not measure_quality(decode_picture(content, 50_000_000), QualityThresholds())[0].passed
            tally.other_class += documents[0].document_class is not page.document_class
        fields = f"{tally.found}/{tally.wanted} = {tally.found / tally.wanted:.1%}"
        print(
            f"{name:16}{tally.pages:>6}{fields:>20}{tally.read / tally.printed:>9.1%}{tally.refused:>13}{tally.other_class:>19}", flush=True
        )


if __name__ == "__main__":
    main()
