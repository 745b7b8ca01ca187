"""Measures how often readers are right at each confidence; writes the table that field confidences come from.

    python -m bench.ocr_calibration [--engine rapidocr | tesseract] [--write]

RapidOCR is measured as it is shipped, with Tesseract as the second reader; Tesseract as it reads alone.
Fits on tuned layouts with seeds 1000–1999 and measures on seeds 2000–2999, so that nothing is measured on what it was fitted to.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise

from bench.ocr.dense import list_fitting_shots
from bench.ocr.fitting import Seen, calibration_error, fit, observe, observe_agreement
from bench.ocr.pages import Shot, clean_fitting_shots, fitting_shots, measuring_shots
from bench.ocr.reading import RememberingReader
from ocr.calibration import Evidence, Kind, load_calibration, table_of
from ocr.settings import OcrSettings

_READERS = {"rapidocr": ("rapidocr", "openvino", "pytesseract"), "tesseract": ("pytesseract",)}  # by the first: whose versions count
_MORE_SHOTS = {"rapidocr": list_fitting_shots, "tesseract": clean_fitting_shots}  # to fit on: what else each has to learn from
_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
_THRESHOLDS = (0.6, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995)


def main() -> None:
    """Fit and write when asked to; then say what the stored table is worth on pages that it never saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit, and put the table in place of the stored one")
    parser.add_argument("--engine", choices=sorted(_READERS), default="rapidocr", help="whose table")
    arguments = parser.parse_args()
    settings = OcrSettings(engine="auto" if arguments.engine == "rapidocr" else arguments.engine)
    if arguments.write:
        shots = fitting_shots() + _MORE_SHOTS[arguments.engine]()
        seen = observe(RememberingReader(settings, is_calibrating=False), shots)
        if settings.engine == "auto":
            seen = [each for each in seen if each.evidence is not Evidence.AGREED]
            seen += observe_agreement(RememberingReader(replace(settings, doubtful_below=1.1), is_calibrating=False), shots)
        _write(arguments.engine, seen, shots)
        load_calibration.cache_clear()
    seen = observe(RememberingReader(settings), measuring_shots(held_out=False))
    _print_reliability(seen)
    _print_thresholds(seen)


def _write(reader: str, seen: Sequence[Seen], shots: Sequence[Shot]) -> None:
    grades = ", ".join(f"{count} {grade}" for grade, count in Counter(shot.grade for shot in shots).items())
    versions = ", ".join(f"{each} {version(each)}" for each in _READERS[reader])
    lines = [
        "# What share of values is right, by kind of field, evidence and the reader's own confidence from a start on.",
        "# kind  evidence  start  share  right  seen",
        f"# Written by python -m bench.ocr_calibration --engine {reader} --write:",
        f"# {len(shots)} pages of tuned layouts ({grades}),",
        f"# {len(seen)} values, {sum(each.is_right for each in seen)} right; {versions}.",
        "# agreed: values that nothing proves, which the second reader, asked about every number, read alike.",
        "# A kind with few values leans on all kinds together, what items are on nothing else.",
        "# Shares never fall with the confidence nor with the evidence. line: names and classes of items, of which nothing is a proof.",
    ]
    curves = fit(seen)
    for kind in Kind:
        for evidence in Evidence:
            for start, share, right, count in curves[kind, evidence]:
                lines.append(f"{kind:15}{evidence:9}{start:6.3f}  {share:.4f}  {right:5}  {count:5}")
    table_of(reader).write_text("\n".join(lines) + "\n", "utf-8")


def _print_reliability(seen: Sequence[Seen]) -> None:
    """Print raw and calibrated confidence beside the share that was right."""
    for title, pairs in (
        ("the reader's own confidence", [(each.raw, each.is_right) for each in seen]),
        ("calibrated", [(each.confidence, each.is_right) for each in seen]),
    ):
        print(f"{title}: {len(pairs)} values, expected calibration error {calibration_error(pairs, _EDGES):.4f}")
        print(f"  {'confidence':14}{'values':>7}{'mean told':>11}{'right':>8}")
        for low, high in pairwise(_EDGES):
            step = [pair for pair in pairs if low <= pair[0] < high]
            if step:
                told, right = (sum(pair[place] for pair in step) / len(step) for place in (0, 1))
                print(f"  {low:.2f} – {min(high, 1):.2f}   {len(step):>7}{told:>11.4f}{right:>8.4f}")


def _print_thresholds(seen: Sequence[Seen]) -> None:
    """Print what goes straight through at each threshold, and how much of it is wrong."""
    print(f"{'threshold':11}{'straight through':>18}{'wrong among them':>18}{'amounts wrong':>15}")
    amounts = [each for each in seen if each.kind in (Kind.AMOUNT, Kind.LINE_AMOUNT)]
    for threshold in _THRESHOLDS:
        sure = [each for each in seen if each.evidence is Evidence.PROVEN or each.confidence >= threshold]
        wrong = sum(not each.is_right for each in sure)
        wrong_amounts = sum(not each.is_right and each.kind in (Kind.AMOUNT, Kind.LINE_AMOUNT) for each in sure)
        print(f"{threshold:<11}{len(sure) / len(seen):>18.4f}{wrong:>12}/{len(sure):<5}{wrong_amounts:>9}/{len(amounts):<5}")


if __name__ == "__main__":
    main()
