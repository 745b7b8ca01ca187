"""`data …`: customers, policies, hospitals, agents and their branches from the insurer's own systems."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from adjudicator.settings import read_config
from agent.standing import shortfall_of
from commands.data_generate import data_generate
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import open_database
from domain.errors import InputError
from sandbox.portfolio import Portfolio, build_customer_portfolio, build_portfolio
from storage import agents, policy_ledger, registry
from storage.codec import from_json, to_json
from storage.database import Transaction

commands = typer.Typer(help="Customers, policies, hospitals, agents: import, example.", no_args_is_help=True)


@commands.command("import")
def data_import(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSON files of persons, agents, hospitals, policies, entitlements, contracts, policy_entries; `data example` prints one."
        ),
    ],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Bring customers, policies, hospitals and agents in, or up to date; all of a file or nothing of it, one file after another."""
    database = open_database(read_config(config), config.resolve().parent)
    for file in files:
        portfolio = _read(file)
        with database.write() as tx:
            save_portfolio(tx, portfolio)
        console.print(f"{len(portfolio.persons)} persons, {len(portfolio.policies)} policies, {len(portfolio.hospitals)} hospitals are in")


def _read(file: Path) -> Portfolio:
    try:
        return from_json(file.read_text(), Portfolio)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", "check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise InputError(
            f"{file}: {where}: {first['msg']}", "`data example` prints such a file; nothing was brought in", field=where
        ) from error


commands.command("generate")(data_generate)


@commands.command("example")
def data_example(
    many: Annotated[bool, typer.Option("--many-policies", help="One customer with 157 policies, their contracts and entries.")] = False,
) -> None:
    """Print the demo's synthetic portfolio, as an example of such a file."""
    print(to_json(build_customer_portfolio() if many else build_portfolio(), Portfolio))


def save_portfolio(tx: Transaction, portfolio: Portfolio) -> None:
    """Store everybody and everything of a portfolio."""
    registry.save_people(tx, portfolio.persons)
    registry.save_agents(tx, portfolio.agents)
    agents.save_branches(tx, portfolio.branches)
    agents.save_profiles(tx, portfolio.agent_profiles, shortfall_of(0, 0))
    registry.save_hospitals(tx, portfolio.hospitals)
    registry.save_policies(tx, portfolio.policies)
    registry.save_entitlements(tx, portfolio.entitlements)
    policy_ledger.save_contracts(tx, portfolio.contracts)
    policy_ledger.book(tx, portfolio.policy_entries)
