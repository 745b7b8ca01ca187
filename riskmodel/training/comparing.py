"""Champion and challenger (冠军与挑战者) on the same claims: whether the one ranks better than the other, or only happened to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmodel.evaluation.measures import Figure, Scored, difference
from riskmodel.model import RiskModel
from riskmodel.training.snapshots import Learnable

FEWEST_FRAUDS = 10


@dataclass(frozen=True)
class Comparison:
    """By how much the challenger's AUC beats the champion's; `gain` is None where too few claims could tell."""

    claims: int
    frauds: int
    gain: Figure | None

    @property
    def is_better(self) -> bool:
        """Tell whether the challenger is better, and not by chance."""
        return self.gain is not None and self.gain.low > 0


def compare(champion: RiskModel, challenger: RiskModel, claims: Sequence[Learnable], seed: int = 1) -> Comparison:
    """Let both rank claims that neither learnt from, redrawn for both alike (a paired bootstrap).

    Claims scored up to the day as of which either learnt are left out, and those whose rows lack a feature of either.
    """
    learnt = max((_as_of(each) for each in (champion, challenger)), default=date.min)
    names = {*champion.manifest.features, *challenger.manifest.features}
    fresh = [each for each in claims if each.snapshot.scored_on > learnt and names <= each.snapshot.row.keys()]
    labels = np.array([int(each.is_fraud) for each in fresh], dtype=np.int64)
    frauds = int(labels.sum())
    if min(frauds, len(fresh) - frauds) < FEWEST_FRAUDS:
        return Comparison(len(fresh), frauds, None)
    rows = np.arange(len(fresh))
    told = [[Scored(rows, labels, np.array([model.log_odds(each.snapshot.row) for each in fresh]))] for model in (challenger, champion)]
    return Comparison(len(fresh), frauds, difference(told[0], told[1], len(fresh), seed))


def _as_of(model: RiskModel) -> date:
    told = model.manifest.trained_on.get("as_of")
    return date.fromisoformat(str(told)) if told else date.min
