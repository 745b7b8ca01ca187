"""A training from stored rows to a folder: the same bytes, what it refuses, what the folder proves when it is loaded."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ModelError
from riskmodel.artefact import BOOSTER, CALIBRATOR, GOLDEN, MANIFEST, Start
from riskmodel.cold_start import ARTEFACTS
from riskmodel.model import load_model
from riskmodel.training.calibration import Calibrator, fit_calibrator, parse_calibrator
from riskmodel.training.run import STEPS, Assignment, Trained, start_for, train
from riskmodel.training.snapshots import Learnable
from tests.riskmodel.training.claims import AS_OF, learnable

SCORECARD = (ARTEFACTS / "scorecard.yaml").read_text(encoding="utf-8")
ASSIGNMENT = Assignment("own", AS_OF.isoformat(), 60, 7)
CLAIMS = learnable()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model") / "own"


@pytest.fixture(scope="module")
def trained(folder: Path) -> Trained:
    return train(CLAIMS, ASSIGNMENT, SCORECARD, folder)


def altered(name: str, values: list[float]) -> list[Learnable]:
    return [
        replace(each, snapshot=replace(each.snapshot, row={**each.snapshot.row, name: value}))
        for each, value in zip(CLAIMS, values, strict=True)
    ]


def test_the_same_claims_give_the_same_bytes(trained: Trained, folder: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    train(CLAIMS, ASSIGNMENT, SCORECARD, tmp_path / "own", lambda: steps.append(1))
    names = sorted(each.name for each in folder.iterdir())
    assert names == sorted(each.name for each in (tmp_path / "own").iterdir())
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "own" / name).read_bytes(), name
    assert 5 < len(steps) <= STEPS


def test_a_trained_folder_holds_text_alone_and_loads(trained: Trained, folder: Path) -> None:
    model = load_model(folder)
    assert {each.suffix for each in folder.iterdir()} <= {".json", ".yaml", ".txt", ".md"}
    assert model.manifest.evidence == "labels known on 2025-06-30"
    assert "Learnt from" in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["figures"]["auc"]["interval"][0] <= metrics["figures"]["auc"]["value"] <= metrics["figures"]["auc"]["interval"][1]
    assert {each["slice"] for each in metrics["slices"]} >= {"is_accident=0", "is_accident=1"}
    histograms = json.loads((folder / "histograms.json").read_text(encoding="utf-8"))
    for name, histogram in histograms.items():
        assert sum(histogram["shares"]) + histogram["missing"] == pytest.approx(1, abs=1e-4), name


def test_a_trained_folder_holds_its_policy_and_what_inputs_and_score_looked_like(trained: Trained, folder: Path) -> None:
    model = load_model(folder)
    assert model.decision_policy is not None
    assert (model.policy.medium, model.policy.high) == (model.manifest.thresholds.medium, model.manifest.thresholds.high)
    assert 0 < (model.policy.audit_spread or 0) < 0.5
    assert set(json.loads(model.texts["histograms.json"])) == {*model.manifest.features, "score"}


def test_a_calibrated_score_keeps_the_order_of_the_raw_one(trained: Trained, folder: Path) -> None:
    model = load_model(folder)
    rows = [each.snapshot.row for each in CLAIMS[:300]]
    told = [model.probability(row) for row in rows]
    order = np.argsort([model.log_odds(row) for row in rows], kind="stable")
    assert list(np.array(told)[order]) == sorted(told)
    assert model.probabilities(rows) == pytest.approx(told, abs=1e-12)
    frauds = np.mean([each.is_fraud for each in CLAIMS])
    assert np.mean(model.probabilities([each.snapshot.row for each in CLAIMS])) == pytest.approx(frauds, abs=0.02)


def test_a_golden_row_that_scores_otherwise_stops_the_loading(trained: Trained, folder: Path, tmp_path: Path) -> None:
    import hashlib
    import shutil

    copy = Path(shutil.copytree(folder, tmp_path / "own"))
    golden = json.loads((copy / GOLDEN).read_text())
    golden[2]["log_odds"] += 1e-6
    (copy / GOLDEN).write_text(json.dumps(golden))
    with pytest.raises(ModelError, match=r"golden\.json was changed"):
        load_model(copy)
    manifest = json.loads((copy / MANIFEST).read_text())
    manifest["files"][GOLDEN] = hashlib.sha256((copy / GOLDEN).read_bytes()).hexdigest()
    (copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="golden row 3"):
        load_model(copy)


def test_a_feature_that_knows_the_finding_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    leaking = altered("hospital_recent_claims", [float(each.is_fraud) + 0.001 * (place % 7) for place, each in enumerate(CLAIMS)])
    with pytest.raises(ModelError, match="hospital_recent_claims alone tells fraud"):
        train(leaking, ASSIGNMENT, SCORECARD, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_a_feature_that_is_known_of_frauds_alone_is_refused(tmp_path: Path) -> None:
    leaking = altered("account_changed_days", [float(place % 50) if each.is_fraud else math.nan for place, each in enumerate(CLAIMS)])
    with pytest.raises(ModelError, match="account_changed_days alone tells fraud, by being known at all"):
        train(leaking, ASSIGNMENT, SCORECARD, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_few_frauds_are_refused(tmp_path: Path) -> None:
    honest = [replace(each, is_fraud=each.is_fraud and place < 300) for place, each in enumerate(CLAIMS)]
    with pytest.raises(ModelError, match="too few to train on"):
        train(honest, ASSIGNMENT, SCORECARD, tmp_path / "own")


def test_labels_of_chance_leave_the_scorecard_alone_or_say_that_it_may_be_chance(tmp_path: Path) -> None:
    random = np.random.default_rng(3).permutation([each.is_fraud for each in CLAIMS])
    shuffled = [replace(each, is_fraud=bool(label)) for each, label in zip(CLAIMS, random, strict=True)]
    trained = train(shuffled, ASSIGNMENT, SCORECARD, tmp_path / "own")
    assert any("the scorecard" in each for each in trained.warnings)
    assert (tmp_path / "own" / BOOSTER).exists() is trained.with_trees
    load_model(tmp_path / "own")


@pytest.mark.parametrize(
    ("frauds", "weight"), [(30, 1.0), (300, 1.0), (301, 0.998571428571), (650, 0.5), (999, 0.001428571429), (1_000, 0.0), (5_000, 0.0)]
)
def test_the_scorecard_is_annealed_away_by_the_count_of_frauds(frauds: int, weight: float) -> None:
    start = start_for([True] * frauds + [False] * frauds * 9)
    assert start.scorecard_weight == pytest.approx(weight)
    assert start.offset == pytest.approx((1 - weight) * math.log(1 / 9), abs=1e-9)


def test_a_whole_scorecard_starts_from_nothing_else() -> None:
    assert start_for([True] * 30 + [False] * 900) == Start()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-8, 8), st.booleans()), min_size=20, max_size=200).filter(
        lambda pairs: 0 < sum(y for _, y in pairs) < len(pairs)
    )
)
def test_no_calibration_ever_turns_the_order_round(pairs: list[tuple[float, bool]]) -> None:
    scores, labels = np.array([score for score, _ in pairs]), np.array([int(label) for _, label in pairs])
    calibrator = fit_calibrator(scores, labels)
    told = [calibrator.probability(score) for score in sorted(scores)]
    assert told == sorted(told) and all(0 <= each <= 1 for each in told)
    assert parse_calibrator(calibrator.to_text()) == calibrator


@pytest.mark.parametrize(("frauds", "kind"), [(999, "platt"), (1_000, "isotonic")])
def test_isotonic_steps_need_a_thousand_frauds(frauds: int, kind: str) -> None:
    scores = np.random.default_rng(1).normal(size=4_000)
    labels = np.zeros(4_000, dtype=np.int64)
    labels[np.argsort(-scores)[: 2 * frauds : 2]] = 1
    calibrator = fit_calibrator(scores, labels)
    assert calibrator.kind == kind
    told = [calibrator.probability(score) for score in np.sort(scores)]
    assert told == sorted(told)
    assert np.mean(told) == pytest.approx(frauds / 4_000, abs=0.01)


@pytest.mark.parametrize(
    "calibrator",
    [
        Calibrator("platt", (-1.0, 0.0)),
        Calibrator("isotonic", (0.0, 1.0), (0.5, 0.4)),
        Calibrator("isotonic", (1.0, 0.0), (0.1, 0.2)),
        Calibrator("spline", (1.0,)),
    ],
)
def test_a_calibrator_that_turns_the_order_round_is_refused(calibrator: Calibrator) -> None:
    with pytest.raises(ModelError, match=CALIBRATOR):
        parse_calibrator(calibrator.to_text())
