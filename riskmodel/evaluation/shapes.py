"""The shape of a model, chosen inside the claims it learns from: how deep its trees are, how many, how rates are smoothed.

Nothing here sees the claims that are examined on: those to learn from are dealt into three parts, each candidate is grown
on two and told off on the third, and the one with the least log-loss (which asks for both order and size) is grown on all.
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


@dataclass(frozen=True)
class Trees:
    """How trees are grown: leaves (one figure a bag, in turn), splits in all, rows in a leaf, rows that a rate begins with."""

    leaves: tuple[int, ...] = (4, 6, 8)  # what needs few steps and what needs more are both in the mean
    splits: int = 1_700  # of one model, about: more leaves, fewer trees
    rows_in_leaf: int = 10
    prior_rows: int = 100


CANDIDATES = (
    Trees(),
    Trees(splits=900),
    Trees(leaves=(3, 4, 5), rows_in_leaf=20),
    Trees(leaves=(2, 3), splits=900),
    Trees(prior_rows=20),
    Trees(prior_rows=400, rows_in_leaf=30),
)
FITS = len(CANDIDATES) * INNER_PARTS  # boosters that one choice grows


def choose(typed: Typed, labels: Labels, learn: Rows, seed: int, advance: Callable[[], None] = lambda: None) -> Trees:
    """Give the candidate with the least log-loss on claims it had not seen, all of them among those to learn from."""
    folds, losses = stratified_folds(labels[learn], INNER_PARTS, seed), np.zeros(len(CANDIDATES))
    for fold in range(INNER_PARTS):
        grown_on, told = learn[folds != fold], learn[folds == fold]
        for place, trees in enumerate(CANDIDATES):
            matrix = encode(typed, labels, grown_on, seed, trees.prior_rows)
            middle = trees.leaves[len(trees.leaves) // 2]
            losses[place] += _log_loss(grow_trees(matrix[grown_on], labels[grown_on], matrix[told], trees, middle, seed), labels[told])
            advance()
    return CANDIDATES[int(losses.argmin())]


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
