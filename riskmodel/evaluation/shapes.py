"""The shape of a model, chosen inside the claims it learns from: how deep its trees are, and how many.

Nothing here sees the claims that are examined on: those to learn from are dealt into three parts, each candidate is grown
on two and told off on the third, and the two with the least log-loss (which asks for both order and size) are grown on all.
Their mean is better than either where they are close, and nearly the better one where they are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.errors import ModelError
from riskmodel.evaluation.columns import Typed
from riskmodel.evaluation.encoding import Labels, Rows, encode, stratified_folds
from riskmodel.evaluation.values import Numbers

INNER_PARTS = 3
CHOSEN = 2  # whose log-odds are averaged


@dataclass(frozen=True)
class Trees:
    """How trees are grown: leaves (one figure a bag, in turn), splits of one model in all (more leaves, fewer trees), rows in a leaf."""

    leaves: tuple[int, ...] = (4, 6, 8)  # what needs few steps and what needs more are both in the mean
    splits: int = 1_700
    rows_in_leaf: int = 10


CANDIDATES = (
    Trees((2, 3), 400, 20),  # for few claims
    Trees((2, 3), 1_400),
    Trees((3, 4, 5), 1_700),
    Trees((4, 6, 8), 1_700),
    Trees((6, 8, 12), 2_500, 5),
)
FITS = len(CANDIDATES) * INNER_PARTS  # boosters that one choice grows


def choose(typed: Typed, labels: Labels, learn: Rows, seed: int, advance: Callable[[], None] = lambda: None) -> tuple[Trees, ...]:
    """Give the two candidates with the least log-loss on claims they had not seen, all of them among those to learn from."""
    folds, losses = stratified_folds(labels[learn], INNER_PARTS, seed), np.zeros(len(CANDIDATES))
    for fold in range(INNER_PARTS):
        grown_on, told = learn[folds != fold], learn[folds == fold]
        matrix = encode(typed, labels, grown_on, seed)
        for place, trees in enumerate(CANDIDATES):
            middle = trees.leaves[len(trees.leaves) // 2]
            losses[place] += _log_loss(grow_trees(matrix[grown_on], labels[grown_on], matrix[told], trees, middle, seed), labels[told])
            advance()
    return tuple(CANDIDATES[place] for place in losses.argsort(kind="stable")[:CHOSEN])


def _log_loss(log_odds: Numbers, labels: Labels) -> float:
    return float(np.logaddexp(0, np.where(labels == 1, -log_odds, log_odds)).mean())


def grow_trees(values: Numbers, labels: Labels, examined: Numbers, trees: Trees, leaves: int, seed: int) -> Numbers:
    """Grow trees and give the log-odds of the examined rows. One thread: on two busy cores two were 35 times slower."""
    try:
        import lightgbm  # here and not above: the rest of the room works without it
    except (ImportError, OSError) as error:
        raise ModelError(f"LightGBM cannot start: {error}", "apt-get install libgomp1 (macOS: brew install libomp)") from error
    parameters: dict[str, Any] = {
        "objective": "binary",
        "learning_rate": 0.03,
        "num_leaves": leaves,
        "min_data_in_leaf": trees.rows_in_leaf,
        "lambda_l2": 1.0,
        "max_bin": 63,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(values, labels), num_boost_round=trees.splits // (leaves - 1))
    return np.asarray(booster.predict(examined, raw_score=True, num_threads=1), dtype=np.float64)
