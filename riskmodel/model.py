"""The risk model: the scorecard's log-odds, corrected by a LightGBM booster where there is one, told as a score with reasons."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import InputError, ModelError
from domain.risk import Band, FeatureRow, RiskScore
from riskmodel.artefact import Manifest, read_artefact
from riskmodel.features import FEATURE_OF, RiskFacts, feature_row
from riskmodel.reasons import tell_reasons
from riskmodel.scorecard import Scorecard, parse_scorecard


@dataclass(frozen=True)
class RiskModel:
    """A loaded model; it keeps no state between scores and may be shared between threads."""

    manifest: Manifest
    scorecard: Scorecard
    booster: Any | None  # lightgbm.Booster, which has no types
    model_hash: str

    def score(self, facts: RiskFacts, amount_fen: int) -> RiskScore:
        """Score a claim with `amount_fen` at stake.

        Raises:
            InputError: a negative amount.
        """
        return self.score_row(feature_row(facts), amount_fen)

    def score_row(self, row: FeatureRow, amount_fen: int) -> RiskScore:
        """Score a stored feature row; features that this model does not know are left aside.

        Raises:
            InputError: a negative amount.
            ModelError: the row lacks a feature of this model, or holds an infinite value.
        """
        if amount_fen < 0:
            raise InputError(f"the amount at stake is negative: {amount_fen} fen", "give zero or more", field="amount_fen")
        self._check(row)
        points: dict[str, float] = dict(self.scorecard.points_by_feature(row))
        log_odds = self.scorecard.log_odds(row)
        if self.booster is not None:
            values = _matrix((row,), self.manifest.features)
            log_odds += float(self.booster.predict(values, raw_score=True, num_threads=1)[0])
            contributions = self.booster.predict(values, pred_contrib=True, num_threads=1)[0]
            for name, contribution in zip(self.manifest.features, contributions[:-1], strict=True):
                points[name] = points.get(name, 0.0) + self.scorecard.in_points(float(contribution))
        probability = to_probability(log_odds)
        return RiskScore(
            probability=probability,
            expected_loss_fen=expected_loss_fen(probability, amount_fen),
            band=self._band(probability),
            reasons=tell_reasons(row, points),
            model_hash=self.model_hash,
            evidence=self.manifest.evidence,
        )

    def _check(self, row: FeatureRow) -> None:
        for name in self.manifest.features:
            if name not in row:
                raise ModelError(f"the feature row lacks {name}", "score it with the model of its time, or compute the row again")
            if math.isinf(row[name]):
                raise ModelError(f"the feature {name} is infinite", "compute the row again from its facts")
            if math.isnan(row[name]) and not FEATURE_OF[name].missing_allowed:
                raise ModelError(f"the feature {name} is missing in the row", "it may not be; compute the row again from its facts")

    def _band(self, probability: float) -> Band:
        if probability >= self.manifest.thresholds.high:
            return Band.HIGH
        return Band.MEDIUM if probability >= self.manifest.thresholds.medium else Band.LOW


def load_model(folder: Path) -> RiskModel:
    """Load a model from its folder, having checked the hash of every file.

    Raises:
        ModelError: a missing, damaged or changed file, by name, or features that the registry does not have.
    """
    artefact = read_artefact(folder)
    for name in artefact.manifest.features:
        if name not in FEATURE_OF:
            raise ModelError(f"{folder} was trained on {name}, which is no feature now", "train the model again with this version")
    scorecard = parse_scorecard(artefact.scorecard_text)
    for name in scorecard.bands:
        if name not in artefact.manifest.features:
            raise ModelError(f"{folder} scores {name}, which its manifest does not list", "train the model again")
    booster = None if artefact.booster_text is None else _read_booster(folder, artefact.booster_text)
    if booster is not None and tuple(booster.feature_name()) != artefact.manifest.features:
        raise ModelError(f"the booster in {folder} has other features than its manifest", "train the model again")
    return RiskModel(artefact.manifest, scorecard, booster, artefact.model_hash)


def to_probability(log_odds: float) -> float:
    """Give the probability of natural log-odds, without overflow at either end."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))


def expected_loss_fen(probability: float, amount_fen: int) -> int:
    """Give probability × amount in whole fen, rounded half up from the exact product."""
    return math.floor(Fraction(probability) * amount_fen + Fraction(1, 2))


def _matrix(rows: Sequence[FeatureRow], names: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.array([[row[name] for name in names] for row in rows], dtype=np.float64)


def _read_booster(folder: Path, text: str) -> Any:
    try:
        import lightgbm  # here and not above: a scorecard alone works without it
    except (ImportError, OSError) as error:
        raise ModelError(f"LightGBM cannot start: {error}", "apt-get install libgomp1 (macOS: brew install libomp)") from error
    try:
        return lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise ModelError(f"the booster in {folder} cannot be read: {error}", "restore the folder from its release") from error
