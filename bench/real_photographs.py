"""Counts what gate and readers do with pictures that the sandbox did not make: photographs and scans kept outside of the project.

    python -m bench.real_photographs [FOLDER] [--truths FILE] [--engines auto,rapidocr,tesseract] [--list]

Every file below FOLDER (var/real-photographs unless named) is read, refused by the gate or not, so that a wrong refusal can be told.
Its first folder is its group. Whatever it is called, it is a stranger: a class told of it counts as false, unless the truths name it.
Nothing that was read is printed or kept. FILE is JSON: {"group/name.jpg": {"texts": ["as printed", …], "turned": 90, "class": "id_card"}},
each key optional; `turned` is by how many degrees clockwise the picture must be turned to stand upright (0 unless named).
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench.ocr.sighting import Sighting, WatchedReader, look_at
from ocr.settings import ENGINES, OcrSettings

_FOLDER = Path("var/real-photographs")
_WELL_READ = 0.82  # mean confidence; as ocr/orientation.py, which needs no truth either
_CHARACTERS_MIN = 12
_FOUND_MIN = 0.5  # of the wanted texts; as bench/quality_gate.py

Truths = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Read the folder with each engine in a process of its own, and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=_FOLDER)
    parser.add_argument("--truths", type=Path)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--list", action="store_true", help="a line for each file too")
    arguments = parser.parse_args()
    paths = sorted(each for each in arguments.folder.rglob("*") if each.is_file())
    if not paths:
        print(f"skipped: no pictures in {arguments.folder}; real ones are no part of the project, docs/documents.md tells of some")
        return
    truths: Truths = json.loads(arguments.truths.read_text("utf-8")) if arguments.truths else {}
    with tempfile.TemporaryDirectory() as memory:  # what one engine read counts for the next, and is gone in the end
        for engine in arguments.engines.split(","):
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                sightings, peak_mb = alone.submit(look_at_all, arguments.folder, paths, truths, engine, Path(memory)).result()
            print_engine(engine, arguments.folder, sightings, truths, peak_mb)
            if arguments.list:
                print_files(arguments.folder, sightings)


def look_at_all(folder: Path, paths: Sequence[Path], truths: Truths, engine: str, memory: Path) -> tuple[list[Sighting], int]:
    """Read all files with one engine; also the most memory it took, in MB."""
    settings = OcrSettings(engine=engine)
    reader = WatchedReader(settings, memory)
    sightings = []
    for path in paths:
        wanted = truths.get(_name(folder, path), {}).get("texts", ())
        sightings.append(look_at(path, wanted, reader, settings.quality.reading_fails))
    return sightings, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def is_read_well(sighting: Sighting) -> bool:
    """Tell whether a person would have no reason to ask for it again: by the texts found, or without a truth by the reader's confidence."""
    if sighting.wanted:
        return sighting.found >= _FOUND_MIN * sighting.wanted
    return sighting.characters >= _CHARACTERS_MIN and sighting.confidence >= _WELL_READ


def print_engine(engine: str, folder: Path, sightings: Sequence[Sighting], truths: Truths, peak_mb: int) -> None:
    """Print a table of the groups, then what deserves a look."""
    print(f"== {engine}: {len(sightings)} files, peak memory {peak_mb} MB")
    print(f"{'':14}{'files':>6}{'errors':>7}{'crashes':>8}{'sheets':>7}{'well read':>10}{'asked again':>12}{'of well read':>13}", end="")
    print(f"{'false class':>12}{'wrong turn':>11}{'boxes off':>10}{'confidence':>11}{'texts found':>12}{'characters':>11}{'CPU s':>7}")
    groups = dict.fromkeys(_name(folder, each.path).split("/")[0] for each in sightings)
    for group in groups:
        _print_group(group, [each for each in sightings if _name(folder, each.path).split("/")[0] == group], folder, truths)
    _print_group("all", sightings, folder, truths)
    print(f"blamed: {dict(Counter(name for each in sightings for name in each.blamed).most_common())}")
    for each in sightings:
        reasons = list(_remarkable(each, truths.get(_name(folder, each.path), {})))
        if reasons:
            print(f"    {_name(folder, each.path)}: {'; '.join(reasons)}")


def _print_group(group: str, sightings: Sequence[Sighting], folder: Path, truths: Truths) -> None:
    truth_of = {each.path: truths.get(_name(folder, each.path), {}) for each in sightings}
    opened = [each for each in sightings if not each.error]
    well = [each for each in opened if is_read_well(each)]
    sheets = [sheet for each in opened for sheet in each.sheets]
    known = [each for each in opened if each.accuracy is not None]
    characters = sum(each.characters for each in opened)
    counts = (
        f"{group:14}{len(sightings):>6}{len(sightings) - len(opened):>7}{sum(each.is_crash for each in sightings):>8}{len(sheets):>7}"
        f"{len(well):>10}{sum(each.is_refused for each in opened):>12}{sum(each.is_refused for each in well):>13}"
        f"{sum(is_false_class(each, truth_of[each.path]) for each in opened):>12}"
        f"{sum(is_turned_wrong(each, truth_of[each.path]) for each in well):>11}{sum(sheet.boxes_outside for sheet in sheets):>10}"
    )
    print(counts, end="")
    print(f"{sum(each.confidence * each.characters for each in opened) / max(1, characters):>11.3f}", end="")
    texts = f"{sum(each.found for each in known)}/{sum(each.wanted for each in known)}" if known else "–"
    accuracy = f"{sum(each.accuracy or 0.0 for each in known) / len(known):.3f}" if known else "–"
    print(f"{texts:>12}{accuracy:>11}{sum(each.seconds for each in opened) / max(1, len(sheets)):>7.2f}")


def is_false_class(sighting: Sighting, truth: Mapping[str, Any]) -> bool:
    """Tell whether it was said to be of a class of which it is not."""
    return any(each != truth.get("class") for each in sighting.classes)


def is_turned_wrong(sighting: Sighting, truth: Mapping[str, Any]) -> bool:
    """Tell whether a sheet was turned although the picture stands upright, or not as far as it must be."""
    return any(sheet.turned_degrees != truth.get("turned", 0) for sheet in sighting.sheets if sheet.characters >= _CHARACTERS_MIN)


def _remarkable(sighting: Sighting, truth: Mapping[str, Any]) -> list[str]:
    if sighting.error:
        return [f"{'crashed with ' if sighting.is_crash else ''}{sighting.error}"]
    well = is_read_well(sighting)
    reasons = []
    if sighting.is_refused and well:
        reasons.append(f"asked for again for {', '.join(sighting.blamed) or 'no single score'} at {sighting.fails:.2f}, but read well")
    if is_false_class(sighting, truth):
        reasons.append(f"told as {', '.join(sighting.classes)}")
    if well and is_turned_wrong(sighting, truth):
        reasons.append(f"turned by {', '.join(str(sheet.turned_degrees) for sheet in sighting.sheets)}°")
    if sighting.wanted and not well:
        reasons.append(f"only {sighting.found} of {sighting.wanted} texts found, gate {sighting.fails:.2f}")
    return reasons


def print_files(folder: Path, sightings: Sequence[Sighting]) -> None:
    """Print a line for each file: what was measured of it, and nothing of what it says."""
    for each in sightings:
        accuracy = "" if each.accuracy is None else f", characters {each.accuracy:.3f}"
        gate = f"gate {each.fails:.2f}{' refused' * each.is_refused} {','.join(each.blamed)}"
        print(
            f"{_name(folder, each.path)}: {each.error or 'read'}, {gate}, {each.lines} lines, {each.characters} characters at "
            f"{each.confidence:.3f}, turned {[sheet.turned_degrees for sheet in each.sheets]}, "
            f"{each.found} of {each.wanted} texts{accuracy}, {each.seconds:.2f} s {' '.join(each.classes)}"
        )


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


if __name__ == "__main__":
    main()
