"""Counts the fields that reading finds on the sandbox's documents: by class, damage and layout, and the seconds a page takes.

    python -m bench.ocr_fields [--rounds 1] [--engine auto] [--fitting] [--misses] [--fresh]
    python -m bench.ocr_fields --pages 363 [--misses]

The second reads so many pages full of amounts, to count errors that are rare; it may be stopped and started again.

A field counts as right when its value is exactly the true one, and as wrong but confident when another value
would have gone straight through. A box is right when a person who looks there finds the value: it covers the middle
of the print as the photograph truly shows it, or shares 0.3 of their union.
Engines remember what they read in var/bench-ocr; `--fresh` reads everything anew.
"""

import argparse
import resource
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.ocr.cached_engine import FOLDER
from bench.ocr.dense import dense_shots
from bench.ocr.interval import tell_share
from bench.ocr.judging import Judged, judge, misses_of
from bench.ocr.pages import Grade, Shot, fitting_shots, measuring_shots, pages_of
from bench.ocr.placing import hold_box
from bench.ocr.reading import Reading, RememberingReader, read_all
from ocr.settings import OcrSettings

__all__ = ["misses_of", "pages_of"]  # the tests read the same pages

_Row = tuple[Shot, Judged]


def main() -> None:
    """Read every shot, print misses as they come and the tables at the end."""
    arguments = _parse_arguments()
    with tempfile.TemporaryDirectory() as empty:
        reader = RememberingReader(
            OcrSettings(engine=arguments.engine, backend=arguments.backend), Path(empty) if arguments.fresh else FOLDER
        )
        rows: list[_Row] = []
        readings: list[Reading] = []
        for reading in read_all(_wanted(arguments), reader):
            judged = [hold_box(each, reading.document, reading.places) for each in judge(reading.shot.page, reading.document)]
            rows += [(reading.shot, each) for each in judged]
            readings.append(reading)
            if arguments.misses:
                _print_misses(reading, judged)
        if arguments.pages:
            _print_amounts(rows, reader.settings.field_confidence_min)
        _print_tables(rows, readings, reader.settings.field_confidence_min)
        _print_times(readings, reader)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--layout", default="", help="only pages of this layout")
    parser.add_argument("--pages", type=int, default=0, help="so many pages full of amounts, instead of every class in every layout")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--fitting", action="store_true", help="the pages that the calibration was fitted on, instead of new ones")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    return parser.parse_args()


def _wanted(arguments: argparse.Namespace) -> list[Shot]:
    if arguments.pages:
        return list(dense_shots(arguments.pages))
    if arguments.fitting:
        return fitting_shots()
    every = [shot for held_out in (False, True) for shot in measuring_shots(held_out=held_out, rounds=arguments.rounds)]
    return [shot for shot in every if arguments.layout in ("", shot.layout)]


def _print_misses(reading: Reading, judged: Sequence[Judged]) -> None:
    shot, document = reading.shot, reading.document
    notes = [each.code for each in document.findings]
    wrong = [each for each in judged if not each.is_right]
    if wrong or document.document_class is not shot.document_class:
        print(f"{shot.document_class} {shot.layout} {shot.grade} {shot.seed}: {document.document_class} {document.state} {notes}")
        for each in wrong:
            print(f"    {each.name}: {each.truth!r} read as {each.read!r} at {each.confidence:.3f}")
    for each in judged:
        if each.is_box_right is False:
            print(f"{shot.document_class} {shot.layout} {shot.grade} {shot.seed}: box of {each.name} {each.truth!r} is elsewhere")


def _print_amounts(rows: Sequence[_Row], confident: float) -> None:
    """Print how many amounts were right, went straight through, and went straight through wrong, each with its 95 % interval."""
    amounts = [each for _, each in rows if each.is_amount]
    sure = [each for each in amounts if is_confident(each, confident)]
    print(f"amounts right                {tell_share(sum(each.is_right for each in amounts), len(amounts))}")
    print(f"amounts straight through     {tell_share(len(sure), len(amounts))}")
    print(f"amounts wrong but confident  {tell_share(sum(not each.is_right for each in sure), len(amounts))}")


def _print_tables(rows: Sequence[_Row], readings: Sequence[Reading], confident: float) -> None:
    grades = [grade for grade in Grade if any(shot.grade is grade for shot, _ in rows)]
    print(f"{'fields right / asked':36}" + "".join(f"{grade:>21}" for grade in grades))
    groups = dict.fromkeys((shot.is_held_out, shot.document_class, shot.layout) for shot, _ in rows)
    for group in groups:
        held_out, document_class, layout = group
        own = [row for row in rows if (row[0].is_held_out, row[0].document_class, row[0].layout) == group]
        print(f"{document_class + ' ' + layout + (' (held out)' if held_out else ''):36}" + _shares(own, grades))
    for title in dict.fromkeys(map(_title, (shot for shot, _ in rows))):
        own = [row for row in rows if _title(row[0]) == title]
        print(f"{title + ': right':36}" + _shares(own, grades))
        print(f"{title + ': found':36}" + _shares(own, grades, lambda each: each.read is not None))
        print(f"{title + ': wrong but confident':36}" + _shares(own, grades, lambda each: is_wrong_but_confident(each, confident)))
        amounts = [row for row in own if row[1].is_amount]
        print(f"{'  of amounts':36}" + _shares(amounts, grades, lambda each: is_wrong_but_confident(each, confident)))
        print(f"{'  straight through':36}" + _shares(own, grades, lambda each: is_confident(each, confident)))
        placed = [row for row in own if row[1].is_box_right is not None]
        print(f"{'  box right, of right values':36}" + _shares(placed, grades, lambda each: each.is_box_right is True))
    classed = sum(each.document.document_class is each.shot.document_class for each in readings)
    print(f"classified right: {classed} of {len(readings)}")


def _title(shot: Shot) -> str:
    return f"held-out {shot.layout}" if shot.is_held_out else "tuned layouts"


def is_confident(each: Judged, confident: float) -> bool:
    """Tell whether nobody would be asked for this field."""
    return each.read is not None and not each.is_doubted and (each.is_proven or each.confidence >= confident)


def is_wrong_but_confident(each: Judged, confident: float) -> bool:
    """Tell whether a wrong value would have gone straight through."""
    return is_confident(each, confident) and not each.is_right


def _shares(rows: Sequence[_Row], grades: Sequence[Grade], counts: Callable[[Judged], bool] = lambda each: each.is_right) -> str:
    cells = []
    for grade in grades:
        own = [each for shot, each in rows if shot.grade is grade]
        hits = sum(map(counts, own))
        cells.append(f"{hits:>7}/{len(own):<5}{hits / len(own):8.4f}" if own else " " * 21)
    return "".join(cells)


def _print_times(readings: Sequence[Reading], reader: RememberingReader) -> None:
    times = sorted(each.seconds for each in readings)
    print(f"CPU s a page, all stages: median {times[len(times) // 2]:.2f}, worst {times[-1]:.2f}; freshly read {reader.first.fresh}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
