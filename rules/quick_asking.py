"""Asks books for amounts claim after claim: by the programs of their plans, also where something unknown does not matter.

A program wants to know everything that its responsibilities may look at. A day of diagnosis that nobody told is no
reason to go the long way for a claim without a critical illness: what lacks something is answered on its own first,
and when it is not involved, or declined for certain, a program without it answers the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.assessment import Benefit, Outcome
from rules.assess import Run, run_responsibility
from rules.codegen.needs import needed_elements
from rules.codegen.pieces import LEFT
from rules.codegen.quick import QuickResult
from rules.codegen.scalar_lists import to_held
from rules.dated_parameters import select_parameters
from rules.engine import find_plan
from rules.fast import FastPlan, compile_plan
from rules.model import Book, Plan
from rules.probing import Paid, Used, ask
from rules.unknown import Unknown, Value
from rules.values import ElementValue, to_values

_CERTAIN = (Outcome.NOT_INVOLVED, Outcome.DECLINED)  # and without a use of any account


@dataclass(frozen=True)
class Given:
    """A claim as books read it that have the same elements."""

    elements: Mapping[str, ElementValue]
    values: dict[str, Value]
    row: tuple[object, ...] | None  # the values in the order of the elements, as a program takes them; None where none can
    unknown: frozenset[str]


@dataclass
class _Prepared:
    plan: Plan
    needed: Mapping[str, frozenset[str]]  # by responsibility: the elements that its program wants to know
    programs: dict[tuple[str, ...], FastPlan]  # by the responsibilities that they answer


@dataclass
class QuickBook:
    """A book that remembers the programs of its plans; the answers are those of `rules.probing.ask`."""

    book: Book
    plans: dict[str, _Prepared] = field(default_factory=dict)

    def read(self, elements: Mapping[str, ElementValue]) -> Given:
        """Bring a claim into the language, once for every book that reads alike.

        Raises:
            InputError: an element the book does not have, or a value that does not fit its type.
        """
        values = to_values(self.book, elements)
        unknown = frozenset(name for name, value in values.items() if isinstance(value, Unknown))
        return Given(elements, values, self._row_of(values, unknown), unknown)

    def reads_like(self, other: "QuickBook") -> bool:
        """Tell whether both have the same elements, of the same types and defaults, in the same order."""
        mine, theirs = ([(e.name, e.type, e.default) for e in each.book.elements.values()] for each in (self, other))
        return mine == theirs and self.book.language == other.book.language

    def ask(self, plan: str, given: Given, used: Used) -> tuple[Paid, ...]:
        """Answer every responsibility of a plan.

        Raises:
            MingbaiError: whatever `adjudicate` raises.
        """
        prepared = self.plans.get(plan) or self._prepare(plan)
        answered = self._answer_lacking(prepared, given, used)
        found = None if answered is None else self._by_program(prepared, answered, given, used)
        return ask(self.book, plan, given.elements, used) if found is None else found

    def __post_init__(self) -> None:
        self._held = {name: to_held(element.type) for name, element in self.book.elements.items()}

    def _row_of(self, values: Mapping[str, Value], unknown: frozenset[str]) -> tuple[object, ...] | None:
        try:
            return tuple(None if name in unknown else held(values[name]) for name, held in self._held.items())
        except LEFT:
            return None

    def _prepare(self, name: str) -> _Prepared:
        plan = find_plan(self.book, name)
        needed = {each: needed_elements(self.book, replace(plan, responsibilities=(each,))) for each in plan.responsibilities}
        self.plans[name] = _Prepared(plan, needed, {})
        return self.plans[name]

    def _answer_lacking(self, prepared: _Prepared, given: Given, used: Used) -> dict[str, Run] | None:
        """Answer what lacks an element; None when an answer is not certain, or may use an account."""
        lacking = [name for name, needed in prepared.needed.items() if not given.unknown.isdisjoint(needed)] if given.unknown else []
        if not lacking:
            return {}
        plan, answered = prepared.plan, dict[str, Run]()
        # The parameters of the whole plan: one that is not in force yet is an error also where it is not needed here.
        needed = frozenset().union(*(self.book.needed[each] for each in plan.responsibilities))
        values = given.values | select_parameters(self.book, plan, given.values, needed)
        for name in lacking:
            run = run_responsibility(self.book, plan, self.book.responsibilities[name], values, used, is_told=False)
            if run.outcome not in _CERTAIN:
                return None
            answered[name] = run
        return answered

    def _by_program(self, prepared: _Prepared, answered: Mapping[str, Run], given: Given, used: Used) -> tuple[Paid, ...] | None:
        """Answer the rest by its program; None when the program cannot."""
        plan = prepared.plan
        rest = tuple(each for each in plan.responsibilities if each not in answered) if answered else plan.responsibilities
        fast = prepared.programs.get(rest)
        if fast is None:
            alone = replace(self.book, plans={plan.name: replace(plan, responsibilities=rest)})
            fast = prepared.programs[rest] = compile_plan(alone, plan.name)
        if fast.program is None or given.row is None or (used and min(used.values()) < 0):
            return None
        try:
            results = iter(fast.program.run(given.row, used))
        except LEFT:
            return None
        paid = []
        for name in plan.responsibilities:
            run = answered.get(name)
            is_money = plan.benefits[name] is not Benefit.WAIVER
            paid.append(_paid(name, next(results), is_money=is_money) if run is None else _certain(name, run, is_money=is_money))
        return tuple(paid)


def _paid(name: str, found: QuickResult, *, is_money: bool) -> Paid:
    amount_fen = found.amount_fen or 0
    return Paid(name, found.outcome, amount_fen, amount_fen, found.declined_by, found.uses, is_money)


def _certain(name: str, run: Run, *, is_money: bool) -> Paid:
    return Paid(name, run.outcome, run.low, run.high, run.declined_by, run.uses, is_money)
