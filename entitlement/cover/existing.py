"""Existing cover (已有保障): what the policies of one person would pay on a day in each kind, as the rule engine answers it.

Nothing here describes a product: the standard case goes to the published books, with what the contract tells and what
earlier claims have used of its limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.assessment import Assessment, Outcome, ResponsibilityResult
from domain.cover import CoverCause, CoverKind
from entitlement.cover.asking import Asker, Coverage, Results
from entitlement.cover.cases import NO_BILL, Bill, case_of
from rules.coordination import coordinate


@dataclass(frozen=True)
class Part:
    """What one responsibility of one policy would pay; between `low_fen` and `high_fen` (None: no end) while `unknowns` are not told."""

    policy_number: str
    product: str
    plan: str
    responsibility: str
    low_fen: int
    high_fen: int | None
    unknowns: tuple[str, ...] = ()
    declined_by: str = ""  # the rule that says no, such as the waiting period


@dataclass(frozen=True)
class Existing:
    """The cover of one kind at one age; `low_fen` is sure, and `high_fen` (None: no end) is more while something is unknown."""

    low_fen: int
    high_fen: int | None
    parts: tuple[Part, ...]


def existing_cover(
    asker: Asker, coverages: Sequence[Coverage], kind: CoverKind, cause: CoverCause, day: date, bill: Bill = NO_BILL
) -> Existing:
    """Ask the book of every policy in force on a day for its cover of a kind; indemnity together never pays more than the bill leaves."""
    case = case_of(kind, cause, day, bill)
    asked = [
        (coverage, asker.ask(each, coverage, case, day))
        for coverage in coverages
        if coverage.policy.is_in_force(day)
        for each in asker.books.asked(coverage.book, coverage.policy.plan, kind)
    ]
    if kind is CoverKind.MEDICAL:
        asked = _coordinated(asked, bill)
    return total_of(tuple(part_of(coverage, each) for coverage, results in asked for each in results))


def total_of(parts: Sequence[Part]) -> Existing:
    """Add up what responsibilities pay; those that pay nothing for certain are left out."""
    told = tuple(each for each in parts if each.low_fen or each.high_fen != 0 or each.declined_by)
    highs = [each.high_fen for each in told]
    high = None if None in highs else sum(each for each in highs if each is not None)
    return Existing(sum(each.low_fen for each in told), high, told)


def part_of(coverage: Coverage, result: ResponsibilityResult) -> Part:
    """Tell what a responsibility answered, with whose it is."""
    policy, is_open = coverage.policy, result.outcome is Outcome.UNKNOWN
    return Part(
        policy_number=policy.policy_number,
        product=policy.product,
        plan=policy.plan,
        responsibility=result.name,
        low_fen=(result.low_fen if is_open else result.amount_fen) or 0,
        high_fen=result.high_fen if is_open else result.amount_fen,
        unknowns=tuple(each.element for each in result.unknowns),
        declined_by=result.declined_by if result.outcome is Outcome.DECLINED else "",
    )


_Answered = list[tuple[Coverage, Results]]


def _coordinated(asked: _Answered, bill: Bill) -> _Answered:
    """Cut indemnity as the claims of several policies on one bill are cut, the policies in their order."""
    alone = [Assessment(each.policy.product, each.policy.plan, "", "", results) for each, results in asked]
    together = coordinate(alone, bill.charged_fen, bill.social_fen)
    return [(coverage, each.results) for (coverage, _), each in zip(asked, together, strict=True)]
