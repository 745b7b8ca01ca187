"""`rules diff`, `simulate`: what a changed book changes, in clauses and in money."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from adjudicator.settings import read_config
from adjudicator.simulating import FIRST_DAY, LAST_DAY, Stretch, checkpoint_name, run_simulation
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, warnings
from commands.plant import open_database
from commands.rule_versions import DEFAULT_SHELF, ShelfOption, day
from domain.errors import InputError
from domain.money import format_fen
from rules.diff import diff, source_in_language_of
from rules.loader import load_book, read_source
from rules.simulation import Draft, Tally, draft_of
from rules.simulation_html import report_html
from rules.simulation_report import report_text, rows_of_changes
from rules.versions import Shelf
from storage.codec import to_json
from storage.database import Database

commands = typer.Typer()


@commands.command("diff")
def rules_diff(
    old: Annotated[Path, typer.Argument(help="The book as it was.")],
    new: Annotated[Path, typer.Argument(help="The book as it is to be.")],
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two books: the clauses, and the money on the claims of their tests. Exit code 1 when something did."""
    found = diff(old, new)
    if as_json:
        print(to_json(found, type(found)))
    else:
        for change in found.changes:
            print(f"{new}:{change.at.line}:{change.at.column}  {change.sentence}")
        for each in found.money:
            print(f"  {each.probe}  {each.responsibility}  {each.before} → {each.after}  {format_fen(each.change_fen)}")
        print(f"{len(found.changes)} changes; {len({each.probe for each in found.money})} of {found.probes} claims are paid otherwise")
    raise typer.Exit(1 if found.changes or found.money else 0)


@commands.command("simulate")
def rules_simulate(
    draft: Annotated[Path, typer.Argument(help="The draft of a book.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="The book as it is; the one in force, or of the same name in `books`.")
    ] = None,
    since: Annotated[str, typer.Option("--since", help="The first day of decisions: 2025-01-01")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day of decisions.")] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as a page with pictures.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="Where a run remembers how far it is; a file in var/simulations.")
    ] = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Begin anew where an earlier run was broken off.")] = False,
    published: ShelfOption = DEFAULT_SHELF,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Ask decided claims anew under a draft: the change in money by changed line, plan, responsibility, month; the ten largest."""
    settings, home = read_config(config), config.resolve().parent
    new, path = load_book(draft), base or _base_of(draft, Shelf(published), home / settings.books)
    old = load_book(path)
    compared = draft_of(old, source_in_language_of(path, old, new), new, read_source(draft))
    stretch = Stretch(day(since) if since else FIRST_DAY, day(until) if until else LAST_DAY)
    database = open_database(settings, home)
    try:
        kept = checkpoint or home / "var" / "simulations" / checkpoint_name(compared, stretch)
        tally = _simulate(database, compared, stretch, kept, afresh=afresh)
    finally:
        database.close()
    if html is not None:
        html.write_text(report_html(compared, tally), encoding="utf-8")
    if as_json:
        lines = [{"change": name, **asdict(line), "change_fen": line.change_fen} for name, line in rows_of_changes(compared, tally)]
        told = {"base": old.sha256, "draft": new.sha256, "by_change": lines, "change_fen": tally.total.change_fen, **tally.to_plain()}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(report_text(compared, tally))


def _simulate(database: Database, draft: Draft, stretch: Stretch, checkpoint: Path, *, afresh: bool) -> Tally:
    if afresh:
        checkpoint.unlink(missing_ok=True)
    elif checkpoint.exists():
        warnings.print(f"going on from {checkpoint}, where an earlier run was broken off; --afresh begins anew", soft_wrap=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=warnings) as bar:
        task = bar.add_task("")
        return run_simulation(database, draft, stretch, checkpoint, lambda done, total: bar.update(task, completed=done, total=total))


def _base_of(draft: Path, shelf: Shelf, books: Path) -> Path:
    version = shelf.in_force(draft.stem, datetime.now().astimezone().date())
    path = shelf.path_of(version.sha256) if version is not None else books / draft.name
    if not path.exists() or path.resolve() == draft.resolve():
        raise InputError(f"there is no book that {draft} is a draft of", "name it with --base")
    return path
