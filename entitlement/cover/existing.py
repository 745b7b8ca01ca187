"""Existing cover (已有保障): what the policies of one person would pay on a day in each kind, as the rule engine answers it.

Nothing here describes a product: the standard case goes to the published books, with what the contract tells and what
earlier claims have used of its limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from actuarial.benefits import Instalment
from domain.assessment import AccumulatorKey, AccumulatorUse, Assessment, Benefit, Outcome, ResponsibilityResult
from domain.cover import CoverCause, CoverKind
from domain.errors import InputError, MingbaiError
from domain.policy import Person, Policy
from entitlement.cover.books import Asked, CoverBooks
from entitlement.cover.cases import NO_BILL, Bill, case_of
from rules.coordination import coordinate
from rules.engine import adjudicate
from rules.model import Book
from rules.probing import Paid, Used
from rules.replay import opened
from rules.values import ElementValue, fits


@dataclass(frozen=True)
class Coverage:
    """A policy with the book that its claims are judged by, and what they have used of its limits."""

    policy: Policy
    book: Book | None  # None: none of its product is published
    used: Mapping[AccumulatorKey, Fraction] = field(default_factory=dict)
    instalments: tuple[Instalment, ...] | None = None  # what its contract terms pay to who lives; None: no terms, so the book is asked


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
    books: CoverBooks,
    coverages: Sequence[Coverage],
    insured: Person,
    kind: CoverKind,
    cause: CoverCause,
    day: date,
    bill: Bill = NO_BILL,
) -> Existing:
    """Ask the book of every policy in force on a day for its cover of a kind; indemnity together never pays more than the bill leaves."""
    asked = [
        (coverage, ask(each, coverage, insured, case_of(kind, cause, day, bill), day))
        for coverage in coverages
        if coverage.policy.is_in_force(day)
        for each in books.asked(coverage.book, coverage.policy.plan, kind)
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


def ask(
    asked: Asked, coverage: Coverage, insured: Person, case: Mapping[str, ElementValue], day: date, used: Used | None = None
) -> tuple[ResponsibilityResult, ...]:
    """Ask for the responsibilities of a kind, without waived premiums; what the rules cannot answer at all is unknown without an end."""
    book, policy = asked.book.book, coverage.policy
    told = contract_elements(policy, insured, day) | _particulars(book, policy) | dict(case) | dict(asked.case)
    elements = {name: value for name, value in told.items() if name in book.elements}
    try:
        results = _answers(asked, elements, coverage.used if used is None else used)
    except MingbaiError:
        benefits = book.plans[asked.plan].benefits
        results = tuple(ResponsibilityResult(name, Outcome.UNKNOWN, benefits[name], None, 0) for name in asked.responsibilities)
    return tuple(each for each in results if each.benefit is not Benefit.WAIVER)


def _answers(asked: Asked, elements: Mapping[str, ElementValue], used: Used) -> tuple[ResponsibilityResult, ...]:
    """Answer by the program of the plan; what is unknown the engine answers, which alone can say what it waits for."""
    book = asked.book.book
    try:
        given = asked.book.read(elements)
    except InputError:  # a word that this book does not take: nobody told it anything
        elements = {name: value for name, value in elements.items() if fits(book, name, value)}
        given = asked.book.read(elements)
    paid = asked.book.ask(asked.plan, given, used)
    if any(each.outcome is Outcome.UNKNOWN for each in paid):
        return adjudicate(book, asked.plan, elements, used, is_told=False).results
    benefits = book.plans[asked.plan].benefits
    return tuple(
        ResponsibilityResult(each.name, each.outcome, benefits[each.name], each.low_fen, declined_by=each.declined_by, uses=_uses(each))
        for each in paid
    )


def _uses(paid: Paid) -> tuple[AccumulatorUse, ...]:
    """Give what is used up as exact numbers, which is all that a later question asks of it."""
    return tuple(
        AccumulatorUse(each.key, Fraction(each.used_before), Fraction(each.used_now), Fraction(each.at_most), each.unit, each.counts_payout)
        for each in paid.uses
    )


def contract_elements(policy: Policy, insured: Person, day: date) -> dict[str, ElementValue]:
    """Tell what the contract and the customer data say on a day, by the names that books use."""
    social = insured.has_social_insurance
    told: dict[str, ElementValue] = {
        "保单生效日": policy.effective_from,
        "policy_start": policy.effective_from,
        "连续续保": policy.is_renewal,
        "生存周年": policy.anniversary_on(day),
        "被保险人生日": insured.birth_date,
        "被保险人年龄": insured.age_on(day),
    }
    return told if social is None else told | {"参保身份": "有医保" if social else "无医保"}


def _particulars(book: Book, policy: Policy) -> dict[str, ElementValue]:
    found: dict[str, ElementValue] = {}
    for name, value in policy.particulars.items():
        try:
            found |= opened(book, {name: value})
        except ValueError:  # a text that is no day: as if nobody had told it
            continue
    return found


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


_Answered = list[tuple[Coverage, tuple[ResponsibilityResult, ...]]]


def _coordinated(asked: _Answered, bill: Bill) -> _Answered:
    """Cut indemnity as the claims of several policies on one bill are cut, the policies in their order."""
    alone = [Assessment(each.policy.product, each.policy.plan, "", "", results) for each, results in asked]
    together = coordinate(alone, bill.charged_fen, bill.social_fen)
    return [(coverage, each.results) for (coverage, _), each in zip(asked, together, strict=True)]
