"""Mutation coverage (变异覆盖): a book changed in one small thing must fail one of its own tests; else a boundary test is proposed."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import MingbaiError
from rules.assess import Run
from rules.boundary import Proposal, propose
from rules.inline_tests import given_of, run_plan_test, run_rule_test, used_before
from rules.model import Book, Plan, PlanTest
from rules.mutants import Mutant, mutants_of
from rules.probing import Used, run_plan, values_of
from rules.values import ElementValue


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant: a test told it from the book, or none did, and then the test to add."""

    what: str
    where: str  # file:line:col
    killed_by: str  # "" when it survived
    proposal: Proposal | None = None

    @property
    def survived(self) -> bool:
        """Tell whether a test is missing: none told the mutant, and one was found that would."""
        return not self.killed_by and self.proposal is not None

    @property
    def same(self) -> bool:
        """Tell whether no claim was found on which it pays otherwise: it may well be the same contract."""
        return not self.killed_by and self.proposal is None


@dataclass(frozen=True)
class _Known:
    """A test whose answer by the book itself is known: where the mutant answers the same, it need not be run."""

    plan: Plan
    test: PlanTest
    given: dict[str, ElementValue]
    used: Used
    runs: list[Run] | None

    @property
    def expected(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.test.expected)


def count_mutants(book: Book) -> int:
    """Count the mutants of a book, for a progress bar."""
    return sum(1 for _ in mutants_of(book))


def mutate(book: Book) -> Iterator[Verdict]:
    """Run the tests of a book on every mutant, one verdict at a time."""
    tests = [_known(book, plan, test) for plan in book.plans.values() for test in plan.tests]
    for mutant in mutants_of(book):
        killer = _killer(mutant, tests)
        where = f"{book.file}:{mutant.at.line}:{mutant.at.column}"
        yield Verdict(mutant.what, where, killer, None if killer else propose(book, mutant))


def _known(book: Book, plan: Plan, test: PlanTest) -> _Known:
    given, used = given_of(book, plan, test), used_before(book, plan, test)
    try:
        runs = run_plan(book, plan, values_of(book, plan, given), used)
    except MingbaiError:
        runs = None
    return _Known(plan, test, given, used, runs)


def _killer(mutant: Mutant, tests: list[_Known]) -> str:
    for number, (name, test) in enumerate(mutant.book.rule_tests, 1):
        if name in mutant.rules and not run_rule_test(mutant.book, name, test, number).passed:
            return f"{name}:{test.at.line}"
    for known in tests:
        if known.expected & mutant.responsibilities and not _passes(mutant.book, known):
            return f"{known.plan.name}/{known.test.name}"
    return ""


def _passes(book: Book, known: _Known) -> bool:
    plan = book.plans[known.plan.name]
    return _answers_the_same(book, plan, known) or run_plan_test(book, plan, known.test).passed


def _answers_the_same(book: Book, plan: Plan, known: _Known) -> bool:
    """Tell quickly whether a test cannot fail: everything it expects is known, and as the book itself has it."""
    if known.runs is None or known.test.after:
        return False
    try:
        runs = run_plan(book, plan, values_of(book, plan, known.given), known.used)
    except MingbaiError:
        return False
    if runs is None:
        return False
    pairs = zip(known.plan.responsibilities, known.runs, runs, strict=True)
    return all(before.answer == after.answer for name, before, after in pairs if name in known.expected)
