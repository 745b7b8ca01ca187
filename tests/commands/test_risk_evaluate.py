"""`risk evaluate`: what a program reads from it, and what a person is told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.risk_evaluate import commands
from domain.errors import InputError
from tests.riskmodel.evaluation.extracts import claim_rows, write_csv

RUN = CliRunner()


@pytest.fixture
def csv(tmp_path: Path) -> str:
    return str(write_csv(tmp_path / "claims.csv", claim_rows(400)))


def test_json_alone_stands_on_the_output(csv: str) -> None:
    done = RUN.invoke(commands, ["--csv", csv, "--label", "fraud", "--exclude", "area,note", "--repeats", "1", "--json"])
    told = json.loads(done.stdout)
    assert told["forward"] is None
    assert 0 <= told["cross_validated"]["auc"] <= 1
    assert any("claim_no differs in every row" in each for each in told["warnings"])


def test_people_get_a_table_with_both_ways_to_part_the_claims(csv: str) -> None:
    done = RUN.invoke(commands, ["--csv", csv, "--label", "fraud", "--time", "Claim Date", "--amount", "amount", "--repeats", "1"])
    assert done.exit_code == 0
    for words in ("cross-validated", "forward", "recall at 5%", "money captured at 1%", "average precision"):
        assert words in done.stdout


def test_the_label_cannot_be_excluded(csv: str) -> None:
    done = RUN.invoke(commands, ["--csv", csv, "--label", "fraud", "--exclude", "fraud"])
    assert isinstance(done.exception, InputError)


def test_the_label_is_no_amount(csv: str) -> None:
    done = RUN.invoke(commands, ["--csv", csv, "--label", "fraud", "--amount", "fraud"])
    assert isinstance(done.exception, InputError)


def test_a_column_without_amounts_is_named_with_an_example(csv: str) -> None:
    done = RUN.invoke(commands, ["--csv", csv, "--label", "fraud", "--amount", "area"])
    assert isinstance(done.exception, InputError)
    assert "such as '" in str(done.exception)
