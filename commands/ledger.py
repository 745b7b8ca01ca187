"""`ledger …`: prove the books, hold them against the bank's statement, book what was given back, pay in batches."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.china_time import today
from adjudicator.paying_in_batches import pay_batch
from adjudicator.reconciling import check_is_past, read_statement, reconcile
from adjudicator.settings import read_config
from adjudicator.verifying import iter_lines, verify_books
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import database_of, plug_together
from commands.recoveries import ledger_receive
from domain.decision import Actor
from domain.errors import InputError
from domain.finding import Severity
from domain.money import format_fen
from storage.codec import to_json
from storage.reconciliations import Reconciliation

commands = typer.Typer(help="The ledger: verify, reconcile, receive, pay-batch.", no_args_is_help=True)
commands.command("receive")(ledger_receive)
_OPERATOR = Actor("command line", "operator")
DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="The statement's day in China; default: yesterday.")
]
FileOption = Annotated[Path | None, typer.Option("--file", help="A CSV statement; default: the bank is asked.")]


@commands.command("verify")
def ledger_verify(as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Prove every claim's ledger, orders, decisions, limits and audit chain against each other; exit code 1 at a difference."""
    with database_of(config) as database:
        verified = verify_books(database)
    if as_json:
        print(json.dumps(vars(verified), ensure_ascii=False))
    else:
        for line in iter_lines(verified):
            console.print(line, markup=False)
    raise typer.Exit(1 if verified.differences else 0)


@commands.command("reconcile")
def ledger_reconcile(
    day: DayOption = None, file: FileOption = None, as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Hold the bank's statement of a day against the books; exit code 1 when something differs."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        system = plant.system
        with system.database.read() as tx:
            now = today(tx)
        chosen = day.date() if day else now - timedelta(days=1)
        check_is_past(chosen, now)
        lines = read_statement(_text_of(file)) if file else system.bank.statement(chosen)
        done = reconcile(system, chosen, lines, file.name if file else plant.config.bank.url, _OPERATOR)
    print(to_json(done, Reconciliation)) if as_json else _show(done, chosen)
    raise typer.Exit(1 if any(each.severity is Severity.DOUBT for each in done.findings) else 0)


@commands.command("pay-batch")
def ledger_pay_batch(
    at_most: Annotated[int, typer.Option("--at-most", min=1, max=2000, help="Orders in one batch.")] = 200,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Send what is to be paid to the bank as one batch."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        settled = pay_batch(plant.system, at_most)
    console.print(f"{settled} orders are settled; the others are asked about by the next worker")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text", "save the statement as CSV in UTF-8") from error


def _show(done: Reconciliation, day: date) -> None:
    console.print(f"{day}: {done.matched} payments agree, {format_fen(done.matched_fen)} in all")
    for each in done.findings:
        console.print(f"  {each.code}  {each.message}  → {each.advice}", markup=False, soft_wrap=True)
