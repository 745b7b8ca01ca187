"""What a score costs: `python -m bench.risk_speed`, the fast path beside `Booster.predict` in the same run.

Processor time of the thread. On a busy machine neighbours still throw out caches: so each row is asked eight times, and beside
the percentiles of all calls stands the 99th percentile of each row's best. Nothing here asserts a time.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from domain.risk import FeatureRow
from riskmodel.cold_start import COLD_START
from riskmodel.model import load_model
from riskmodel.scorecard import parse_scorecard
from riskmodel.simulate import simulate_rows
from riskmodel.train import Recipe, train_booster
from riskmodel.trees import Trees

T = TypeVar("T")
ROWS, PASSES = 2_000, 8
BATCH = 10_000


def main() -> None:
    """Print the shipped model and two larger boosters, each way of asking beside the other."""
    labelled = simulate_rows(BATCH, seed=11)
    rows = [each.row for each in labelled]
    model = load_model(COLD_START)
    _print("row to probability, checks and scorecard in it", rows, model.probability, "35")
    _print("row to five grouped reasons", rows, model.reasons, "300")
    _print("row to the whole score", rows, lambda row: model.score_row(row, 900_000))
    started = time.thread_time()
    model.probabilities(rows)
    print(f"  {'a batch of 10,000 rows':<58} {BATCH / (time.thread_time() - started):>9,.0f} rows/s   to reach 100,000")
    scorecard = parse_scorecard((COLD_START / "scorecard.yaml").read_text(encoding="utf-8"))
    for trees, leaves in ((15, 4), (300, 4), (200, 15)):
        text = train_booster(labelled, scorecard, tuple(model.manifest.features), Recipe(trees=trees, leaves=leaves))
        _compare(f"{trees} trees of {leaves} leaves", Trees(text, COLD_START), rows)


def _compare(name: str, trees: Trees, rows: Sequence[FeatureRow]) -> None:
    values = [[row[each] for each in trees.features] for row in rows]
    arrays = [np.array([each]) for each in values]
    print(name)
    _print("trees alone, the fast path", values, trees.log_odds)
    _print("trees alone, Booster.predict on an array", arrays, lambda each: trees.booster.predict(each, raw_score=True, num_threads=1))
    _print("contributions, the fast path", values, trees.contributions)
    _print("contributions, Booster.predict", arrays, lambda each: trees.booster.predict(each, pred_contrib=True, num_threads=1))


def _print(name: str, each: Sequence[T], ask: Callable[[T], object], target_us: str = "") -> None:
    for item in each[:200]:
        ask(item)
    asked = each[:ROWS]
    passes = np.array([[_time(ask, item) for item in asked] for _ in range(PASSES)]) / 1_000
    middle, late = np.percentile(passes, (50, 99))
    alone = np.percentile(passes.min(axis=0), 99)
    target = f"   to reach {target_us} at p99" if target_us else ""
    print(f"  {name:<58} {middle:>7.1f} µs p50 {late:>8.1f} µs p99 {alone:>8.1f} µs p99 of each row's best{target}")


def _time(ask: Callable[[T], object], item: T) -> int:
    started = time.thread_time_ns()
    ask(item)
    return time.thread_time_ns() - started


if __name__ == "__main__":
    main()
