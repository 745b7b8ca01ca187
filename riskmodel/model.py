"""The risk model: the scorecard's log-odds, corrected by a LightGBM booster where there is one, told as a score with reasons."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.errors import InputError, ModelError
from domain.risk import FeatureRow, Reason, RiskScore
from riskmodel.artefact import CALIBRATOR, GOLDEN, HISTOGRAMS, POLICY, Manifest, read_artefact
from riskmodel.features import FEATURE_OF, RiskFacts, feature_row
from riskmodel.golden import replay_golden
from riskmodel.histograms import Histogram, parse_histograms
from riskmodel.policy import Policy, parse_policy
from riskmodel.reasons import Telling
from riskmodel.scorecard import Bands, Scorecard, parse_scorecard, to_probability
from riskmodel.training.calibration import Calibrator, parse_calibrator
from riskmodel.trees import Trees


@dataclass(frozen=True)
class RiskModel:
    """A loaded model; it keeps no state between scores and may be shared between threads."""

    manifest: Manifest
    scorecard: Scorecard
    trees: Trees | None
    model_hash: str
    calibrator: Calibrator | None = None
    decision_policy: Policy | None = None  # None in folders from before there was one
    texts: Mapping[str, str] = field(default_factory=dict)  # every file of the folder
    histograms: Mapping[str, Histogram] = field(default_factory=dict)  # of what it learnt from; none in older folders

    @cached_property
    def policy(self) -> Policy:
        """The policy by which scores are read."""
        return self.decision_policy or Policy(self.manifest.thresholds.medium, self.manifest.thresholds.high)

    def score(self, facts: RiskFacts, amount_fen: int) -> RiskScore:
        """Score a claim with `amount_fen` at stake.

        Raises:
            InputError: a negative amount.
        """
        return self.score_row(feature_row(facts), amount_fen)

    def score_row(self, row: FeatureRow, amount_fen: int, *, with_reasons: bool = True) -> RiskScore:
        """Score a stored feature row; features that this model does not know are left aside.

        Reasons cost more than the score: whoever needs them for few claims asks for those of these.

        Raises:
            InputError: a negative amount.
            ModelError: the row lacks a feature of this model, or holds an infinite value.
        """
        if amount_fen < 0:
            raise InputError(f"the amount at stake is negative: {amount_fen} fen", "give zero or more", field="amount_fen")
        probability = self.probability(row)
        return RiskScore(
            probability=probability,
            expected_loss_fen=expected_loss_fen(probability, amount_fen),
            band=self.policy.band(probability, amount_fen, self.manifest.evidence),
            reasons=self.reasons(row) if with_reasons else (),
            model_hash=self.model_hash,
            evidence=self.manifest.evidence,
        )

    def probability(self, row: FeatureRow) -> float:
        """Give the score of a row alone, without its reasons.

        Raises:
            ModelError: the row lacks a feature of this model, or holds an infinite value.
        """
        log_odds = self.log_odds(row)
        return to_probability(log_odds) if self.calibrator is None else self.calibrator.probability(log_odds)

    def log_odds(self, row: FeatureRow) -> float:
        """Give the raw score of a row, by which claims are ranked.

        Raises:
            ModelError: the row lacks a feature of this model, or holds an infinite value.
        """
        values, start = self._values(row), self.manifest.start
        begun = start.scorecard_weight * self.scorecard.log_odds(row) + start.offset
        return begun if self.trees is None else begun + self.trees.log_odds(values)

    def reasons(self, row: FeatureRow) -> tuple[Reason, ...]:
        """Tell why a row scores as it does: the scorecard's points and those of the trees, by group.

        Raises:
            ModelError: the row lacks a feature of this model, or holds an infinite value.
        """
        values = self._values(row)
        weight, scale = self.manifest.start.scorecard_weight, self.scorecard.in_points(1.0)
        points = [0.0] * len(values) if self.trees is None else [scale * each for each in self.trees.contributions(values)[:-1]]
        for place, bands in self._banded:
            points[place] += weight * bands.points_of(values[place])
        return self._telling.tell(values, points)

    @cached_property
    def _banded(self) -> tuple[tuple[int, Bands], ...]:
        return tuple((self.manifest.features.index(name), bands) for name, bands in self.scorecard.bands.items())

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self.manifest.features)

    def points(self, probability: float) -> float:
        """Give a score on the scorecard's scale: 0 points are odds of 1:1, and every so many double them."""
        bounded = min(max(probability, 1e-12), 1 - 1e-12)
        return self.scorecard.in_points(math.log(bounded / (1 - bounded)))

    def probabilities(self, rows: Sequence[FeatureRow]) -> npt.NDArray[np.float64]:
        """Give the scores of many rows at once, equal to `probability` of each.

        Raises:
            ModelError: a row lacks a feature of this model, or holds an infinite value.
        """
        matrix = np.array([self._values(row) for row in rows], dtype=np.float64).reshape(len(rows), len(self.manifest.features))
        start = self.manifest.start
        log_odds = self.scorecard.log_odds_of(dict(zip(self.manifest.features, matrix.T, strict=True)), len(rows))
        log_odds = start.scorecard_weight * log_odds + start.offset
        if self.trees is not None and len(rows):
            log_odds = log_odds + self.trees.batch(matrix)
        if self.calibrator is not None:
            return np.array([self.calibrator.probability(each) for each in log_odds.tolist()], dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)

    def _values(self, row: FeatureRow) -> Sequence[float]:
        """Give the values of a row in the order of the model's features, having looked at each."""
        try:
            values = self._pick(row)
        except KeyError:
            values = (math.inf,)
        if math.inf in values or -math.inf in values or math.isnan(sum([values[place] for place in self._required])):
            self._check(row)
        return values

    @cached_property
    def _pick(self) -> Callable[[FeatureRow], tuple[float, ...]]:
        names = self.manifest.features
        return itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)

    @cached_property
    def _required(self) -> tuple[int, ...]:
        return tuple(place for place, name in enumerate(self.manifest.features) if not FEATURE_OF[name].missing_allowed)

    def _check(self, row: FeatureRow) -> None:
        for name in self.manifest.features:
            if name not in row:
                raise ModelError(f"the feature row lacks {name}", "score it with the model of its time, or compute the row again")
            if math.isinf(row[name]):
                raise ModelError(f"the feature {name} is infinite", "compute the row again from its facts")
            if math.isnan(row[name]) and not FEATURE_OF[name].missing_allowed:
                raise ModelError(f"the feature {name} is missing in the row", "it may not be; compute the row again from its facts")


def load_model(folder: Path) -> RiskModel:
    """Load a model from its folder, having checked the hash of every file and worked out its golden rows again.

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
    trees = None if artefact.booster_text is None else Trees(artefact.booster_text, folder)
    if trees is not None and trees.features != artefact.manifest.features:
        raise ModelError(f"the booster in {folder} has other features than its manifest", "train the model again")
    calibrator = parse_calibrator(artefact.texts[CALIBRATOR]) if CALIBRATOR in artefact.texts else None
    policy = parse_policy(artefact.texts[POLICY]) if POLICY in artefact.texts else None
    histograms = parse_histograms(artefact.texts[HISTOGRAMS]) if HISTOGRAMS in artefact.texts else {}
    model = RiskModel(artefact.manifest, scorecard, trees, artefact.model_hash, calibrator, policy, artefact.texts, histograms)
    if GOLDEN in artefact.texts:
        replay_golden(model.log_odds, artefact.texts[GOLDEN], folder)
    return model


def expected_loss_fen(probability: float, amount_fen: int) -> int:
    """Give probability × amount in whole fen, rounded half up from the exact product."""
    return math.floor(Fraction(probability) * amount_fen + Fraction(1, 2))
