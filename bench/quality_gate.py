"""Measures the quality gate: does it know when reading will fail, does it let readable pages through, what does it cost.

    python -m bench.quality_gate [--quick]

The cases are held out: no threshold or coefficient has seen their seeds. Reading fails when the real reader finds fewer than half
of the wanted fields. The peer is the variance of the Laplacian. A first run reads each page once; later runs use what it kept.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.quality_cases import Case, Outcome, read_cases
from ocr.picture import Pixels, decode_picture
from ocr.quality import measure_quality
from ocr.settings import QualityThresholds
from sandbox.damage import Damage

FIRST_SEED, CASES, QUICK_CASES = 30_000, 300, 30
_HIDES = {Damage.CUT_OFF, Damage.GLARE, Damage.THUMB}  # the rest may be sharp, yet fields are gone
_MEGAPIXELS_12 = (3000, 4000)
_TIMES = 25


@dataclass(frozen=True)
class Judged:
    """One case, what the gate and the peer said, and what reading made of it."""

    case: Case
    outcome: Outcome
    probability: float
    refused: bool
    laplacian: float
    turned: tuple[bool, float]  # whether the picture was laid on its side before it was asked, and how surely the gate said so


def auc(failed: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Compute how often a failed case scores above one that was read; ties count half. NaN without both kinds."""
    bad, good = score[failed][:, None], score[~failed][None]
    return float(((bad > good) + 0.5 * (bad == good)).mean()) if bad.size and good.size else float("nan")


def judge(case: Case, content: bytes, outcome: Outcome) -> Judged:
    """Let the gate and its peer look at a picture."""
    pixels = decode_picture(content, 50_000_000)
    overall = measure_quality(pixels, QualityThresholds())[0]
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    laplacian = float(cv2.Laplacian(gray, cv2.CV_64F).var())
    quarter_turns = case.seed % 4
    said = measure_quality(np.ascontiguousarray(np.rot90(pixels, quarter_turns)), QualityThresholds())[-1]
    return Judged(case, outcome, overall.score, not overall.passed, laplacian, (quarter_turns % 2 == 1, said.score))


def main() -> None:
    """Judge the held-out cases and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = QUICK_CASES if parser.parse_args().quick else CASES
    judged = [judge(*each) for each in read_cases(range(FIRST_SEED, FIRST_SEED + count))]
    print_prediction("all damages", judged)
    print_prediction("nothing hidden", [each for each in judged if not _HIDES & each.case.damages.keys()])
    print_prediction("hidden in part", [each for each in judged if _HIDES & each.case.damages.keys()])
    print_retakes(judged)
    print_turns(judged)
    print_time(decode_picture(judged[0].case.take(), 50_000_000))


def print_prediction(name: str, judged: list[Judged]) -> None:
    """Print how well "reading will fail" is told, before reading, by the gate and its peer, and after it."""
    failed = np.array([each.outcome.failed for each in judged])
    by = {
        "gate": [each.probability for each in judged],
        "variance of Laplacian": [-each.laplacian for each in judged],
        "gate, then the reader's own confidence": [each.probability - 2 * each.outcome.sureness for each in judged],
    }
    figures = ", ".join(f"{who} {auc(failed, np.array(scores)):.3f}" for who, scores in by.items())
    print(f"{name}: {len(judged)} pages, reading fails on {failed.sum()}; AUC {figures}")


def print_retakes(judged: list[Judged]) -> None:
    """Print how many readable pages are asked for again, and how many unreadable ones."""
    for name, failed in (("readable", False), ("unreadable", True)):
        kind = [each for each in judged if each.outcome.failed is failed]
        refused = [each for each in kind if each.refused]
        print(f"asked for again: {len(refused)} of {len(kind)} {name} pages = {100 * len(refused) / max(1, len(kind)):.1f} %")
        for each in refused if not failed else ():
            damages = ", ".join(f"{damage} {strength}" for damage, strength in each.case.damages.items())
            found = f"{each.outcome.found} of {each.outcome.wanted} fields found"
            print(f"    seed {each.case.seed} {each.case.page.document_class} {each.case.level}: {damages or 'none'}; {found}")


def print_turns(judged: list[Judged]) -> None:
    """Print how often the gate knows whether lines run across or down, of pages laid in the four directions."""
    for name, failed in (("readable", False), ("unreadable", True)):
        kind = [each.turned for each in judged if each.outcome.failed is failed]
        right = sum(said == float(lies) for lies, said in kind)
        wrong = sum(said == float(not lies) for lies, said in kind)
        print(f"lines across or down, {len(kind)} {name} pages: right {right}, wrong {wrong}, left open {len(kind) - right - wrong}")


def print_time(pixels: Pixels) -> None:
    """Print the milliseconds for a 12-megapixel picture, on one thread, of the processor: other work beside it counts little."""
    large = np.asarray(cv2.resize(pixels, _MEGAPIXELS_12, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    content = cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    packed = np.frombuffer(content, np.uint8)
    works: dict[str, Callable[[], object]] = {
        "gate": lambda: measure_quality(large, QualityThresholds()),
        "variance of Laplacian": lambda: _laplacian(large),
        "decoding, which comes before": lambda: decode_picture(content, 50_000_000),
        "decoding to a half": lambda: cv2.imdecode(packed, cv2.IMREAD_REDUCED_COLOR_2),
    }
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    for name, work in works.items():
        computed = []
        for _ in range(_TIMES):
            start = time.thread_time()
            work()
            computed.append(1000 * (time.thread_time() - start))
        print(f"12 megapixels, {name}: ms of computing, fastest {min(computed):.1f}, median {np.median(computed):.1f}")
    cv2.setNumThreads(threads)


def _laplacian(pixels: Pixels) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


if __name__ == "__main__":
    main()
