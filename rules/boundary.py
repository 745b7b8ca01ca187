"""Finds the test that a book lacks: elements on which a book and its mutant pay differently, as close to the boundary as they come.

Starts from the tests that stand in the book, and moves one element, then two, to the values at which contracts
turn: the book's own numbers, dates and codes, just below and just above. What is found is computed by both books.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, combinations, islice, product

from domain.errors import InputError, MingbaiError
from rules.date_operators import shift_months
from rules.engine import adjudicate
from rules.icd import CodeSet
from rules.inline_tests import given_of, matches, show_result, used_before
from rules.keywords import Place, written
from rules.model import Book, Element, PlanTest, all_steps
from rules.mutants import Mutant, rules_of
from rules.phrases import Phrase
from rules.printing import Printer
from rules.probing import Used, run_plan, values_of
from rules.rule_layer import trees_of
from rules.syntax import Literal
from rules.tree_edits import nodes_of
from rules.typed import Constant
from rules.types import DAYS, MONEY, EnumType, NumberType, SimpleType
from rules.unknown import NO_CODE, Known, Months
from rules.values import ElementValue

MAX_PAIRS = 1200
_PAIRED = 2
_BASES = 6
_GEOMETRIC = [Fraction(figure * 10**power) for power in range(2, 11) for figure in (1, 3)]
Given = Mapping[str, ElementValue]


@dataclass(frozen=True)
class Proposal:
    """A test to add (建议测试), as the book would write it, under its plan."""

    plan: str
    text: str


@dataclass(frozen=True)
class _Base:
    plan: str
    test: str
    after: str
    given: Given
    used: Used


def propose(book: Book, mutant: Mutant) -> Proposal | None:
    """Find a test that the book passes and the mutant fails; None when no claim that is tried tells the two apart."""
    bases = _bases(book, mutant)
    turning = [(base, _interesting(book, base, mutant)) for base in bases]
    singles = ((base, changes) for base, values in turning for changes in _single(book, base, values))
    pairs = ((base, changes) for base, values in turning[:_PAIRED] for changes in islice(_pairs(values), MAX_PAIRS // _PAIRED))
    for base, changes in chain(singles, pairs):
        if _differ(book, mutant, base, changes):
            found = _proposal(book, mutant, base, _closest(book, mutant, base, changes))
            if found is not None:
                return found
    return None


def _bases(book: Book, mutant: Mutant) -> list[_Base]:
    """Choose the tests to start from: those that ask for what the mutant touches, and are paid, before the others."""
    found: list[_Base] = []
    again: list[_Base] = []  # the same claim a second time, for what is counted over a year or a lifetime
    for plan in (each for each in book.plans.values() if mutant.responsibilities & set(each.responsibilities)):
        asked = [(owner, test) for owner in book.plans.values() for test in owner.tests if _asks(test, mutant)]
        asked.sort(key=lambda pair: (pair[0] is not plan, not _is_paid(pair[1], mutant)))
        for owner, test in asked[:_BASES]:
            name = test.name if owner is plan else f"{owner.name}/{test.name}"
            after = test.after if owner is plan else ""
            used = used_before(book, plan, test) if after else {}
            found.append(_Base(plan.name, name, after, given_of(book, owner, test), used))
            if owner is plan and not after:
                again.append(replace(found[-1], after=name, used=used_before(book, plan, replace(test, after=name))))
    return [*found, *again[:_BASES]]


def _asks(test: PlanTest, mutant: Mutant) -> bool:
    return any(name in mutant.responsibilities for name, _ in test.expected)


def _is_paid(test: PlanTest, mutant: Mutant) -> bool:
    return any(name in mutant.responsibilities and answer.text[:1].isdigit() and answer.text != "0.00" for name, answer in test.expected)


def _single(book: Book, base: _Base, values: dict[str, list[ElementValue]]) -> Iterator[dict[str, ElementValue]]:
    yield {}
    for name, choices in values.items():
        for value in choices:
            yield {name: value}
    yield from _all_dates_moved(book, base)


def _all_dates_moved(book: Book, base: _Base) -> Iterator[dict[str, ElementValue]]:
    """Move the whole claim to where a dated parameter begins."""
    plan = book.plans[base.plan]
    basis = base.given.get(plan.basis) if plan.basis else None
    starts = {start for each in plan.parameters.values() for start, _ in each.values if start is not None}
    if isinstance(basis, date):
        for start in sorted(starts):
            days = {name: value for name, value in base.given.items() if isinstance(value, date)}
            for step in (-1, 0, 1):
                yield {name: value + (start - basis) + timedelta(days=step) for name, value in days.items()}


def _pairs(values: dict[str, list[ElementValue]]) -> Iterator[dict[str, ElementValue]]:
    for one, two in combinations(values, 2):
        for first, second in product(values[one], values[two]):
            yield {one: first, two: second}


def _differ(book: Book, mutant: Mutant, base: _Base, changes: Given) -> bool:
    given = {**base.given, **changes}
    try:
        ours = _answers(book, mutant, base, given)
        if ours is None:
            return False
    except MingbaiError:
        return False
    try:
        theirs = _answers(mutant.book, mutant, base, given)
    except MingbaiError:
        return True
    return theirs is not None and ours != theirs


def _answers(book: Book, mutant: Mutant, base: _Base, given: Given) -> list[object] | None:
    # What the mutant cannot touch need not be asked.
    plan = book.plans[base.plan]
    plan = replace(plan, responsibilities=tuple(each for each in plan.responsibilities if each in mutant.responsibilities))
    runs = run_plan(book, plan, values_of(book, plan, given), base.used)
    return None if runs is None else [run.answer for run in runs]


def _closest(book: Book, mutant: Mutant, base: _Base, changes: dict[str, ElementValue]) -> dict[str, ElementValue]:
    """Move every changed number back towards the test's own as far as the two books still differ."""
    for name, value in changes.items():
        start = base.given.get(name)
        if isinstance(value, int) and isinstance(start, int) and not isinstance(value, bool):
            same, different = start, value
            while abs(different - same) > 1:
                middle = (same + different) // 2
                if _differ(book, mutant, base, {**changes, name: middle}):
                    different = middle
                else:
                    same = middle
            changes = {**changes, name: different}
    return changes


def _proposal(book: Book, mutant: Mutant, base: _Base, changes: Given) -> Proposal | None:
    """Write the test, after the engine itself has answered for both books."""
    given = {**base.given, **changes}
    right = adjudicate(book, base.plan, given, base.used, is_told=False)
    answers = {each.name: show_result(book, right, each.name) for each in right.results}
    try:
        wrong = adjudicate(mutant.book, base.plan, given, base.used, is_told=False)
        other = {each.name: show_result(mutant.book, wrong, each.name) for each in wrong.results}
    except MingbaiError as error:
        other = dict.fromkeys(answers, str(error))
    telling = {name: answer for name, answer in answers.items() if not matches(answer, other[name])}
    return Proposal(base.plan, _text(book, mutant, base, changes, telling)) if telling else None


def _text(book: Book, mutant: Mutant, base: _Base, changes: Given, expected: Mapping[str, str]) -> str:
    def key(word: str) -> str:
        return written(Place.KEY, word, book.language)

    name = f"界 {mutant.what}".replace(": ", "：").replace("[", "〔").replace("]", "〕")
    lines = [f"- {key('name')}: {name}"]
    if base.after:
        lines.append(f"  {key('after')}: {base.after}")
    lines.append(f"  {key('same_as')}: {base.test}")
    if changes:
        told = ", ".join(f"{each}: {write_value(book, book.elements[each], value)}" for each, value in changes.items())
        lines.append(f"  {key('change')}: {{{told}}}")
    lines.append(f"  {key('gives')}: {{{', '.join(f'{each}: {answer}' for each, answer in expected.items())}}}")
    return "\n".join(lines)


def write_value(book: Book, element: Element, value: ElementValue) -> str:
    """Write an element's value as a test does: 80000元, 12天, 是, K35.8, 缺."""
    if value is None:
        return written(Place.WORD, "missing", book.language)
    if isinstance(element.type, EnumType) or element.type is SimpleType.TEXT:
        return str(value)
    known = Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(known, (Fraction, bool, date, str)):
        raise InputError(Phrase("{element} is a list", element=element.name), Phrase("write the test by hand"))
    return Printer(book.language).write(Literal(known, element.type, 0))


def _interesting(book: Book, base: _Base, mutant: Mutant) -> dict[str, list[ElementValue]]:
    """List for every element that can matter the values at which the contract may turn."""
    touched = mutant.responsibilities & set(book.plans[base.plan].responsibilities)
    needed = frozenset().union(*(book.needed[name] for name in touched))
    known = _values_named(book, base.plan, touched) + _values_named(mutant.book, base.plan, touched)
    found = {}
    for name in (each for each in book.elements if each in needed):
        choices = _choices(book, book.elements[name], known, base)
        found[name] = [each for each in dict.fromkeys(choices) if each != base.given.get(name)]
    return found


def _values_named(book: Book, plan: str, responsibilities: frozenset[str]) -> list[tuple[Known, object]]:
    found: list[tuple[Known, object]] = []
    for name in responsibilities:
        each = book.responsibilities[name]
        trees = [formula.tree for step in all_steps(each.steps) for formula in step.formulas()]
        trees += [formula.tree for _, formula in each.let]
        trees += [each.trigger.tree] if each.trigger is not None else []
        trees += [tree for rule in rules_of(book, each) for tree in trees_of(book.rules[rule])]
        found += [(node.value, node.type) for tree in trees for node in nodes_of(tree) if isinstance(node, Constant)]
        needed = book.needed[name]
        for parameter in book.plans[plan].parameters.values():
            if parameter.name in needed:
                found += [(value, parameter.type) for _, value in parameter.values]
                found += [(start, SimpleType.DATE) for start, _ in parameter.values if start is not None]
    return found


def _choices(book: Book, element: Element, known: list[tuple[Known, object]], base: _Base) -> list[ElementValue]:
    if element.choices():
        return [each for each in element.choices() if isinstance(each, (bool, str))]
    if element.type is SimpleType.DATE:
        return list(_dates(known, base))
    if element.type is SimpleType.CODE:
        return list(_codes(book, known))
    return _numbers(element, known) if isinstance(element.type, NumberType) else []


def _numbers(element: Element, known: list[tuple[Known, object]]) -> list[ElementValue]:
    own = {value for value, type_ in known if isinstance(value, Fraction) and type_ == element.type}
    points = own | {one + two for one in own for two in own} | {Fraction(0)}
    near = sorted({point + step for point in points for step in (-1, 0, 1)})
    if element.type == MONEY:
        near += [*_GEOMETRIC, *(point + 100 for point in sorted(points)), Fraction(12345679), Fraction(12345671)]
    elif element.type == DAYS:
        near += [Fraction(1), Fraction(2), Fraction(10), Fraction(400)]
    return [int(each) for each in near if each >= 0 and each.denominator == 1]


def _dates(known: list[tuple[Known, object]], base: _Base) -> Iterator[date]:
    starts = {each for each in base.given.values() if isinstance(each, date)}
    days = {int(value) for value, type_ in known if isinstance(value, Fraction) and type_ == DAYS and value < 40_000}
    months = {value for value, _ in known if isinstance(value, Months)}
    named = {value for value, _ in known if isinstance(value, date)}
    for start in sorted(starts):
        for count in sorted(days):
            yield from (start + timedelta(days=sign * count + step) for sign in (1, -1) for step in (-1, 0, 1))
        for span in sorted(months):
            moved = shift_months(start, span)
            if isinstance(moved, date):
                yield from (moved + timedelta(days=step) for step in (-1, 0, 1))
    for day in sorted(named | starts):
        yield from (day + timedelta(days=step) for step in (-1, 0, 1))


def _codes(book: Book, known: list[tuple[Known, object]]) -> Iterator[str]:
    for value, _ in known:
        if isinstance(value, CodeSet):
            yield from (end for limits in value.ranges for end in limits)
        elif isinstance(value, str) and value != NO_CODE and value[:1].isascii() and value[1:2].isdigit():
            yield value
    yield written(Place.WORD, "none", book.language)
