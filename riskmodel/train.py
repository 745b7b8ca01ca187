"""Training: stored feature rows with their labels go in, a model's folder comes out; the same input gives the same bytes.

No oversampling and no class weights (they flatter and wreck calibration), shallow trees (they keep an explanation
cheap), one thread (on two busy cores two were 35 times slower), and directions held by the registry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.errors import ModelError
from domain.risk import FeatureRow
from riskmodel.artefact import Start
from riskmodel.features import FEATURE_OF
from riskmodel.scorecard import Scorecard

FEWEST_POSITIVES = 30
WHOLE_SCORECARD = Start()


@dataclass(frozen=True)
class LabelledRow:
    """A feature row as it was stored when the claim was scored, and what the claim turned out to be."""

    row: FeatureRow
    is_fraud: bool


@dataclass(frozen=True)
class Recipe:
    """How a booster is grown."""

    trees: int = 15
    leaves: int = 4
    learning_rate: float = 0.05
    rows_in_leaf: int = 40
    seed: int = 1

    def parameters(self, names: Sequence[str]) -> Mapping[str, Any]:
        """Give LightGBM's parameters for these features."""
        return {
            "objective": "binary",
            "boost_from_average": False,
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.rows_in_leaf,
            "max_bin": 63,
            "monotone_constraints": [FEATURE_OF[name].direction for name in names],
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        }


def train_booster(
    rows: Sequence[LabelledRow], scorecard: Scorecard, names: Sequence[str], recipe: Recipe, start: Start = WHOLE_SCORECARD
) -> str:
    """Grow trees upon what they start from, the scorecard or a part of it, and give them as LightGBM's text.

    Raises:
        ModelError: too few confirmed cases for trees to learn anything; the scorecard alone then serves.
    """
    import lightgbm  # here and not above: scoring by the scorecard works without it

    positives = sum(each.is_fraud for each in rows)
    if positives < FEWEST_POSITIVES:
        raise ModelError(
            f"{positives} confirmed cases are too few to train on", f"stay with the scorecard until there are {FEWEST_POSITIVES}"
        )
    values = np.array([[each.row[name] for name in names] for each in rows], dtype=np.float64)
    labels = np.array([float(each.is_fraud) for each in rows])
    begun = np.array([start.scorecard_weight * scorecard.log_odds(each.row) + start.offset for each in rows])
    dataset = lightgbm.Dataset(values, labels, init_score=begun, feature_name=list(names), free_raw_data=False)
    booster = lightgbm.train(dict(recipe.parameters(names)), dataset, num_boost_round=recipe.trees)
    return str(booster.model_to_string())
