"""`risk score`: a model that has seen no real claim tells points, one that learnt from labels tells a probability."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.risk import commands
from riskmodel.cold_start import COLD_START

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
