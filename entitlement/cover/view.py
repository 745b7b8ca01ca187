"""Cover as a whole (保障全景): existing, needed and missing cover in every kind at every age to 100, and where each figure comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.cover import CoverCause, CoverKind
from domain.policy import Person, Policy
from entitlement.cover.ages import days_of_ages
from entitlement.cover.assumptions import Assumptions
from entitlement.cover.books import CoverBooks, untold
from entitlement.cover.existing import Contract, Existing, existing_cover
from entitlement.cover.needs import bill_at, needed_fen
from entitlement.cover.savings import Payment, payments_to_come, savings_at


@dataclass(frozen=True)
class Holding:
    """All that a person is insured by: contracts with their books, and policies in force whose product has none."""

    contracts: tuple[Contract, ...]
    without_book: tuple[Policy, ...] = ()


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


@dataclass(frozen=True)
class NotCounted:
    """What could not be counted: a policy without a book, or responsibilities whose book does not say what they cover."""

    policy_number: str
    product: str
    responsibilities: tuple[str, ...]  # none: the whole policy, for want of a book


@dataclass(frozen=True)
class CoverView:
    """Everything about the cover of one person on one day."""

    day: date
    age: int
    assumed: Assumptions
    kinds: Mapping[CoverKind, KindView]
    not_counted: tuple[NotCounted, ...]


def look_at_cover(books: CoverBooks, holding: Holding, insured: Person, assumed: Assumptions, today: date) -> CoverView:
    """Work out existing, needed and missing cover in every kind at every age."""
    assumed = for_person(assumed, insured)
    days = days_of_ages(insured, today)
    now = insured.age_on(today)
    payments = payments_to_come(books, holding.contracts, insured, today)
    kinds = {kind: KindView(kind, _ages(books, holding.contracts, insured, kind, assumed, days, payments)) for kind in CoverKind}
    return CoverView(today, now, assumed, kinds, not_counted(holding, today))


def for_person(assumed: Assumptions, insured: Person) -> Assumptions:
    """Adapt assumptions to what the customer data tell for certain: without social insurance it pays nothing."""
    return replace(assumed, social_share=Fraction(0)) if insured.has_social_insurance is False else assumed


def not_counted(holding: Holding, today: date) -> tuple[NotCounted, ...]:
    """Tell what of the policies in force counts for nothing because nobody can tell what it covers."""
    policies = [NotCounted(each.policy_number, each.product, ()) for each in holding.without_book if each.is_in_force(today)]
    for contract in holding.contracts:
        policy = contract.policy
        if policy.is_in_force(today) and (policy.plan not in contract.book.plans or untold(contract.book, policy.plan)):
            names = untold(contract.book, policy.plan) if policy.plan in contract.book.plans else ()
            policies.append(NotCounted(policy.policy_number, policy.product, names))
    return tuple(policies)


def _ages(
    books: CoverBooks,
    contracts: Sequence[Contract],
    insured: Person,
    kind: CoverKind,
    assumed: Assumptions,
    days: Mapping[int, date],
    payments: Sequence[Payment],
) -> tuple[AtAge, ...]:
    now, found = min(days), []
    for age, day in days.items():
        existing, by_accident = _existing(books, contracts, insured, kind, assumed, (now, age, day), payments)
        found.append(AtAge(age, existing, by_accident, needed_fen(kind, assumed, now, age)))
    return tuple(found)


def _existing(
    books: CoverBooks,
    contracts: Sequence[Contract],
    insured: Person,
    kind: CoverKind,
    assumed: Assumptions,
    when: tuple[int, int, date],
    payments: Sequence[Payment],
) -> tuple[Existing, Existing]:
    """Give the cover when an illness brings it about, and when an accident does; savings and serious illness know no difference."""
    now, age, day = when
    if kind is CoverKind.SAVINGS:
        worth = savings_at(payments, age, assumed.interest)
        return worth, worth
    bill = bill_at(assumed, now, age)
    ill = existing_cover(books, contracts, insured, kind, CoverCause.ILLNESS, day, bill)
    if kind is CoverKind.ILLNESS:
        return ill, ill
    return ill, existing_cover(books, contracts, insured, kind, CoverCause.ACCIDENT, day, bill)
