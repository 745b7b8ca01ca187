"""What the risk model answers: a score with its reasons. It routes to a person; it never declines."""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """How a score is read by routing."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Reason:
    """What a group of features adds to the score: positive pushes towards fraud."""

    feature: str
    text: str  # a Chinese sentence with the value in it
    points: float


@dataclass(frozen=True)
class RiskScore:
    """The probability-like score of one claim, and what stands behind it."""

    probability: float  # 0..1
    expected_loss_fen: int  # probability × amount at stake
    band: Band
    reasons: tuple[Reason, ...]
    model_hash: str  # sha256 over the artefact folder
    evidence: str  # "synthetic" until real labels have trained it


FeatureRow = dict[str, float]  # feature name -> value; a missing value is NaN
