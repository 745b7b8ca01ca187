"""`data generate`: a portfolio of synthetic customers, as large as wanted, into the database of the settings or into import files."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from adjudicator.china_time import today
from adjudicator.settings import read_config
from agent.standing import shortfall_of
from commands.options import DEFAULT_CONFIG, ConfigOption, console, warnings
from commands.plant import open_database
from domain.errors import ConflictError, InputError
from sandbox.agents import AgentForce, iter_force
from sandbox.many_customers import FIRST_PERSON, Wanted, agents_wanted, iter_customers
from sandbox.many_policies import CustomerBooks
from sandbox.portfolio import Portfolio
from storage import agents, bulk, registry
from storage.codec import to_json
from storage.database import Database

_AT_ONCE = 1_000  # customers in one transaction or one file; even, as partners insure each other
_EARLIEST = date(2023, 1, 1)  # on which everybody is of age
_MOST_CUSTOMERS, _MOST_EACH = 10_000_000, 50
_Pieces = Iterator[tuple[CustomerBooks, ...]]


def data_generate(
    policies: Annotated[int, typer.Option(help="How many policies.")] = 20_000,
    customers: Annotated[int, typer.Option(help="How many customers hold them.")] = 6_000,
    seed: Annotated[int, typer.Option(help="The same seed, counts and day give the same portfolio.")] = 1,
    as_of: Annotated[
        str, typer.Option("--as-of", help="The day up to which something moved, such as 2026-06-30; today when left out.")
    ] = "",
    to: Annotated[Path | None, typer.Option("--to", help="A new folder of files for `data import`, in place of the database.")] = None,
    *,
    beside_others: Annotated[bool, typer.Option("--beside-others", help="Into a database that holds other people, too.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Make synthetic customers with life and property policies and years of premiums, loans and benefits.

    Nobody in it is real: ID numbers, telephones and names can belong to nobody.
    """
    if not 1 <= customers <= min(policies, _MOST_CUSTOMERS) or policies > customers * _MOST_EACH:
        told = f"{policies} policies of {customers} customers cannot be made"
        raise InputError(told, f"each customer has 1 to {_MOST_EACH} policies on average; ten million customers at most")
    if to is not None:
        wanted = Wanted(policies, customers, seed, _day_of(as_of, date.max))
        _with_progress(wanted, lambda pieces: _into_files(wanted, to, pieces))
        return
    database = open_database(read_config(config), config.resolve().parent)
    with database.read() as tx:
        wanted = Wanted(policies, customers, seed, _day_of(as_of, today(tx)))
    _check_room(database, beside_others=beside_others)
    _with_progress(wanted, lambda pieces: _into_database(wanted, database, pieces))
    with database.write() as tx:
        bulk.count_anew(tx)
    console.print(f"{customers:,} customers with {policies:,} policies up to {wanted.day} are in, seed {seed}")


def _day_of(told: str, latest: date) -> date:
    if not told and latest == date.max:
        raise InputError("files need the day up to which something moved", "add --as-of DAY: the same day gives the same files")
    try:
        day = date.fromisoformat(told) if told else latest
    except ValueError as error:
        raise InputError(f"--as-of {told} is no day", "write it as 2026-06-30") from error
    if not _EARLIEST <= day <= latest:
        raise InputError(
            f"--as-of {day} is too early or still to come", f"take a day from {_EARLIEST} to {min(latest, date(2099, 12, 31))}"
        )
    return day


def _check_room(database: Database, *, beside_others: bool) -> None:
    """Make sure that nobody's data are mixed with synthetic ones by mistake."""
    with database.read() as tx:
        if registry.find_person(tx, FIRST_PERSON):
            raise ConflictError("a generated portfolio is in this database already", "use a database of its own, or drop this one")
        if bulk.has_people(tx) and not beside_others:
            told = "this database holds people who were not generated"
            raise ConflictError(told, "use a database of its own: `database` in the file of --config; or say --beside-others")


def _with_progress(wanted: Wanted, work: Callable[[_Pieces], None]) -> None:
    shown = (TextColumn("policies"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*shown, console=warnings) as bar:
        task = bar.add_task("", total=wanted.policies)

        def pieces() -> _Pieces:
            every = iter_customers(wanted)
            while piece := tuple(islice(every, _AT_ONCE)):
                yield piece
                bar.advance(task, sum(len(each.policies) for each in piece))

        work(pieces())


def _into_database(wanted: Wanted, database: Database, pieces: _Pieces) -> None:
    for force in iter_force(agents_wanted(wanted), wanted.seed):
        with database.write() as tx:
            registry.save_agents(tx, force.agents)
            agents.save_branches(tx, force.branches)
            agents.save_profiles(tx, force.profiles, shortfall_of(0, 0))
    for piece in pieces:
        with database.write() as tx:
            bulk.load_people(tx, [each.person for each in piece])
            bulk.load_policies(tx, [one for each in piece for one in each.policies], [one for each in piece for one in each.contracts])
            bulk.load_entries(tx, (one for each in piece for one in each.entries))


def _into_files(wanted: Wanted, folder: Path, pieces: _Pieces) -> None:
    """Write files that are brought in one after another: agents first, then customers, some at a time."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}", "name a folder that is not there yet") from error
    forces = tuple(iter_force(agents_wanted(wanted), wanted.seed))
    _write(folder / "portfolio-00000.json", _of_agents(forces))
    count = 0
    for count, piece in enumerate(pieces, 1):
        _write(folder / f"portfolio-{count:05}.json", _of_customers(piece))
    console.print(f"{count + 1} files are in {folder}; bring them in with: python app.py data import {folder}/*.json")


def _write(path: Path, portfolio: Portfolio) -> None:
    path.write_text(to_json(portfolio, Portfolio), encoding="utf-8")


def _of_agents(forces: tuple[AgentForce, ...]) -> Portfolio:
    return Portfolio(
        persons=(),
        policies=(),
        hospitals=(),
        agents=tuple(one for each in forces for one in each.agents),
        entitlements=(),
        branches=tuple(one for each in forces for one in each.branches),
        agent_profiles=tuple(one for each in forces for one in each.profiles),
    )


def _of_customers(piece: tuple[CustomerBooks, ...]) -> Portfolio:
    return Portfolio(
        persons=tuple(each.person for each in piece),
        policies=tuple(one for each in piece for one in each.policies),
        hospitals=(),
        agents=(),
        entitlements=(),
        contracts=tuple(one for each in piece for one in each.contracts),
        policy_entries=tuple(one for each in piece for one in each.entries),
    )
