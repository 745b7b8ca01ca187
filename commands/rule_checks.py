"""`rules check`, `cover`, `mutate`: what is wrong with rule files, what their tests do not reach, and what they would not notice."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from commands.language import LanguageOption, language_of_json, say, speak
from commands.options import JsonOption, warnings
from commands.rule_files import FILES_HELP, rule_paths
from rules.cover import Coverage, cover
from rules.inline_tests import TestOutcome, run_tests
from rules.loader import check_path, load_book, read_source
from rules.model import Book
from rules.mutation import Verdict, count_mutants, mutate
from rules.phrases import Phrase
from rules.routing_check import check_routing, is_routing
from rules.source import Diagnostic
from rules.telling import tell
from storage.codec import to_json

commands = typer.Typer()


@dataclass(frozen=True)
class Tested:
    """What the tests of one book are worth."""

    failed: tuple[TestOutcome, ...]
    passed: int
    coverage: Coverage
    verdicts: tuple[Verdict, ...]

    @property
    def survived(self) -> list[Verdict]:
        """List the changes that no test notices."""
        return [each for each in self.verdicts if each.survived]

    @property
    def is_enough(self) -> bool:
        """Tell whether every test passes, every clause is reached, and every change is noticed."""
        return not (self.failed or self.coverage.missing or self.survived)


@commands.command("check")
def rules_check(
    files: Annotated[list[Path] | None, typer.Argument(help=FILES_HELP)] = None,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Also run the tests; tell what they do not reach and would not notice, with the tests to add."),
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "",
) -> None:
    """Check rule books and routing books: names, types, units, tables. Exit code 1 when something is wrong in one of them.

    Warnings, such as a clause that is cited and has no text, are told beside, and make nothing wrong.
    """
    speak(language)
    found: dict[Path, list[Diagnostic]] = {}
    warned: dict[Path, tuple[Diagnostic, ...]] = {}
    tested: dict[Path, Tested] = {}
    for path in rule_paths(files):
        book, found[path] = (None, check_routing(path)) if is_routing(path) else check_path(path)
        warned[path] = book.warnings if book else ()
        if coverage and book and not found[path]:
            tested[path] = _test(book, path)
        if not as_json:
            _tell(path, found[path], warned[path], tested.get(path))
    if as_json:
        worth = {"tests": {str(path): json.loads(to_json(each, Tested)) for path, each in tested.items()}} if coverage else {}
        told = {"diagnostics": _plain(found.values()), "warnings": _plain(warned.values())}
        print(json.dumps({"files": [str(path) for path in found], **told, **worth}, ensure_ascii=False))
    raise typer.Exit(1 if any(found.values()) or not all(each.is_enough for each in tested.values()) else 0)


def _test(book: Book, path: Path) -> Tested:
    outcomes = run_tests(book)
    failed = tuple(each for each in outcomes if not each.passed)
    return Tested(failed, len(outcomes) - len(failed), cover(book, read_source(path)), _mutate(book, path))


def _mutate(book: Book, path: Path) -> tuple[Verdict, ...]:
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=warnings) as progress:
        return tuple(progress.track(mutate(book), total=count_mutants(book), description=path.stem))


def _plain(found: Iterable[Sequence[Diagnostic]]) -> list[dict[str, str | int]]:
    return [
        {
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "what": tell(each.what, language_of_json()),
            "way_out": tell(each.way_out, language_of_json()),
        }
        for diagnostics in found
        for each in diagnostics
    ]


def _tell(path: Path, diagnostics: list[Diagnostic], warned: tuple[Diagnostic, ...], tested: Tested | None) -> None:
    for each in diagnostics:
        say(each.whole)
    for each in warned:
        say(replace(each, what=Phrase("warning: {what}", what=each.what)).whole)
    if tested is not None:
        for outcome in tested.failed:
            say(outcome.whole)
        for each in tested.coverage.missing:
            say(each.whole)
        _tell_survivors(tested.survived)
    if not diagnostics:
        say(Phrase.joined("  ", (path, *_verdict(tested))))


def _verdict(tested: Tested | None) -> list[Phrase]:
    if tested is None:
        return [Phrase("ok")]
    counted = sum(not each.same for each in tested.verdicts)
    return [
        Phrase("ok") if tested.is_enough else Phrase("tests are missing or fail"),
        Phrase("{passed} of {count} tests pass", passed=tested.passed, count=tested.passed + len(tested.failed)),
        Phrase("{reached} of {count} places reached", reached=tested.coverage.reached, count=tested.coverage.places),
        Phrase("{noticed} of {count} changes noticed", noticed=counted - len(tested.survived), count=counted),
    ]


def _tell_survivors(survived: list[Verdict]) -> None:
    for each in survived:
        plan = each.proposal.plan if each.proposal else ""
        say(Phrase("{where}  no test notices {what}  |  add to plan {plan}:", where=each.where, what=each.what, plan=plan))
        print("\n".join(f"      {line}" for line in (each.proposal.text if each.proposal else "").splitlines()))


@commands.command("cover")
def rules_cover(
    book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False, language: LanguageOption = ""
) -> None:
    """List the clauses, rows, exceptions and steps that no test of a book reaches. Exit code 1 when there are some."""
    speak(language)
    found = cover(load_book(book), read_source(book))
    if as_json:
        print(to_json(found, type(found)))
    else:
        for clause in found.clauses:
            places = "、".join(clause.places)
            cited = Phrase("{clause}  {places}  {count} tests", clause=clause.clause, places=places, count=len(clause.tests))
            say(cited if clause.places else Phrase("{clause}  no rule cites it", clause=clause.clause))
        for each in found.missing:
            say(each.whole)
        say(Phrase("{reached} of {count} places are reached by tests", reached=found.reached, count=found.places))
    raise typer.Exit(1 if found.missing else 0)


@commands.command("mutate")
def rules_mutate(
    book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False, language: LanguageOption = ""
) -> None:
    """Change one number, comparison or cell at a time; name the changes that no test notices, with the test to add. Exit code 1 then."""
    speak(language)
    verdicts = _mutate(load_book(book), book)
    survived, same = [each for each in verdicts if each.survived], [each for each in verdicts if each.same]
    if as_json:
        print(to_json(verdicts, tuple[Verdict, ...]))
    else:
        _tell_survivors(survived)
        for each in same:
            say(Phrase("{where}  {what}  |  no claim was found that pays otherwise; not counted", where=each.where, what=each.what))
        counted = len(verdicts) - len(same)
        say(
            Phrase(
                "{noticed} of {count} changes are noticed by a test ({same} more make no difference that was found)",
                noticed=counted - len(survived),
                count=counted,
                same=len(same),
            )
        )
    raise typer.Exit(1 if survived else 0)
