"""Measures the quality gate: does it know when reading will fail, does it let readable pages through, what does it cost.

    python -m bench.quality_gate [--quick] [--cases 200]

The cases are held out: no threshold or coefficient has seen their seeds. Reading fails when less than half of what is printed on the
page comes out (docs/adr/0019); beside it stands the older question, whether fewer than half of the wanted fields are found. Each AUC
has the interval that holds 95 % of as many pages drawn again. The peer is the variance of the Laplacian. A first run reads each page
once; later ones ask the engine no more.
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

FIRST_SEED, CASES, QUICK_CASES = 47_000, 200, 30
_HIDES = {Damage.CUT_OFF, Damage.GLARE, Damage.THUMB}  # the rest may be sharp, yet fields are gone
_MEGAPIXELS_12 = (3000, 4000)
_TIMES = 25
_DRAWS = 1000


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


def interval(failed: NDArray[np.bool_], score: NDArray[np.float64]) -> str:
    """Tell the AUC and its 95 % interval, by drawing as many pages again a thousand times."""
    chance = np.random.default_rng(1)
    drawn = (chance.integers(0, len(failed), len(failed)) for _ in range(_DRAWS))
    low, high = np.nanquantile([auc(failed[each], score[each]) for each in drawn], [0.025, 0.975])
    return f"{auc(failed, score):.3f} ({low:.3f}..{high:.3f})"


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
    parser.add_argument("--cases", type=int, default=CASES)
    arguments = parser.parse_args()
    count = QUICK_CASES if arguments.quick else arguments.cases
    judged = [judge(*each) for each in read_cases(range(FIRST_SEED, FIRST_SEED + count))]
    print_prediction("all damages", judged)
    print_prediction("nothing hidden", [each for each in judged if not _HIDES & each.case.damages.keys()])
    print_prediction("hidden in part", [each for each in judged if _HIDES & each.case.damages.keys()])
    print_retakes(judged)
    print_turns(judged)
    print_time(decode_picture(judged[0].case.take(), 50_000_000))


def print_prediction(name: str, judged: list[Judged]) -> None:
    """Print how well failure is told, in either sense, before reading, by the gate and its peer, and after it."""
    by = {
        "gate": np.array([each.probability for each in judged]),
        "variance of Laplacian": np.array([-each.laplacian for each in judged]),
        "gate, then the reader's own confidence": np.array([each.probability - 2 * each.outcome.sureness for each in judged]),
    }
    print(f"{name}: {len(judged)} pages")
    for question, failed in (
        ("less than half of the print comes out", np.array([each.outcome.is_unreadable for each in judged])),
        ("fewer than half of the fields are found", np.array([each.outcome.lacks_fields for each in judged])),
    ):
        print(f"    {question}: {failed.sum()}; AUC " + ", ".join(f"{who} {interval(failed, score)}" for who, score in by.items()))


def print_retakes(judged: list[Judged]) -> None:
    """Print how many readable pages are asked for again, and how many unreadable ones."""
    for name, failed in (("readable", False), ("unreadable", True)):
        kind = [each for each in judged if each.outcome.is_unreadable is failed]
        refused = [each for each in kind if each.refused]
        print(f"asked for again: {len(refused)} of {len(kind)} {name} pages = {100 * len(refused) / max(1, len(kind)):.1f} %")
        for each in refused if not failed else ():
            damages = ", ".join(f"{damage} {strength}" for damage, strength in each.case.damages.items())
            found = f"{each.outcome.read / each.outcome.printed:.2f} of the print, {each.outcome.found} of {each.outcome.wanted} fields"
            print(f"    seed {each.case.seed} {each.case.page.document_class} {each.case.level}: {damages or 'none'}; {found}")


def print_turns(judged: list[Judged]) -> None:
    """Print how often the gate knows whether lines run across or down, of pages laid in the four directions."""
    for name, failed in (("readable", False), ("unreadable", True)):
        kind = [each.turned for each in judged if each.outcome.is_unreadable is failed]
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
    computed: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(_TIMES):  # by turns, so that a busy minute lengthens all of them
        for name, work in works.items():
            start = time.thread_time()
            work()
            computed[name].append(1000 * (time.thread_time() - start))
    for name, times in computed.items():
        print(f"12 megapixels, {name}: ms of computing, fastest {min(times):.1f}, median {np.median(times):.1f}")
    cv2.setNumThreads(threads)


def _laplacian(pixels: Pixels) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


if __name__ == "__main__":
    main()
