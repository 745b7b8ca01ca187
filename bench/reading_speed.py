"""Times reading beside the bare readers, on the same pictures in the same run; then one reading process beside two.

    python -m bench.reading_speed [--quick] [--no-pool | --pool-alone] [--pages 21] [--rounds 2] [--pool-pages 40]

CPU seconds, those of Tesseract's own process included: a page's best of the rounds, in which all readers take turns. Pages a
second are by the clock and hold on a quiet machine only: what other work took meanwhile is printed with them, and so is what
a second process brings on this machine when it only computes. `--quick` takes 6 pages in one round, and 16 for the pools.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any

import cv2

from bench.ocr.bare import bare_rapidocr, bare_tesseract
from bench.ocr.cached_engine import cpu_seconds
from bench.ocr.pages import Grade, Shot, measuring_shots
from bench.ocr.pool_speed import PoolDriver, Run, compute_ceiling
from bench.ocr.stages import Stages
from ocr.picture import decode_picture
from ocr.reading import DocumentReader
from ocr.settings import ENGINES, OcrSettings

_GRADES = (Grade.CLEAN, Grade.LIGHT, Grade.MEDIUM)
_QUIET = 0.1  # cores that other work may take
_POOL_ROUNDS = 2
_QUICK_PAGES, _QUICK_POOL_PAGES = 6, 16


def main() -> None:
    """Print the cost of a page by reader and by stage, then what a second process brings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=21)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--pool-pages", type=int, default=40)
    parser.add_argument("--no-pool", action="store_true", help="only the readers and the stages")
    parser.add_argument("--pool-alone", action="store_true", help="only one process beside two")
    parser.add_argument("--quick", action="store_true", help="fewer pages and one round: a first look in two minutes")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.pages, arguments.rounds, arguments.pool_pages = _QUICK_PAGES, 1, _QUICK_POOL_PAGES
    cv2.setNumThreads(1)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    _tell_load("before")
    if not arguments.no_pool:
        _compare_pools([shot.take() for shot in _some_shots(arguments.pool_pages)])
    if not arguments.pool_alone:
        _compare_readers(_some_shots(arguments.pages), arguments.rounds)
    _tell_load("after")


def _some_shots(count: int) -> list[Shot]:
    """Choose pages evenly from every class, layout and grade."""
    every = [shot for shot in measuring_shots(held_out=False) if shot.grade in _GRADES]
    return [every[place * len(every) // count % len(every)] for place in range(count)]


def _tell_load(when: str) -> None:
    print(f"load average {when}: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")


def _compare_readers(shots: Sequence[Shot], rounds: int) -> None:
    contents = [shot.take() for shot in shots]
    pictures = [decode_picture(content, OcrSettings().max_pixels) for content in contents]
    ours = {f"all stages, {name}": DocumentReader(OcrSettings(engine=name)) for name in ENGINES}
    for reader in ours.values():
        reader.load()
    bare = {"bare rapidocr": bare_rapidocr(), "bare tesseract": bare_tesseract()}
    ways: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {name: (read, pictures) for name, read in bare.items()}
    ways |= {"networks alone": (ours["all stages, rapidocr"].load().first.read_page, pictures)}
    ways |= {name: (reader.read_all, contents) for name, reader in ours.items()}
    stages = Stages()
    best = {name: [float("inf")] * len(shots) for name in ways}
    for _ in range(rounds):
        for place in range(len(shots)):
            for name, (read, given) in ways.items():
                best[name][place] = min(best[name][place], _time(read, given[place]))
            with stages.watching():
                ours["all stages, auto"].read_all(contents[place])
    _print_readers({name: sum(times) / len(shots) for name, times in best.items()}, len(shots))
    _print_stages(stages, rounds * len(shots))


def _time(read: Callable[[Any], Any], given: Any) -> float:
    start = cpu_seconds()
    read(given)
    return cpu_seconds() - start


def _print_readers(means: dict[str, float], pages: int) -> None:
    print(f"{'CPU s a page, ' + str(pages) + ' pages':32}{'':>8}{'/ bare rapidocr':>18}{'/ bare tesseract':>18}{'/ networks alone':>18}")
    for name, mean in means.items():
        ratios = (mean / means[other] for other in ("bare rapidocr", "bare tesseract", "networks alone"))
        print(f"{name:32}{mean:8.3f}" + "".join(f"{ratio:18.2f}" for ratio in ratios))


def _print_stages(stages: Stages, readings: int) -> None:
    total = sum(stages.seconds.values())
    print(f"{'engine auto by stage':32}{'ms a page':>12}{'share':>9}")
    for label, seconds in stages.seconds.items():
        print(f"{label:32}{seconds / readings * 1000:12.1f}{seconds / total:9.1%}")


def _compare_pools(contents: Sequence[bytes]) -> None:
    """Let one process and two take turns over the same pages; each does its work on one thread, whatever the machine has."""
    drivers = {workers: PoolDriver(OcrSettings(), workers) for workers in (1, 2)}
    for driver in drivers.values():
        driver.run(contents[:4])  # what is only done at the first page of a kind
    runs: dict[int, list[Run]] = {workers: [] for workers in drivers}
    for _ in range(_POOL_ROUNDS):
        for workers, driver in drivers.items():
            runs[workers].append(driver.run(contents))
    best = {workers: max(each, key=lambda run: run.pages_a_second) for workers, each in runs.items()}
    for workers, driver in drivers.items():
        read = sum(run.pages for run in runs[workers]) // workers
        print(
            f"{workers} reading process(es): {best[workers].pages_a_second:.2f} pages/s, "
            f"{best[workers].cpu_seconds / best[workers].pages:.3f} CPU s a page, {best[workers].others:.2f} cores taken by others; "
            f"most memory of each after {read} pages: {', '.join(f'{peak} MB' for peak in driver.peak_mb())}"
        )
        driver.pool.close()
    warning = "" if max(run.others for run in best.values()) < _QUIET else " (the machine was not quiet: this ratio says nothing)"
    print(f"two / one: {best[2].pages_a_second / best[1].pages_a_second:.2f}{warning}")
    print(f"two / one of plain arithmetic on this machine: {compute_ceiling():.2f}")


if __name__ == "__main__":
    main()
