"""Compiles typed trees into functions of one claim's scope; nothing here ever sees text from a rule file."""

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from domain.errors import InputError
from rules.loops import LOOPS, Asked
from rules.operations import OPERATIONS, Operation
from rules.operators import all_of, any_of, choose
from rules.phrases import Phrase
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, Typed
from rules.types import EnumType
from rules.unknown import Items, Unknown, UnsureItems, Value, causes_of

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
            raise InputError(
                Phrase("loops that go through more than {most} items", most=MAX_VISITS),
                Phrase("ask shorter lists, or fewer loops inside loops"),
            )
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


def compiled(tree: Typed) -> Evaluate:
    """Compile an expression of a book the first time it is asked for: a trace asks for the same ones claim after claim."""
    known = _COMPILED.get(id(tree))
    if known is None:
        known = _COMPILED[id(tree)] = compile_tree(tree)
        weakref.finalize(tree, _COMPILED.pop, id(tree), None)
    return known


_COMPILED: dict[int, Evaluate] = {}


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


def _compile_loop(tree: Loop, subject: Evaluate, body: Evaluate) -> Evaluate:
    ask = LOOPS[tree.kind]

    def run(scope: Scope) -> Value:
        listed = subject(scope)
        if isinstance(listed, Items):
            members: list[tuple[Value, Value]] = [(item, True) for item in listed.values]
        elif isinstance(listed, UnsureItems):
            perhaps = Unknown(listed.causes)
            members = [*((item, True) for item in listed.sure), *((item, perhaps) for item in listed.maybe)]
        else:
            return Unknown(causes_of((listed,)))
        return ask(Asked(item, belongs, scope.loops.visit(tree.variable, item, body, scope)) for item, belongs in members)

    return run


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
