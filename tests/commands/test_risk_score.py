"""`risk score`: a model that has seen no real claim tells points, one that learnt from labels tells a probability."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.plant import database_of
from commands.risk import commands
from domain.decision import Actor
from domain.errors import InputError
from riskmodel.cold_start import COLD_START
from riskmodel.model import load_model
from storage import risk_releases

RUN = CliRunner()


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.json"
    file.write_text('{"claimed_fen": 1285000, "payable_fen": 1200362, "channel": "app"}')
    return file


def scored(folder: Path, facts: Path) -> str:
    config = facts.parent / "config.yaml"
    config.write_text(f"risk_model: {folder}\n")
    done = RUN.invoke(commands, [str(facts), "--config", str(config)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_synthetic_evidence_never_shows_a_probability(facts: Path) -> None:
    told = scored(COLD_START, facts)
    assert "points   band low   evidence synthetic, so no probability" in told
    assert "expected loss" not in told and "0." not in told.splitlines()[0]


def test_labels_show_a_probability(facts: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(COLD_START, tmp_path / "own"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"evidence": "labels known on 2026-06-30"}), encoding="utf-8")
    told = scored(folder, facts)
    assert told.startswith("probability 0.0") and "expected loss" in told


def as_json(folder: Path, facts: Path) -> dict[str, object]:
    config = facts.parent / "config.yaml"
    config.write_text(f"risk_model: {folder}\n")
    done = RUN.invoke(commands, [str(facts), "--json", "--config", str(config)])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def test_json_of_synthetic_evidence_holds_points_and_no_probability(facts: Path) -> None:
    told = as_json(COLD_START, facts)
    assert {"probability", "expected_loss_fen"}.isdisjoint(told)
    assert isinstance(told["points"], float)
    assert told["evidence"] == "synthetic"


def promoted(tmp_path: Path) -> tuple[Path, str]:
    """A database in which two people put another model in force; gives its folder and its hash."""
    folder = Path(shutil.copytree(COLD_START, tmp_path / "own"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"name": "own"}), encoding="utf-8")
    digest = load_model(folder).model_hash
    (tmp_path / "config.yaml").write_text(f"risk_model: {COLD_START}\n")
    with database_of(tmp_path / "config.yaml") as database, database.write() as tx:
        risk_releases.add_release(tx, digest, str(folder), "{}", "", Actor("suan", "actuary"))
        seq = risk_releases.releases(tx)[-1].seq
        risk_releases.add_release(tx, digest, str(folder), "{}", "", Actor("jing", "actuary"), seq)
    return folder, digest


def test_the_model_that_was_promoted_scores_and_is_named(facts: Path, tmp_path: Path) -> None:
    _, digest = promoted(tmp_path)
    told = as_json(COLD_START, facts)
    assert (told["model_hash"], told["model_from"]) == (digest, "promoted with 2")
    assert f"by model {digest[:12]}, promoted with 2" in scored(COLD_START, facts)


def test_without_a_promotion_the_model_of_the_settings_scores(facts: Path, tmp_path: Path) -> None:
    with database_of(tmp_path / "config.yaml"):  # made, and empty
        pass
    assert as_json(COLD_START, facts)["model_from"] == "of config.yaml: none was promoted"


def test_without_a_database_none_is_made(facts: Path, tmp_path: Path) -> None:
    assert as_json(COLD_START, facts)["model_from"] == "of config.yaml: none was promoted"
    assert not (tmp_path / "var").exists()


def test_a_promoted_model_that_does_not_load_is_told_of_and_the_one_before_it_scores(facts: Path, tmp_path: Path) -> None:
    folder, _ = promoted(tmp_path)
    (folder / "model.txt").write_text("changed")
    done = RUN.invoke(commands, [str(facts), "--config", str(tmp_path / "config.yaml")])
    assert done.exit_code == 0, done.output
    assert f"by model {load_model(COLD_START).model_hash[:12]}, which goes on" in done.stdout
    assert "model.txt was changed" in done.stderr


def test_a_folder_that_is_named_scores_whatever_was_promoted(facts: Path, tmp_path: Path) -> None:
    promoted(tmp_path)
    done = RUN.invoke(commands, [str(facts), "--json", "--model", str(COLD_START), "--config", str(tmp_path / "config.yaml")])
    told = json.loads(done.stdout)
    assert (told["model_hash"], told["model_from"]) == (load_model(COLD_START).model_hash, f"of {COLD_START}")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{'claimed_fen': 1}", "is no JSON file"),
        (b'{"claimed_fen": 1, "claimed_fen": 2}', "stands twice"),
        (b'{"claimed_fen": NaN}', "NaN is no JSON number"),
        ('{"hospital_grade": "三级"}'.encode("gbk"), "is no JSON file"),
        (b"[1]", "no object of facts"),
    ],
)
def test_a_file_that_is_no_json_of_facts_is_refused_by_name(facts: Path, content: bytes, what: str) -> None:
    facts.write_bytes(content)
    done = RUN.invoke(commands, [str(facts), "--model", str(COLD_START)])
    assert isinstance(done.exception, InputError)
    assert what in str(done.exception) and facts.name in str(done.exception)


def test_the_mark_that_windows_sets_before_a_text_is_read_over(facts: Path) -> None:
    facts.write_bytes(b"\xef\xbb\xbf" + facts.read_bytes())
    assert "points   band low" in scored(COLD_START, facts)
