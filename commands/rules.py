"""`rules …`: check, test and try rule books."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from commands.options import HOME, JsonOption, warnings
from commands.plant import book_files
from domain.errors import InputError
from rules.cover import cover
from rules.engine import adjudicate
from rules.evaluate import answer_lines
from rules.inline_tests import run_tests
from rules.json_schema import schema_of
from rules.keyword_reference import keyword_reference
from rules.loader import check_file, load_book, read_source
from rules.mutation import Verdict, count_mutants, mutate
from rules.reference import expression_reference
from rules.step_reference import step_reference
from rules.trace import render_text
from rules.translate import translate_file
from rules.values import parse_elements
from storage.codec import to_json

commands = typer.Typer(help="Rule books: check, test, adjudicate.", no_args_is_help=True)


@commands.command("check")
def rules_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Books; all of rules/book when none is named.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check rule books: names, types, units, tables. Exit code 1 when something is wrong."""
    found = {str(path): check_file(path) for path in files or book_files(HOME / "rules/book")}
    if as_json:
        rows = [
            {"file": d.file, "line": d.line, "column": d.column, "what": d.what, "way_out": d.way_out} for ds in found.values() for d in ds
        ]
        print(json.dumps({"files": list(found), "diagnostics": rows}, ensure_ascii=False))
    else:
        for path, diagnostics in found.items():
            print("\n".join(str(each) for each in diagnostics) if diagnostics else f"{path}  ok")
    raise typer.Exit(1 if any(found.values()) else 0)


@commands.command("test")
def rules_test(
    files: Annotated[list[Path] | None, typer.Argument(help="Books; all of rules/book when none is named.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the tests that stand in rule books. Exit code 1 when one fails."""
    outcomes = [(path, test) for path in files or book_files(HOME / "rules/book") for test in run_tests(load_book(path))]
    failed = [(path, test) for path, test in outcomes if not test.passed]
    if as_json:
        rows = [
            {"file": str(p), "test": t.name, "where": t.where, "passed": t.passed, "expected": t.expected, "got": t.got}
            for p, t in outcomes
        ]
        print(json.dumps({"tests": rows, "passed": len(outcomes) - len(failed), "failed": len(failed)}, ensure_ascii=False))
    else:
        for _, test in failed:
            print(f"{test.where}  {test.name}: expected {test.expected}, got {test.got}")
        print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    raise typer.Exit(1 if failed else 0)


@commands.command("adjudicate")
def rules_adjudicate(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    plan: Annotated[str, typer.Argument(help="The plan in it, such as 标准版.")],
    values: Annotated[list[str], typer.Option("--set", help="An element as the book's tests write it: 合理医疗费用=8万元")] = [],  # noqa: B006  # typer copies it
    language: Annotated[str, typer.Option("--language", help="zh or en")] = "zh",
    as_json: JsonOption = False,
) -> None:
    """Apply a plan to the elements of a claim, and print the amount with its reasons."""
    loaded, texts = load_book(book), {}
    for each in values:
        name, separator, text = each.partition("=")
        if not separator:
            raise InputError(f"--set {each!r} has no '='", "write it like --set 住院天数=12天")
        texts[name.strip()] = text.strip()
    if language not in ("zh", "en"):
        raise InputError(f"there is no language {language!r}", "use zh or en")
    assessment = adjudicate(loaded, plan, parse_elements(loaded, texts), {})
    print(to_json(assessment, type(assessment)) if as_json else render_text(assessment, "en" if language == "en" else "zh"))


@commands.command("eval")
def rules_eval() -> None:
    """Answer expressions: JSON lines {"expression", "context", "types"} in, {"value"} or {"error"} out, a line each, in order."""
    for answer in answer_lines(sys.stdin.buffer):
        print(answer, flush=True)


@commands.command("translate")
def rules_translate(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    to: Annotated[Literal["zh", "en", ""], typer.Option("--to", help="zh or en; the other language when it is left out.")] = "",
) -> None:
    """Print a rule book in the other keyword language; names, comments, order and layout stay as they are."""
    print(translate_file(book, to), end="")


@commands.command("cover")
def rules_cover(book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False) -> None:
    """List the clauses, rows, exceptions and steps that no test of a book reaches. Exit code 1 when there are some."""
    found = cover(load_book(book), read_source(book))
    if as_json:
        print(to_json(found, type(found)))
    else:
        for clause in found.clauses:
            print(f"{clause.clause}  {'、'.join(clause.places)}  {len(clause.tests)} tests")
        for each in found.missing:
            print(each)
        print(f"{found.reached} of {found.places} places are reached by tests")
    raise typer.Exit(1 if found.missing else 0)


@commands.command("mutate")
def rules_mutate(book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False) -> None:
    """Change one number, comparison or cell at a time; name the changes that no test notices, with the test to add. Exit code 1 then."""
    loaded = load_book(book)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=warnings) as progress:
        verdicts = list(progress.track(mutate(loaded), total=count_mutants(loaded), description=book.stem))
    survived, same = [each for each in verdicts if each.survived], [each for each in verdicts if each.same]
    if as_json:
        print(to_json(tuple(verdicts), tuple[Verdict, ...]))
    else:
        for each in survived:
            print(f"{each.where}  no test notices {each.what}  |  add to plan {each.proposal.plan if each.proposal else ''}:")
            print("\n".join(f"      {line}" for line in (each.proposal.text if each.proposal else "").splitlines()))
        for each in same:
            print(f"{each.where}  {each.what}  |  no claim was found that pays otherwise; not counted")
        counted = len(verdicts) - len(same)
        print(f"{counted - len(survived)} of {counted} changes are noticed by a test ({len(same)} more make no difference that was found)")
    raise typer.Exit(1 if survived else 0)


@commands.command("reference")
def rules_reference(
    page: Annotated[
        Literal["expressions", "keywords", "steps"], typer.Argument(help="Which: expressions, keywords or steps.")
    ] = "expressions",
) -> None:
    """Print a reference page of the language, as docs/rules holds it: written from the tables that the engine runs on."""
    pages = {"expressions": expression_reference, "keywords": keyword_reference, "steps": step_reference}
    print(pages[page](), end="")


@commands.command("schema")
def rules_schema(book: Annotated[Path, typer.Argument(help="The rule book.")]) -> None:
    """Print a JSON Schema of a book, for editors: its elements, values, rules and responsibilities by name."""
    print(json.dumps(schema_of(load_book(book)), ensure_ascii=False, indent=2))
