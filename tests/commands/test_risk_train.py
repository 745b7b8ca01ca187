"""`risk train`: from a database of scored claims to a folder that loads, and what it refuses before it works."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from commands.plant import database_of
from commands.risk_train import commands
from domain.china import china_day
from domain.errors import InputError, ModelError
from riskmodel.model import load_model
from tests.commands.test_commands_ledger import config as config  # a house of its own
from tests.riskmodel.training.claims import AS_OF, past

RUN = CliRunner()
_DAY_MS = 86_400_000


@pytest.fixture
def scored(config: Path) -> Path:
    """Fourteen hundred scored claims, the last of them erased. SQLite itself asks for no claims behind the rows."""
    with database_of(config):
        pass
    with closing(sqlite3.connect(config.parent / "var" / "mingbai.db")) as connection, connection:
        for number, each in enumerate(past(1_400)[0]):
            scored_ms = (each.scored_on.toordinal() - 719_163) * _DAY_MS
            features = json.dumps(each.row) if number < 1_399 else "{}"
            connection.execute(
                "INSERT INTO adjudication VALUES (?, 1, '[]', '[]', '[]', '{}', '{}', ?, 0, ?)", (each.claim_id, each.amount_fen, scored_ms)
            )
            kept = (each.claim_id, features, "0" * 64, scored_ms)
            connection.execute("INSERT INTO risk_row VALUES (?, 1, ?, 0.1, ?, 0.02, ?, NULL, NULL, NULL, NULL)", kept)
    return config


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    lines = [f"{claim_id},1,{found[0].known_on.isoformat()}" for claim_id, found in past(1_400)[1].items()]
    file = tmp_path / "findings.csv"
    file.write_text("\n".join(["claim_id,is_fraud,known_on", *lines]) + "\n", encoding="utf-8")
    return file


def asked(config: Path, findings: Path, to: Path, as_of: str = AS_OF.isoformat(), delay: str = "60d") -> Result:
    words = ["--as-of", as_of, "--findings", str(findings), "--to", str(to), "--label-delay", delay, "--seed", "3", "--config", str(config)]
    return RUN.invoke(commands, words)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_stored_rows_become_a_folder_that_loads(scored: Path, findings: Path, tmp_path: Path) -> None:
    done = asked(scored, findings, tmp_path / "own")
    assert (done.exit_code, done.exception) == (0, None)
    assert "forward in time" in done.stdout
    model = load_model(tmp_path / "own")
    assert model.manifest.trained_on["rows"] == 1_399  # the erased one is gone
    assert model.manifest.trained_on["as_of"] == AS_OF.isoformat()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_same_rows_give_the_same_bytes_and_findings_about_strangers_are_told(scored: Path, findings: Path, tmp_path: Path) -> None:
    asked(scored, findings, tmp_path / "own")
    findings.write_text(findings.read_text() + "C-STRANGER,1,2024-01-01\n", encoding="utf-8")
    (tmp_path / "again").mkdir()
    done = asked(scored, findings, tmp_path / "again" / "own")
    assert "claims of the findings were never scored here, such as C-STRANGER" in done.stderr
    written = {each.name: each.read_bytes() for each in (tmp_path / "own").iterdir()}
    assert {each.name: each.read_bytes() for each in (tmp_path / "again" / "own").iterdir()} == written


def test_a_folder_that_is_there_is_never_written_over(config: Path, findings: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "model.txt").write_text("tree")
    done = asked(config, findings, tmp_path / "own")
    assert isinstance(done.exception, ModelError)
    assert (tmp_path / "own" / "model.txt").read_text() == "tree"


@pytest.mark.parametrize(
    ("as_of", "delay", "field"),
    [
        ("tomorrow", "60d", "as_of"),
        ("0001-01-01", "60d", "as_of"),
        ((china_day(time.time_ns() // 1_000_000) + timedelta(days=2)).isoformat(), "60d", "as_of"),
        ("2025-06-30", "two months", "label_delay"),
        ("2025-06-30", "3651d", "label_delay"),
    ],
)
def test_days_that_are_none_are_named(config: Path, findings: Path, tmp_path: Path, as_of: str, delay: str, field: str) -> None:
    done = asked(config, findings, tmp_path / "own", as_of, delay)
    assert isinstance(done.exception, InputError) and done.exception.field == field


def test_a_database_without_claims_is_told(config: Path, findings: Path, tmp_path: Path) -> None:
    assert isinstance(asked(config, findings, tmp_path / "own").exception, ModelError)
