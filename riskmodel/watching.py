"""What is watched of a model at work: do its inputs still look as they did, do its probabilities come true, whom does it stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from domain.risk import Band, FeatureRow
from riskmodel.audits import Audit, Estimate, estimate_missed
from riskmodel.evaluation.leakage import rank_auc
from riskmodel.features import FEATURES
from riskmodel.histograms import SCORE, Histogram, stability

SLICES = ("is_accident", "channel_is_hospital", "hospital_is_private", "payee_is_other")
_FEWEST_FRAUDS = 10
FEWEST = 50  # claims that a figure is told of: fewer tell chance
_BINS = 10
_DIGITS = 4


@dataclass(frozen=True)
class Watched:
    """A claim that a model scored, and what became of it as far as anybody knows."""

    row: FeatureRow
    probability: float
    band: Band
    is_fraud: bool = False  # a claim that nobody found to be fraud counts as none
    audit_inclusion: float = 0.0
    audit_drawn: bool | None = None  # None: it went to people anyway
    challenger: float | None = None  # what the model in the shadow said
    is_settled: bool = True  # whether a person has decided it, or found what it is


def inputs_figures(watched: Sequence[Watched], histograms: Mapping[str, Histogram]) -> dict[str, Any]:
    """Give the PSI of each input and of the score against what they were held to be, the share of each band, what a challenger scored."""
    told: dict[str, Any] = {"claims": len(watched)}
    if challenged := sum(each.challenger is not None for each in watched):
        told["challenged"] = challenged
    if len(watched) < FEWEST:
        return told
    names = [feature.name for feature in FEATURES if feature.name in histograms]
    psi = {name: round(stability(histograms[name], [each.row.get(name, np.nan) for each in watched]), _DIGITS) for name in names}
    told["psi"] = dict(sorted(psi.items(), key=lambda pair: -pair[1]))
    if SCORE in histograms:
        told["score_psi"] = round(stability(histograms[SCORE], [each.probability for each in watched]), _DIGITS)
    return told | {"bands": {band: round(sum(each.band is band for each in watched) / len(watched), _DIGITS) for band in Band}}


def calibration_figures(watched: Sequence[Watched]) -> dict[str, Any]:
    """Give how many frauds were told and how many came, how far the ten groups lie off, and the recall that audits tell."""
    told: dict[str, Any] = {"claims": len(watched), "frauds": sum(each.is_fraud for each in watched)}
    if len(watched) >= FEWEST:
        ordered = sorted(watched, key=lambda each: each.probability)
        bounds = np.linspace(0, len(ordered), _BINS + 1).astype(int)
        gaps = [sum(each.probability - each.is_fraud for each in ordered[low:high]) for low, high in pairwise(bounds)]
        told["frauds_told"] = round(sum(each.probability for each in watched), 2)
        told["calibration_error"] = round(sum(map(abs, gaps)) / len(watched), _DIGITS)
    return told | _ranking_figures(watched) | audit_figures(watched)


def _ranking_figures(watched: Sequence[Watched]) -> dict[str, Any]:
    """Give the AUC, and where a challenger scored the same claims, its own beside the champion's on those."""
    told = {"auc": auc} if (auc := _auc([(each.probability, each.is_fraud) for each in watched])) is not None else {}
    both = [(each.probability, each.challenger, each.is_fraud) for each in watched if each.challenger is not None]
    champion, challenger = _auc([(own, fraud) for own, _, fraud in both]), _auc([(other, fraud) for _, other, fraud in both])
    if champion is None or challenger is None:
        return told
    return told | {"champion_auc_on_the_same": champion, "challenger_auc": challenger}


def _auc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """Give how well scores tell frauds from others; None while there are too few of either."""
    labels = np.array([is_fraud for _, is_fraud in scored])
    if len(scored) < FEWEST or min(labels.sum(), (~labels).sum()) < _FEWEST_FRAUDS:
        return None
    return round(rank_auc(np.array([score for score, _ in scored]), labels.astype(np.int64)), _DIGITS)


def audit_figures(watched: Sequence[Watched]) -> dict[str, Any]:
    """Give what random audits tell of the fraud that went straight through, and the share of all fraud that was caught."""
    drawn = [each for each in watched if each.audit_drawn and each.audit_inclusion]
    settled = [each for each in drawn if each.is_settled]
    told: dict[str, Any] = {"audits": len(drawn), "audits_settled": len(settled)}
    if not settled:
        return told
    missed = estimate_missed([Audit(each.audit_inclusion, each.is_fraud) for each in settled], len(settled) / len(drawn))
    caught = sum(each.is_fraud for each in watched if each.audit_drawn is None)
    told["missed_frauds"] = _estimate(missed)
    if caught + missed.value:
        shares = [caught / (caught + frauds) if caught + frauds else 1.0 for frauds in (missed.value, missed.high, missed.low)]
        told["audited_recall"] = _estimate(Estimate(*shares))
    return told


def fairness_figures(watched: Sequence[Watched]) -> dict[str, Any]:
    """Give for each kind of claim how many honest ones the score stopped, beside the share of all honest ones that it stopped."""
    honest = [each for each in watched if not each.is_fraud]
    told: dict[str, Any] = {"honest_claims": len(honest), "slices": []}
    overall = sum(each.band is not Band.LOW for each in honest) / len(honest) if honest else 0.0
    for name in SLICES:
        for value in (0.0, 1.0):
            those = [each for each in honest if each.row.get(name) == value]
            if len(those) >= FEWEST and overall:
                stopped = sum(each.band is not Band.LOW for each in those) / len(those)
                figures = {"honest_claims": len(those), "stopped": round(stopped, _DIGITS), "ratio": round(stopped / overall, 3)}
                told["slices"].append({"slice": f"{name}={value:g}", **figures})
    return told | {"stopped": round(overall, _DIGITS)}


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {"value": round(estimate.value, _DIGITS), "interval": [round(estimate.low, _DIGITS), round(estimate.high, _DIGITS)]}
