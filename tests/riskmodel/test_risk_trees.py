"""The fast path answers what `Booster.predict` answers: one row, many rows, contributions, from any thread."""

import gc
import math
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ModelError
from riskmodel.cold_start import COLD_START
from riskmodel.features import feature_row
from riskmodel.model import load_model
from riskmodel.simulate import simulate_rows
from riskmodel.trees import Trees
from tests.riskmodel.claims import ORDINARY, RING

MODEL = load_model(COLD_START)
assert MODEL.trees is not None
TREES: Trees = MODEL.trees
COLUMNS = len(TREES.features)
ANY = st.one_of(st.floats(-1e9, 1e9), st.just(math.nan), st.integers(-5, 400).map(float))


@settings(deadline=None)
@given(st.lists(ANY, min_size=COLUMNS, max_size=COLUMNS))
def test_one_row_equals_predict_within_a_billionth_of_a_thousandth(values: list[float]) -> None:
    asked = np.array([values])
    assert TREES.log_odds(values) == pytest.approx(TREES.booster.predict(asked, raw_score=True)[0], abs=1e-12)
    assert TREES.contributions(values) == pytest.approx(TREES.booster.predict(asked, pred_contrib=True)[0], abs=1e-12)


def test_contributions_add_up_to_the_log_odds() -> None:
    values = [feature_row(RING)[name] for name in TREES.features]
    assert sum(TREES.contributions(values)) == pytest.approx(TREES.log_odds(values), abs=1e-9)


def test_eight_threads_at_once_get_their_own_answers() -> None:
    rows = [[each.row[name] for name in TREES.features] for each in simulate_rows(400, seed=2)]
    expected = TREES.batch(np.array(rows))
    start = threading.Barrier(8)

    def ask(_: int) -> list[float]:
        start.wait()
        return [TREES.log_odds(row) for row in rows]

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(ask, range(8)):
            assert answers == pytest.approx(expected, abs=1e-12)


def test_threads_that_end_free_what_they_prepared_and_the_others_go_on() -> None:
    values = [feature_row(ORDINARY)[name] for name in TREES.features]
    expected = TREES.log_odds(values)
    for _ in range(20):
        thread = threading.Thread(target=TREES.log_odds, args=(values,))
        thread.start()
        thread.join()
    gc.collect()
    assert TREES.log_odds(values) == expected


def test_many_rows_score_as_each_alone() -> None:
    rows = [each.row for each in simulate_rows(300, seed=5)]
    assert MODEL.probabilities(rows) == pytest.approx([MODEL.probability(row) for row in rows], abs=1e-12)
    assert len(MODEL.probabilities([])) == 0


def test_many_rows_are_looked_at_each() -> None:
    rows = [feature_row(ORDINARY), feature_row(ORDINARY) | {"claimed_fen": math.nan}]
    with pytest.raises(ModelError, match="claimed_fen is missing"):
        MODEL.probabilities(rows)


def test_a_text_that_is_no_booster_is_named() -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        Trees("tree\nnonsense", Path("models/broken"))


def test_a_row_that_is_too_short_is_never_scored() -> None:
    with pytest.raises(struct.error):
        TREES.log_odds([1.0])
