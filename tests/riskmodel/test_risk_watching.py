"""What is watched: inputs that moved, probabilities that came true or not, whom the score stops."""

import numpy as np
import pytest

from domain.risk import Band
from riskmodel.histograms import histograms_of, stability
from riskmodel.watching import FEWEST, Watched, audit_figures, calibration_figures, fairness_figures, inputs_figures

RANDOM = np.random.default_rng(5)
BEFORE = [{"claimed_fen": float(each), "is_accident": float(each > 0)} for each in RANDOM.normal(0, 1, 2_000)]
HISTOGRAMS = histograms_of(BEFORE, ("claimed_fen", "is_accident"), [0.1] * 1_000 + [0.2] * 1_000)


def test_the_same_values_have_moved_by_nothing_and_a_deviation_is_a_quarter_and_more() -> None:
    values = [each["claimed_fen"] for each in BEFORE]
    assert stability(HISTOGRAMS["claimed_fen"], values) == pytest.approx(0, abs=1e-4)
    assert stability(HISTOGRAMS["claimed_fen"], [each + 1 for each in values]) > 0.25
    assert stability(HISTOGRAMS["claimed_fen"], [float("nan")] * 100) > 0.25


def test_the_index_is_what_the_textbook_says() -> None:
    histogram = {"bounds": [1.0], "shares": [0.5, 0.5], "missing": 0.0}
    assert stability(histogram, [0.0] * 3 + [2.0]) == pytest.approx(0.25 * np.log(1.5) - 0.25 * np.log(0.5), abs=1e-3)


def test_what_was_never_known_and_is_known_now_has_moved() -> None:
    unknown = histograms_of([{"claimed_fen": float("nan")}] * 60, ("claimed_fen",))
    assert stability(unknown["claimed_fen"], [float("nan")] * 60) == pytest.approx(0, abs=1e-2)
    assert stability(unknown["claimed_fen"], [1.0] * 60) > 0.25


def watched(count: int = 100, **changes: object) -> list[Watched]:
    return [Watched(BEFORE[place], 0.1, Band.LOW, **changes) for place in range(count)]  # type: ignore[arg-type]


def test_a_day_of_few_claims_tells_how_many_and_no_more() -> None:
    assert inputs_figures(watched(FEWEST - 1), HISTOGRAMS) == {"claims": FEWEST - 1}
    told = inputs_figures(watched(FEWEST), HISTOGRAMS)
    assert set(told) == {"claims", "psi", "score_psi", "bands"}
    assert told["bands"] == {"low": 1.0, "medium": 0.0, "high": 0.0}


def test_the_input_that_moved_most_stands_first() -> None:
    moved = [Watched({**each, "is_accident": 1.0}, 0.1, Band.LOW) for each in BEFORE]
    assert next(iter(inputs_figures(moved, HISTOGRAMS)["psi"])) == "is_accident"


def test_calibration_tells_what_was_told_and_what_came() -> None:
    told = calibration_figures(watched(90) + watched(10, is_fraud=True))
    assert (told["claims"], told["frauds"], told["frauds_told"]) == (100, 10, 10.0)
    assert told["calibration_error"] == pytest.approx((9 * 1 + 9) / 100)  # nine groups told one too many, one nine too few


def test_recall_counts_what_audits_say_was_missed() -> None:
    through = watched(80, audit_inclusion=0.1, audit_drawn=False)
    audits = watched(1, audit_inclusion=0.1, audit_drawn=True, is_fraud=True) + watched(9, audit_inclusion=0.1, audit_drawn=True)
    stopped = watched(10, is_fraud=True) + watched(5)
    told = audit_figures(through + audits + stopped)
    assert (told["audits"], told["audits_settled"], told["missed_frauds"]["value"]) == (10, 10, 10.0)
    assert told["audited_recall"]["value"] == 0.5
    low, high = told["audited_recall"]["interval"]
    assert low < 0.5 < high


def test_an_audit_that_nobody_settled_tells_nothing_yet() -> None:
    assert audit_figures(watched(3, audit_inclusion=0.1, audit_drawn=True, is_settled=False)) == {"audits": 3, "audits_settled": 0}


def test_honest_claims_that_are_stopped_are_told_by_slice() -> None:
    accident = [Watched({"is_accident": 1.0}, 0.1, Band.MEDIUM if place < 30 else Band.LOW) for place in range(100)]
    illness = [Watched({"is_accident": 0.0}, 0.1, Band.MEDIUM if place < 10 else Band.LOW) for place in range(100)]
    frauds = [Watched({"is_accident": 1.0}, 0.9, Band.HIGH, is_fraud=True)] * 70
    told = fairness_figures(accident + illness + frauds)
    assert told["stopped"] == 0.2
    assert [(each["slice"], each["ratio"]) for each in told["slices"]] == [("is_accident=0", 0.5), ("is_accident=1", 1.5)]


def ranked(frauds: int, others: int, *, challenger: bool) -> list[Watched]:
    """Frauds that the champion ranks no better than chance and the challenger always right."""
    told = []
    for place in range(frauds + others):
        is_fraud = place < frauds
        other = (0.9 if is_fraud else 0.1) if challenger else None
        told.append(Watched(BEFORE[place], 0.5, Band.LOW, is_fraud, challenger=other))
    return told


def test_a_challenger_is_told_beside_the_champion_on_the_same_claims() -> None:
    told = calibration_figures(ranked(10, 90, challenger=True) + ranked(10, 40, challenger=False))
    assert (told["auc"], told["champion_auc_on_the_same"], told["challenger_auc"]) == (0.5, 0.5, 1.0)
    assert "challenger_auc" not in calibration_figures(ranked(10, 90, challenger=False))


def test_nine_frauds_tell_no_ranking() -> None:
    assert "auc" not in calibration_figures(ranked(9, 90, challenger=True))
    assert "auc" in calibration_figures(ranked(10, 90, challenger=True))
