"""The scorecard (评分卡): an expert's points for bands of each feature, honest about having seen no claim.

Points are log-odds on a scale that people can add up: 0 points are odds of 1:1, and every
`points_to_double_odds` more doubles them.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.errors import ModelError
from domain.risk import FeatureRow
from riskmodel.features import FEATURE_OF

_REPAIR = "restore the scorecard, or mend the entry it names"


@dataclass(frozen=True)
class Bands:
    """The points of one feature: `points[i]` below `bounds[i]`, the last of them from the last bound on."""

    bounds: tuple[float, ...]
    points: tuple[int, ...]
    missing: int

    def points_of(self, value: float) -> int:
        """Give the points of a value; a bound belongs to the band above it."""
        return self.missing if math.isnan(value) else self.points[bisect_right(self.bounds, value)]


@dataclass(frozen=True)
class Scorecard:
    """Points for every band, and where they start."""

    base_points: int
    points_to_double_odds: int
    evidence: str
    bands: Mapping[str, Bands]

    def log_odds(self, row: FeatureRow) -> float:
        """Give the natural log-odds of a row."""
        points = self.base_points
        for name, bounds, steps, missing in self._steps:
            value = row[name]
            points += missing if value != value else steps[bisect_right(bounds, value)]  # NaN alone differs from itself
        return points * math.log(2) / self.points_to_double_odds

    @cached_property
    def _steps(self) -> tuple[tuple[str, tuple[float, ...], tuple[int, ...], int], ...]:
        return tuple((name, bands.bounds, bands.points, bands.missing) for name, bands in self.bands.items())

    def log_odds_of(self, columns: Mapping[str, npt.NDArray[np.float64]], count: int) -> npt.NDArray[np.float64]:
        """Give the natural log-odds of `count` rows whose features stand in columns."""
        total = np.full(count, float(self.base_points))
        for name, bands in self.bands.items():
            values = columns[name]
            points = np.array(bands.points, dtype=np.float64)[
                np.searchsorted(bands.bounds, values, side="right").clip(max=len(bands.bounds))
            ]
            total += np.where(np.isnan(values), bands.missing, points)
        return total * math.log(2) / self.points_to_double_odds

    def in_points(self, log_odds: float) -> float:
        """Give natural log-odds on the scale of points."""
        return log_odds * self.points_to_double_odds / math.log(2)


def to_probability(log_odds: float) -> float:
    """Give the probability of natural log-odds, without overflow at either end."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))


def parse_scorecard(text: str) -> Scorecard:
    """Read a scorecard and check that it pushes each feature only the way the registry allows.

    Raises:
        ModelError: no YAML, a missing entry, an unknown feature, or points that go up and down.
    """
    try:
        content = YAML(typ="safe", pure=True).load(text)
        bands = {str(name): _read_bands(str(name), entry) for name, entry in content["features"].items()}
        return Scorecard(int(content["base_points"]), int(content["points_to_double_odds"]), str(content["evidence"]), bands)
    except (YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"the scorecard cannot be read: {error!r}", _REPAIR) from error


def _read_bands(name: str, entry: Mapping[str, Any]) -> Bands:
    if name not in FEATURE_OF:
        raise ModelError(f"the scorecard scores {name}, which is no feature", "see FEATURES in riskmodel/features.py")
    bounds = tuple(float(each["below"]) for each in entry["bands"])
    points = (*(int(each["points"]) for each in entry["bands"]), int(entry["otherwise"]))
    if any(left >= right for left, right in pairwise(bounds)):
        raise ModelError(f"the bands of {name} do not ascend", _REPAIR)
    direction = FEATURE_OF[name].direction
    if direction and any((right - left) * direction < 0 for left, right in pairwise(points)):
        raise ModelError(f"the points of {name} push against its direction {direction:+d}", _REPAIR)
    return Bands(bounds, points, int(entry["missing"]))
