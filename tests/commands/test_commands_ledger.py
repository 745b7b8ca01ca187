"""`ledger …`: the words it says, and the code it ends with."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adjudicator.china_time import today
from adjudicator.settings import read_config
from commands.ledger import commands
from commands.options import HOME
from commands.plant import database_of, plug_together, shipped
from domain.errors import BankError

RUN = CliRunner()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A house of its own: its database, files and keys stand beside the settings."""
    home = Path(__file__).parents[2]
    file = tmp_path / "config.yaml"
    file.write_text(
        f"books: {home}/rules/book\nrouting: {home}/rules/book/routing.yaml\nrisk_model: {home}/riskmodel/artefacts/cold-start\n"
        "bank: {url: 'http://127.0.0.1:9', timeout_seconds: 0.5}\n"
    )
    return file


def yesterday(config: Path) -> date:
    with database_of(config) as database, database.read() as tx:
        return today(tx) - timedelta(days=1)


def test_books_that_hold_end_with_0(config: Path) -> None:
    done = RUN.invoke(commands, ["verify", "--config", str(config)])
    assert (done.exit_code, done.output) == (0, "0 claims, 0 entries: no difference\n")


def test_a_statement_that_lists_what_we_do_not_know_ends_with_1(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    words = ["reconcile", "--day", yesterday(config).isoformat(), "--file", str(file), "--config", str(config)]
    file.write_text("movement,idempotency_key,bank_reference,amount_fen\n")
    assert RUN.invoke(commands, words).exit_code == 0
    file.write_text("movement,idempotency_key,bank_reference,amount_fen\npayment,K1,B1,100\n")
    done = RUN.invoke(commands, words)
    assert done.exit_code == 1
    assert "bank.unknown" in done.output


def test_a_bank_that_does_not_answer_leaves_the_file_of_its_statement(config: Path) -> None:
    done = RUN.invoke(commands, ["reconcile", "--config", str(config)])
    assert isinstance(done.exception, BankError)
    assert "name the file of its statement with --file" in str(done.exception)


def test_settings_elsewhere_find_what_the_program_ships(tmp_path: Path) -> None:
    """As after a restore to /etc: books, routing and model are not copied beside the settings."""
    (tmp_path / "config.yaml").write_text("bank: {url: 'http://127.0.0.1:9', timeout_seconds: 0.5}\n")
    with plug_together(read_config(tmp_path / "config.yaml"), tmp_path) as plant:
        assert plant.system.books.compiled
    assert shipped(Path("rules/book"), tmp_path) == HOME / "rules/book"
    (tmp_path / "rules/book").mkdir(parents=True)
    assert shipped(Path("rules/book"), tmp_path) == tmp_path / "rules/book"
    assert shipped(Path("rules/ours"), tmp_path) == tmp_path / "rules/ours"
