"""Cover of a customer over a whole system: policies as they stand, books as published, ranks as counted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from adjudicator.china_time import today
from adjudicator.covering import CoverTold, count_groups, tell_cover
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.cover import CoverKind
from domain.identity import id_check_character
from domain.policy import Person, Policy
from domain.terms import Frequency
from entitlement.cover.view import NotCounted, Why
from storage import cover, policy_ledger, registry
from tests.adjudicator.world import INSURED, World

SUM_FEN = 100_000_000
HOME = "510104"


def years_ago(world: World, years: int) -> date:
    with world.system.database.read() as tx:
        day = today(tx)
    return (day - timedelta(days=31)).replace(year=(day - timedelta(days=31)).year - years, day=1)


def a_policy(
    world: World, number: str, product: str, plan: str, term: int, years: int = 3, person: Person = INSURED, **more: Any
) -> Policy:
    start = years_ago(world, years)
    end = start.replace(year=start.year + term) - timedelta(days=1)
    return Policy(number, person.person_id, person.person_id, product, plan, start, end, start, **more)


def save(world: World, *policies: Policy, people: tuple[Person, ...] = ()) -> None:
    with world.system.database.write() as tx:
        registry.save_people(tx, people)
        registry.save_policies(tx, policies)


def tell(world: World, told: Mapping[str, Any] | None = None, person: Person = INSURED) -> CoverTold:
    with world.system.database.read() as tx:
        return tell_cover(world.system, tx, person, told or {})


def death_now(found: CoverTold) -> int:
    return found.view.kinds[CoverKind.DEATH].now.existing.low_fen


def pay(world: World, policy: Policy, paid_years: int, premium_fen: int = 600_000) -> None:
    with world.system.database.write() as tx:
        policy_ledger.save_contracts(tx, [Contract(policy.policy_number, Frequency.YEARLY, premium_fen, 20)])
        dues = [policy.first_effective_from.replace(year=policy.first_effective_from.year + year) for year in range(paid_years)]
        policy_ledger.book(tx, [PolicyEntry(policy.policy_number, EntryKind.PREMIUM, premium_fen, premium_event(due), due) for due in dues])


def test_a_policy_whose_premiums_are_paid_covers_and_one_that_lapsed_does_not(world: World) -> None:
    paid, lapsed = (a_policy(world, number, "dingshou-term", "定期二十年", 20, 3, sum_insured_fen=SUM_FEN) for number in ("T1", "T2"))
    save(world, paid, lapsed)
    pay(world, paid, 4)
    pay(world, lapsed, 3)  # the fourth was due on the anniversary, a month ago or two: still in grace
    assert death_now(tell(world)) == 2 * SUM_FEN
    ended = replace(lapsed, policy_number="T3")
    save(world, ended)
    pay(world, ended, 1)
    found = tell(world)
    assert death_now(found) == 2 * SUM_FEN
    assert NotCounted("T3", "dingshou-term", Why.NOT_COVERING) in found.view.not_counted


def test_what_a_contract_pays_to_who_lives_comes_from_its_terms_also_without_a_book(world: World) -> None:
    policy = a_policy(world, "E1", "fulu-endowment", "福禄版", 15, 3, sum_insured_fen=20_000_000)
    save(world, policy)
    pay(world, policy, 4)
    found = tell(world, {"interest": "0"})
    # Its sum insured is 200,000: 20,000 on the anniversaries 6, 9, 12, and 200,000 at the end. The book knows 100,000 alone.
    assert found.view.kinds[CoverKind.SAVINGS].now.existing.low_fen == 3 * 2_000_000 + 20_000_000
    assert found.view.not_counted == (NotCounted("E1", "fulu-endowment", Why.NO_BOOK),)  # this world has not published it


def test_premiums_paid_are_those_of_the_ledger(world: World) -> None:
    """Within the waiting period the premiums come back: two of them, 6,000 each."""
    with world.system.database.read() as tx:
        start = today(tx) - timedelta(days=30)
    policy = replace(a_policy(world, "W1", "dingshou-term", "定期二十年", 20), effective_from=start, first_effective_from=start)
    save(world, policy)
    (part,) = tell(world).view.kinds[CoverKind.DEATH].now.existing.parts
    assert (part.low_fen, part.high_fen, part.unknowns) == (0, SUM_FEN, ("已交保费",))  # nobody told what was paid
    with world.system.database.write() as tx:
        policy_ledger.save_contracts(tx, [Contract("W1", Frequency.MONTHLY, 600_000, 20)])
        dues = (start, start + timedelta(days=28))
        policy_ledger.book(tx, [PolicyEntry("W1", EntryKind.PREMIUM, 600_000, premium_event(due), due) for due in dues])
    assert death_now(tell(world)) == 1_200_000


def test_a_policy_on_somebody_elses_life_is_no_cover(world: World) -> None:
    save(world, a_policy(world, "T1", "dingshou-term", "定期二十年", 20))
    assert death_now(tell(world)) == SUM_FEN
    save(world, replace(a_policy(world, "T1", "dingshou-term", "定期二十年", 20), insured_id="P2"))
    assert death_now(tell(world)) == 0


def test_what_the_customer_told_takes_the_place_of_what_is_assumed(world: World) -> None:
    found = tell(world, {"debts": "500000", "last_expenses": "0", "assets": "0"})
    assert found.view.kinds[CoverKind.DEATH].now.needed_fen == 50_000_000
    assert found.own == {"debts", "last_expenses", "assets"}
    assert found.view.assumed.interest == Fraction(2, 100)


def test_a_suggestion_names_a_plan_that_is_published(world: World) -> None:
    found = tell(world, {"debts": "500000"})
    products = {each.offer.product for each in found.suggestions if each.kind is CoverKind.DEATH}
    assert products == {"dingshou-term"}  # zhongji-single would pay as well, but this world has not published it


def neighbours(world: World, count: int) -> tuple[Person, ...]:
    people, born = [], years_ago(world, 35)
    for number in range(count):
        front = f"99010119900101{number:03d}"
        people.append(
            Person(f"N{number:03d}", "示例人", front + id_check_character(front), born, phone=f"1990000{number:04d}", region_code=HOME)
        )
    return tuple(people)


def settle(world: World, count: int) -> tuple[Person, ...]:
    people = neighbours(world, count)
    policies = [a_policy(world, f"N{number:03d}P", "dingshou-term", "定期二十年", 20, person=each) for number, each in enumerate(people)]
    save(world, *policies, people=people)
    assert list(count_groups(world.system))[-1] == count
    return people


@pytest.mark.parametrize(("count", "is_ranked"), [(19, False), (20, True)])
def test_a_rank_is_told_from_twenty_similar_people_on(world: World, count: int, *, is_ranked: bool) -> None:
    people = settle(world, count)
    ranks = tell(world, person=people[0]).ranks
    assert bool(ranks) is is_ranked
    if is_ranked:
        assert ranks[CoverKind.DEATH].more_than_percent == 0  # all have the same
        assert (ranks[CoverKind.DEATH].city, ranks[CoverKind.DEATH].age_from, ranks[CoverKind.DEATH].people_at_least) == ("5101", 30, 20)


def test_who_has_more_than_all_others_is_told_four_fifths(world: World) -> None:
    people = settle(world, 25)
    save(world, a_policy(world, "MORE", "dingshou-term", "定期二十年", 20, person=people[3]))
    assert tell(world, person=people[3]).ranks[CoverKind.DEATH].more_than_percent == 80
    assert tell(world, {"debts": "9"}, person=people[3]).ranks[CoverKind.DEATH].more_than_percent == 80  # whatever they tell of themselves


def test_who_lives_elsewhere_or_nowhere_known_has_no_rank(world: World) -> None:
    settle(world, 25)
    assert tell(world).ranks == {}
    assert tell(world, person=replace(INSURED, region_code="440104")).ranks == {}


def test_counting_again_forgets_groups_that_are_too_small_by_now(world: World) -> None:
    people = settle(world, 20)
    with world.system.database.write() as tx:
        registry.save_people(tx, [replace(people[0], region_code="")])
    list(count_groups(world.system))
    with world.system.database.read() as tx:
        assert cover.groups_of(tx, "5101", 30) == {}
