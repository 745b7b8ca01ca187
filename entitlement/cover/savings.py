"""What policies will pay to who lives (生存金、满期金、年金): as the contract terms say, and where there are none, as the book does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from actuarial.calendar import add_years
from domain.cover import CoverCause, CoverKind
from domain.policy import Person, Policy
from entitlement.cover.ages import LAST_AGE
from entitlement.cover.asking import Asker, Coverage
from entitlement.cover.books import Asked
from entitlement.cover.cases import case_of
from entitlement.cover.existing import Existing, Part, part_of, total_of

BENEFITS_ZH = {"survival": "生存金", "annuity": "年金", "maturity": "满期金"}  # of contract terms, as books call them


@dataclass(frozen=True)
class Payment:
    """What one responsibility will pay at an age."""

    age: int
    part: Part


def payments_to_come(asker: Asker, coverages: Sequence[Coverage], today: date) -> tuple[Payment, ...]:
    """List what every policy in force pays from today on, up to the day after its term (满期日), and no later than the last age."""
    found = (payment for each in coverages if each.policy.is_in_force(today) for payment in _of_policy(asker, each, today))
    return tuple(each for each in found if each.age <= LAST_AGE)


def savings_over(payments: Sequence[Payment], first_age: int, last_age: int, interest: Fraction) -> dict[int, Existing]:
    """Give the worth at each age of all that is paid from then on, each responsibility rounded once to whole fen, half up."""
    coming: dict[tuple[str, str], list[Payment]] = {}
    for each in payments:
        coming.setdefault((each.part.policy_number, each.part.responsibility), []).append(each)
    found: dict[int, list[Part]] = {age: [] for age in range(first_age, last_age + 1)}
    for some in coming.values():
        for age, part in _worths(some, first_age, 1 + interest):
            if age in found:
                found[age].append(part)
    return {age: total_of(parts) for age, parts in found.items()}


def _of_policy(asker: Asker, coverage: Coverage, today: date) -> Iterator[Payment]:
    if coverage.instalments is None:
        for each in asker.books.asked(coverage.book, coverage.policy.plan, CoverKind.SAVINGS):
            yield from _by_book(asker, each, coverage, today)
        return
    policy = coverage.policy
    for due in coverage.instalments:
        if due.due >= today:
            name = BENEFITS_ZH.get(due.kind, due.kind)
            part = Part(policy.policy_number, policy.product, policy.plan, name, due.amount_fen, due.amount_fen)
            yield Payment(asker.insured.age_on(due.due), part)


def _by_book(asker: Asker, asked: Asked, coverage: Coverage, today: date) -> Iterator[Payment]:
    """Ask for one anniversary after another: what one uses of a limit is gone for the next."""
    used = dict(coverage.used)
    for day in _anniversaries(coverage.policy, asker.insured, today):
        for result in asker.ask(asked, coverage, case_of(CoverKind.SAVINGS, CoverCause.ILLNESS, day), day, used):
            for use in result.uses:
                used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
            part = part_of(coverage, result)
            if part.low_fen or part.high_fen != 0:
                yield Payment(asker.insured.age_on(day), part)


def _anniversaries(policy: Policy, insured: Person, today: date) -> Iterator[date]:
    start, last = policy.first_effective_from, min(policy.effective_to, date.max - timedelta(days=1)) + timedelta(days=1)
    final = min(last.year, insured.birth_date.year + LAST_AGE + 1)
    for year in range(max(today.year - start.year, 1), final - start.year + 1):
        day = add_years(start, year)
        if today <= day <= last:
            yield day


def _worths(payments: Sequence[Payment], first_age: int, growth: Fraction) -> Iterator[tuple[int, Part]]:
    """Go back from the last payment, a year at a time: what comes later is worth a year's interest less.

    In whole numbers over one denominator, which grows with the years: exact, and no fraction is ever reduced.
    """
    last = max(each.age for each in payments)
    lows, highs, unknowns = dict[int, int](), dict[int, int | None](), dict[str, None]()
    for each in payments:
        lows[each.age] = lows.get(each.age, 0) + each.part.low_fen
        highs[each.age] = _both(highs.get(each.age, 0), each.part.high_fen)
        unknowns |= dict.fromkeys(each.part.unknowns)
    low, high, over = 0, _NOTHING, 1
    for age in range(last, first_age - 1, -1):
        low, high = lows.get(age, 0) * over + low, _both(_times(highs.get(age, 0), over), high)
        worth = replace(payments[0].part, low_fen=_round(low, over), high_fen=None if high is None else _round(high, over))
        yield age, replace(worth, unknowns=tuple(unknowns))
        low, high, over = low * growth.denominator, _times(high, growth.denominator), over * growth.numerator


_NOTHING: int | None = 0


def _both(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _times(amount: int | None, factor: int) -> int | None:
    return None if amount is None else amount * factor


def _round(amount: int, over: int) -> int:
    return (2 * amount + over) // (2 * over)
