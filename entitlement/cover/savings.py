"""What policies will pay to who lives (生存金、满期金、年金): as the contract terms say, and where there are none, as the book does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from actuarial.calendar import add_years
from actuarial.rounding import to_fen
from domain.cover import CoverCause, CoverKind
from domain.policy import Person, Policy
from entitlement.cover.ages import LAST_AGE
from entitlement.cover.books import Asked, CoverBooks
from entitlement.cover.cases import case_of
from entitlement.cover.existing import Coverage, Existing, Part, ask, part_of, total_of

BENEFITS_ZH = {"survival": "生存金", "annuity": "年金", "maturity": "满期金"}  # of contract terms, as books call them


@dataclass(frozen=True)
class Payment:
    """What one responsibility will pay at an age."""

    age: int
    part: Part


def payments_to_come(books: CoverBooks, coverages: Sequence[Coverage], insured: Person, today: date) -> tuple[Payment, ...]:
    """List what every policy in force pays from today on, up to the day after its term (满期日), and no later than the last age."""
    found = (payment for each in coverages if each.policy.is_in_force(today) for payment in _of_policy(books, each, insured, today))
    return tuple(each for each in found if each.age <= LAST_AGE)


def savings_at(payments: Sequence[Payment], age: int, interest: Fraction) -> Existing:
    """Give the worth at an age of all that is paid from then on, each responsibility rounded once to whole fen, half up."""
    coming: dict[tuple[str, str], list[tuple[Part, Fraction]]] = {}
    for each in payments:
        if each.age >= age:
            key = each.part.policy_number, each.part.responsibility
            coming.setdefault(key, []).append((each.part, 1 / (1 + interest) ** (each.age - age)))
    return total_of([_worth(parts) for parts in coming.values()])


def _of_policy(books: CoverBooks, coverage: Coverage, insured: Person, today: date) -> Iterator[Payment]:
    if coverage.instalments is None:
        for each in books.asked(coverage.book, coverage.policy.plan, CoverKind.SAVINGS):
            yield from _by_book(each, coverage, insured, today)
        return
    policy = coverage.policy
    for due in coverage.instalments:
        if due.due >= today:
            name = BENEFITS_ZH.get(due.kind, due.kind)
            part = Part(policy.policy_number, policy.product, policy.plan, name, due.amount_fen, due.amount_fen)
            yield Payment(insured.age_on(due.due), part)


def _by_book(asked: Asked, coverage: Coverage, insured: Person, today: date) -> Iterator[Payment]:
    """Ask for one anniversary after another: what one uses of a limit is gone for the next."""
    used = dict(coverage.used)
    for day in _anniversaries(coverage.policy, insured, today):
        for result in ask(asked, coverage, insured, case_of(CoverKind.SAVINGS, CoverCause.ILLNESS, day), day, used):
            for use in result.uses:
                used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
            part = part_of(coverage, result)
            if part.low_fen or part.high_fen != 0:
                yield Payment(insured.age_on(day), part)


def _anniversaries(policy: Policy, insured: Person, today: date) -> Iterator[date]:
    start, last = policy.first_effective_from, min(policy.effective_to, date.max - timedelta(days=1)) + timedelta(days=1)
    final = min(last.year, insured.birth_date.year + LAST_AGE + 1)
    for year in range(max(today.year - start.year, 1), final - start.year + 1):
        day = add_years(start, year)
        if today <= day <= last:
            yield day


def _worth(parts: Sequence[tuple[Part, Fraction]]) -> Part:
    """Add up what one responsibility pays in many years, discounted; without an end as soon as one of them has none."""
    highs = [None if part.high_fen is None else part.high_fen * factor for part, factor in parts]
    known = [each for each in highs if each is not None]
    return replace(
        parts[0][0],
        low_fen=to_fen(sum((part.low_fen * factor for part, factor in parts), Fraction(0))),
        high_fen=to_fen(sum(known, Fraction(0))) if len(known) == len(highs) else None,
        unknowns=tuple(dict.fromkeys(name for part, _ in parts for name in part.unknowns)),
    )
