"""A model that two people put in force scores in processes that run, once it is proven; until then the one before it goes on."""

import json
import logging
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from adjudicator.promoting import promote
from adjudicator.serving import Renewal, ServingModel, load_in_force
from domain.errors import ModelError
from riskmodel.artefact import BOOSTER, GOLDEN, write_artefact
from riskmodel.cold_start import COLD_START
from riskmodel.golden import golden_text
from riskmodel.model import load_model
from riskmodel.simulate import simulate_rows
from storage.access import Staff
from storage.database import Database

ACTUARIES = Staff("suan", "算", "actuary", 0), Staff("jing", "精", "actuary", 0)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def serving(clock: Clock) -> ServingModel:
    return ServingModel(load_model(COLD_START), clock=clock)


def another(folder: Path) -> Path:
    """The shipped model under another name, with golden rows: other bytes, so another model."""
    shipped = load_model(COLD_START)
    rows = [each.row for each in simulate_rows(40, seed=3)]
    scorecard, booster = shipped.texts["scorecard.yaml"], shipped.texts[BOOSTER]
    manifest = replace(shipped.manifest, name=folder.name)
    write_artefact(folder, manifest, scorecard, booster, {GOLDEN: golden_text(shipped.log_odds, rows)})
    return folder


def put_in_force(database: Database, folder: Path) -> str:
    for staff in ACTUARIES:
        done = promote(database, COLD_START, folder, staff, "更换政策")
    assert done.is_in_force
    return done.model_hash


def test_a_process_that_runs_takes_over_what_two_people_signed_and_not_what_one_did(
    database: Database, serving: ServingModel, tmp_path: Path
) -> None:
    folder = another(tmp_path / "other")
    promote(database, COLD_START, folder, ACTUARIES[0], "更换政策")
    assert not serving.look(database)
    promote(database, COLD_START, folder, ACTUARIES[1])
    assert serving.look(database)
    assert serving.model.model_hash == load_model(folder).model_hash
    assert not serving.look(database)
    assert serving.fault == ""


def damage(folder: Path, how: str) -> None:
    if how == "gone":
        shutil.rmtree(folder)
    elif how == "a byte of the trees":
        trees = (folder / BOOSTER).read_text(encoding="utf-8")
        (folder / BOOSTER).write_text(trees.replace("leaf_value=", "leaf_value=1", 1), encoding="utf-8")
    elif how == "another model":
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        (folder / "manifest.json").write_text(json.dumps(manifest | {"name": "swapped"}), encoding="utf-8")
    else:
        (folder / "manifest.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("how", ["gone", "a byte of the trees", "another model", "no json"])
def test_what_cannot_be_proven_changes_nothing_and_the_operator_is_told_once(
    database: Database, serving: ServingModel, tmp_path: Path, caplog: pytest.LogCaptureFixture, clock: Clock, how: str
) -> None:
    before = serving.model
    folder = another(tmp_path / "other")
    put_in_force(database, folder)
    damage(folder, how)
    with caplog.at_level(logging.ERROR, "adjudicator.serving"):
        for _ in range(3):
            clock.seconds += 61
            assert not serving.look(database)
    assert serving.model is before
    assert str(folder) in serving.fault
    assert len(caplog.records) == 1


def test_golden_rows_that_score_otherwise_here_are_no_proof(database: Database, serving: ServingModel, tmp_path: Path) -> None:
    folder, shipped = tmp_path / "other", load_model(COLD_START)
    rows = [each.row for each in simulate_rows(40, seed=3)]
    wrong = golden_text(lambda row: shipped.log_odds(row) + 1e-6, rows)
    put_in_force(database, another(folder))
    release = load_model(folder)
    shutil.rmtree(folder)
    write_artefact(folder, release.manifest, release.texts["scorecard.yaml"], release.texts[BOOSTER], {GOLDEN: wrong})
    assert not serving.look(database)
    assert "golden row" in serving.fault


def test_a_folder_that_was_mended_is_taken_over_a_minute_later(
    database: Database, serving: ServingModel, tmp_path: Path, clock: Clock
) -> None:
    folder = another(tmp_path / "other")
    model_hash = put_in_force(database, folder)
    folder.rename(tmp_path / "away")
    assert not serving.look(database)
    (tmp_path / "away").rename(folder)
    clock.seconds = 59.9
    assert not serving.look(database)
    clock.seconds = 60
    assert serving.look(database)
    assert (serving.model.model_hash, serving.fault) == (model_hash, "")


def test_the_next_release_does_not_wait_for_a_broken_one(database: Database, serving: ServingModel, tmp_path: Path) -> None:
    broken = another(tmp_path / "broken")
    put_in_force(database, broken)
    damage(broken, "gone")
    assert not serving.look(database)
    sound = put_in_force(database, another(tmp_path / "sound"))
    assert serving.look(database)
    assert (serving.model.model_hash, serving.fault) == (sound, "")


def test_whoever_starts_over_a_broken_release_scores_with_the_one_before_it(database: Database, tmp_path: Path) -> None:
    first = put_in_force(database, another(tmp_path / "first"))
    second = another(tmp_path / "second")
    put_in_force(database, second)
    damage(second, "no json")
    started = load_in_force(database, COLD_START)
    assert started.model.model_hash == first
    assert str(second) in started.fault
    damage(tmp_path / "first", "gone")
    assert load_in_force(database, COLD_START).model.model_hash == load_model(COLD_START).model_hash
    with pytest.raises(ModelError):
        load_in_force(database, tmp_path / "nowhere")


def test_the_thread_looks_by_itself_and_outlives_a_database_that_is_away(
    database: Database, serving: ServingModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, look = threading.Event(), serving.look

    def stumble(database: Database) -> bool:
        if not looked.is_set():
            looked.set()
            raise OSError("away")
        return look(database)

    model_hash = put_in_force(database, another(tmp_path / "other"))
    monkeypatch.setattr(serving, "look", stumble)
    with Renewal(serving, database, every_seconds=0.01):
        ends = time.monotonic() + 20
        while serving.model.model_hash != model_hash and time.monotonic() < ends:
            looked.wait(0.01)
    assert serving.model.model_hash == model_hash
