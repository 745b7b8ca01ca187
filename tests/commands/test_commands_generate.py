"""`data generate`: into the database as it would be read back, into files that `data import` takes, and not among other people."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.data_generate import _into_database
from commands.line import command_line
from commands.plant import database_of
from domain.errors import ConflictError, InputError
from policy.holdings import holdings_of_person
from policy.terms_file import shipped_terms
from sandbox.many_customers import Wanted, iter_customers
from sandbox.portfolio import build_customer_portfolio
from storage import policy_ledger, registry
from storage.database import Database
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture

DAY = date(2026, 6, 30)
SMALL = Wanted(60, 20, 5, DAY)
ASKED = ("--policies", "60", "--customers", "20", "--seed", "5", "--as-of", "2026-06-30")


def run(config: Path, *words: object) -> Result:  # noqa: F811
    return CliRunner().invoke(command_line(), [*map(str, words), "--config", str(config)], catch_exceptions=False)


def kept(database: Database) -> list[object]:
    """Everything of everybody, as the functions of the house read it."""
    found: list[object] = []
    with database.read() as tx:
        for books in iter_customers(SMALL):
            person = registry.find_person(tx, books.person.person_id)
            mine = registry.policies_of(tx, books.person.person_id)
            numbers = [each.policy_number for each in books.policies]
            entries = policy_ledger.entries_of(tx, numbers)
            booked = sorted((e.policy_number, e.event, e.kind.value, e.amount_fen, e.value_date) for of in entries.values() for e in of)
            found.append((person, mine, policy_ledger.contracts_of(tx, numbers), booked))
    return found


def test_what_was_generated_is_read_back_as_it_was_made(database: Database) -> None:
    every = tuple(iter_customers(SMALL))
    _into_database(SMALL, database, iter([every]))
    with database.read() as tx:
        for books in every:
            number = books.person.person_id
            assert registry.find_person(tx, number) == books.person
            holdings = holdings_of_person(tx, number, shipped_terms(), DAY)
            assert {each.policy.policy_number for each in holdings} >= {each.policy_number for each in books.policies}
            booked = policy_ledger.entries_of(tx, [each.policy_number for each in books.policies])
            told = [(e.event, e.kind, e.amount_fen, e.value_date) for e in books.entries]
            assert sorted(told) == sorted((e.event, e.kind, e.amount_fen, e.value_date) for of in booked.values() for e in of)
        assert sum(policy_ledger.balances(tx).values()) == 0


def test_files_brought_in_make_the_same_books_as_the_database_itself(config: Path, tmp_path: Path) -> None:  # noqa: F811
    run(config, "data", "generate", *ASKED, "--to", tmp_path / "files")
    files = sorted((tmp_path / "files").iterdir())
    run(config, "data", "generate", *ASKED, "--to", tmp_path / "again")
    assert [each.read_bytes() for each in files] == [each.read_bytes() for each in sorted((tmp_path / "again").iterdir())]
    run(config, "data", "import", *files)
    with database_of(config) as database:
        imported = kept(database)
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.yaml").write_text(config.read_text())
    run(other / "config.yaml", "data", "generate", *ASKED)
    with database_of(other / "config.yaml") as database:
        assert kept(database) == imported


def test_a_database_that_holds_other_people_takes_none_unless_told(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        registry.save_people(tx, build_customer_portfolio().persons)
    with pytest.raises(ConflictError, match="not generated"):
        run(config, "data", "generate", *ASKED)
    assert "20 customers with 60 policies" in run(config, "data", "generate", *ASKED, "--beside-others").output
    with pytest.raises(ConflictError, match="already"):
        run(config, "data", "generate", *ASKED, "--beside-others")


@pytest.mark.parametrize(
    "words",
    [
        ("--policies", "5", "--customers", "6"),
        ("--policies", "0", "--customers", "0"),
        ("--policies", "51", "--customers", "1"),
        (*ASKED[:6], "--as-of", "2022-12-31"),
        (*ASKED[:6], "--as-of", "2099-01-01"),
        (*ASKED[:6], "--as-of", "yesterday"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_way_out(config: Path, words: tuple[str, ...]) -> None:  # noqa: F811
    with pytest.raises(InputError):
        run(config, "data", "generate", *words)
