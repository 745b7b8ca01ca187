"""The checked book (条款书) and its four layers, as the loader hands it to the engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.assessment import Benefit
from domain.cover import CoverKind
from rules.compiler import CompiledRule, Formula
from rules.keywords import Language
from rules.line_work import LineWork
from rules.source import Diagnostic, Position
from rules.strict_yaml import Scalar
from rules.typed import RuleException, Table, Typed
from rules.types import EnumType, SimpleType, Type
from rules.unknown import Known, Value


@dataclass(frozen=True)
class Clause:
    """One numbered clause of the contract (条文), as the customer signed it; lines as they were written."""

    number: str
    text: str
    at: Position


@dataclass(frozen=True)
class Element:
    """A fact that expressions may name (要素); `default` is None when nothing may be assumed where it is missing."""

    name: str
    type: Type
    at: Position
    default: Known | None = None
    ask_for: str = ""  # the document that tells it
    fields: "tuple[Element, ...]" = ()  # of every line, when it is a list of lines

    def choices(self) -> tuple[Known, ...]:
        """List its values when they are few: true and false, or the words of an enum."""
        if self.type is SimpleType.BOOLEAN:
            return (True, False)
        return self.type.values if isinstance(self.type, EnumType) else ()


@dataclass(frozen=True)
class RuleTest:
    """An inline test of a rule: elements and parameters as given, the answer as written."""

    given: dict[str, Value]
    expected: str
    at: Position


@dataclass(frozen=True)
class Rule:
    """One clause: a general answer, or a table, and its exceptions (规则)."""

    name: str
    clause: str
    type: Type
    general: Typed | Table | LineWork
    exceptions: tuple[RuleException, ...]
    compiled: CompiledRule
    at: Position
    when_not: str = ""  # what one says when it does not hold: 等待期已过


@dataclass(frozen=True)
class Step:
    """One line of a calculation (理算步骤), typed; `formula` is the operand or, with `is_at_most`, the most it may be.

    `also` are further amounts that bound the same step, each with an account of its own.
    """

    kind: str  # start | parts | subtract | multiply | cap | banded | in_turn | times | interval | round
    label: str
    formula: Formula | None
    type: Type  # of the balance after it
    at: Position
    is_at_most: bool = False
    per: str = ""  # policy_year | occurrence | lifetime | family
    rounding: tuple[int, str] | None = None  # fen to round to, and the way
    counts_payout: bool = False  # a cap on money after which nothing but caps and rounding follows
    shared: str = ""  # the account that several responsibilities count on (共享)
    by: Formula | None = None  # what the account is kept apart by (按), such as the group of an illness
    offset: Formula | None = None  # what another payer's money fills of a deductible (抵)
    also: "tuple[Step, ...]" = ()
    bands: tuple[tuple[Formula | None, Formula], ...] = ()  # up to where (None: without end), at which ratio
    turns: tuple[Formula, ...] = ()  # the ratio of the first claim, of the second …
    after_turns: Formula | None = None  # the ratio of all later ones; None: nothing
    parts: "tuple[tuple[str, tuple[Step, ...]], ...]" = ()  # calculations that are added up

    def amounts(self) -> list[Formula]:
        """List the expressions that the balance after the step is made of."""
        found = [each for each in (self.formula, self.offset, self.after_turns) if each is not None]
        found += [each for pair in self.bands for each in pair if each is not None]
        return [*found, *self.turns, *(formula for other in self.also for formula in other.amounts())]

    def formulas(self) -> list[Formula]:
        """List every expression of the step."""
        return [*self.amounts(), *(each.by for each in (self, *self.also) if each.by is not None)]


def all_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Give every step, those of the parts and the further bounds included."""
    for step in steps:
        yield step
        yield from step.also
        for _, part in step.parts:
            yield from all_steps(part)


@dataclass(frozen=True)
class Responsibility:
    """A benefit: when it is due and how it is calculated (责任)."""

    name: str
    trigger: Formula | None
    trigger_at: Position | None
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    let: tuple[tuple[str, Formula], ...]
    documents: tuple[str, ...]
    steps: tuple[Step, ...]
    at: Position
    covers: Mapping[CoverKind, Mapping[str, Known]] | None = None  # 保障: with what its case takes beyond the standard one; None: not told


@dataclass(frozen=True)
class Parameter:
    """A parameter's values (参数), each from a date on; a value that never changed starts with no date."""

    name: str
    type: Type
    values: tuple[tuple[date | None, Known], ...]
    at: Position


@dataclass(frozen=True)
class PlanTest:
    """An inline test of a plan."""

    name: str
    same_as: str
    after: str
    given: dict[str, Value | None]
    expected: tuple[tuple[str, Scalar], ...]
    at: Position


@dataclass(frozen=True)
class Plan:
    """What one contract pays (方案): responsibilities in order, parameters, and how each benefit meets other payers."""

    name: str
    basis: str  # the element whose date selects dated parameters; "" when none is dated
    year_from: str  # the element that policy years count from
    loss_date: str  # the element that tells in which policy year a loss falls
    responsibilities: tuple[str, ...]
    benefits: Mapping[str, Benefit]
    parameters: Mapping[str, Parameter]
    tests: tuple[PlanTest, ...]
    at: Position


@dataclass(frozen=True)
class Book:
    """A rule file that passed every check; immutable, and named by the hash of its bytes."""

    product: str
    sha256: str
    file: str
    language: Language
    elements: Mapping[str, Element]
    rules: Mapping[str, Rule]
    responsibilities: Mapping[str, Responsibility]
    plans: Mapping[str, Plan]
    rule_tests: tuple[tuple[str, RuleTest], ...] = ()
    compiled: dict[str, CompiledRule] = field(default_factory=dict)
    needed: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the names each responsibility looks up
    base: str = ""  # the hash of the medical base whose code sets it names; "" when it names none
    clauses: Mapping[str, Clause] = field(default_factory=dict)  # the contract's wording, by its numbers (条文)
    warnings: tuple[Diagnostic, ...] = ()  # what ought to be mended, and keeps it from nothing
