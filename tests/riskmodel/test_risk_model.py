"""What a score holds, what a damaged artefact says, and what training promises."""

import hashlib
import json
import math
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputError, ModelError
from domain.risk import Band
from riskmodel.artefact import BOOSTER, CALIBRATOR, GOLDEN, HISTOGRAMS, MANIFEST, POLICY, SCORECARD, read_artefact, write_artefact
from riskmodel.cold_start import ARTEFACTS, COLD_START, build_cold_start
from riskmodel.features import FEATURES, GROUPS, feature_row
from riskmodel.model import expected_loss_fen, load_model
from riskmodel.scorecard import parse_scorecard, to_probability
from riskmodel.simulate import simulate_rows
from riskmodel.train import Recipe, train_booster
from riskmodel.training.calibration import parse_calibrator
from tests.riskmodel.claims import ORDINARY, RING

SHIPPED = load_model(COLD_START)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COLD_START, tmp_path / "model"))


def test_a_score_names_its_model_and_that_its_evidence_is_synthetic() -> None:
    score = SHIPPED.score(ORDINARY, 900_000)
    assert score.model_hash == SHIPPED.model_hash
    assert len(score.model_hash) == 64
    assert score.evidence == "synthetic"


def test_the_expected_loss_is_probability_times_amount_in_whole_fen() -> None:
    score = SHIPPED.score(RING, 9_000_000)
    assert abs(Fraction(score.probability) * 9_000_000 - score.expected_loss_fen) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("probability", "amount_fen", "expected"), [(0.5, 1, 1), (0.5, 2, 1), (0.25, 1, 0), (0.0, 10**12, 0), (1.0, 10**17 + 1, 10**17 + 1)]
)
def test_half_a_fen_rounds_up_and_no_fen_is_lost_to_floats(probability: float, amount_fen: int, expected: int) -> None:
    assert expected_loss_fen(probability, amount_fen) == expected


@given(st.floats(-2_000, 2_000))
def test_a_probability_lies_between_zero_and_one(log_odds: float) -> None:
    assert 0 <= to_probability(log_odds) <= 1


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        SHIPPED.score(ORDINARY, -1)


def test_the_reasons_are_at_most_five_groups_the_weightiest_first_with_the_values_in_them() -> None:
    reasons = SHIPPED.score(RING, 9_000_000).reasons
    assert 1 <= len(reasons) <= 5
    assert [abs(reason.points) for reason in reasons] == sorted((abs(reason.points) for reason in reasons), reverse=True)
    assert {reason.feature for reason in reasons} <= set(GROUPS)
    assert reasons[0].feature == "sharing"
    assert reasons[0].points > 0
    for words in ("手机号另有 2 名被保险人使用", "收款账号另有 2 名被保险人使用", "报案设备另有 2 名被保险人使用"):
        assert words in reasons[0].text


def test_the_scorecards_reasons_add_up_to_its_score() -> None:
    scorecard = SHIPPED.scorecard
    row = feature_row(RING)
    points = scorecard.base_points + sum(bands.points_of(row[name]) for name, bands in scorecard.bands.items())
    assert scorecard.log_odds(row) == pytest.approx(points * math.log(2) / 20)
    assert scorecard.in_points(scorecard.log_odds(row)) == pytest.approx(points)


def test_a_stored_row_scores_as_the_facts_did() -> None:
    stored = json.loads(json.dumps(feature_row(RING)))
    assert SHIPPED.score_row(stored, 9_000_000) == SHIPPED.score(RING, 9_000_000)


def test_a_row_that_lacks_a_feature_names_it() -> None:
    row = feature_row(ORDINARY)
    del row["policy_age_days"]
    with pytest.raises(ModelError, match="lacks policy_age_days"):
        SHIPPED.score_row(row, 0)


def test_a_later_feature_in_the_row_is_left_aside() -> None:
    assert SHIPPED.score_row(feature_row(ORDINARY) | {"not_yet_known": 1.0}, 0) == SHIPPED.score(ORDINARY, 0)


@pytest.mark.parametrize(("value", "what"), [(math.inf, "claimed_fen is infinite"), (math.nan, "claimed_fen is missing")])
def test_a_value_that_cannot_be_is_named(value: float, what: str) -> None:
    with pytest.raises(ModelError, match=what):
        SHIPPED.score_row(feature_row(ORDINARY) | {"claimed_fen": value}, 0)


@pytest.mark.parametrize("name", [SCORECARD, BOOSTER])
def test_a_changed_file_is_named(copy: Path, name: str) -> None:
    (copy / name).write_text((copy / name).read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(ModelError, match=f"{name} was changed"):
        load_model(copy)


@pytest.mark.parametrize("name", [MANIFEST, SCORECARD, BOOSTER])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be read"):
        load_model(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}'])
def test_a_damaged_manifest_is_an_error(copy: Path, text: str) -> None:
    (copy / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged"):
        load_model(copy)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"format": 2}, "has format 2"),
        ({"features": ["sex"]}, "was trained on sex"),
        ({"features": ["claimed_fen"]}, "its manifest does not list"),
        ({"thresholds": {"medium": 0.5, "high": 0.1}}, "thresholds out of order"),
        ({"files": {"../secret": "0"}}, "names the files"),
        ({"start": {"offset": math.nan}}, "NaN is no JSON number"),
    ],
)
def test_a_manifest_that_does_not_fit_is_an_error(copy: Path, change: dict[str, object], what: str) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    (copy / MANIFEST).write_text(json.dumps(manifest | change), encoding="utf-8")
    with pytest.raises(ModelError, match=what):
        load_model(copy)


def test_a_number_that_no_float_holds_is_an_error(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8")) | {"start": {"offset": 0.5}}
    (copy / MANIFEST).write_text(json.dumps(manifest).replace("0.5}", "1e999}"), encoding="utf-8")
    with pytest.raises(ModelError, match="both are finite numbers"):
        load_model(copy)


def written(copy: Path, name: str, content: bytes) -> None:
    """Change a file and the manifest's hash of it, as somebody would who writes a folder by hand."""
    (copy / name).write_bytes(content)
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (copy / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("name", [SCORECARD, BOOSTER, POLICY])
def test_a_file_that_is_no_text_is_named_although_its_hash_is_right(copy: Path, name: str) -> None:
    written(copy, name, bytes(range(256)))
    with pytest.raises(ModelError, match=rf"{name} is no text in UTF-8"):
        load_model(copy)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "holds no rows, so nothing proves the model"),
        ("{", "cannot be read"),
        ('[{"log_odds": 1}]', "cannot be read"),
        ('[{"log_odds": 1, "row": {"claimed_fen": "x"}}]', "cannot be read"),
        ('[{"log_odds": 1, "row": {}}]', "lacks"),
    ],
)
def test_golden_rows_that_prove_nothing_stop_the_loading(copy: Path, text: str, what: str) -> None:
    written(copy, GOLDEN, text.encode())
    with pytest.raises(ModelError, match=what):
        load_model(copy)


def test_a_golden_score_that_no_float_holds_is_not_taken_for_the_right_one(copy: Path) -> None:
    row = {name: None if math.isnan(value) else value for name, value in feature_row(ORDINARY).items()}
    written(copy, GOLDEN, json.dumps([{"log_odds": "far", "row": row}]).replace('"far"', "1e999").encode())
    with pytest.raises(ModelError, match="golden row 1"):
        load_model(copy)


LIKELY = {
    "claimed_fen": {"bounds": [1.0], "shares": [0.5, 0.5], "missing": 0.0},
    "inpatient_days": {"bounds": [], "shares": [], "missing": 1.0},
}


@pytest.mark.parametrize("name", [CALIBRATOR, GOLDEN, HISTOGRAMS, POLICY])
@pytest.mark.parametrize(
    ("twice", "what"), [('{"kind": 1, "kind": 2}', "the name 'kind' stands twice"), ("[NaN]", "NaN is no JSON number")]
)
def test_what_json_says_twice_or_cannot_say_is_refused_in_every_file(copy: Path, name: str, twice: str, what: str) -> None:
    written(copy, name, twice.encode())
    with pytest.raises(ModelError, match=rf"{name}.* cannot be read.*{what}"):
        load_model(copy)


def test_a_manifest_that_names_a_file_twice_is_refused(copy: Path) -> None:
    told = (copy / MANIFEST).read_text(encoding="utf-8")
    (copy / MANIFEST).write_text(told.replace('"files": {', f'"files": {{"{BOOSTER}": "0",', 1), encoding="utf-8")
    with pytest.raises(ModelError, match=f"'{BOOSTER}' stands twice"):
        load_model(copy)


def test_the_histograms_of_a_folder_are_read_with_it(copy: Path) -> None:
    written(copy, HISTOGRAMS, json.dumps(LIKELY).encode())
    assert load_model(copy).histograms == LIKELY
    assert SHIPPED.histograms == {}


@pytest.mark.parametrize(
    "change",
    [
        {"bounds": [2.0, 1.0], "shares": [0.2, 0.3, 0.5]},
        {"bounds": [], "shares": [0.5, 0.5]},
        {"shares": [0.5, 0.6]},
        {"shares": [1.5, -0.5]},
        {"missing": 0.5},
        {"bounds": [], "shares": []},
    ],
)
def test_histograms_that_cannot_be_stop_the_loading_and_not_the_watching(copy: Path, change: dict[str, object]) -> None:
    written(copy, HISTOGRAMS, json.dumps({"claimed_fen": LIKELY["claimed_fen"] | change}).encode())
    with pytest.raises(ModelError, match="claimed_fen is"):
        load_model(copy)


@pytest.mark.parametrize(("at", "gives"), [([1.0, math.nan], []), ([0.0, 1.0], [0.1, 1.1])])
def test_a_calibrator_that_gives_no_probability_is_an_error(at: list[float], gives: list[float]) -> None:
    with pytest.raises(ModelError, match="cannot be"):
        parse_calibrator(json.dumps({"kind": "isotonic" if gives else "platt", "at": at, "gives": gives}))


def test_a_folder_with_the_scorecard_alone_scores(tmp_path: Path) -> None:
    shipped = read_artefact(COLD_START)
    write_artefact(tmp_path / "alone", shipped.manifest, shipped.scorecard_text, None)
    model = load_model(tmp_path / "alone")
    assert model.trees is None
    assert model.score(RING, 9_000_000).band is Band.HIGH
    assert model.model_hash != SHIPPED.model_hash


def test_writing_a_folder_again_without_trees_removes_them(copy: Path) -> None:
    shipped = read_artefact(copy)
    write_artefact(copy, shipped.manifest, shipped.scorecard_text, None)
    assert not (copy / BOOSTER).exists()
    assert load_model(copy).trees is None


def test_the_shipped_cold_start_is_what_its_command_builds(tmp_path: Path) -> None:
    build_cold_start(tmp_path / "first")
    build_cold_start(tmp_path / "second")
    for name in (MANIFEST, SCORECARD, BOOSTER):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    built = load_model(tmp_path / "first")
    assert {each.name for each in COLD_START.iterdir()} == {each.name for each in (tmp_path / "first").iterdir()}  # nothing left of before
    assert built.manifest == SHIPPED.manifest
    for facts in (ORDINARY, RING):  # another processor may round the last digit of a leaf, so the scores are compared
        assert built.score(facts, 0).probability == pytest.approx(SHIPPED.score(facts, 0).probability, rel=1e-6)


def test_the_shipped_artefact_holds_no_pickle_and_is_small() -> None:
    files = [each for each in ARTEFACTS.rglob("*") if each.is_file()]
    assert {each.suffix for each in files} <= {".yaml", ".json", ".txt"}
    assert sum(each.stat().st_size for each in files) < 100_000


def test_too_few_confirmed_cases_grow_no_trees() -> None:
    rows = [replace(each, is_fraud=False) for each in simulate_rows(100, seed=1)]
    with pytest.raises(ModelError, match="too few"):
        train_booster(rows, SHIPPED.scorecard, SHIPPED.manifest.features, Recipe())


def test_the_simulation_does_not_leak_its_rings_through_amount_or_tenure() -> None:
    rows = simulate_rows(6_000, seed=7)
    for name in ("claimed_fen", "payable_fen", "policy_age_days"):
        assert 0.25 < _auc([(each.row[name], each.is_fraud) for each in rows]) < 0.75, name


def _auc(pairs: list[tuple[float, bool]]) -> float:
    frauds = [value for value, is_fraud in pairs if is_fraud]
    others = [value for value, is_fraud in pairs if not is_fraud]
    wins = sum((fraud > other) + 0.5 * (fraud == other) for fraud in frauds for other in others)
    return wins / (len(frauds) * len(others))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("points: 20}", "points: 2}", "phone_other_insureds push against its direction"),
        ("{below: 2, points: 6}", "{below: 9, points: 6}", "phone_other_insureds do not ascend"),
        ("  phone_other_insureds:", "  sex:", "scores sex, which is no feature"),
        ("base_points: -112", "base_points:", "cannot be read"),
        ("base_points: -112", "base_points: [", "cannot be read"),
    ],
)
def test_a_scorecard_that_is_wrong_is_an_error(old: str, new: str, what: str) -> None:
    text = (ARTEFACTS / SCORECARD).read_text(encoding="utf-8")
    with pytest.raises(ModelError, match=what):
        parse_scorecard(text.replace(old, new, 1))


def test_every_group_of_features_has_a_name_and_a_feature() -> None:
    assert {feature.group for feature in FEATURES} == set(GROUPS)
