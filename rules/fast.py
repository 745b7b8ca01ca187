"""Answers one claim without a trace, by a program written from the plan's tree; what it cannot answer the reference engine does.

The program knows known values only. A claim with an unknown that is needed, a division by zero, two exceptions at once
or a value of the wrong type is answered, or refused, by `rules.engine`, so that both always say the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from operator import itemgetter
from types import MappingProxyType

from domain.assessment import ResponsibilityResult
from rules.claim_types import Checks, checks_of
from rules.codegen.needs import needed_elements
from rules.codegen.pieces import LEFT, LeaveError, NotCoveredError
from rules.codegen.quick import PlanProgram, QuickResult, QuickUse, Used, Values
from rules.codegen.scalar import whole
from rules.codegen.scalar_lists import to_held
from rules.codegen.scalar_plan import write_plan
from rules.engine import adjudicate, find_plan
from rules.model import Book, Plan
from rules.unknown import Unknown
from rules.values import ElementValue, to_values

NOTHING_USED: Used = MappingProxyType({})
_MAX_SHAPES = 256


@dataclass
class FastPlan:
    """A plan as a function of one claim: `plan(elements, used)` gives a result for each of `responsibilities`."""

    book: Book
    plan: Plan
    responsibilities: tuple[str, ...]
    not_covered: str  # why no program could be written; "" when there is one
    program: PlanProgram | None
    needed: frozenset[str]
    shapes: dict[tuple[type, ...], Checks] = field(default_factory=dict)
    last: Checks | None = None

    def __post_init__(self) -> None:
        self.names = list(self.book.elements)
        self.held = {name: to_held(element.type) for name, element in self.book.elements.items()}
        self.pick: Callable[[Mapping[str, ElementValue]], tuple[object, ...]] = lambda elements: tuple(
            elements[each] for each in self.names
        )
        if len(self.names) > 1:
            self.pick = itemgetter(*self.names)
        self.defaults: dict[str, ElementValue] = dict.fromkeys(self.names)
        for name, element in self.book.elements.items():
            if isinstance(element.default, (bool, date, str)):
                self.defaults[name] = element.default
            elif isinstance(element.default, Fraction):
                self.defaults[name] = element.default.numerator if element.default.denominator == 1 else element.default

    def __call__(self, elements: Mapping[str, ElementValue], used: Used = NOTHING_USED) -> tuple[QuickResult, ...]:
        """Answer every responsibility of the plan, in its order; the same as `adjudicate`, without the reasons.

        Raises:
            RuleBookError: the rules contradict one another on this claim.
            InputError: an element the book does not have, or a value that does not fit its type.
        """
        try:
            # Claims mostly come with their elements in one order, and with values of the types that the last one had.
            values = tuple(elements.values()) if [*elements] == self.names else self._values(elements)
            ready = _ready(self.last, values) or _ready(self._learn(values), values) or self._read(elements)
        except LEFT:
            return self._ask_reference(elements, used)
        return self.answer(ready, elements, used)

    def read(self, elements: Mapping[str, ElementValue]) -> Values:
        """Check a claim and bring it into the program's form, once for any number of answers.

        Raises:
            InputError: an element the book does not have, or a value that does not fit its type.
            LeaveError: something is unknown that the program must know.
        """
        return self._read(elements)

    def answer(self, ready: Values, elements: Mapping[str, ElementValue], used: Used = NOTHING_USED) -> tuple[QuickResult, ...]:
        """Answer a claim that was read; `elements` are the same claim as it came, for what only the reference can answer.

        Raises:
            RuleBookError: the rules contradict one another on this claim.
        """
        if self.program is not None and (not used or min(used.values()) >= 0):
            try:
                return self.program.run(ready, used)
            except LEFT:
                pass
        return self._ask_reference(elements, used)

    def _values(self, elements: Mapping[str, ElementValue]) -> tuple[object, ...]:
        if len(elements) == len(self.names):
            return self.pick(elements)  # a name that the book does not have leaves another one out: a LookupError
        return tuple({**self.defaults, **elements}.values())

    def _learn(self, values: tuple[object, ...]) -> Checks | None:
        shape = tuple(map(type, values))
        checks = self.shapes.get(shape) or checks_of(self.book, shape, self.needed)
        if checks is not None and len(self.shapes) < _MAX_SHAPES:
            self.shapes[shape] = checks
        self.last = checks
        return checks

    def _read(self, elements: Mapping[str, ElementValue]) -> tuple[object, ...]:
        values = to_values(self.book, elements)
        if any(isinstance(values[name], Unknown) for name in self.needed):
            raise LeaveError
        return tuple(None if isinstance(values[name], Unknown) else held(values[name]) for name, held in self.held.items())

    def _ask_reference(self, elements: Mapping[str, ElementValue], used: Used) -> tuple[QuickResult, ...]:
        exact = {key: Fraction(amount) for key, amount in used.items()}
        return tuple(_quick(each) for each in adjudicate(self.book, self.plan.name, elements, exact, is_told=False).results)


def _ready(checks: Checks | None, values: tuple[object, ...]) -> tuple[object, ...] | None:
    try:
        return None if checks is None else checks.ready(values)
    except TypeError:  # a list where a word should be, or what no code can be read from
        return None


def compile_plan(book: Book, plan: str) -> FastPlan:
    """Write a plan as a function of one claim; `FastPlan.not_covered` tells why where none could be written.

    Raises:
        RuleBookError: the book has no such plan.
    """
    chosen = find_plan(book, plan)
    needed = needed_elements(book, chosen)
    try:
        program, why = write_plan(book, chosen, tuple(book.elements)), ""
    except NotCoveredError as error:
        program, why = None, str(error)
    return FastPlan(book, chosen, chosen.responsibilities, why, program, needed)


def _quick(result: ResponsibilityResult) -> QuickResult:
    uses = tuple(
        QuickUse(use.key, whole(use.used_before), whole(use.used_now), whole(use.at_most), use.unit, use.counts_payout)
        for use in result.uses
    )
    return QuickResult(
        result.outcome, result.amount_fen, result.declined_by, result.clause, uses, result.low_fen, result.high_fen, result.unknowns
    )
