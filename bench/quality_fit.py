"""Fits what the quality gate makes of its signs, on seeds that `bench/quality_gate.py` never looks at, and prints one of its two files.

    python -m bench.quality_fit hazards > new.txt && mv new.txt ocr/gate/failure.txt
    python -m bench.quality_fit steps > new.txt && mv new.txt ocr/gate/failure_steps.txt

Hazards: the likelihood of "less than half of the print came out" under P = 1 − exp(−Σ softplus(steepness × (sign − midpoint))), with pulls
towards what the file says already: a few hundred photographs hold few of each kind, so they move only what they speak of, and a fit does
not forget the photographs before it. Steps: boosted trees of one question each over half of the hazards' log-odds; added up, they are one
table of steps a sign. No fault can make failure less likely in either. A page of which 0.48 came out and one of which 0.52 did hardly
differ, so each counts as failed in part: how much came out says more than on which side of the half it fell. How well the steps do on
pages that they were not fitted on, in eight parts, is told on the error output.
"""

import argparse
import sys
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.quality_cases import read_cases
from bench.quality_gate import auc
from ocr.gate.failure import ALWAYS, hazard_log_odds, load_hazards
from ocr.gate.scores import measure
from ocr.picture import decode_picture

FIRST_SEED, HAZARD_CASES, STEP_CASES = 10_000, 190, 1300
_STEEPNESS_PULL, _MIDPOINT_PULL = 2.0, 25.0  # chosen by cross-validation on these seeds
_NEAR_HALF = 0.1  # of the print: so far from the half, three in four pages as bad fall on the same side
_LOOKS = ("print.", "sheet.", "light.")  # signs that are no faults: more of them may be better or worse
_ROUNDS, _PARTS = 300, 8
_BOOSTING = {
    "objective": "cross_entropy",
    "num_leaves": 2,
    "learning_rate": 0.06,
    "max_bin": 31,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 1,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Read:
    """Photographs and what reading made of them: a row of signs each, the share of its print that came out, and the hazards' log-odds."""

    names: list[str]
    signs: Vector
    shares: Vector
    log_odds: Vector

    @property
    def failed(self) -> Vector:
        """How far each counts as failed, 0 to 1."""
        return np.asarray(1 / (1 + np.exp((self.shares - 0.5) / _NEAR_HALF)))


def read_all(cases: int) -> Read:
    """Measure and read the photographs of so many seeds."""
    rows, shares = [], []
    for _, content, outcome in read_cases(range(FIRST_SEED, FIRST_SEED + cases)):
        rows.append(measure(decode_picture(content, 50_000_000)).signs)
        shares.append(outcome.read / outcome.printed)
    names = [*load_hazards(), *(name for name in rows[0] if name.startswith(_LOOKS))]
    signs = np.array([[row[name] for name in names] for row in rows])
    return Read(names, signs, np.array(shares), np.array([hazard_log_odds(row) for row in rows]))


def fit(signs: Vector, failed: Vector, steepness: Vector, midpoint: Vector) -> tuple[Vector, Vector]:
    """Fit steepness and midpoint of each column of `signs` (cases, names) to `failed` (cases, 0 to 1), from those that were."""
    names = signs.shape[1]
    start = np.concatenate([np.log(steepness), midpoint])
    bounds = [(np.log(3), np.log(60))] * names + [(0.05, 1.8)] * names
    found = minimize(_loss, start, (start, signs, failed), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.exp(found.x[:names]), found.x[names:]


def _loss(parameters: Vector, start: Vector, signs: Vector, failed: Vector) -> tuple[float, Vector]:
    names = signs.shape[1]
    steepness, midpoint = np.exp(parameters[:names]), parameters[names:]
    inner = steepness * (signs - midpoint)
    hazard = np.logaddexp(0, inner).sum(axis=1)
    probability = np.clip(-np.expm1(-hazard), 1e-9, 1 - 1e-12)
    by_hazard = 1 - failed - failed * (1 - probability) / probability
    slope = by_hazard[:, None] / (1 + np.exp(-inner))
    pull = np.repeat([_STEEPNESS_PULL, _MIDPOINT_PULL], names)
    loss = -(np.log(probability) * failed).sum() + (hazard * (1 - failed)).sum() + (pull * (parameters - start) ** 2).sum()
    gradient = np.concatenate([(slope * (signs - midpoint)).sum(axis=0) * steepness, -(slope * steepness).sum(axis=0)])
    return float(loss), gradient + 2 * pull * (parameters - start)


def fit_steps(read: Read, chosen: NDArray[np.bool_]) -> dict[tuple[str, float], float]:
    """Fit the steps to some of the photographs: what is added beyond each bound of a sign."""
    one_way = [0 if name.startswith(_LOOKS) else 1 for name in read.names]
    known = lightgbm.Dataset(read.signs[chosen], read.failed[chosen], init_score=read.log_odds[chosen])
    boosted = lightgbm.train(_BOOSTING | {"monotone_constraints": one_way}, known, _ROUNDS).dump_model()
    steps = {(ALWAYS, 0.0): 0.0}
    for tree in (each["tree_structure"] for each in boosted["tree_info"]):
        if "threshold" not in tree:
            steps[ALWAYS, 0.0] += tree["leaf_value"]
            continue
        below, above = tree["left_child"]["leaf_value"], tree["right_child"]["leaf_value"]
        step = read.names[tree["split_feature"]], float(f"{tree['threshold']:.4g}")
        steps[ALWAYS, 0.0] += below
        steps[step] = steps.get(step, 0.0) + above - below
    return steps


def log_odds_of(read: Read, steps: dict[tuple[str, float], float]) -> Vector:
    """Give the log-odds of failure of every photograph."""
    column = {name: read.signs[:, place] for place, name in enumerate(read.names)}
    return read.log_odds + sum(adds * (1 if name == ALWAYS else column[name] > beyond) for (name, beyond), adds in steps.items())


def _tell_how_good(read: Read) -> None:
    part = np.random.default_rng(1).integers(0, _PARTS, len(read.shares))
    judged = np.zeros(len(part))
    for each in range(_PARTS):
        judged[part == each] = log_odds_of(read, fit_steps(read, part != each))[part == each]
    lost, chance = 2 * read.shares < 1, 1 / (1 + np.exp(-judged))
    print(f"in {_PARTS} parts: AUC {auc(lost, judged):.3f}; hazards alone {auc(lost, read.log_odds):.3f}", file=sys.stderr)
    for bound in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97):
        refused = chance > bound
        counts = f"{(refused & ~lost).sum()} of {(~lost).sum()} readable pages, {(refused & lost).sum()} of {lost.sum()} lost ones"
        print(f"    asked for again at {bound}: {counts}", file=sys.stderr)


def print_hazards(read: Read) -> None:
    """Fit the hazards from those of the file, and print it anew."""
    known = load_hazards()
    before = (np.array([getattr(hazard, key) for hazard in known.values()]) for key in ("steepness", "midpoint"))
    steepness, midpoint = fit(read.signs[:, : len(known)], read.failed, *before)
    _print_head("hazards", read)
    print("# sign           steepness  midpoint")
    for name, slope, middle in zip(known, steepness, midpoint, strict=True):
        print(f"{name:16} {slope:8.1f} {middle:9.2f}")


def print_steps(read: Read) -> None:
    """Fit the steps, tell how good they are, and print their file."""
    _tell_how_good(read)
    _print_head("steps", read)
    print("# sign              beyond     adds")
    for (name, beyond), adds in sorted(fit_steps(read, np.ones(len(read.shares), dtype=bool)).items()):
        print(f"{name:16} {beyond:9.4g} {adds:8.3f}")


def _print_head(what: str, read: Read) -> None:
    count, lost = len(read.shares), int(np.sum(2 * read.shares < 1))
    print(f"# Fitted by `python -m bench.quality_fit {what}` on seeds {FIRST_SEED}..{FIRST_SEED + count - 1} of bench/quality_cases.py:")
    print(f"# {count} photographs, of which PP-OCR lost more than half on {lost}. Held-out figures: python -m bench.quality_gate")


def main() -> None:
    """Read the cases, fit, print the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("hazards", "steps"))
    parser.add_argument("--cases", type=int)
    arguments = parser.parse_args()
    if arguments.what == "hazards":
        print_hazards(read_all(arguments.cases or HAZARD_CASES))
    else:
        print_steps(read_all(arguments.cases or STEP_CASES))


if __name__ == "__main__":
    main()
