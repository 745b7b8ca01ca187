"""Fits the hazards of `ocr/gate/failure.txt` on seeds that `bench/quality_gate.py` never looks at, and prints the file.

    python -m bench.quality_fit > new.txt && mv new.txt ocr/gate/failure.txt

The likelihood of "fewer than half of the wanted fields were found" under P = 1 − exp(−Σ softplus(steepness × (sign − midpoint))),
with pulls towards what the file says already: a few hundred photographs hold few of each kind, so they move only what they speak
of, and a fit does not forget the photographs before it. No sign can make failure less likely.
"""

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.quality_cases import read_cases
from ocr.gate.failure import load_hazards
from ocr.gate.scores import measure
from ocr.picture import decode_picture

FIRST_SEED, CASES = 10_000, 364
_STEEPNESS_PULL, _MIDPOINT_PULL = 6.0, 75.0  # chosen by cross-validation on these seeds

Vector = NDArray[np.float64]


def fit(signs: Vector, failed: Vector, steepness: Vector, midpoint: Vector) -> tuple[Vector, Vector]:
    """Fit steepness and midpoint of each column of `signs` (cases, names) to `failed` (cases, 0 or 1), from those that were."""
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
    by_hazard = np.where(failed > 0, -(1 - probability) / probability, 1.0)
    slope = by_hazard[:, None] / (1 + np.exp(-inner))
    pull = np.repeat([_STEEPNESS_PULL, _MIDPOINT_PULL], names)
    loss = -(np.log(probability) * failed).sum() + (hazard * (1 - failed)).sum() + (pull * (parameters - start) ** 2).sum()
    gradient = np.concatenate([(slope * (signs - midpoint)).sum(axis=0) * steepness, -(slope * steepness).sum(axis=0)])
    return float(loss), gradient + 2 * pull * (parameters - start)


def main() -> None:
    """Read the cases, fit, print the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    known = load_hazards()
    rows, failed = [], []
    for _, content, outcome in read_cases(range(FIRST_SEED, FIRST_SEED + parser.parse_args().cases)):
        signs = measure(decode_picture(content, 50_000_000)).signs
        rows.append([signs[name] for name in known])
        failed.append(float(outcome.failed))
    before = (np.array([getattr(hazard, key) for hazard in known.values()]) for key in ("steepness", "midpoint"))
    steepness, midpoint = fit(np.array(rows), np.array(failed), *before)
    print(f"# Fitted by `python -m bench.quality_fit` on seeds {FIRST_SEED}..{FIRST_SEED + len(rows) - 1} of bench/quality_cases.py:")
    print(f"# {len(rows)} photographs, of which PP-OCR failed on {sum(failed):.0f}. Held-out figures: python -m bench.quality_gate")
    print("# sign           steepness  midpoint")
    for name, slope, middle in zip(known, steepness, midpoint, strict=True):
        print(f"{name:16} {slope:8.1f} {middle:9.2f}")


if __name__ == "__main__":
    main()
