"""Cover as a whole (保障全景): existing, needed and missing cover in every kind at every age to 100, and where each figure comes from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.cover import CoverCause, CoverKind
from domain.policy import Person, Policy
from entitlement.cover.ages import days_of_ages
from entitlement.cover.asking import Asker, Coverage
from entitlement.cover.assumptions import Assumptions
from entitlement.cover.books import untold
from entitlement.cover.existing import Existing, existing_cover
from entitlement.cover.needs import bill_at, needed_fen
from entitlement.cover.savings import payments_to_come, savings_over


@dataclass(frozen=True)
class Insurance:
    """All that a person is insured by: policies that cover, and policies within their term that do not (效力中止, 退保 …)."""

    coverages: tuple[Coverage, ...]
    not_covering: tuple[Policy, ...] = ()


@dataclass(frozen=True)
class AtAge:
    """One kind at one age: what is there when an illness brings it about, and when an accident does."""

    age: int
    existing: Existing
    by_accident: Existing
    needed_fen: int

    @property
    def missing_fen(self) -> int:
        """What is surely missing: nothing as long as what is unknown may be enough."""
        high = self.existing.high_fen
        return 0 if high is None else max(self.needed_fen - high, 0)

    @property
    def missing_at_most_fen(self) -> int:
        """What is missing if everything unknown turns out against the person."""
        return max(self.needed_fen - self.existing.low_fen, 0)


@dataclass(frozen=True)
class KindView:
    """One kind at every age, today's first."""

    kind: CoverKind
    ages: tuple[AtAge, ...]

    @property
    def now(self) -> AtAge:
        """The present age."""
        return self.ages[0]


class Why(StrEnum):
    """Why something counts for nothing."""

    NO_BOOK = "no_book"  # no rule book of its product is published; what contract terms pay to who lives counts all the same
    NOT_SAID = "not_said"  # its book does not say what these responsibilities are cover against
    NOT_COVERING = "not_covering"  # the policy is within its term, but does not cover today


@dataclass(frozen=True)
class NotCounted:
    """What of the policies within their term could not be counted."""

    policy_number: str
    product: str
    why: Why
    responsibilities: tuple[str, ...] = ()  # none: the whole policy


@dataclass(frozen=True)
class CoverView:
    """Everything about the cover of one person on one day."""

    day: date
    age: int
    assumed: Assumptions
    kinds: Mapping[CoverKind, KindView]
    not_counted: tuple[NotCounted, ...]


def look_at_cover(asker: Asker, insurance: Insurance, assumed: Assumptions, today: date) -> CoverView:
    """Work out existing, needed and missing cover in every kind at every age."""
    insured, assumed = asker.insured, for_person(assumed, asker.insured)
    days = days_of_ages(insured, today)
    savings = savings_over(payments_to_come(asker, insurance.coverages, today), min(days), max(days), assumed.interest)
    kinds = {}
    for kind in CoverKind:
        look = _Look(asker, insurance.coverages, kind, assumed, today, savings)
        kinds[kind] = KindView(kind, tuple(look.at(age, day) for age, day in days.items()))
    return CoverView(today, insured.age_on(today), assumed, kinds, tuple(not_counted(insurance, today)))


def cover_now(
    asker: Asker, coverages: Sequence[Coverage], assumed: Assumptions, today: date, kinds: Collection[CoverKind] = tuple(CoverKind)
) -> dict[CoverKind, Existing]:
    """Give the cover that is there today in some kinds."""
    assumed = for_person(assumed, asker.insured)
    payments = payments_to_come(asker, coverages, today) if CoverKind.SAVINGS in kinds else ()
    age = asker.insured.age_on(today)
    savings = savings_over(payments, age, age, assumed.interest)
    return {kind: _Look(asker, coverages, kind, assumed, today, savings).existing(age, today) for kind in kinds}


def for_person(assumed: Assumptions, insured: Person) -> Assumptions:
    """Adapt assumptions to what the customer data tell for certain: without social insurance it pays nothing."""
    return replace(assumed, social_share=Fraction(0)) if insured.has_social_insurance is False else assumed


def not_counted(insurance: Insurance, today: date) -> Iterator[NotCounted]:
    """Tell what of the policies within their term counts for nothing, and why."""
    for each in insurance.not_covering:
        if each.is_in_force(today):
            yield NotCounted(each.policy_number, each.product, Why.NOT_COVERING)
    for coverage in insurance.coverages:
        policy, book = coverage.policy, coverage.book
        if not policy.is_in_force(today):
            continue
        if book is None or policy.plan not in book.plans:
            yield NotCounted(policy.policy_number, policy.product, Why.NO_BOOK)
        elif names := untold(book, policy.plan):
            yield NotCounted(policy.policy_number, policy.product, Why.NOT_SAID, names)


@dataclass(frozen=True)
class _Look:
    """One kind of one person, to be looked at on any day."""

    asker: Asker
    coverages: Sequence[Coverage]
    kind: CoverKind
    assumed: Assumptions
    today: date
    savings: Mapping[int, Existing]

    def at(self, age: int, day: date) -> AtAge:
        """Look at an age. Savings and a serious illness know no difference between illness and accident."""
        ill, now = self.existing(age, day), self.asker.insured.age_on(self.today)
        is_alike = self.kind in (CoverKind.SAVINGS, CoverKind.ILLNESS)
        by_accident = ill if is_alike else self.existing(age, day, CoverCause.ACCIDENT)
        return AtAge(age, ill, by_accident, needed_fen(self.kind, self.assumed, now, age))

    def existing(self, age: int, day: date, cause: CoverCause = CoverCause.ILLNESS) -> Existing:
        """Give the cover on the day of an age."""
        if self.kind is CoverKind.SAVINGS:
            return self.savings[age]
        bill = bill_at(self.assumed, self.asker.insured.age_on(self.today), age)
        return existing_cover(self.asker, self.coverages, self.kind, cause, day, bill)
