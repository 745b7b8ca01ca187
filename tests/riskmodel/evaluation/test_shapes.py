"""The shape of a model is chosen among the rows to learn from alone."""

import numpy as np

from riskmodel.evaluation.columns import CategoryColumn, NumberColumn, Typed
from riskmodel.evaluation.shapes import CANDIDATES, CHOSEN, FITS, choose

RANDOM = np.random.default_rng(2)
ROWS = 400
VALUES = RANDOM.normal(size=ROWS)
LABELS = (RANDOM.random(ROWS) < 1 / (1 + np.exp(2 - 2 * VALUES))).astype(np.int64)
TYPED = Typed((NumberColumn("amount", VALUES),), (CategoryColumn("place", RANDOM.integers(0, 30, ROWS), 30),), ())
LEARN = np.arange(300)


def test_two_of_the_candidates_are_chosen_and_each_was_grown_on_every_part() -> None:
    grown: list[int] = []
    chosen = choose(TYPED, LABELS, LEARN, 1, lambda: grown.append(1))
    assert len(set(chosen)) == CHOSEN == 2
    assert set(chosen) <= set(CANDIDATES)
    assert len(grown) == FITS


def test_what_is_examined_on_has_no_say() -> None:
    """The labels of the other rows are turned round, and their values made nonsense."""
    labels, values = LABELS.copy(), VALUES.copy()
    labels[300:] = 1 - labels[300:]
    values[300:] = 1e9
    other = Typed((NumberColumn("amount", values),), TYPED.categories, ())
    assert choose(other, labels, LEARN, 1) == choose(TYPED, LABELS, LEARN, 1)
