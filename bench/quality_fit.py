"""Fits the hazards of `ocr/gate/failure.txt` on seeds that `bench/quality_gate.py` never looks at, and prints the file.

    python -m bench.quality_fit > new.txt && mv new.txt ocr/gate/failure.txt

The likelihood of "fewer than half of the wanted fields were found" under P = 1 − exp(−Σ softplus(steepness × (score − midpoint))),
with weak pulls towards steepness 12 and midpoint 0.8; no score can make failure less likely.
"""

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.quality_cases import read_cases
from ocr.gate.scores import SCORES, measure
from ocr.picture import decode_picture

FIRST_SEED, CASES = 10_000, 1300
_TOLERATED = ("skew", "fold", "screen")  # the readers stand them as far as the camera goes
FITTED = tuple(name for name in SCORES if name not in _TOLERATED)
_STEEPNESS, _MIDPOINT, _PULL = 12.0, 0.8, 0.02

Vector = NDArray[np.float64]


def fit(scores: Vector, failed: Vector) -> tuple[Vector, Vector]:
    """Fit steepness and midpoint of each column of `scores` (cases, names) to `failed` (cases, 0 or 1)."""
    names = scores.shape[1]
    start = np.concatenate([np.full(names, np.log(_STEEPNESS)), np.full(names, _MIDPOINT)])
    bounds = [(np.log(4), np.log(40))] * names + [(0.2, 1.6)] * names
    found = minimize(_loss, start, (scores, failed), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.exp(found.x[:names]), found.x[names:]


def _loss(parameters: Vector, scores: Vector, failed: Vector) -> tuple[float, Vector]:
    names = scores.shape[1]
    steepness, midpoint = np.exp(parameters[:names]), parameters[names:]
    inner = steepness * (scores - midpoint)
    hazard = np.logaddexp(0, inner).sum(axis=1)
    probability = np.clip(-np.expm1(-hazard), 1e-9, 1 - 1e-12)
    by_hazard = np.where(failed > 0, -(1 - probability) / probability, 1.0)
    slope = by_hazard[:, None] / (1 + np.exp(-inner))
    pull_steepness, pull_midpoint = parameters[:names] - np.log(_STEEPNESS), midpoint - _MIDPOINT
    loss = -(np.log(probability) * failed).sum() + (hazard * (1 - failed)).sum()
    loss += _PULL * (10 * (pull_steepness**2).sum() + 50 * (pull_midpoint**2).sum())
    gradient_steepness = (slope * (scores - midpoint)).sum(axis=0) * steepness + 20 * _PULL * pull_steepness
    gradient_midpoint = -(slope * steepness).sum(axis=0) + 100 * _PULL * pull_midpoint
    return float(loss), np.concatenate([gradient_steepness, gradient_midpoint])


def main() -> None:
    """Read the cases, fit, print the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    rows, failed = [], []
    for _, content, outcome in read_cases(range(FIRST_SEED, FIRST_SEED + parser.parse_args().cases)):
        scores = measure(decode_picture(content, 50_000_000)).scores
        rows.append([scores[name] for name in FITTED])
        failed.append(float(outcome.failed))
    steepness, midpoint = fit(np.array(rows), np.array(failed))
    print(f"# Fitted by `python -m bench.quality_fit` on seeds {FIRST_SEED}..{FIRST_SEED + len(rows) - 1} of bench/quality_cases.py:")
    print(f"# {len(rows)} photographs, of which PP-OCR failed on {sum(failed):.0f}. Held-out figures: python -m bench.quality_gate")
    print("# score      steepness  midpoint")
    for name, slope, middle in zip(FITTED, steepness, midpoint, strict=True):
        print(f"{name:12} {slope:8.1f} {middle:9.2f}")


if __name__ == "__main__":
    main()
