"""Histograms (分布): what the inputs and the score looked like when a model learnt, and how far another day lies from that (PSI)."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import ModelError
from domain.json_text import read_json
from domain.risk import FeatureRow

SCORE = "score"  # stands among the features' names
_BINS = 10
_DIGITS = 6
_ROUNDING = 1e-4  # of shares that are told in six digits
_LEAST_SHARE = 1e-4  # what an empty bin counts as: one claim in ten thousand

Histogram = Mapping[str, Any]


def histograms_of(rows: Sequence[FeatureRow], names: Sequence[str], scores: Sequence[float] = ()) -> dict[str, Histogram]:
    """Give the histogram of each feature, and of the score where it is told."""
    told = {name: _histogram(np.array([each[name] for each in rows])) for name in names}
    return told | ({SCORE: _histogram(np.array(scores))} if len(scores) else {})


def parse_histograms(text: str) -> dict[str, Histogram]:
    """Read histograms.json.

    Raises:
        ModelError: it cannot be read, or what it holds is no histogram, by name.
    """
    try:
        told = {str(name): _read(each) for name, each in read_json(text).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"histograms.json cannot be read: {error!r}", "restore the folder from its release") from error
    for name, each in told.items():
        if not _can_be(each):
            raise ModelError(f"histograms.json cannot be: {name} is {each}", "bounds ascend, and the shares of their bins are 1 in all")
    return told


def _read(raw: Any) -> Histogram:
    return {"bounds": list(map(float, raw["bounds"])), "shares": list(map(float, raw["shares"])), "missing": float(raw["missing"])}


def _can_be(histogram: Histogram) -> bool:
    bounds, shares, missing = histogram["bounds"], histogram["shares"], histogram["missing"]
    if not shares:  # of what nobody knew anything
        return not bounds and missing == 1
    ascend = all(map(math.isfinite, bounds)) and all(low < high for low, high in pairwise(bounds))
    return ascend and len(shares) == len(bounds) + 1 and min(*shares, missing) >= 0 and abs(sum(shares) + missing - 1) < _ROUNDING


def _histogram(values: npt.NDArray[np.float64]) -> Histogram:
    """Give the bounds of ten bins and the shares in them, and the share that is missing: what later days are held against."""
    known = values[np.isfinite(values)]
    if not len(known):
        return {"bounds": [], "shares": [], "missing": 1.0}
    bounds = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1])).astype(np.float64)
    return {"bounds": [round(float(each), _DIGITS) for each in bounds], **_shares(values, bounds)}


def _shares(values: npt.NDArray[np.float64], bounds: npt.NDArray[np.float64]) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    counts = np.bincount(np.searchsorted(bounds, known, side="right"), minlength=len(bounds) + 1)
    return {
        "shares": [round(float(each), _DIGITS) for each in counts / len(values)],
        "missing": round(1 - len(known) / len(values), _DIGITS),
    }


def stability(histogram: Histogram, values: Sequence[float]) -> float:
    """Give the population stability index (PSI) of later values against a histogram: 0 where they lie alike, .25 and more where not."""
    found = np.array(values, dtype=np.float64)
    bounds = np.array(histogram["bounds"], dtype=np.float64)
    later = _shares(found, bounds)
    before = np.array([*histogram["shares"], histogram["missing"]])
    if not histogram["shares"]:  # nothing was known of it then
        before = np.array([_LEAST_SHARE, 1.0])
    now = np.array([*later["shares"], later["missing"]])
    before, now = np.maximum(before, _LEAST_SHARE), np.maximum(now, _LEAST_SHARE)
    return float(((now - before) * np.log(now / before)).sum())
