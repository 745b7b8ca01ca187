"""`rules diff`, `simulate`: what a changed book changes, in clauses and in money."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from adjudicator.published import PublishedBooks
from adjudicator.simulating import FIRST_DAY, LAST_DAY, Stretch, checkpoint_name, run_simulation
from adjudicator.simulation_runs import keep_result
from commands.book_refs import HELP, is_file, written_book
from commands.language import language
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, warnings
from commands.plant import database_of
from commands.rule_versions import day
from commands.targets import check_target
from domain.china import china_day
from domain.errors import NotFoundError
from domain.money import format_fen
from rules.diff import diff
from rules.simulation import Draft, Tally, draft_of
from rules.simulation_html import report_html
from rules.simulation_report import report_text, rows_of_changes
from rules.telling import tell
from rules.written import Written, read_written
from storage import publications
from storage.codec import to_json
from storage.database import Database

commands = typer.Typer()


@commands.command("diff")
def rules_diff(
    old: Annotated[str, typer.Argument(help=f"The book as it was. {HELP}")],
    new: Annotated[str, typer.Argument(help="The book as it is to be, named likewise.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two books: the clauses, and the money on the claims of their tests. Exit code 1 when something did."""
    before, after = (_written(each, config) for each in (old, new))
    found = diff(before, after)
    if as_json:
        print(to_json(found, type(found)))
    else:
        for change in found.changes:
            print(f"{after.source.file}:{change.at.line}:{change.at.column}  {change.sentence}")
        if before.book.base and after.book.base and before.book.base != after.book.base:
            print(f"医疗基础数据：由 {before.book.base[:12]} 改为 {after.book.base[:12]}")
        for each in found.money:
            paid, pays = (tell(told, language()) for told in (each.before, each.after))
            print(f"  {each.probe}  {each.responsibility}  {paid} → {pays}  {format_fen(each.change_fen)}")
        print(f"{len(found.changes)} changes; {len({each.probe for each in found.money})} of {found.probes} claims are paid otherwise")
    raise typer.Exit(1 if found.changes or found.money else 0)


def _written(named: str, config: Path) -> Written:
    if is_file(named):  # two files are compared without any database
        return read_written(Path(named))
    with database_of(config) as database:
        return written_book(database, PublishedBooks(), named)


@commands.command("simulate")
def rules_simulate(
    draft: Annotated[Path, typer.Argument(help="The draft of a book.")],
    base: Annotated[str, typer.Option("--base", help=f"The book as it is; the one in force today when none is named. {HELP}")] = "",
    since: Annotated[str, typer.Option("--since", help="The first day of decisions: 2025-01-01")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day of decisions.")] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as a page with pictures.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="Where a run remembers how far it is; a file in var/simulations.")
    ] = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Begin anew where an earlier run was broken off.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Ask decided claims anew under a draft: the change in money by changed line, plan, responsibility, month; the ten largest."""
    if html is not None:
        check_target(html)
    new = read_written(draft)
    stretch = Stretch(day(since) if since else FIRST_DAY, day(until) if until else LAST_DAY)
    with database_of(config) as database:
        old = written_book(database, PublishedBooks(), base or _in_force(database, draft))
        compared = draft_of(old.book, old.source_as_in(new.book), new.book, new.source)
        kept = checkpoint or config.resolve().parent / "var" / "simulations" / checkpoint_name(compared, stretch)
        tally = _simulate(database, compared, stretch, kept, afresh=afresh)
        keep_result(database, compared, stretch, tally, "rules simulate")
    if html is not None:
        html.write_text(report_html(compared, tally), encoding="utf-8")
    if as_json:
        lines = [{"change": name, **asdict(line), "change_fen": line.change_fen} for name, line in rows_of_changes(compared, tally)]
        told = {
            "base": old.book.sha256,
            "draft": new.book.sha256,
            "by_change": lines,
            "change_fen": tally.total.change_fen,
            **tally.to_plain(),
        }
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


def _in_force(database: Database, draft: Path) -> str:
    with database.read() as tx:
        found = publications.in_force(tx, [draft.stem], china_day(tx.now_ms())).get(draft.stem)
    if found is None:
        raise NotFoundError(f"no book of {draft.stem} is in force today that {draft} could be a draft of", "name one with --base")
    return found.book_sha256
