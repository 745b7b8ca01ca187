"""Reckons a payout up (给付结算): from what was charged, over every deduction, to what is paid, to the 分."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from domain.allocation import LineAllocation
from domain.assessment import Benefit, Outcome, ResponsibilityResult
from domain.decision import GIVES_NOTHING, DecisionKind
from storage.decisions import Adjudication

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reckoning:
    """The balance of a decision: charged − taken = paid for costs; with the other benefits and the decided difference: paid.

    `lines` is empty where no bill was laid out line by line; what costs are paid then stands among the benefits.
    """

    lines: tuple[LineAllocation, ...]
    taken: tuple[tuple[str, int], ...]  # by reason, summed over the lines
    benefits: tuple[tuple[str, int], ...]  # by responsibility, beside the lines
    difference_fen: int  # what a person decided beside the terms: below 0 is less
    paid_fen: int

    @property
    def charged_fen(self) -> int:
        """What the bill charges."""
        return sum(each.charged_fen for each in self.lines)

    @property
    def costs_fen(self) -> int:
        """What is paid of the bill."""
        return sum(each.paid_fen for each in self.lines)

    @property
    def by_terms_fen(self) -> int:
        """What the terms give in all."""
        return self.costs_fen + sum(amount for _, amount in self.benefits)

    @property
    def is_balanced(self) -> bool:
        """Tell whether everything adds up."""
        lines = all(each.charged_fen - sum(off.amount_fen for off in each.adjustments) == each.paid_fen for each in self.lines)
        taken = self.charged_fen - sum(amount for _, amount in self.taken) == self.costs_fen
        return lines and taken and self.by_terms_fen + self.difference_fen == self.paid_fen


def reckon(done: Adjudication, kind: DecisionKind, amount_fen: int) -> Reckoning:
    """Reckon a decision up; a bill whose lines do not come to what is paid of it is not laid out: a guess would look like a proof."""
    payable = [result for each in done.policies for result in each.assessment.results if _is_paid(result)]
    costs = [each for each in payable if each.benefit is Benefit.INDEMNITY]
    lines = done.lines if kind not in GIVES_NOTHING else ()
    if lines and not (_come_to(lines, sum(each.amount_fen or 0 for each in costs))):
        _log.error("the lines of a bill do not come to what is paid of it; the explanation goes without them")
        lines = ()
    beside = [each for each in payable if not (lines and each in costs)]
    benefits = tuple((each.name, each.amount_fen or 0) for each in beside) if kind not in GIVES_NOTHING else ()
    by_terms = sum(each.paid_fen for each in lines) + sum(amount for _, amount in benefits)
    return Reckoning(lines, _taken(lines), benefits, amount_fen - by_terms, amount_fen)


def _is_paid(result: ResponsibilityResult) -> bool:
    return result.outcome is Outcome.PAYABLE and not result.is_waived


def _come_to(lines: Iterable[LineAllocation], paid_fen: int) -> bool:
    kept = all(each.charged_fen - sum(off.amount_fen for off in each.adjustments) == each.paid_fen for each in lines)
    return kept and sum(each.paid_fen for each in lines) == paid_fen


def _taken(lines: Iterable[LineAllocation]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for line in lines:
        for each in line.adjustments:
            found[each.label] = found.get(each.label, 0) + each.amount_fen
    return tuple(found.items())
