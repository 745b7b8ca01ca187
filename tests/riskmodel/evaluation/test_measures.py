"""The figures against counting by hand, with equal scores, and what their intervals promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.evaluation.leakage import separation
from riskmodel.evaluation.measures import Figure, Scored, measure


def scored(scores: list[float], labels: list[int], amounts: list[float] | None = None) -> Scored:
    at_stake = None if amounts is None else np.array(amounts)
    return Scored(np.arange(len(labels)), np.array(labels), np.array(scores), at_stake)


def value(part: Scored, name: str, share: str = "") -> float:
    found = measure([part], len(part.labels), seed=1)[name]
    figure = found if isinstance(found, Figure) else found[share]
    return figure.value


def auc_by_pairs(scores: list[float], labels: list[int]) -> float:
    frauds = [score for score, label in zip(scores, labels, strict=True) if label]
    others = [score for score, label in zip(scores, labels, strict=True) if not label]
    return sum((fraud > other) + 0.5 * (fraud == other) for fraud in frauds for other in others) / (len(frauds) * len(others))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=4, max_size=40).filter(
        lambda pairs: 0 < sum(label for _, label in pairs) < len(pairs)
    )
)
def test_the_auc_counts_pairs_and_equal_scores_by_half(pairs: list[tuple[int, int]]) -> None:
    scores, labels = [float(score) for score, _ in pairs], [label for _, label in pairs]
    assert value(scored(scores, labels), "auc") == pytest.approx(auc_by_pairs(scores, labels))


def test_average_precision_by_hand() -> None:
    assert value(scored([4, 3, 2, 1], [1, 0, 1, 0]), "average_precision") == pytest.approx((1 + 2 / 3) / 2)
    assert value(scored([1, 1, 1, 1], [1, 0, 1, 0]), "average_precision") == pytest.approx(0.5)  # equal scores know nothing


def test_recall_by_review_share_by_hand() -> None:
    part = scored([float(-place) for place in range(100)], [int(place in (0, 3, 7, 50)) for place in range(100)])
    assert [value(part, "recall_at", share) for share in ("1%", "5%", "10%")] == pytest.approx([0.25, 0.5, 0.75])


def test_money_is_captured_by_what_is_at_stake() -> None:
    labels = [1] + [0] * 98 + [1]
    amounts = [10.0] + [100.0] * 98 + [990.0]
    part = scored([0.0] * 50 + [-1.0] * 50, labels, amounts)
    assert value(part, "money_captured_at", "1%") == pytest.approx(0.99)  # less likely, and a hundred times as much
    assert value(part, "money_captured_by_probability_at", "1%") < 0.05


def test_a_calibrated_score_has_no_calibration_error_and_a_shifted_one_has() -> None:
    labels = [int(place % 4 == 0) for place in range(400)]
    assert value(scored([float(np.log(1 / 3))] * 400, labels), "calibration_error") == pytest.approx(0)
    assert value(scored([0.0] * 400, labels), "calibration_error") == pytest.approx(0.25)


def test_the_interval_holds_the_figure_and_narrows_with_more_claims() -> None:
    random = np.random.default_rng(5)
    widths = []
    for count in (200, 3_200):
        labels = (random.random(count) < 0.3).astype(int)
        figure = measure([Scored(np.arange(count), labels, labels + random.normal(size=count))], count, seed=1)["auc"]
        assert isinstance(figure, Figure) and 0 <= figure.low <= figure.value <= figure.high <= 1
        widths.append(figure.high - figure.low)
    assert widths[1] < widths[0] / 2


@pytest.mark.parametrize(("column", "expected"), [([float(n) for n in range(100)], 1.0), ([1.0] * 100, 0.5), ([np.nan] * 100, 0.5)])
def test_how_well_a_column_separates_by_itself(column: list[float], expected: float) -> None:
    labels = np.array([int(place >= 80) for place in range(100)])
    assert separation(np.array(column), labels) == expected
    assert separation(-np.array(column), labels) == expected
