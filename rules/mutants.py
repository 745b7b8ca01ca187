"""Mutants (变异): copies of a checked book that differ in one small thing, such as a deductible of 10,001 for 10,000.

Not made, because no test could ever tell them apart, or no save would let them through:
a parameter that no responsibility of its plans looks up; the same value twice, where a derived plan only inherits it
(one line of the file, one mutant); a table cell changed by itself (the proof of the table refuses it); a change of what
nothing names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from rules.compiler import Formula
from rules.dependencies import names_of_rule
from rules.line_work import Adjustment, LineWork, compile_line_work
from rules.model import Book, Parameter, Responsibility, Rule, Step, all_steps
from rules.phrases import Phrase
from rules.rule_compiler import compile_rule
from rules.rule_layer import trees_of
from rules.source import Position
from rules.table_edits import table_edits
from rules.tree_edits import tree_edits, value_edits
from rules.typed import RuleException, Table, Typed, names_of
from rules.unknown import Known

_ROUNDING_WAYS = ("up", "down")
_MAY_GO = ("subtract", "cap", "times", "interval")


@dataclass(frozen=True)
class Mutant:
    """A book with one small change, where it stands, and whom it can touch."""

    what: str
    at: Position
    book: Book
    responsibilities: frozenset[str]
    rules: frozenset[str]  # whose own tests may tell it


def mutants_of(book: Book) -> Iterator[Mutant]:
    """Make every mutant of a book, in the order of its layers."""
    reach = {name: rules_of(book, each) for name, each in book.responsibilities.items()}
    for rule in book.rules.values():
        touched = frozenset(name for name, rules in reach.items() if rule.name in rules)
        callers = frozenset(name for name in book.rules if rule.name in _rules_through(book, trees_of(book.rules[name]), {name}))
        for what, at, changed in _rule_edits(rule):
            rules = {**book.rules, rule.name: changed}
            compiled = {**book.compiled, rule.name: changed.compiled}
            yield Mutant(_of(rule.name, what), at, replace(book, rules=rules, compiled=compiled), _shared(book, touched), callers)
    for each in book.responsibilities.values():
        for what, at, other in _responsibility_edits(each):
            changed_book = replace(book, responsibilities={**book.responsibilities, each.name: other})
            yield Mutant(_of(each.name, what), at, changed_book, _shared(book, frozenset({each.name})), frozenset())
    yield from _parameter_mutants(book)


def _of(owner: str, what: str) -> Phrase:
    return Phrase("{owner}：{what}", owner=owner, what=what)


def rules_of(book: Book, responsibility: Responsibility) -> set[str]:
    """Collect the rules that a responsibility asks, itself or through others."""
    trees = [formula.tree for step in all_steps(responsibility.steps) for formula in step.formulas()]
    trees += [formula.tree for _, formula in responsibility.let]
    trees += [responsibility.trigger.tree] if responsibility.trigger is not None else []
    return _rules_through(book, trees, {*responsibility.requires, *responsibility.excludes})


def _rules_through(book: Book, trees: list[Typed], named: set[str]) -> set[str]:
    waiting = set(named).union(*(names_of(tree)[1] for tree in trees))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {each for tree in trees_of(book.rules[name]) for each in names_of(tree)[1]} - found
    return found


def _shared(book: Book, touched: frozenset[str]) -> frozenset[str]:
    """Add the responsibilities that share an account with a touched one."""
    accounts = {name: {step.shared for step in all_steps(each.steps) if step.shared} for name, each in book.responsibilities.items()}
    ours: set[str] = set().union(*(accounts[name] for name in touched))
    return touched | frozenset(name for name, theirs in accounts.items() if theirs & ours)


def _rule_edits(rule: Rule) -> Iterator[tuple[str, Position, Rule]]:
    if isinstance(rule.general, Table):
        for what, at, table in table_edits(rule.general):
            yield what, at, _recompiled(rule, table, rule.exceptions)
    elif isinstance(rule.general, LineWork):
        for what, at, work in _line_edits(rule.general):
            yield what, at, replace(rule, general=work, compiled=compile_line_work(work))
    else:
        for what, tree in tree_edits(rule.general):
            yield what, rule.at, _recompiled(rule, tree, rule.exceptions)
    if isinstance(rule.general, LineWork):
        return
    for index, exception in enumerate(rule.exceptions):
        before, after = rule.exceptions[:index], rule.exceptions[index + 1 :]
        for what, changed in _exception_edits(exception):
            kept = (*before, *changed, *after)
            yield Phrase("例外{number} {what}", number=index + 1, what=what), exception.at, _recompiled(rule, rule.general, kept)


def _line_edits(work: LineWork) -> Iterator[tuple[str, Position, LineWork]]:
    for index, each in enumerate(work.adjustments):
        rest = work.adjustments[:index], work.adjustments[index + 1 :]
        yield Phrase("第{number}项 {what}", number=index + 1, what=Phrase("删去")), each.at, replace(work, adjustments=(*rest[0], *rest[1]))
        for what, changed in _adjustment_edits(each):
            yield (
                Phrase("第{number}项 {what}", number=index + 1, what=what),
                each.at,
                replace(work, adjustments=(*rest[0], changed, *rest[1])),
            )


def _adjustment_edits(each: Adjustment) -> Iterator[tuple[str, Adjustment]]:
    if each.condition is not None:
        for what, tree in tree_edits(each.condition.tree):
            yield what, replace(each, condition=Formula.of(tree))
    if each.operand is not None:
        for what, tree in tree_edits(each.operand.tree):
            yield what, replace(each, operand=Formula.of(tree))


def _exception_edits(exception: RuleException) -> Iterator[tuple[str, tuple[RuleException, ...]]]:
    yield Phrase("删去"), ()
    for what, tree in tree_edits(exception.condition):
        yield what, (replace(exception, condition=tree),)
    for what, tree in tree_edits(exception.answer):
        yield what, (replace(exception, answer=tree),)


def _recompiled(rule: Rule, general: Typed | Table, exceptions: tuple[RuleException, ...]) -> Rule:
    compiled = compile_rule(rule.name, general, exceptions, rule.clause)
    return replace(rule, general=general, exceptions=exceptions, compiled=compiled)


def _responsibility_edits(each: Responsibility) -> Iterator[tuple[str, Position, Responsibility]]:
    for name in each.requires:
        yield Phrase("不再须 {rule}", rule=name), each.at, replace(each, requires=tuple(other for other in each.requires if other != name))
    for name in each.excludes:
        yield (
            Phrase("不再因 {rule} 不赔", rule=name),
            each.at,
            replace(each, excludes=tuple(other for other in each.excludes if other != name)),
        )
    if each.trigger is not None and each.trigger_at is not None:
        for what, tree in tree_edits(each.trigger.tree):
            yield Phrase("触发 {what}", what=what), each.trigger_at, replace(each, trigger=Formula.of(tree))
    for index, (name, formula) in enumerate(each.let):
        for what, tree in tree_edits(formula.tree):
            let = (*each.let[:index], (name, Formula.of(tree)), *each.let[index + 1 :])
            yield Phrase("令 {name} {what}", name=name, what=what), each.at, replace(each, let=let)
    for what, at, steps in _step_edits(each.steps, each.at):
        yield what, at, replace(each, steps=steps)


def _step_edits(node: Any, at: Position) -> Iterator[tuple[str, Position, Any]]:
    """Change one thing in what steps are made of: formulas and steps, in tuples at any depth."""
    if isinstance(node, Formula):
        for what, tree in tree_edits(node.tree):
            yield what, at, Formula.of(tree)
    elif isinstance(node, tuple):
        for index, each in enumerate(node):
            rest = node[:index], node[index + 1 :]
            if isinstance(each, Step) and each.kind in _MAY_GO and index:
                yield Phrase("删去步骤 {step}", step=each.label), each.at, (*rest[0], *rest[1])
            for what, place, changed in _step_edits(each, at):
                yield what, place, (*rest[0], changed, *rest[1])
    elif isinstance(node, Step):
        for field in fields(node):
            for what, place, changed in _step_edits(getattr(node, field.name), node.at):
                yield what, place, replace(node, **{field.name: changed})
        if node.rounding is not None:
            for way in _ROUNDING_WAYS:
                if way != node.rounding[1]:
                    word = Phrase("进位") if way == "up" else Phrase("舍去")
                    yield Phrase("取整 → {way}", way=word), node.at, replace(node, rounding=(node.rounding[0], way))


def _parameter_mutants(book: Book) -> Iterator[Mutant]:
    places: dict[tuple[str, Position], list[str]] = {}
    for plan in book.plans.values():
        for name, parameter in plan.parameters.items():
            if any(name in book.needed[each] for each in plan.responsibilities):
                places.setdefault((name, parameter.at), []).append(plan.name)
    for (name, at), plans in places.items():
        parameter = book.plans[plans[0]].parameters[name]
        touched = frozenset(each for plan in plans for each in book.plans[plan].responsibilities if name in book.needed[each])
        askers = frozenset(rule for rule in book.rules if name in names_of_rule(rule, book.rules))
        for what, changed in _parameter_edits(parameter):
            mutated = replace(book, plans={**book.plans, **_with_parameter(book, plans, changed)})
            yield Mutant(_of(f"{plans[0]} {name}", what), at, mutated, _shared(book, touched), askers)


def _with_parameter(book: Book, plans: list[str], parameter: Parameter) -> Mapping[str, Any]:
    return {name: replace(book.plans[name], parameters={**book.plans[name].parameters, parameter.name: parameter}) for name in plans}


def _parameter_edits(parameter: Parameter) -> Iterator[tuple[str, Parameter]]:
    for index, (start, value) in enumerate(parameter.values):
        rest = parameter.values[:index], parameter.values[index + 1 :]
        for what, other in value_edits(value, parameter.type):
            yield (
                what if start is None else Phrase("{day} 起 {what}", day=start, what=what),
                replace(parameter, values=(*rest[0], (start, other), *rest[1])),
            )
        if start is not None and index:
            later = start + timedelta(days=1)
            moved: tuple[date | None, Known] = (later, value)
            yield Phrase("起用日 {day} → {later}", day=start, later=later), replace(parameter, values=(*rest[0], moved, *rest[1]))
