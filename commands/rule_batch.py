"""`rules batch`: a plan applied to a sheet of claims."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from commands.options import JsonOption, warnings
from domain.errors import InputError
from domain.money import format_fen
from rules.claim_sheet import ClaimSheet, Sums
from rules.loader import load_book

commands = typer.Typer()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@commands.command("batch")
def rules_batch(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    plan: Annotated[str, typer.Argument(help="The plan in it, such as 标准版.")],
    claims: Annotated[Path, typer.Option("--claims", help="A CSV: a column an element, a row a claim; a first column 编号 may name them.")],
    to: Annotated[Path, typer.Option("--to", help="The CSV to write: outcome, amount and reason of every responsibility.")],
    as_json: JsonOption = False,
) -> None:
    """Apply a plan to every claim of a sheet, each as if it were the first: for portfolios of millions of claims.

    Exit code 1 when a row was refused; its line says why, and all other rows are answered.
    """
    if to.resolve() == claims.resolve():
        raise InputError(f"{to} is the sheet that is read", "name another file after --to")
    loaded, sums = load_book(book), Sums()
    with _opened(claims) as source:
        rows = _decoded(csv.reader(source), claims)
        sheet = ClaimSheet.of(loaded, plan, next(rows, []))
        _write(to, sheet.head, _watched(sheet.answer(rows, sums)))
    _tell(sums, to, as_json=as_json)
    raise typer.Exit(1 if sums.refused else 0)


def _write(path: Path, head: list[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(head)
        for row in rows:
            # A spreadsheet must not take a name for a formula.
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "name a CSV file after --claims") from error


def _decoded(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from (row for row in rows if row)
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 at byte {error.start}", "save it as 'CSV UTF-8'") from error
    except csv.Error as error:
        raise InputError(f"{path} is no CSV: {error}", "save it as 'CSV UTF-8'") from error


def _watched(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    with Progress(TextColumn("{task.completed:,} claims"), TimeElapsedColumn(), console=warnings) as bar:
        task = bar.add_task("", total=None)
        for row in rows:
            yield row
            bar.advance(task)


def _tell(sums: Sums, to: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(sums), ensure_ascii=False))
        return
    for name, fen in sums.paid_fen.items():
        print(f"{name}  {format_fen(fen)}")
    print(f"{sums.claims:,} claims; {sums.alone:,} answered one by one, {sums.refused:,} refused; written to {to}")
    if sums.not_covered:
        print(f"This plan has no program over columns ({sums.not_covered}); every claim was answered one by one.")
