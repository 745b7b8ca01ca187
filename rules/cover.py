"""Clause coverage (条款覆盖): which clauses, rows, exceptions and steps the tests of a book really reach.

Only what a test insists on counts: the rules behind the responsibilities that its 得 names. What the engine tries
of itself, such as 若改为, reaches nothing. While an answer is unknown, no row of a table is surely reached.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction

from domain.assessment import AccumulatorKey
from domain.errors import MingbaiError
from rules.assess import run_responsibility
from rules.clauses import cited_clauses, find_clause
from rules.compiler import Answered, CompiledRule, Scope
from rules.inline_tests import answer_rule, given_of, used_before
from rules.keywords import Place, written
from rules.model import Book, Plan, PlanTest, Responsibility, Rule, all_steps
from rules.phrases import Phrase
from rules.probing import values_of
from rules.source import Diagnostic, Position, Source
from rules.typed import Table
from rules.types import SimpleType


@dataclass(frozen=True)
class ClauseCover:
    """One clause: the places of the book that cite it, and the tests that reach one of them; no places where only its text is there."""

    clause: str
    places: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """What the tests of a book reach, and a message for everything that they do not."""

    clauses: tuple[ClauseCover, ...]
    reached: int
    places: int
    missing: tuple[Diagnostic, ...]


@dataclass
class _Reached:
    # A place is ("rule", name, detail) or ("step", responsibility, line); each with the tests that came by.
    by: dict[tuple[str, str, object], list[str]] = field(default_factory=lambda: defaultdict(list))
    test: str = ""

    def note(self, kind: str, name: str, detail: object) -> None:
        tests = self.by[kind, name, detail]
        if self.test not in tests[-1:]:
            tests.append(self.test)

    def watch(self, name: str, rule: CompiledRule) -> CompiledRule:
        def answer(scope: Scope) -> Answered:
            answered = rule(scope)
            self.note("rule", name, "")
            if answered.exception is not None:
                self.note("rule", name, ("exception", answered.exception))
            elif answered.row is not None:
                self.note("rule", name, ("row", answered.row))
            else:
                self.note("rule", name, "general")
            if isinstance(answered.value, bool):
                self.note("rule", name, answered.value)
            return answered

        return answer


def cover(book: Book, source: Source) -> Coverage:
    """Run the tests of a book and tell what they reach; `source` is its text, for the messages."""
    reached = _Reached()
    watched = replace(book, compiled={name: reached.watch(name, rule) for name, rule in book.compiled.items()})
    count: Counter[str] = Counter()
    for name, test in book.rule_tests:
        count[name] += 1
        reached.test = f"{name} #{count[name]}"
        answer_rule(watched, name, test)
    for plan in book.plans.values():
        for plan_test in plan.tests:
            reached.test = f"{plan.name}/{plan_test.name}"
            _run(book, watched, plan, plan_test, reached)
    goals = [*_rule_goals(book), *_step_goals(book)]
    missing = [goal for goal in goals if goal.key not in reached.by]
    found = tuple(source.error(goal.at, goal.what, goal.way_out).diagnostic for goal in missing)
    return Coverage(_clauses(book, reached), len(goals) - len(missing), len(goals), found)


def _run(book: Book, watched: Book, plan: Plan, test: PlanTest, reached: _Reached) -> None:
    expected = {name for name, _ in test.expected}
    try:
        values = values_of(book, plan, given_of(book, plan, test))
        used: dict[AccumulatorKey, Fraction] = dict(used_before(book, plan, test))
        for name in plan.responsibilities:
            asked = watched if name in expected else book
            run = run_responsibility(asked, plan, book.responsibilities[name], values, used, is_told=name in expected)
            for use in run.uses:
                used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
            for step in run.steps if name in expected else ():
                reached.note("step", name, step.line)
    except MingbaiError:
        return  # `rules test` reports it; nothing is reached by a test that cannot be run


@dataclass(frozen=True)
class _Goal:
    key: tuple[str, str, object]
    at: Position
    what: Phrase
    way_out: Phrase


def _rule_goals(book: Book) -> list[_Goal]:
    goals = []
    for rule in book.rules.values():
        goals += _goals_of(book, rule)
    return goals


def _goals_of(book: Book, rule: Rule) -> list[_Goal]:
    cited = _cited(rule.clause)
    tests = written(Place.KEY, "tests", book.language)
    goals = []
    if isinstance(rule.general, Table):
        for index, row in enumerate(rule.general.rows):
            what = Phrase(
                "no test reaches row {row} of {rule}{cited}: {cells}",
                row=index + 1,
                rule=rule.name,
                cited=cited,
                cells=" · ".join(row.labels),
            )
            goals.append(
                _Goal(
                    ("rule", rule.name, ("row", index)),
                    row.at,
                    what,
                    Phrase("add a test to {tests} with {cells}", tests=tests, cells=" · ".join(row.labels)),
                )
            )
    else:
        what = Phrase("no test reaches the general answer of {rule}{cited}", rule=rule.name, cited=cited)
        goals.append(
            _Goal(("rule", rule.name, "general"), rule.at, what, Phrase("add {tests} to the rule, or to a plan that needs it", tests=tests))
        )
    if rule.type is SimpleType.BOOLEAN:
        for answer in (True, False):
            word = written(Place.WORD, "true" if answer else "false", book.language)
            what = Phrase("in no test {rule}{cited} answers {word}", rule=rule.name, cited=cited, word=word)
            goals.append(_Goal(("rule", rule.name, answer), rule.at, what, Phrase("add a test in which it answers {word}", word=word)))
    for index, exception in enumerate(rule.exceptions):
        cited = _cited(exception.clause or rule.clause)
        what = Phrase("no test reaches exception {number} of {rule}{cited}", number=index + 1, rule=rule.name, cited=cited)
        goals.append(_Goal(("rule", rule.name, ("exception", index)), exception.at, what, Phrase("add a test in which it applies")))
    return goals


def _cited(clause: str) -> str:
    return Phrase(" ({clause})", clause=clause) if clause else ""


def _step_goals(book: Book) -> list[_Goal]:
    goals = []
    for each in book.responsibilities.values():
        for line, at in _lines_of(each).items():
            what = Phrase("no test calculates this step of {name}", name=each.name)
            goals.append(_Goal(("step", each.name, line), at, what, Phrase("add a test to a plan in which the responsibility pays")))
    return goals


def _lines_of(responsibility: Responsibility) -> dict[int, Position]:
    return {step.at.line: step.at for step in all_steps(responsibility.steps)}


def _clauses(book: Book, reached: _Reached) -> tuple[ClauseCover, ...]:
    places: dict[str, list[str]] = defaultdict(list)
    tests: dict[str, list[str]] = defaultdict(list)
    for rule in book.rules.values():
        keys: list[tuple[str, Position, object]] = [(rule.clause, rule.at, "")]
        keys += [(each.clause, each.at, ("exception", index)) for index, each in enumerate(rule.exceptions)]
        for clause, at, detail in keys:
            if clause:
                places[clause].append(f"{rule.name}:{at.line}")
                tests[clause] += reached.by.get(("rule", rule.name, detail), [])
    cited = {text.number for each in cited_clauses(book) if (text := find_clause(book.clauses, each))}
    uncited = (ClauseCover(number, (), ()) for number in book.clauses if number not in cited)
    return (*(ClauseCover(clause, tuple(found), tuple(dict.fromkeys(tests[clause]))) for clause, found in places.items()), *uncited)
