"""How likely it is that reading a picture will fail, from its signs: scores, parts of them such as cut_off.left, and how its print looks.

Two steps. Each fault alone can spoil a picture, so the faults' hazards add up: a picture survives if it survives each. The hazard of one
fault is softplus(steepness × (sign − midpoint)); the two numbers stand in `failure.txt`. Half of the log-odds of that, and what every sign
adds beyond one bound and the next (`failure_steps.txt`), are the log-odds that are answered: the steps know what a fault does to this
print, the hazards what it does to any, so that a page unlike all that the steps were fitted on is not refused for its looks.
Both files are written by `python -m bench.quality_fit`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HIDDEN = "hidden"  # the sign of lines lost under glare and fingers, which have a score each
SMEAR = "smear"  # the sign of edges wider in one direction than in another, which lack of focus does to print as well as motion
ALWAYS = "always"  # in place of a sign: added to every picture
_SEVERAL = {HIDDEN: ("glare", "covered"), SMEAR: ("motion", "defocus")}
_GUESSED, _MUCH = "cut_off", 0.2  # share of all harm
_WEIGHT, _LEAST, _MOST = (
    0.5,
    -5.0,
    10.0,
)  # of the hazards' log-odds, and their bounds: steps outweigh a slight hazard, none outweighs a grave one
FILE, STEPS = (Path(__file__).parent / name for name in ("failure.txt", "failure_steps.txt"))


@dataclass(frozen=True)
class Hazard:
    """How fast, and around which value of a sign, a fault begins to spoil reading."""

    steepness: float
    midpoint: float

    def of(self, sign: float) -> float:
        """Give the hazard of a sign; 0 and up."""
        return math.log1p(math.exp(self.steepness * (sign - self.midpoint)))


@dataclass(frozen=True)
class Step:
    """What is added to the log-odds of failure when a sign is beyond a bound."""

    sign: str
    beyond: float
    adds: float


def failure_probability(signs: Mapping[str, float]) -> float:
    """Give the probability, 0..1, that less than half of a page's print will be read; no fault makes it smaller."""
    log_odds = hazard_log_odds(signs) + sum(step.adds for step in load_steps() if step.sign == ALWAYS or signs[step.sign] > step.beyond)
    return 1 / (1 + math.exp(-log_odds))


def hazard_log_odds(signs: Mapping[str, float]) -> float:
    """Give what the faults add to the log-odds of failure, whatever the print looks like."""
    hazard = sum(hazard.of(signs[name]) for name, hazard in load_hazards().items())
    return _WEIGHT * max(_LEAST, min(_MOST, math.log(math.expm1(min(hazard, 2 * _MOST)))))


def gravest(signs: Mapping[str, float]) -> str:
    """Name the score whose signs do most harm.

    That a page is cut off is a guess below its threshold: it is named only where nothing else does much.
    """
    harms: dict[str, float] = {}
    for name, hazard in load_hazards().items():
        score = _score_of(name, signs)
        harms[score] = harms.get(score, 0.0) + hazard.of(signs[name])
    seen = {score: harm for score, harm in harms.items() if score != _GUESSED and harm > _MUCH * sum(harms.values())}
    return max(seen or harms, key=lambda score: harms[score])


def _score_of(name: str, signs: Mapping[str, float]) -> str:
    if name in _SEVERAL:
        return max(_SEVERAL[name], key=lambda score: signs[score])
    return name.split(".")[0]


@cache
def load_hazards() -> dict[str, Hazard]:
    """Read the fitted hazards by the names of their signs."""
    return {name: Hazard(float(steepness), float(midpoint)) for name, steepness, midpoint in _rows(FILE)}


@cache
def load_steps() -> tuple[Step, ...]:
    """Read the fitted steps."""
    return tuple(Step(name, float(beyond), float(adds)) for name, beyond, adds in _rows(STEPS))


def _rows(file: Path) -> list[list[str]]:
    lines = (line.split("#")[0].split() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]
