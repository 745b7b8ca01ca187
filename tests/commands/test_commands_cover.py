"""`cover groups` counts, says how many, and keeps no small group."""

from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from commands.line import command_line
from commands.plant import database_of
from storage import cover, registry
from tests.adjudicator.world import INSURED, STANDARD
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture


def test_it_counts_and_keeps_no_group_of_one(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        registry.save_people(tx, [replace(INSURED, region_code="510104")])
        registry.save_policies(tx, [replace(STANDARD, agent_id="")])
    told = CliRunner().invoke(command_line(), ["cover", "groups", "--config", str(config)], catch_exceptions=False)
    assert "1 people are counted; groups of fewer than 20 are not kept" in told.output
    with database_of(config) as database, database.read() as tx:
        assert cover.groups_of(tx, "5101", 30) == {}
