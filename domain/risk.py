"""What the risk model answers: a score with its reasons. It routes to a person; it never declines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SYNTHETIC = "synthetic"  # the evidence of a model that has seen no real claim: its score is no probability


class Band(StrEnum):
    """How a score is read by routing."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class EntityKind(StrEnum):
    """What several claims may have in common (关联要素), and is counted over all of them."""

    INSURED = "insured"
    PHONE = "phone"
    ACCOUNT = "account"
    ADDRESS = "address"
    DEVICE = "device"
    HOSPITAL = "hospital"
    AGENT = "agent"
    HOSPITAL_AGENT = "hospital_agent"
    HOSPITAL_DIAGNOSIS = "hospital_diagnosis"
    DIAGNOSIS = "diagnosis"
    REGION = "region"  # stands for a postcode: counted only where configuration asks for it


@dataclass(frozen=True)
class EntityFacts:
    """What was counted of one entity before a claim."""

    recent_claims: float  # each claim counts 1, and half of it ninety days later
    other_insureds: int
    fraud_rate: float  # of its claims, smoothed; by the findings that were known then
    usual_fen: int | None = None  # what its claims usually come to; None while there are few


@dataclass(frozen=True)
class Shared:
    """What a claim has in common with the claims before it; an entity that it does not tell is not in `entities`."""

    entities: Mapping[EntityKind, EntityFacts] = field(default_factory=dict)
    linked_insureds: int = 1  # who hangs together by phones, accounts, addresses and devices, the insured among them
    account_changed_days: int | None = None  # since another account than before was given for the insured; None: never


@dataclass(frozen=True)
class Reason:
    """What a group of features adds to the score: positive pushes towards fraud."""

    feature: str
    text: str  # a Chinese sentence with the value in it
    points: float
    text_en: str = ""  # the same in English; "" where it was told before there was one


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
