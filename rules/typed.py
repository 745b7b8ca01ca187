"""The typed tree: every name looked up, every unit checked. Whatever runs a rule is compiled from this tree and nothing else."""

from dataclasses import dataclass

from rules.source import Position
from rules.types import Type
from rules.unknown import Known


@dataclass(frozen=True)
class Constant:
    """A value known when the file is saved."""

    value: Known
    type: Type


@dataclass(frozen=True)
class Reference:
    """An element or a parameter, looked up in the claim's scope."""

    name: str
    type: Type


@dataclass(frozen=True)
class RuleAnswer:
    """The answer of a rule in the claim's scope."""

    rule: str
    type: Type


@dataclass(frozen=True)
class Apply:
    """An operator of `rules.operators` applied to its arguments."""

    operator: str
    arguments: "tuple[Typed, ...]"
    type: Type


@dataclass(frozen=True)
class Local:
    """The item that a loop stands at."""

    name: str
    type: Type


@dataclass(frozen=True)
class Loop:
    """Goes through a list: `some` and `every` ask a condition of its items, `filter` keeps those it holds for."""

    kind: str  # some | every | filter
    variable: str  # no two loops of an expression that stand in one another share it
    subject: "Typed"
    body: "Typed"
    type: Type


Typed = Constant | Reference | RuleAnswer | Apply | Local | Loop


@dataclass(frozen=True)
class Row:
    """A row of a decision table: it is hit when all conditions hold; `labels` are the cells as written."""

    conditions: tuple[Typed, ...]
    answer: Typed
    labels: tuple[str, ...]
    at: Position


@dataclass(frozen=True)
class Table:
    """A decision table (表): its rows cover every case, and no case twice."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class RuleException:
    """An exception (例外) to the general answer of a rule."""

    condition: Typed
    answer: Typed
    clause: str
    at: Position


def parts_of(tree: Typed) -> "tuple[Typed, ...]":
    """List the trees that a tree is made of."""
    if isinstance(tree, Apply):
        return tree.arguments
    return (tree.subject, tree.body) if isinstance(tree, Loop) else ()


def names_of(tree: Typed) -> tuple[set[str], set[str]]:
    """Collect the elements and parameters, and the rules, that a tree names."""
    if isinstance(tree, Reference):
        return {tree.name}, set()
    if isinstance(tree, RuleAnswer):
        return set(), {tree.rule}
    names: set[str] = set()
    rules: set[str] = set()
    for argument in parts_of(tree):
        more_names, more_rules = names_of(argument)
        names |= more_names
        rules |= more_rules
    return names, rules
