"""`event …` as two people at a terminal meet it; each command is the real one."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adjudicator.publishing import ship
from commands.line import command_line
from commands.plant import database_of
from domain.errors import ConflictError, InputError, MingbaiError, NotAllowedError
from domain.policy import Person, Policy
from rules.medical_base import shipped_base
from storage import access, claims, registry
from storage.access import Staff

BOOKS = Path(__file__).parents[2] / "rules/book"
STAFF = {"gao": "senior_adjuster", "bai": "senior_adjuster", "lin": "adjuster"}
INSURED = Person("P1", "李示安", "990101198803140056", date(1988, 3, 14), "10000000001", True, "990104")
POLICY = Policy("PL1", "P1", "P1", "ankang-cash", "基础版", date(2025, 2, 1), date(2026, 1, 31), date(2025, 2, 1), 3_600_000)
FLOOD = ("--name", "示例洪水", "--region", "9901", "--from", "2025-08-10", "--to", "2025-08-20", "--peril", "意外", "--without", "身份证")

Run = Callable[..., str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A system with one insured of the area, two senior adjusters and an adjuster."""
    path = tmp_path / "config.yaml"
    path.write_text(f"database: sqlite:///claims.db\nfield_key: field.key\nbooks: {BOOKS}\n")
    with database_of(path) as database:
        ship(database, [BOOKS / "ankang-cash.yaml"], shipped_base())
        with database.write() as tx:
            registry.save_people(tx, [INSURED])
            registry.save_policies(tx, [POLICY])
            for name, role in STAFF.items():
                access.save_staff(tx, Staff(name, name, role, 0), f"{name}-secret-1")
    return path


@pytest.fixture
def run(config: Path) -> Run:
    def run(*words: str) -> str:
        name = words[words.index("--as") + 1] if "--as" in words else ""
        result = CliRunner().invoke(command_line(), ["event", *words, "--config", str(config)], input=f"{name}-secret-1\n")
        if isinstance(result.exception, MingbaiError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_two_people_open_an_event_and_one_closes_it_with_its_report(run: Run, config: Path) -> None:
    assert "waits for a second person" in run("declare", "flood_1", *FLOOD, "--as", "gao")
    assert "0 claims joined it, 1 insureds were reported for" in run("approve", "flood_1", "--as", "bai")
    assert "0 insureds" in run("find", "flood_1")
    with database_of(config) as database, database.read() as tx:
        (claim,) = claims.claims_of(tx, "P1")
    assert "contacted at" in run("contacted", claim.claim_id, "--as", "lin")
    told = json.loads(run("show", "flood_1", "--json"))
    assert (told["event"]["status"], told["account"]["reported_for"]) == ("open", 1)
    assert [(each["kind"], each["kept"]) for each in told["account"]["clocks"]] == [("catastrophe_contact", 1)]
    assert "灾害联系（1小时）  kept 1" in run("show", "flood_1")
    with pytest.raises(ConflictError, match="still open"):
        run("close", "flood_1", "--as", "gao")
    assert "closed, report" in run("close", "flood_1", "--as", "gao", "--reason", "水已退")
    assert "# 灾害事件报告：示例洪水（flood_1）" in run("show", "flood_1")
    assert json.loads(run("show", "flood_1", "--json"))["reason"] == "水已退"
    assert "flood_1  closed" in run("list")
    assert json.loads(run("list", "--json")) == [{"code": "flood_1", "status": "closed", "name": "示例洪水"}]


def test_an_adjuster_neither_declares_nor_approves(run: Run) -> None:
    with pytest.raises(NotAllowedError):
        run("declare", "flood_1", *FLOOD, "--as", "lin")


@pytest.mark.parametrize(("wrong", "field"), [(("--peril", "台风"), "peril"), (("--without", "户口本"), "without")])
def test_a_word_that_nobody_knows_is_refused_with_those_that_are_known(run: Run, wrong: tuple[str, str], field: str) -> None:
    with pytest.raises(InputError) as refused:
        run("declare", "flood_1", *FLOOD, *wrong, "--as", "gao")
    assert refused.value.field == field


def test_a_claim_of_no_event_has_no_contact_to_record(run: Run) -> None:
    with pytest.raises(MingbaiError, match="no claim C404"):
        run("contacted", "C404", "--as", "lin")
