"""Asks rule books what policies would pay if something happened to one person: with what the contract tells, what earlier claims
have used of its limits, and nothing that nobody told.

Most of what is asked differs in nothing that a responsibility looks at: a death at 50 or at 51 is one to a contract that asks
for no day. What was answered once is not asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from actuarial.benefits import Instalment
from domain.assessment import AccumulatorKey, AccumulatorUse, Benefit, Outcome, ResponsibilityResult
from domain.errors import InputError, MingbaiError
from domain.policy import Person, Policy
from entitlement.cover.books import Asked, CoverBooks
from rules.engine import adjudicate
from rules.model import Book
from rules.probing import Paid, Used
from rules.replay import opened
from rules.values import ElementValue, fits

Results = tuple[ResponsibilityResult, ...]


@dataclass(frozen=True)
class Coverage:
    """A policy with the book that its claims are judged by, and what they have used of its limits."""

    policy: Policy
    book: Book | None  # None: none of its product is published
    used: Mapping[AccumulatorKey, Fraction] = field(default_factory=dict)
    instalments: tuple[Instalment, ...] | None = None  # what its contract terms pay to who lives; None: no terms, so the book is asked
    moved: Mapping[str, int] = field(default_factory=dict)  # what the ledger tells of its money, by the names of elements; whole fen


@dataclass
class Asker:
    """Asks for one person, and remembers what was answered."""

    books: CoverBooks
    insured: Person
    _answered: dict[object, Results] = field(default_factory=dict)
    _contract: dict[tuple[str, str], dict[str, ElementValue]] = field(default_factory=dict)

    def ask(self, asked: Asked, coverage: Coverage, case: Mapping[str, ElementValue], day: date, used: Used | None = None) -> Results:
        """Ask for the responsibilities of a kind, without waived premiums; what no rule can answer is unknown without an end."""
        book, used = asked.book.book, coverage.used if used is None else used
        told = {**contract_elements(coverage.policy, self.insured, day), **self._lasting(book, coverage), **case, **asked.case}
        elements = {name: value for name, value in told.items() if name in book.elements}
        looked_at = tuple((name, elements.get(name)) for name in asked.looks_at)
        key = (id(asked), looked_at, frozenset(used.items()))
        try:
            if key not in self._answered:
                self._answered[key] = _answer(asked, elements, used)
        except TypeError:  # lines of a bill cannot be looked up
            return _answer(asked, elements, used)
        return self._answered[key]

    def _lasting(self, book: Book, coverage: Coverage) -> dict[str, ElementValue]:
        """Give what of a contract is the same on every day: particulars over what the ledger tells."""
        key = (coverage.policy.policy_number, book.sha256)
        if key not in self._contract:
            self._contract[key] = {**coverage.moved, **_particulars(book, coverage.policy)}
        return self._contract[key]


def _answer(asked: Asked, elements: Mapping[str, ElementValue], used: Used) -> Results:
    book = asked.book.book
    try:
        results = _by_program(asked, elements, used)
    except MingbaiError:
        benefits = book.plans[asked.plan].benefits
        results = tuple(ResponsibilityResult(name, Outcome.UNKNOWN, benefits[name], None, 0) for name in asked.responsibilities)
    return tuple(each for each in results if each.benefit is not Benefit.WAIVER)


def _by_program(asked: Asked, elements: Mapping[str, ElementValue], used: Used) -> Results:
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
