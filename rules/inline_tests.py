"""Runs the tests that stand inline in a rule book, of its rules and of its plans."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from domain.assessment import AccumulatorKey, Assessment, Outcome, ResponsibilityResult
from domain.errors import MingbaiError, RuleBookError
from domain.money import format_fen
from rules.book_checks import find_test
from rules.compiler import Scope
from rules.completions import try_completions
from rules.dated_parameters import select_parameters
from rules.dependencies import names_of_rule
from rules.engine import adjudicate
from rules.figures import decimal, show, show_money
from rules.keywords import Place, written
from rules.model import Book, Plan, PlanTest, RuleTest
from rules.phrases import Phrase, error_phrase
from rules.quantities import QUANTITY, quantity_of
from rules.types import MONEY, NUMBER, describe
from rules.unknown import Known, Unknown, Value, causes_of, join
from rules.values import ElementValue, missing_value, to_plain


@dataclass(frozen=True)
class TestOutcome:
    """What became of one inline test."""

    __test__ = False  # pytest, this is no test class

    name: str
    where: str  # file:line:col
    passed: bool
    expected: str
    got: str

    @property
    def whole(self) -> Phrase:
        """Write what became of it on one line."""
        return Phrase(
            "{where}  {name}: expected {expected}, got {got}", where=self.where, name=self.name, expected=self.expected, got=self.got
        )


def run_tests(book: Book) -> list[TestOutcome]:
    """Run every inline test of a book, rules first, in the order of the file."""
    count: Counter[str] = Counter()
    outcomes = []
    for name, test in book.rule_tests:
        count[name] += 1
        outcomes.append(run_rule_test(book, name, test, count[name]))
    outcomes += [run_plan_test(book, plan, test) for plan in book.plans.values() for test in plan.tests]
    return outcomes


def _where(book: Book, test: RuleTest | PlanTest) -> str:
    return f"{book.file}:{test.at.line}:{test.at.column}"


def run_rule_test(book: Book, name: str, test: RuleTest, index: int) -> TestOutcome:
    """Run one test of a rule; `index` counts the rule's tests from 1."""
    try:
        got = show_answer(book, name, answer_rule(book, name, test))
    except MingbaiError as error:
        got = error_phrase(error)
    return TestOutcome(f"{name} #{index}", _where(book, test), matches(test.expected, got), test.expected, got)


def answer_rule(book: Book, name: str, test: RuleTest) -> Value:
    """Answer a rule on a test's elements, under the parameters of the first plan that has all it needs."""
    values: dict[str, Value] = {each: missing_value(element) for each, element in book.elements.items()} | test.given
    needed = names_of_rule(name, book.rules)
    missing = needed - set(values)
    plan = next((each for each in book.plans.values() if missing <= set(each.parameters)), None)
    if plan is None:
        raise RuleBookError(
            Phrase("no plan has all of {listed}", listed="、".join(sorted(missing))), Phrase("give them in the test, or add them to a plan")
        )
    values = select_parameters(book, plan, values, missing) | values
    tried = try_completions(values, book.elements, needed, lambda known: Scope(known, book.compiled).answer(name).value)
    answers = [answer for _, answer in tried.answers]
    return join(answers, tried.deciding(lambda each: each) | causes_of(answers))


def show_answer(book: Book, rule: str, value: Value) -> str:
    """Write a rule's answer as its test would."""
    if isinstance(value, Unknown):
        causes = "、".join(name for name in book.elements if name in value.causes)
        return f"{written(Place.WORD, 'unknown', book.language)} {causes}"
    return show_known(book, value, rule)


def show_known(book: Book, value: Known, rule: str) -> str:
    """Write a known answer as its test would."""
    if isinstance(value, bool):
        return written(Place.WORD, "true" if value else "false", book.language)
    type_ = book.rules[rule].type
    return show_money(value, grouped=False) if isinstance(value, Fraction) and type_ == MONEY else show(value, type_)


def run_plan_test(book: Book, plan: Plan, test: PlanTest) -> TestOutcome:
    """Run one test of a plan."""
    expected = {name: scalar.text for name, scalar in test.expected}
    try:
        assessment = adjudicate(book, plan.name, given_of(book, plan, test), used_before(book, plan, test), is_told=False)
        got = {name: show_result(book, assessment, name) for name in expected}
    except MingbaiError as error:
        got = dict.fromkeys(expected, error_phrase(error))
    passed = all(matches(expected[name], got[name]) for name in expected)
    return TestOutcome(f"{plan.name}/{test.name}", _where(book, test), passed, _join(expected), _join(got))


def _join(answers: dict[str, str]) -> Phrase:
    return Phrase.joined("，", (Phrase("{name}: {answer}", name=name, answer=answer) for name, answer in answers.items()))


def given_of(book: Book, plan: Plan, test: PlanTest) -> dict[str, ElementValue]:
    """Collect the elements that a test gives, those of the tests it starts from (同) included."""
    given: dict[str, ElementValue] = {}
    base = find_test(book, plan, test.same_as) if test.same_as else None
    if base is not None:
        given |= given_of(book, *base)
    for name, value in test.given.items():
        known = None if value is None or isinstance(value, Unknown) else value
        given[name] = None if known is None else to_plain(book, book.elements[name], known)
    return given


def used_before(book: Book, plan: Plan, test: PlanTest) -> dict[AccumulatorKey, Fraction]:
    """Let the test come after (接) another: what that one and its own forerunners used is used."""
    earlier = find_test(book, plan, test.after) if test.after else None
    if earlier is None:
        return {}
    used = used_before(book, *earlier)
    assessment = adjudicate(book, plan.name, given_of(book, *earlier), used, is_told=False)
    for result in assessment.results:
        for use in result.uses:
            used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
    return used


def show_result(book: Book, assessment: Assessment, name: str) -> str:
    """Write a responsibility's answer as its test would: 40000.00, 不涉及, 拒赔 rule, 待补 element low～high."""
    result = assessment.result(name)
    assert result is not None  # noqa: S101 – the reader let only the plan's responsibilities through
    if result.outcome is Outcome.PAYABLE and result.amount_fen is not None:
        return format_fen(result.amount_fen, grouped=False)
    word = written(Place.OUTCOME, _CANONICAL[result.outcome], book.language)
    if result.outcome is Outcome.DECLINED:
        return f"{word} {result.declined_by}"
    return f"{word} {_show_interval(result)}" if result.outcome is Outcome.UNKNOWN else word


def _show_interval(result: ResponsibilityResult) -> str:
    causes = "、".join(cause.element for cause in result.unknowns)
    high = "" if result.high_fen is None else format_fen(result.high_fen, grouped=False)
    return f"{causes} {format_fen(result.low_fen or 0, grouped=False)}～{high}"


_CANONICAL = {Outcome.NOT_INVOLVED: "not_involved", Outcome.DECLINED: "declined", Outcome.UNKNOWN: "unknown", Outcome.PAYABLE: "payable"}


def matches(expected: str, got: str) -> bool:
    """Tell whether an answer is the expected one; what the test leaves out at the end may be anything."""
    wanted, found = expected.replace("~", "～").split(), got.split()
    return [_normal(each) for each in wanted] == [_normal(each) for each in found[: len(wanted)]]


def _normal(text: str) -> str:
    return "～".join(_normal_amount(part) for part in text.split("～"))


def _normal_amount(text: str) -> str:
    match = QUANTITY.fullmatch(text)
    value, type_ = (match and quantity_of(match)) or (None, NUMBER)
    if not isinstance(value, Fraction):
        return text
    if type_ not in (MONEY, NUMBER):
        return f"{value} {describe(type_)}"
    return decimal(value / 100 if type_ == MONEY else value, least=2)
