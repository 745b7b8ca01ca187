"""What a model's folder says of itself: its features, its figures with intervals and slices, its inputs, a page for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.artefact import HISTOGRAMS
from riskmodel.evaluation.measures import Figure, Scored
from riskmodel.features import FEATURE_OF
from riskmodel.histograms import histograms_of
from riskmodel.train import LabelledRow
from riskmodel.training.calibration import Calibrator

_SLICES = ("is_accident", "channel_is_hospital", "hospital_is_private", "payee_is_other")
_REVIEW_SHARE = 0.05
_BINS = 10
_DIGITS = 6


@dataclass(frozen=True)
class Facts:
    """What the pages tell of."""

    as_of: str
    delay_days: int
    rows: Sequence[LabelledRow]
    labels: npt.NDArray[np.int64]
    names: Sequence[str]
    examined: Sequence[Scored]
    figures: Mapping[str, Figure | dict[str, Figure]]
    gain: Figure
    warnings: Sequence[str]
    calibrator: Calibrator
    probabilities: Sequence[float]  # what the finished model gives the claims it learnt from


def files_of(facts: Facts) -> dict[str, str]:
    """Give the texts of features.json, metrics.json, histograms.json and MODEL_CARD.md."""
    features = [
        {"name": name, "group": FEATURE_OF[name].group, "meaning": FEATURE_OF[name].meaning, "direction": FEATURE_OF[name].direction}
        for name in facts.names
    ]
    metrics = {
        "examined": "rolling origins: learnt from earlier claims, with an embargo of the label delay",
        "claims": int(sum(len(each.labels) for each in facts.examined)),
        "frauds": int(sum(each.labels.sum() for each in facts.examined)),
        "figures": _figures(facts.figures),
        "gain_over_scorecard_auc": _figure(facts.gain),
        "slices": _slices(facts),
        "warnings": list(facts.warnings),
    }
    return {
        "features.json": _json(features),
        "metrics.json": _json(metrics),
        HISTOGRAMS: _json(histograms_of([each.row for each in facts.rows], facts.names, facts.probabilities)),
        "MODEL_CARD.md": _card(facts),
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _figure(figure: Figure) -> dict[str, object]:
    return {"value": round(figure.value, _DIGITS), "interval": [round(figure.low, _DIGITS), round(figure.high, _DIGITS)]}


def _figures(figures: Mapping[str, Figure | dict[str, Figure]]) -> dict[str, object]:
    return {
        name: _figure(each) if isinstance(each, Figure) else {share: _figure(at) for share, at in each.items()}
        for name, each in figures.items()
    }


def _slices(facts: Facts) -> list[dict[str, object]]:
    """Give for each kind of claim how many honest ones a review of 5% would stop, beside the share of all honest ones."""
    rows = np.concatenate([each.rows for each in facts.examined])
    scores, labels = np.concatenate([each.log_odds for each in facts.examined]), facts.labels[rows]
    stopped = scores >= np.quantile(scores, 1 - _REVIEW_SHARE)
    overall = float(stopped[labels == 0].mean())
    told: list[dict[str, object]] = []
    for name in _SLICES:
        if name not in facts.names:
            continue
        values = np.array([facts.rows[row].row[name] for row in rows])
        for value in (0.0, 1.0):
            honest = (values == value) & (labels == 0)
            if honest.sum() >= _BINS:
                share = float(stopped[honest].mean())
                ratio = round(share / overall, 3) if overall else None
                told.append(
                    {"slice": f"{name}={value:g}", "honest_claims": int(honest.sum()), "stopped": round(share, _DIGITS), "ratio": ratio}
                )
    return told


def _card(facts: Facts) -> str:
    lines = [
        "# Model card",
        "",
        "Scores health claims for review; it never declines.",
        f"Learnt from {len(facts.rows)} claims, {int(facts.labels.sum())} of them confirmed fraud,",
        f"with the labels that were known on {facts.as_of} and claims scored at least {facts.delay_days} days before.",
        "A claim that nobody found to be fraud counts as none: fraud that was never found teaches the model that it is honest.",
        "",
        "## Examined forward in time",
        "",
        "| figure | value | 95% interval |",
        "|---|---|---|",
    ]
    for name, each in facts.figures.items():
        for share, figure in {"": each}.items() if isinstance(each, Figure) else each.items():
            lines.append(f"| {name.replace('_', ' ')} {share} | {figure.value:.3f} | {figure.low:.3f}–{figure.high:.3f} |")
    lines += ["", f"Against the scorecard alone: {facts.gain.value:+.3f} AUC ({facts.gain.low:+.3f} to {facts.gain.high:+.3f}).", ""]
    lines += ["## Warnings", "", *(f"- {each}" for each in facts.warnings or ("none",)), ""]
    return "\n".join(lines)
