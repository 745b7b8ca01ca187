"""How likely it is that reading a picture will fail, from its scores.

Each fault alone can spoil a picture, so the faults' hazards add up: the picture survives if it survives
each. The hazard of one fault is softplus(steepness × (score − midpoint)); the two numbers stand in
`failure.txt` beside this file with a note how they were fitted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "failure.txt"


@dataclass(frozen=True)
class Hazard:
    """How fast, and around which score, a fault begins to spoil reading."""

    steepness: float
    midpoint: float

    def of(self, score: float) -> float:
        """Give the hazard of a score; 0 and up."""
        return math.log1p(math.exp(self.steepness * (score - self.midpoint)))


def failure_probability(scores: Mapping[str, float]) -> float:
    """Give the probability, 0..1, that fewer than half of a page's fields will be read; no score makes it smaller."""
    return 1 - math.exp(-sum(hazard.of(scores[name]) for name, hazard in load_hazards().items()))


def gravest(scores: Mapping[str, float]) -> str:
    """Name the score that does most harm."""
    hazards = load_hazards()
    return max(hazards, key=lambda name: hazards[name].of(scores[name]))


@cache
def load_hazards() -> dict[str, Hazard]:
    """Read the fitted hazards by the names of their scores."""
    lines = (line.split("#")[0].split() for line in FILE.read_text(encoding="utf-8").splitlines())
    return {line[0]: Hazard(float(line[1]), float(line[2])) for line in lines if line}
