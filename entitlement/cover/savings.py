"""What policies will pay to who lives (生存金、满期金、年金): each anniversary that is still to come is asked for, one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from domain.cover import CoverCause, CoverKind
from domain.policy import Person, Policy
from entitlement.cover.ages import LAST_AGE, same_day
from entitlement.cover.books import Asked, CoverBooks
from entitlement.cover.cases import case_of
from entitlement.cover.existing import Contract, Existing, Part, ask, part_of, total_of


@dataclass(frozen=True)
class Payment:
    """What one responsibility will pay at an age."""

    age: int
    part: Part


def payments_to_come(books: CoverBooks, contracts: Sequence[Contract], insured: Person, today: date) -> tuple[Payment, ...]:
    """Ask every contract in force for each anniversary from today on, up to the day after its last (满期日)."""
    return tuple(
        payment
        for contract in contracts
        if contract.policy.is_in_force(today)
        for each in books.asked(contract.book, contract.policy.plan, CoverKind.SAVINGS)
        for payment in _payments(each, contract, insured, today)
    )


def savings_at(payments: Sequence[Payment], age: int, interest: Fraction) -> Existing:
    """Give the worth at an age of all that is paid from then on, each responsibility rounded once to whole fen, half up."""
    worth: dict[tuple[str, str], list[tuple[Part, Fraction]]] = {}
    for each in payments:
        if each.age >= age:
            key = each.part.policy_number, each.part.responsibility
            worth.setdefault(key, []).append((each.part, 1 / (1 + interest) ** (each.age - age)))
    return total_of([_sum(parts) for parts in worth.values()])


def _payments(asked: Asked, contract: Contract, insured: Person, today: date) -> Iterator[Payment]:
    """What one anniversary uses of a limit is gone for the next."""
    used = dict(contract.used)
    for day in _anniversaries(contract.policy, insured, today):
        results = ask(asked, contract, insured, case_of(CoverKind.SAVINGS, CoverCause.ILLNESS, day), day, used)
        for result in results:
            for use in result.uses:
                used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
            part = part_of(contract, result)
            if part.low_fen or part.high_fen != 0:
                yield Payment(insured.age_on(day), part)


def _anniversaries(policy: Policy, insured: Person, today: date) -> Iterator[date]:
    start, last = policy.first_effective_from, policy.effective_to + timedelta(days=1) if policy.effective_to < date.max else date.max
    for year in range(max(today.year, start.year + 1), last.year + 1):
        day = same_day(start, year)
        if today <= day <= last and insured.age_on(day) <= LAST_AGE:
            yield day


def _sum(parts: Sequence[tuple[Part, Fraction]]) -> Part:
    first = parts[0][0]
    highs = [None if part.high_fen is None else part.high_fen * factor for part, factor in parts]
    return Part(
        policy_number=first.policy_number,
        product=first.product,
        plan=first.plan,
        responsibility=first.responsibility,
        low_fen=_whole(sum((part.low_fen * factor for part, factor in parts), Fraction(0))),
        high_fen=None if None in highs else _whole(sum((each for each in highs if each is not None), Fraction(0))),
        unknowns=tuple(dict.fromkeys(name for part, _ in parts for name in part.unknowns)),
    )


def _whole(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
