"""Asks a book for amounts only, quickly: the same answers as `rules.engine.adjudicate`, without reasons.

Diff, simulation and mutation ask millions of times what a plan pays. A claim that something is unknown
about goes the long way, because only the engine can tell what the unknown decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.assessment import AccumulatorKey, AccumulatorUse, Assessment, Benefit, Outcome
from rules.assess import Run, run_responsibility
from rules.codegen.quick import QuickUse
from rules.dated_parameters import select_parameters
from rules.engine import adjudicate, find_plan
from rules.inline_tests import given_of, used_before
from rules.model import Book, Plan
from rules.unknown import Value
from rules.values import ElementValue, to_values

Used = Mapping[AccumulatorKey, Fraction]


@dataclass(frozen=True)
class Paid:
    """What one responsibility answers: the amount, and between what it lies while something is unknown."""

    name: str
    outcome: Outcome
    low_fen: int
    high_fen: int | None
    declined_by: str
    uses: tuple[AccumulatorUse | QuickUse, ...]
    is_money: bool  # false: premiums waived

    @property
    def amount_fen(self) -> int:
        """The money that is surely paid out: nothing while the answer is unknown."""
        return self.low_fen if self.outcome is Outcome.PAYABLE and self.is_money else 0


@dataclass(frozen=True)
class Probe:
    """A claim to try books on: a plan, the elements, and what earlier claims have used."""

    name: str
    plan: str
    elements: Mapping[str, ElementValue]
    used: Used


def ask(book: Book, plan: str, elements: Mapping[str, ElementValue], used: Used) -> tuple[Paid, ...]:
    """Answer every responsibility of a plan, as `adjudicate` does.

    Raises:
        MingbaiError: whatever `adjudicate` raises.
    """
    chosen = find_plan(book, plan)
    values = values_of(book, chosen, elements)
    runs = run_plan(book, chosen, values, used)
    if runs is None:
        return paid_of(adjudicate(book, plan, elements, used, is_told=False))
    benefits = chosen.benefits
    return tuple(
        Paid(name, run.outcome, run.low, run.high, run.declined_by, run.uses, benefits[name] is not Benefit.WAIVER)
        for name, run in zip(chosen.responsibilities, runs, strict=True)
    )


def values_of(book: Book, plan: Plan, elements: Mapping[str, ElementValue]) -> dict[str, Value]:
    """Bring elements and a plan's parameters into the language."""
    values = to_values(book, elements)
    needed = frozenset().union(*(book.needed[name] for name in plan.responsibilities))
    return values | select_parameters(book, plan, values, needed)


def run_plan(book: Book, plan: Plan, values: dict[str, Value], used: Used) -> list[Run] | None:
    """Run a plan's responsibilities in order; None as soon as an answer is unknown."""
    taken, runs = dict(used), []
    for name in plan.responsibilities:
        run = run_responsibility(book, plan, book.responsibilities[name], values, taken, is_told=False)
        if run.outcome is Outcome.UNKNOWN:
            return None
        runs.append(run)
        for use in run.uses:
            taken[use.key] = taken.get(use.key, Fraction(0)) + use.used_now
    return runs


def paid_of(assessment: Assessment) -> tuple[Paid, ...]:
    """Keep of an assessment what is paid."""
    return tuple(
        Paid(
            each.name,
            each.outcome,
            each.amount_fen if each.amount_fen is not None else each.low_fen or 0,
            each.amount_fen if each.amount_fen is not None else each.high_fen,
            each.declined_by,
            each.uses,
            each.benefit is not Benefit.WAIVER,
        )
        for each in assessment.results
    )


def probes_of(book: Book) -> list[Probe]:
    """Make a probe of every test of every plan."""
    return [
        Probe(f"{plan.name}/{test.name}", plan.name, given_of(book, plan, test), used_before(book, plan, test))
        for plan in book.plans.values()
        for test in plan.tests
    ]
