"""`rules …`: check, test and try rule books."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.element_options import SET_HELP, read_elements
from commands.language import LanguageOption, language_of_json, say, speak
from commands.options import JsonOption
from commands.rule_files import FILES_HELP, book_paths
from domain.errors import InputError
from rules.engine import adjudicate
from rules.evaluate import answer_lines
from rules.inline_tests import run_tests
from rules.json_schema import schema_of
from rules.keyword_reference import keyword_reference
from rules.keywords import Language
from rules.loader import load_book
from rules.phrases import Phrase
from rules.reference import expression_reference
from rules.step_reference import step_reference
from rules.telling import tell
from rules.trace import render_text
from rules.trace_html import render_html
from rules.trace_json import render_json
from rules.translate import translate_file

commands = typer.Typer()


@commands.command("test")
def rules_test(
    files: Annotated[list[Path] | None, typer.Argument(help=FILES_HELP)] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "",
) -> None:
    """Run the tests that stand in rule books. Exit code 1 when one fails."""
    speak(language)
    outcomes = [(path, test) for path in book_paths(files) for test in run_tests(load_book(path))]
    failed = [(path, test) for path, test in outcomes if not test.passed]
    if as_json:
        rows = [
            {
                "file": str(p),
                "test": t.name,
                "where": t.where,
                "passed": t.passed,
                "expected": t.expected,
                "got": tell(t.got, language_of_json()),
            }
            for p, t in outcomes
        ]
        print(json.dumps({"tests": rows, "passed": len(outcomes) - len(failed), "failed": len(failed)}, ensure_ascii=False))
    else:
        for _, test in failed:
            say(test.whole)
        say(Phrase("{passed} passed, {failed} failed", passed=len(outcomes) - len(failed), failed=len(failed)))
    raise typer.Exit(1 if failed else 0)


@commands.command("adjudicate")
def rules_adjudicate(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    plan: Annotated[str, typer.Argument(help="The plan in it, such as 标准版.")],
    values: Annotated[list[str], typer.Option("--set", help=SET_HELP)] = [],  # noqa: B006  # typer copies it
    language: Annotated[str, typer.Option("--language", help="zh or en")] = "zh",
    as_json: JsonOption = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print an HTML fragment, for pages and letters.")] = False,
) -> None:
    """Apply a plan to the elements of a claim, and print the amount with its reasons."""
    loaded = load_book(book)
    if language not in ("zh", "en"):
        raise InputError(f"there is no language {language!r}", "use zh or en")
    if as_json and as_html:
        raise InputError("--json and --html do not go together", "choose one of them")
    assessment = adjudicate(loaded, plan, read_elements(loaded, values), {})
    words: Language = "en" if language == "en" else "zh"
    if as_json:
        print(render_json(assessment))
    else:
        print(render_html(assessment, words) if as_html else render_text(assessment, words))


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
