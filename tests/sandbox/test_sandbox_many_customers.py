"""Customers as many as wanted: the same for the same seed, nobody real, and ledgers that agree with the contracts."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import islice

import pytest

from adjudicator.servicing_sweep import due_entries, next_look, renewal_of
from domain.contract import EntryKind, Holding, PolicyState
from policy.bases import shipped_bases
from policy.facts import Look
from policy.holdings import standing_of
from policy.terms_file import shipped_terms
from sandbox.many_customers import Wanted, iter_customers, person_of, policies_each
from sandbox.many_policies import CustomerBooks

DAY = date(2026, 11, 22)
WANTED = Wanted(2_000, 600, 7, DAY)
TERMS, BASES = shipped_terms(), shipped_bases()


@cache
def customers() -> tuple[CustomerBooks, ...]:
    return tuple(iter_customers(WANTED))


def holdings(day: date = DAY) -> list[Holding]:
    people = {each.person.person_id: each.person for each in customers()}
    made = []
    for books in customers():
        for policy, contract in zip(books.policies, books.contracts, strict=True):
            entries = [each for each in books.entries if each.policy_number == policy.policy_number and each.value_date <= day]
            entries.sort(key=lambda each: each.value_date)
            terms, insured = TERMS[policy.product], people[policy.insured_id]
            standing = standing_of(policy, contract, terms, entries, day)
            made.append(Holding(policy, contract, terms, insured.name, insured.birth_date, tuple(entries), standing, day))
    return made


def test_the_same_seed_counts_and_day_give_the_same_customers_and_another_seed_others() -> None:
    again, others = islice(iter_customers(WANTED), 50), islice(iter_customers(Wanted(2_000, 600, 8, DAY)), 50)
    assert tuple(again) == customers()[:50] != tuple(others)


@pytest.mark.parametrize(("policies", "count"), [(1, 1), (20_000, 6_000), (6_000, 6_000), (500, 10), (157, 2)])
def test_there_are_exactly_as_many_policies_as_wanted_and_nobody_has_none(policies: int, count: int) -> None:
    sizes = policies_each(Wanted(policies, count, 3, DAY))
    assert (sum(sizes), len(sizes), min(sizes) >= 1) == (policies, count, True)


def test_most_have_a_few_policies_and_a_few_have_157() -> None:
    sizes = Counter(policies_each(Wanted(400_000, 120_000, 1, DAY)))
    assert sizes[157] == 2
    assert sizes[1] + sizes[2] + sizes[3] > 75_000
    assert max(size for size in sizes if size != 157) <= 61


def test_no_two_people_share_an_id_number_or_a_telephone() -> None:
    people = [person_of(number) for number in range(100_000)]
    assert len({each.id_number for each in people}) == len({each.phone for each in people}) == len(people)
    assert all(each.id_number.startswith("990101") and each.phone.startswith("154") for each in people)


def test_life_and_property_policies_stand_in_every_state() -> None:
    every = holdings()
    assert {each.policy.product for each in every} == set(TERMS)
    states = Counter(each.standing.state for each in every)
    assert set(states) >= {PolicyState.IN_FORCE, PolicyState.IN_GRACE, PolicyState.LAPSED, PolicyState.TERMINATED}
    assert states[PolicyState.SURRENDERED] and states[PolicyState.MATURED]
    kinds = {entry.kind for each in every for entry in each.entries}
    assert kinds >= {EntryKind.PREMIUM_BY_LOAN, EntryKind.LOAN, EntryKind.LOAN_REPAID, EntryKind.BENEFIT_PAID, EntryKind.ACCOUNT_WITHDRAWAL}


def test_what_is_due_by_the_contract_is_in_the_ledger_but_for_loans_that_run_on() -> None:
    for each in holdings():
        known = {(entry.event, entry.kind) for entry in each.entries}
        assert {entry.kind for entry in due_entries(each, BASES) if (entry.event, entry.kind) not in known} <= {
            EntryKind.LOAN_INTEREST_ADDED
        }


def test_a_loan_that_was_repaid_owes_nothing_any_more() -> None:
    repaid = [each for each in holdings() if {EntryKind.LOAN_REPAID} <= {entry.kind for entry in each.entries}]
    owing = [each for each in repaid if Look(each, BASES).loan.total_fen]
    assert len(repaid) > 20 and owing == []


def test_between_two_looks_the_calendar_makes_nothing_due() -> None:
    """The law of the sweep: what is left alone until a day has no more to do on the day before it than it has now."""
    looks = Counter[str]()
    for each in holdings():
        until = next_look(each, BASES)
        looks["in a year" if until == DAY + timedelta(days=366) else "before"] += 1
        for day in {until - timedelta(days=1), DAY + (until - DAY) // 2} - {DAY}:
            assert made_due(on(each, day)) <= made_due(each), (each.policy, day)
    assert looks["before"] > looks["in a year"] / 4 > 0


def on(each: Holding, day: date) -> Holding:
    """The same policy on a later day, with no further entry."""
    return replace(each, day=day, standing=standing_of(each.policy, each.contract, each.terms, each.entries, day))


def made_due(each: Holding) -> set[str]:
    return {f"{entry.kind} {entry.event}" for entry in due_entries(each, BASES)} | ({"renewal"} if renewal_of(each) else set())
