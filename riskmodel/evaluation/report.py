"""An evaluation as JSON: every figure with its interval beside it."""

from typing import Any

from riskmodel.evaluation.measures import Figure
from riskmodel.evaluation.protocol import Evaluation, Examined

_DIGITS = 4


def to_mapping(evaluation: Evaluation) -> dict[str, Any]:
    """Give what `--json` prints: `auc` is the figure, `auc_interval` the two bounds beside it, and so for each."""
    return {
        "claims": evaluation.claims,
        "frauds": evaluation.frauds,
        "cross_validated": _examined(evaluation.cross_validated),
        "forward": _examined(evaluation.forward) if evaluation.forward else None,
        "warnings": list(evaluation.warnings),
    }


def _examined(examined: Examined) -> dict[str, Any]:
    told: dict[str, Any] = {"learnt_from": examined.learnt_from, "examined_on": examined.examined_on}
    if examined.since:
        told["examined_since"] = examined.since
    for name, figure in examined.figures.items():
        if isinstance(figure, Figure):
            told[name] = round(figure.value, _DIGITS)
            told[f"{name}_interval"] = _interval(figure)
        else:
            told[name] = {share: round(each.value, _DIGITS) for share, each in figure.items()}
            told[f"{name}_interval"] = {share: _interval(each) for share, each in figure.items()}
    return told


def _interval(figure: Figure) -> list[float]:
    return [round(figure.low, _DIGITS), round(figure.high, _DIGITS)]
