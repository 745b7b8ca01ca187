"""How well scores find fraud, each figure with an interval: the claims are drawn again and again, and the figure worked out anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.values import Numbers

REVIEW_SHARES = {"1%": 0.01, "5%": 0.05, "10%": 0.10}
_REDRAWS = 200
_CELLS = 20_000_000  # of the matrix of redraws: memory stays below 160 MB however long the extract
_BINS = 10

Weights = npt.NDArray[np.float64]  # one row a redraw, one column a claim; the first row is the claims as they are


@dataclass(frozen=True)
class Scored:
    """The claims that a model was examined on: which they are, their labels, what the model said, what was at stake."""

    rows: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    log_odds: Numbers
    amounts: Numbers | None = None

    @property
    def probabilities(self) -> Numbers:
        """Give the log-odds as probabilities."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds)), dtype=np.float64)


@dataclass(frozen=True)
class Figure:
    """A figure and the bounds between which 95 of 100 such samples of claims would put it."""

    value: float
    low: float
    high: float


Figures = Mapping[str, Figure | Mapping[str, Figure]]


def measure(parts: Sequence[Scored], row_count: int, seed: int) -> dict[str, Figure | dict[str, Figure]]:
    """Give each figure as the mean over the parts (folds); a claim is redrawn in all parts together."""
    weights = _redraws(row_count, seed)
    with np.errstate(invalid="ignore", divide="ignore"):  # a redraw of few claims may hold no fraud; it tells nothing
        every = [_measure_part(part, weights[:, part.rows]) for part in parts]
    names = every[0].keys()
    means = {name: np.mean([each[name] for each in every], axis=0) for name in names}
    figures: dict[str, Figure | dict[str, Figure]] = {}
    for name, values in means.items():
        group, _, share = name.partition(" ")
        if share:
            figures.setdefault(group, {})[share] = _figure(values)  # type: ignore[index]  # a group is always a dict
        else:
            figures[name] = _figure(values)
    return figures


def difference(left: Sequence[Scored], right: Sequence[Scored], row_count: int, seed: int) -> Figure:
    """Give by how much the AUC of the left scores beats that of the right on the same claims, redrawn for both alike."""
    weights = _redraws(row_count, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.mean([_auc(one, weights) - _auc(other, weights) for one, other in zip(left, right, strict=True)], axis=0)
    value, deviation = float(gaps[0]), 1.96 * float(np.nanstd(gaps[1:], ddof=1))
    return Figure(value, value - deviation, value + deviation)


def _auc(part: Scored, weights: Weights) -> Numbers:
    return _Curve(part.log_odds, part.labels, weights[:, part.rows]).auc()


def _redraws(row_count: int, seed: int) -> Weights:
    count = max(20, min(_REDRAWS, _CELLS // row_count))
    weights = np.random.default_rng(seed).poisson(1.0, (count + 1, row_count)).astype(np.float64)
    weights[0] = 1
    return weights


def _figure(values: Numbers) -> Figure:
    value, deviation = float(values[0]), 1.96 * float(np.nanstd(values[1:], ddof=1))
    return Figure(value, max(0.0, value - deviation), min(1.0, value + deviation))


def _measure_part(part: Scored, weights: Weights) -> dict[str, Numbers]:
    curve = _Curve(part.log_odds, part.labels, weights)
    measured = {"auc": curve.auc(), "average_precision": curve.average_precision()}
    measured |= {f"recall_at {name}": curve.found_at(share) for name, share in REVIEW_SHARES.items()}
    measured["calibration_error"] = _calibration_error(part, weights)
    if part.amounts is not None:
        at_stake = _Curve(part.probabilities * part.amounts, part.labels, weights, part.amounts)
        measured |= {f"money_captured_at {name}": at_stake.found_at(share) for name, share in REVIEW_SHARES.items()}
        by_probability = _Curve(part.log_odds, part.labels, weights, part.amounts)
        measured |= {f"money_captured_by_probability_at {name}": by_probability.found_at(share) for name, share in REVIEW_SHARES.items()}
    return measured


class _Curve:
    """Claims from the highest score down, equal scores together, for every redraw at once."""

    def __init__(self, scores: Numbers, labels: npt.NDArray[np.int64], weights: Weights, worth: Numbers | None = None) -> None:
        order = np.argsort(-scores, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) != 0])
        ordered = weights[:, order]
        gain = labels[order] * (1.0 if worth is None else worth[order])
        self._all = np.add.reduceat(ordered, starts, axis=1)
        self._found = np.add.reduceat(ordered * gain, starts, axis=1)

    def auc(self) -> Numbers:
        others = self._all - self._found
        below = others.sum(axis=1, keepdims=True) - np.cumsum(others, axis=1)
        wins = (self._found * (below + others / 2)).sum(axis=1)
        return np.asarray(wins / (self._found.sum(axis=1) * others.sum(axis=1)), dtype=np.float64)

    def average_precision(self) -> Numbers:
        reviewed = np.maximum(np.cumsum(self._all, axis=1), 1e-12)
        precision = np.cumsum(self._found, axis=1) / reviewed
        return np.asarray((self._found * precision).sum(axis=1) / self._found.sum(axis=1), dtype=np.float64)

    def found_at(self, share: float) -> Numbers:
        """Give what part of all fraud lies in the best `share`; of equal scores at the edge, the part that fits in."""
        reviewed, found = np.cumsum(self._all, axis=1), np.cumsum(self._found, axis=1)
        at = [np.interp(share * every[-1], np.r_[0.0, every], np.r_[0.0, got]) for every, got in zip(reviewed, found, strict=True)]
        return np.asarray(at / np.maximum(found[:, -1], 1e-12), dtype=np.float64)


def _calibration_error(part: Scored, weights: Weights) -> Numbers:
    """Give the mean distance between what was said and what came, over ten bins of equally many claims."""
    order = np.argsort(part.log_odds, kind="stable")
    starts = np.unique(np.linspace(0, len(order), _BINS, endpoint=False).astype(np.int64))
    gaps = weights[:, order] * (part.probabilities - part.labels)[order]
    return np.asarray(np.abs(np.add.reduceat(gaps, starts, axis=1)).sum(axis=1) / weights.sum(axis=1), dtype=np.float64)
