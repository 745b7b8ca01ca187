"""`rules batch`: a plan applied to a sheet of claims."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from commands.language import LanguageOption, say, speak
from commands.language import language as spoken_language
from commands.options import JsonOption, warnings
from domain.errors import InputError
from domain.money import format_fen
from rules.claim_sheet import ClaimSheet, Sums
from rules.loader import load_book
from rules.phrases import Phrase
from rules.telling import tell

commands = typer.Typer()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@commands.command("batch")
def rules_batch(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    plan: Annotated[str, typer.Argument(help="The plan in it, such as 标准版.")],
    claims: Annotated[Path, typer.Option("--claims", help="A CSV: a column an element, a row a claim; a first column 编号 may name them.")],
    to: Annotated[Path, typer.Option("--to", help="The CSV to write: outcome, amount and reason of every responsibility.")],
    as_json: JsonOption = False,
    language: LanguageOption = "",
) -> None:
    """Apply a plan to every claim of a sheet, each as if it were the first: for portfolios of millions of claims.

    Exit code 1 when a row was refused; its line says why, and all other rows are answered.
    """
    speak(language)
    if to.resolve() == claims.resolve():
        raise InputError(Phrase("{file} is the sheet that is read", file=to), Phrase("name another file after --to"))
    loaded, sums = load_book(book), Sums()
    with _opened(claims) as source:
        rows = _decoded(csv.reader(source), claims)
        sheet = ClaimSheet.of(loaded, plan, next(rows, []))
        _write(to, sheet.head, _watched(sheet.answer(rows, sums)))
    _tell(sums, to, as_json=as_json)
    raise typer.Exit(1 if sums.refused else 0)


def _write(path: Path, head: list[str], rows: Iterator[list[str]]) -> None:
    spoken = spoken_language()
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(head)
        for row in rows:
            # A spreadsheet must not take a name for a formula.
            told = (tell(cell, spoken) for cell in row)  # why a row was refused
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in told])


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(
            Phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror), Phrase("name a CSV file after --claims")
        ) from error


def _decoded(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from (row for row in rows if row)
    except UnicodeDecodeError as error:
        raise InputError(
            Phrase("{path} is not UTF-8 (byte {byte})", path=path, byte=error.start), Phrase("save it as CSV UTF-8")
        ) from error
    except csv.Error as error:
        raise InputError(Phrase("{path} is no CSV: {error}", path=path, error=error), Phrase("save it as CSV UTF-8")) from error


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
    claims, alone, refused = (f"{count:,}" for count in (sums.claims, sums.alone, sums.refused))
    say(
        Phrase(
            "{claims} claims; {alone} answered one by one, {refused} refused; written to {file}",
            claims=claims,
            alone=alone,
            refused=refused,
            file=to,
        )
    )
    if sums.not_covered:
        say(Phrase("This plan has no program over columns ({reason}); every claim was answered one by one.", reason=sums.not_covered))
