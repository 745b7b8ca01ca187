"""Answers what would be if one element were different: by a program once a book answers claim after claim, else by the reference."""

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from domain.assessment import AccumulatorKey, Outcome
from rules.codegen.needs import needed_elements
from rules.codegen.pieces import LeaveError, NotCoveredError
from rules.codegen.quick import PlanProgram
from rules.codegen.scalar_lists import to_held
from rules.codegen.scalar_plan import write_plan
from rules.model import Book, Plan
from rules.unknown import Unknown, Value

_Paid = int | None  # fen; None: it is not known to be payable
_WORTH_A_PROGRAM = 2  # claims under one plan; a book that is only tested is not worth writing programs for


@dataclass(frozen=True)
class _Program:
    """A plan's program, what it must know for each responsibility, and how it holds each element of the book, in its order."""

    plan: PlanProgram
    needed: Mapping[str, frozenset[str]]
    held: Mapping[str, Callable[[Value], Any]]

    @classmethod
    def of(cls, book: Book, plan: Plan) -> "_Program":
        """Write it; raises NotCoveredError where none can be written."""
        needed = {name: needed_elements(book, replace(plan, responsibilities=(name,))) for name in plan.responsibilities}
        held = {name: to_held(element.type) for name, element in book.elements.items()}
        return cls(write_plan(book, plan, tuple(book.elements)), needed, held)


@dataclass
class _Programs:
    """The programs of one book, by plan; None where none can be written."""

    asked: dict[str, int]
    written: dict[str, _Program | None]


_PROGRAMS: dict[int, _Programs] = {}


def payer_of(
    book: Book, plan: Plan, responsibility: str, values: Mapping[str, Value], used: Mapping[AccumulatorKey, Fraction]
) -> Callable[[str, Value], _Paid] | None:
    """Give the function that tells what is paid when one element is changed; None while there is no program for it.

    There is none either for a claim of which something is unknown that the program must know.

    The function raises one of `rules.codegen.pieces.LEFT` where the program cannot answer.
    """
    program = _program_for(book, plan)
    if program is None:
        return None
    if any(isinstance(values[name], Unknown) for name in program.needed[responsibility]):
        return None
    single, held, names = program.plan.singles[responsibility], program.held, tuple(program.held)
    try:
        now = [None if isinstance(values[name], Unknown) else held[name](values[name]) for name in names]
    except LeaveError:  # a line that nobody knows all of
        return None

    def pay(name: str, choice: Value) -> _Paid:
        changed = now.copy()
        changed[names.index(name)] = held[name](choice)
        result = single(tuple(changed), used)
        return result.amount_fen if result.outcome is Outcome.PAYABLE else None

    return pay


def _program_for(book: Book, plan: Plan) -> _Program | None:
    known = _PROGRAMS.get(id(book))
    if known is None:
        known = _PROGRAMS[id(book)] = _Programs({}, {})
        weakref.finalize(book, _PROGRAMS.pop, id(book), None)
    known.asked[plan.name] = known.asked.get(plan.name, 0) + 1
    if known.asked[plan.name] <= _WORTH_A_PROGRAM:
        return None
    if plan.name not in known.written:
        try:
            known.written[plan.name] = _Program.of(book, plan)
        except NotCoveredError:
            known.written[plan.name] = None
    return known.written[plan.name]
