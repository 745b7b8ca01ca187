"""`rules parameters`: the parameters of a book's plans as a sheet, and back."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.parameter_files import read_table, replace_file, write_table
from commands.language import LanguageOption, language_of_json, say, speak
from commands.options import JsonOption
from domain.errors import InputError, RuleBookError
from rules.inline_tests import run_tests
from rules.loader import load_book, read_book, read_source
from rules.model import Book
from rules.parameter_edits import with_parameters
from rules.parameter_rows import parameter_rows
from rules.parameter_sheet import VALUE, ParameterChange, SheetError, cells_of, read_sheet, titles
from rules.phrases import Phrase
from rules.source import Source
from rules.telling import tell

commands = typer.Typer()
_BOM = b"\xef\xbb\xbf"


@commands.command("parameters")
def rules_parameters(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    to: Annotated[Path | None, typer.Option("--to", help="Write the sheet: a new .xlsx or .csv file.")] = None,
    from_: Annotated[Path | None, typer.Option("--from", help="Take the changed values of this sheet into the book.")] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "",
) -> None:
    """Write the parameters of all plans to a sheet, or take changed values back into the book; nothing else in it changes.

    Taking back, nothing is written unless the whole sheet can be taken and the book passes its checks with it. Then the
    tests of the book are run; exit code 1 when some of them now expect other amounts: bring them along.
    """
    speak(language)
    if (to is None) == (from_ is None):
        raise InputError("rules parameters needs either --to or --from", "write --to params.xlsx, edit it, then --from params.xlsx")
    load_book(book)
    source = read_source(book)
    keywords, rows = parameter_rows(source)
    if to is not None:
        write_table(to, {"zh": "参数", "en": "parameters"}[keywords], [titles(keywords), *(cells_of(row) for row in rows)])
        if as_json:
            print(json.dumps({"rows": len(rows)}))
        else:
            say(Phrase("{file}  {count} values of {plans} plans", file=to, count=len(rows), plans=len({row.plan for row in rows})))
        return
    assert from_ is not None  # noqa: S101 – one of the two is given
    try:
        changes = read_sheet(keywords, rows, read_table(from_))
        text = with_parameters(source, changes, titles(keywords)[VALUE]) if changes else source.text
    except SheetError as error:
        raise InputError(Phrase("{file}: {what}", file=from_, what=error.what), Phrase("mend the sheet, and take it again")) from error
    failed = _take(book, source, text) if changes else []
    _tell(book, changes, failed, as_json=as_json)
    raise typer.Exit(1 if failed else 0)


def _take(path: Path, source: Source, text: str) -> list[Phrase]:
    """Write the book, when it passes its checks; answers the tests that now fail."""
    before = path.read_bytes()
    mark = _BOM if before.startswith(_BOM) else b""
    if before != mark + source.text.encode():
        raise InputError(f"{path} was changed while the sheet was read", "take the sheet again")
    new = _checked(path, Source.of(str(path), text))
    replace_file(path, mark + text.encode())
    return [test.whole for test in run_tests(new) if not test.passed]


def _checked(path: Path, source: Source) -> Book:
    book, reading = read_book(path.stem, source, sha256(source.text.encode()).hexdigest())
    if reading.problems.found:
        listed = Phrase.joined("\n", (each.whole for each in reading.problems.found))
        what = Phrase("with these values {path} would not pass its checks, nothing was written:\n{listed}", path=path, listed=listed)
        raise RuleBookError(what, Phrase("mend the sheet"))
    return book


def _tell(path: Path, changes: tuple[ParameterChange, ...], failed: list[Phrase], *, as_json: bool) -> None:
    if as_json:
        told = [
            {"plan": each.row.plan, "parameter": each.row.name, "from": str(each.row.start or ""), "old": each.row.value, "new": each.text}
            for each in changes
        ]
        print(json.dumps({"changes": told, "failed_tests": [tell(each, language_of_json()) for each in failed]}, ensure_ascii=False))
        return
    for each in changes:
        row, at = each.row, each.row.node.at
        name = " ".join([row.plan, row.name, *([str(row.start)] if row.start else [])])
        print(f"{path}:{at.line}:{at.column}  {name}: {row.value} → {each.text}")
    for line in failed:
        say(line)
    if failed:
        say(Phrase("{count} values changed; {tests} tests expect other amounts: bring them along", count=len(changes), tests=len(failed)))
    else:
        say(Phrase("{count} values changed", count=len(changes)))
