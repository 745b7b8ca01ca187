"""How likely it is that reading a picture will fail, from its signs: its scores, and parts of them such as cut_off.left.

Each fault alone can spoil a picture, so the faults' hazards add up: the picture survives if it survives
each. The hazard of one fault is softplus(steepness × (sign − midpoint)); the two numbers stand in
`failure.txt` beside this file with a note how they were fitted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HIDDEN = "hidden"  # the sign of lines lost under glare and fingers, which have a score each
FILE = Path(__file__).parent / "failure.txt"


@dataclass(frozen=True)
class Hazard:
    """How fast, and around which value of a sign, a fault begins to spoil reading."""

    steepness: float
    midpoint: float

    def of(self, sign: float) -> float:
        """Give the hazard of a sign; 0 and up."""
        return math.log1p(math.exp(self.steepness * (sign - self.midpoint)))


def failure_probability(signs: Mapping[str, float]) -> float:
    """Give the probability, 0..1, that fewer than half of a page's fields will be read; no sign makes it smaller."""
    return 1 - math.exp(-sum(hazard.of(signs[name]) for name, hazard in load_hazards().items()))


def gravest(signs: Mapping[str, float]) -> str:
    """Name the score whose sign does most harm."""
    hazards = load_hazards()
    worst = max(hazards, key=lambda name: hazards[name].of(signs[name])).split(".")[0]
    return worst if worst != HIDDEN else max(("glare", "covered"), key=lambda name: signs[name])


@cache
def load_hazards() -> dict[str, Hazard]:
    """Read the fitted hazards by the names of their signs."""
    lines = (line.split("#")[0].split() for line in FILE.read_text(encoding="utf-8").splitlines())
    return {line[0]: Hazard(float(line[1]), float(line[2])) for line in lines if line}
