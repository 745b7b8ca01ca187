"""`audit verify` and `audit look-ups`."""

import json
from pathlib import Path

from sqlalchemy import text
from typer.testing import CliRunner

from commands.audit import commands
from commands.plant import database_of
from domain.decision import Actor
from storage import look_ups, registry
from tests.adjudicator.world import INSURED
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture


def run(config: Path, *words: str) -> tuple[int, str]:  # noqa: F811
    done = CliRunner().invoke(commands, [*words, "--config", str(config)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_whole_chains_are_told_to_hold_and_a_broken_one_ends_with_1(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        look_ups.note(tx, Actor("feng", "hotline_agent"), "id_number", ("P1",))
    assert run(config, "verify") == (0, "0 claims, 0 customers and agents, the rule books, the look-ups: all hold\n")
    with database_of(config) as database, database.write() as tx:
        tx.connection.execute(text("DROP TRIGGER look_up_no_update"))
        tx.connection.execute(text("UPDATE look_up SET clue = 'name'"))
    code, told = run(config, "verify", "--json")
    assert (code, json.loads(told)["breaks"]) == (1, ["the chain of look-ups by feng is broken at entry 1"])


def test_look_ups_are_listed_of_one_customer_and_by_one_desk(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        registry.save_people(tx, [INSURED])
        look_ups.note(tx, Actor("feng", "hotline_agent"), "id_number", (INSURED.person_id,))
        look_ups.note(tx, Actor("the-hotline", "hotline"), "name", ())
    _, told = run(config, "look-ups", "--of", INSURED.id_number)
    assert "feng  hotline_agent  by id_number  P1" in told
    assert "the-hotline" not in told
    _, told = run(config, "look-ups", "--by", "the-hotline", "--json")
    assert [(each["clue"], each["found"]) for each in json.loads(told)] == [("name", [])]
