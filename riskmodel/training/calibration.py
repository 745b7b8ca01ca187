"""Calibration (校准): log-odds become probabilities that can be counted on. Claims are ranked by the raw score, never by steps."""

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from domain.errors import ModelError
from domain.json_text import read_json
from riskmodel.scorecard import to_probability

PLATT_BELOW = 1_000  # frauds; with fewer, isotonic steps follow noise
_ROUNDS = 50


@dataclass(frozen=True)
class Calibrator:
    """Either a line through log-odds (Platt), or steps (isotonic) between which is interpolated."""

    kind: str
    at: tuple[float, ...]  # platt: slope, intercept; isotonic: log-odds, ascending
    gives: tuple[float, ...] = ()  # isotonic: probabilities, never descending

    def probability(self, log_odds: float) -> float:
        """Give the probability of a raw score; a higher score never gets a lower one."""
        if self.kind == "platt":
            return to_probability(self.at[0] * log_odds + self.at[1])
        place = bisect_right(self.at, log_odds)
        if place in (0, len(self.at)):
            return self.gives[0 if place == 0 else -1]
        left, right = self.at[place - 1], self.at[place]
        return self.gives[place - 1] + (self.gives[place] - self.gives[place - 1]) * (log_odds - left) / (right - left)

    def to_text(self) -> str:
        """Give the calibrator as calibrator.json holds it."""
        return json.dumps({"kind": self.kind, "at": self.at, "gives": self.gives}) + "\n"


def parse_calibrator(text: str) -> Calibrator:
    """Read calibrator.json.

    Raises:
        ModelError: it is of no known kind, or would turn the order of scores round.
    """
    try:
        raw = read_json(text)
        calibrator = Calibrator(str(raw["kind"]), tuple(map(float, raw["at"])), tuple(map(float, raw["gives"])))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"calibrator.json cannot be read: {error!r}", "restore the folder from its release") from error
    platt = calibrator.kind == "platt" and len(calibrator.at) == 2 and calibrator.at[0] > 0
    steps = calibrator.kind == "isotonic" and len(calibrator.at) == len(calibrator.gives) > 0
    if not all(map(math.isfinite, calibrator.at)) or not all(0 <= each <= 1 for each in calibrator.gives):
        raise ModelError(f"calibrator.json cannot be: {calibrator}", "scores are finite, and what they give lies between 0 and 1")
    if not platt and not (steps and _ascends(calibrator.at) and list(calibrator.gives) == sorted(calibrator.gives)):
        raise ModelError(f"calibrator.json turns the order of scores round, or is of an unknown kind {calibrator.kind!r}", "train anew")
    return calibrator


def _ascends(values: Sequence[float]) -> bool:
    return all(left < right for left, right in pairwise(values))


def fit_calibrator(log_odds: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> Calibrator:
    """Fit on scores of claims that their models had not learnt from: Platt below 1,000 frauds, isotonic from there on."""
    return _platt(log_odds, labels) if labels.sum() < PLATT_BELOW else _isotonic(log_odds, labels)


def _platt(log_odds: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> Calibrator:
    """Newton's method; the labels are drawn in a little, as Platt does, so that few frauds do not make certainty."""
    frauds = int(labels.sum())
    wanted = np.where(labels == 1, (frauds + 1) / (frauds + 2), 1 / (len(labels) - frauds + 2))
    design, line = np.column_stack([log_odds, np.ones(len(log_odds))]), np.array([1.0, 0.0])
    for _ in range(_ROUNDS):
        told = 1 / (1 + np.exp(-np.clip(design @ line, -500, 500)))
        curvature = (design * (told * (1 - told) + 1e-12)[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, design.T @ (wanted - told))
        line += step
        if np.abs(step).max() < 1e-10:
            break
    slope = max(float(line[0]), 1e-3)  # scores that are worse than none do not turn their order round
    return Calibrator("platt", (slope, float(line[1])))


def _isotonic(log_odds: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> Calibrator:
    """Pool neighbours until shares never descend; a pool's share holds from its lowest score to its highest."""
    scores, place = np.unique(log_odds, return_inverse=True)
    counts, frauds = np.bincount(place), np.bincount(place, weights=labels)
    pools: list[tuple[float, float, float, float]] = []  # lowest score, highest score, frauds, claims
    for score, found, count in zip(scores.tolist(), frauds.tolist(), counts.tolist(), strict=True):
        pool = (score, score, found, float(count))
        while pools and pools[-1][2] * pool[3] >= pool[2] * pools[-1][3]:
            lower = pools.pop()
            pool = (lower[0], pool[1], lower[2] + pool[2], lower[3] + pool[3])
        pools.append(pool)
    at = {score: found / count for low, high, found, count in pools for score in (low, high)}
    return Calibrator("isotonic", tuple(at), tuple(at.values()))
