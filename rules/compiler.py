"""Compiles typed trees and rules into functions of one claim's scope; nothing here ever sees text from a rule file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from domain.errors import InputError, RuleBookError
from rules.operations import OPERATIONS, Operation
from rules.operators import all_of, any_of, choose, invert
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, RuleException, Table, Typed
from rules.types import EnumType
from rules.unknown import Items, Unknown, UnsureItems, Value, causes_of, join

MAX_VISITS = 200_000


@dataclass(frozen=True)
class Answered:
    """What a rule answered, and which row or which exceptions made it say so (counted from 0)."""

    value: Value
    row: int | None = None
    exception: int | None = None


@dataclass
class Loops:
    """Where the loops of one claim stand, and how far they have gone: their work is bounded."""

    items: dict[str, Value] = field(default_factory=dict)
    visits: int = 0

    def visit(self, variable: str, value: Value, body: "Evaluate", scope: "Scope") -> Value:
        """Answer the body for one item.

        Raises:
            InputError: the loops of the claim have gone through too many items.
        """
        self.visits += 1
        if self.visits > MAX_VISITS:
            raise InputError(f"loops that go through more than {MAX_VISITS} items", "ask shorter lists, or fewer loops inside loops")
        self.items[variable] = value
        return body(scope)


@dataclass(frozen=True)
class Scope:
    """What is known about one claim under one plan; every rule is answered once and remembered."""

    values: dict[str, Value]
    rules: "dict[str, CompiledRule]"
    answers: dict[str, Answered] = field(default_factory=dict)
    loops: Loops = field(default_factory=Loops)

    def answer(self, rule: str) -> Answered:
        """Answer a rule."""
        known = self.answers.get(rule)
        if known is None:
            known = self.answers[rule] = self.rules[rule](self)
        return known

    def rebound(self, values: dict[str, Value]) -> "Scope":
        """Make a scope in which some names mean something else (令)."""
        return Scope({**self.values, **values}, self.rules)


Evaluate = Callable[[Scope], Value]
CompiledRule = Callable[[Scope], Answered]


@dataclass(frozen=True)
class Formula:
    """An expression of a responsibility, and the function it compiled to."""

    tree: Typed
    evaluate: Evaluate

    @classmethod
    def of(cls, tree: Typed) -> "Formula":
        """Compile a tree once."""
        return cls(tree, compile_tree(tree))


def compile_tree(tree: Typed, operations: Mapping[str, Operation] = OPERATIONS) -> Evaluate:
    """Compile an expression."""
    match tree:
        case Constant(value=value):
            return lambda _: value
        case Reference(name=name):
            return lambda scope: scope.values[name]
        case RuleAnswer(rule=rule):
            return lambda scope: scope.answer(rule).value
        case Local(name=name):
            return lambda scope: scope.loops.items[name]
        case Loop():
            return _compile_loop(tree, compile_tree(tree.subject, operations), compile_tree(tree.body, operations))
        case Apply():
            return _compile_apply(tree, operations)


def _compile_apply(tree: Apply, operations: Mapping[str, Operation]) -> Evaluate:
    if tree.operator == "rank":
        return _compile_rank(tree.arguments[0])
    if tree.operator in ("and", "or"):
        joined = [compile_tree(argument, operations) for argument in _joined(tree)]
        decisive = tree.operator == "or"
        return lambda scope: _until(joined, scope, decisive=decisive)
    if len(tree.arguments) == 2:
        return _compile_chain(tree, operations)
    arguments = [compile_tree(argument, operations) for argument in tree.arguments]
    if tree.operator == "if":
        condition, then, otherwise = arguments
        return lambda scope: _choose_lazily(condition(scope), then, otherwise, scope)
    operation = operations[tree.operator]
    return lambda scope: operation(*[argument(scope) for argument in arguments])


def _joined(tree: Apply) -> list[Typed]:
    # a and b and c is one and of three: no deeper than it must be.
    first, rest = tree.arguments[0], list(tree.arguments[1:])
    while isinstance(first, Apply) and first.operator == tree.operator:
        rest = [*first.arguments[1:], *rest]
        first = first.arguments[0]
    return [first, *rest]


def _compile_chain(tree: Apply, operations: Mapping[str, Operation]) -> Evaluate:
    # A chain of operators nests on its left side as deep as it is long: it runs in a loop instead.
    links: list[tuple[Operation, Evaluate]] = []
    first: Typed = tree
    while isinstance(first, Apply) and len(first.arguments) == 2 and first.operator in operations:
        links.insert(0, (operations[first.operator], compile_tree(first.arguments[1], operations)))
        first = first.arguments[0]
    start = compile_tree(first, operations)
    if len(links) == 1:
        operation, right = links[0]
        return lambda scope: operation(start(scope), right(scope))

    def run(scope: Scope) -> Value:
        value = start(scope)
        for operation, argument in links:
            value = operation(value, argument(scope))
        return value

    return run


@dataclass(frozen=True)
class _Asked:
    """An item, whether it belongs to the list at all, and what the body of the loop answers for it."""

    item: Value
    belongs: Value
    answer: Value


def _compile_loop(tree: Loop, subject: Evaluate, body: Evaluate) -> Evaluate:
    ask = _LOOPS[tree.kind]

    def run(scope: Scope) -> Value:
        listed = subject(scope)
        if isinstance(listed, Items):
            members: list[tuple[Value, Value]] = [(item, True) for item in listed.values]
        elif isinstance(listed, UnsureItems):
            perhaps = Unknown(listed.causes)
            members = [*((item, True) for item in listed.sure), *((item, perhaps) for item in listed.maybe)]
        else:
            return Unknown(causes_of((listed,)))
        return ask(_Asked(item, belongs, scope.loops.visit(tree.variable, item, body, scope)) for item, belongs in members)

    return run


def _any_item(asked: Iterator[_Asked]) -> Value:
    return _first_decisive((all_of([each.belongs, each.answer]) for each in asked), decisive=True)


def _every_item(asked: Iterator[_Asked]) -> Value:
    return _first_decisive((any_of([invert(each.belongs), each.answer]) for each in asked), decisive=False)


def _first_decisive(answers: Iterator[Value], *, decisive: bool) -> Value:
    seen: list[Value] = []
    for answer in answers:
        if answer is decisive:
            return decisive
        seen.append(answer)
    return any_of(seen) if decisive else all_of(seen)


def _keep(asked: Iterator[_Asked]) -> Value:
    told = [(each.item, all_of([each.belongs, each.answer])) for each in asked]
    sure = tuple(item for item, stays in told if stays is True)
    open_ = [(item, stays) for item, stays in told if isinstance(stays, Unknown)]
    if not open_:
        return Items(sure)
    return UnsureItems(causes_of(stays for _, stays in open_), sure=sure, maybe=tuple(item for item, _ in open_))


def _take_or_keep(asked: Iterator[_Asked]) -> Value:
    # Without declared types only the answers tell a place from a condition; what is not true is left out, as FEEL has it.
    told = list(asked)
    if not told or not isinstance(told[0].answer, Fraction):
        return Items(tuple(each.item for each in told if each.answer is True))
    place, count = told[0].answer, len(told)
    if place.denominator != 1 or not 1 <= abs(place) <= count:
        return Unknown(frozenset({f"a list of {count} has no item {place}"}))
    return told[int(place) - 1 if place > 0 else int(place)].item


_LOOPS: dict[str, Callable[[Iterator[_Asked]], Value]] = {
    "some": _any_item,
    "every": _every_item,
    "filter": _keep,
    "select": _take_or_keep,
}


def _until(arguments: list[Evaluate], scope: Scope, *, decisive: bool) -> Value:
    # What stands after a decisive answer is not looked at: 住院天数 = 0 guards a division by it.
    answers: list[Value] = []
    for argument in arguments:
        answer = argument(scope)
        if answer is decisive:
            return decisive
        answers.append(answer)
    return any_of(answers) if decisive else all_of(answers)


def _choose_lazily(condition: Value, then: Evaluate, otherwise: Evaluate, scope: Scope) -> Value:
    # A branch that is not taken must not divide by zero.
    if isinstance(condition, Unknown):
        return choose(condition, then(scope), otherwise(scope))
    return then(scope) if condition else otherwise(scope)


def _compile_rank(tree: Typed) -> Evaluate:
    assert isinstance(tree.type, EnumType)  # noqa: S101 – the checker ranks nothing else
    ranks = {value: Fraction(rank) for rank, value in enumerate(tree.type.values)}
    top, inner = Fraction(len(ranks) - 1), compile_tree(tree)

    def rank(scope: Scope) -> Value:
        value = inner(scope)
        return Unknown(value.causes, Fraction(0), top) if isinstance(value, Unknown) else ranks[str(value)]

    return rank


def compile_rule(name: str, general: Typed | Table, exceptions: tuple[RuleException, ...], clause: str) -> CompiledRule:
    """Compile a rule: an exception that applies replaces the general answer.

    The function raises RuleBookError when two exceptions apply at once with different answers.
    """
    answer_generally = _compile_table(general) if isinstance(general, Table) else _compile_plain(general)
    if not exceptions:
        return answer_generally
    compiled = [(compile_tree(each.condition), compile_tree(each.answer)) for each in exceptions]

    def answer(scope: Scope) -> Answered:
        conditions = [condition(scope) for condition, _ in compiled]
        sure = [index for index, condition in enumerate(conditions) if condition is True]
        unsure = [index for index, condition in enumerate(conditions) if isinstance(condition, Unknown)]
        values = {index: compiled[index][1](scope) for index in (*sure, *unsure)}
        for index in sure[1:]:
            if values[index] != values[sure[0]]:
                raise _conflict(name, clause, exceptions[sure[0]], exceptions[index])
        general_answer = Answered(values[sure[0]], exception=sure[0]) if sure else answer_generally(scope)
        if not unsure:
            return general_answer
        return Answered(join([general_answer.value, *(values[index] for index in unsure)], causes_of(conditions)))

    return answer


def _conflict(name: str, clause: str, first: RuleException, second: RuleException) -> RuleBookError:
    one, two = (f"{each.clause or clause or 'an exception'} (line {each.at.line})" for each in (first, second))
    what = f"rule {name}: the exceptions of {one} and {two} apply at once and answer differently"
    return RuleBookError(what, "let one of the two name the other's case in its 若, so that only one applies")


def _compile_plain(tree: Typed) -> CompiledRule:
    evaluate = compile_tree(tree)
    return lambda scope: Answered(evaluate(scope))


def _compile_table(table: Table) -> CompiledRule:
    rows = [([compile_tree(each) for each in row.conditions], compile_tree(row.answer)) for row in table.rows]

    def answer(scope: Scope) -> Answered:
        open_rows, conditions = [], []
        for index, (tests, value) in enumerate(rows):
            hit = all_of([test(scope) for test in tests])
            if hit is True:
                return Answered(value(scope), row=index)
            if isinstance(hit, Unknown):
                open_rows.append((index, value))
                conditions.append(hit)
        if not open_rows:
            at = table.rows[0].at.line
            raise RuleBookError(f"no row of the table on line {at} covers this claim", "add the missing row to the table")
        values = [value(scope) for _, value in open_rows]
        return Answered(join(values, causes_of(conditions)))

    return answer
