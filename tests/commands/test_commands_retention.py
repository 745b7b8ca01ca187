"""`claim erase` and `retention run`: who may, and what is said."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.line import command_line
from commands.plant import database_of
from commands.retention import erase_each
from commands.signing import PASSWORD_VARIABLE
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError, SetupError
from storage.access import Staff, save_staff
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture

PASSWORD = "a-long-password"


@pytest.fixture
def house(config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with database_of(config) as database, database.write() as tx:
        save_staff(tx, Staff("yun", "云", "operator", 0), PASSWORD)
        save_staff(tx, Staff("gao", "高", "senior_adjuster", 50_000_000), PASSWORD)
    return config


def run(*words: object) -> Result:
    return CliRunner().invoke(command_line(), [str(each) for each in words], catch_exceptions=False)


def test_only_an_operator_erases(house: Path) -> None:
    words = ("claim", "erase", "C0", "--reason", "来信 7", "--config", house, "--as")
    with pytest.raises(NotAllowedError, match="it takes one of: operator"):
        run(*words, "gao")
    with pytest.raises(NotFoundError, match="no claim C0"):
        run(*words, "yun")


def test_claims_are_kept_for_ever_until_years_are_set(house: Path) -> None:
    with pytest.raises(SetupError, match=r"retention\.years is 0"):
        run("retention", "run", "--as", "yun", "--config", house)


def test_a_run_over_nothing_erases_nothing(house: Path) -> None:
    house.write_text(house.read_text() + "retention: {years: 1}\n")
    assert (
        run("retention", "run", "--dry-run", "--config", house).output
        == "0 claims, 0 transactions and what was kept of 0 customers beside are due\n"
    )
    assert run("retention", "run", "--as", "yun", "--config", house).output.startswith(
        "0 claims, 0 transactions and what was kept of 0 customers beside are erased"
    )


def test_a_run_by_nobody_says_what_is_to_be_added(house: Path) -> None:
    house.write_text(house.read_text() + "retention: {years: 1}\n")
    with pytest.raises(InputError, match="nobody is named who erases"):
        run("retention", "run", "--config", house)


def test_one_that_cannot_be_erased_is_named_and_holds_up_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    def erase(number: str) -> None:
        if number == "C1":
            raise ConflictError("claim C1 is PAID, and work on it is not over", "decide, pay or withdraw it first")

    assert erase_each(["C0", "C1", "C2"], erase) == ["C0", "C2"]
    assert "left as it is: claim C1 is PAID, and work on it is not over" in capsys.readouterr().err
