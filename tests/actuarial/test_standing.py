"""A policy's state at its limits: the sixtieth day of grace, two years of reinstatement, the last day of its term."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.premiums import due_days
from actuarial.standing import TRANSITIONS, standing_on
from domain.contract import ENDED, Contract, EntryKind, PolicyEntry, PolicyState, Standing
from domain.terms import Frequency
from tests.actuarial.contracts import START, TERMS, contract, entry, policy, premium, premiums

FULU, TEN = policy("fulu-endowment"), contract()
DUE = date(2021, 3, 1)  # the second premium: grace to 2021-04-30, lapsed on 2021-05-01


def standing(entries: list[PolicyEntry], day: date, agreed: Contract = TEN, product: str = "fulu-endowment") -> Standing:
    return standing_on(policy(product), agreed, TERMS[product], entries, day)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2020, 2, 29), PolicyState.NOT_STARTED),
        (START, PolicyState.IN_FORCE),
        (DUE, PolicyState.IN_FORCE),
        (date(2021, 3, 2), PolicyState.IN_GRACE),
        (date(2021, 4, 30), PolicyState.IN_GRACE),  # the sixtieth day
        (date(2021, 5, 1), PolicyState.LAPSED),  # the sixty-first
        (date(2023, 4, 30), PolicyState.LAPSED),
        (date(2023, 5, 1), PolicyState.TERMINATED),  # two years later
    ],
)
def test_a_missed_premium_leads_from_grace_to_the_end(day: date, state: PolicyState) -> None:
    assert standing(premiums(2020), day).state is state


def test_what_is_told_of_a_policy_in_grace_and_of_a_lapsed_one() -> None:
    grace, lapsed = standing(premiums(2020), date(2021, 3, 2)), standing(premiums(2020), date(2021, 5, 1))
    assert (grace.due, grace.paid_to, grace.grace_until, grace.since) == ((DUE,), DUE, date(2021, 4, 30), date(2021, 3, 2))
    assert (lapsed.since, lapsed.reinstate_until, lapsed.grace_until) == (date(2021, 5, 1), date(2023, 4, 30), None)


@pytest.mark.parametrize(("paid_on", "state"), [(date(2021, 4, 30), PolicyState.IN_FORCE), (date(2021, 5, 1), PolicyState.LAPSED)])
def test_a_premium_counts_up_to_the_last_day_of_grace_and_reinstates_nobody_after_it(paid_on: date, state: PolicyState) -> None:
    assert standing([*premiums(2020), premium(DUE, paid_on)], date(2021, 6, 1)).state is state


@pytest.mark.parametrize(("on", "state"), [(date(2023, 4, 30), PolicyState.IN_FORCE), (date(2023, 5, 1), PolicyState.TERMINATED)])
def test_it_can_be_reinstated_for_two_years(on: date, state: PolicyState) -> None:
    made_up = [premium(date(year, 3, 1), on, EntryKind.REINSTATEMENT_PREMIUM) for year in (2021, 2022, 2023)]
    assert standing([*premiums(2020), *made_up], on + timedelta(days=5)).state is state


def test_making_up_a_part_reinstates_nothing() -> None:
    part = premium(DUE, date(2022, 4, 1), EntryKind.REINSTATEMENT_PREMIUM)
    assert standing([*premiums(2020), part], date(2022, 4, 2)).state is PolicyState.LAPSED


def test_a_premium_lent_by_itself_keeps_it_in_force() -> None:
    assert (
        standing([*premiums(2020), premium(DUE, date(2021, 4, 30), EntryKind.PREMIUM_BY_LOAN)], date(2021, 5, 1)).state
        is PolicyState.IN_FORCE
    )


def test_after_the_last_day_of_its_term_it_has_matured() -> None:
    paid = premiums(*range(2020, 2030))
    assert [standing(paid, day).state for day in (date(2035, 2, 28), date(2035, 3, 1))] == [PolicyState.IN_FORCE, PolicyState.MATURED]
    assert standing(paid, date(2034, 1, 1)).paid_to is None


@pytest.mark.parametrize(
    ("kind", "state"), [(EntryKind.SURRENDER, PolicyState.SURRENDERED), (EntryKind.RESCISSION, PolicyState.TERMINATED)]
)
def test_what_people_end_is_ended_from_that_day_on(kind: EntryKind, state: PolicyState) -> None:
    ended = [*premiums(2020), entry(kind, 1, date(2020, 9, 9))]
    assert [standing(ended, day).state for day in (date(2020, 9, 8), date(2020, 9, 9), date(2030, 1, 1))] == [
        PolicyState.IN_FORCE,
        state,
        state,
    ]


def test_an_entry_that_counts_later_changes_nothing_before_its_day() -> None:
    late = [*premiums(2020), premium(DUE, date(2021, 4, 1))]
    assert standing(late, date(2021, 3, 15)) == standing(premiums(2020), date(2021, 3, 15))


def test_monthly_premiums_each_have_their_own_grace() -> None:
    """January and February are missed; January is made up within its grace, and February's still runs."""
    monthly = contract(frequency=Frequency.MONTHLY, premium_fen=100)
    paid = [premium(START), premium(date(2020, 4, 1), date(2020, 5, 20))]
    assert standing(paid, date(2020, 5, 20), monthly).state is PolicyState.IN_GRACE
    assert standing(paid, date(2020, 6, 30), monthly).state is PolicyState.IN_GRACE
    assert standing(paid, date(2020, 7, 1), monthly).state is PolicyState.LAPSED


def test_a_property_policy_without_its_premium_ends_and_does_not_lapse() -> None:
    assert standing([], START + timedelta(days=1), product="jiacai-property").state is PolicyState.TERMINATED


def test_a_single_premium_is_due_once() -> None:
    single = contract(frequency=Frequency.SINGLE, payment_years=1)
    assert standing([premium(START)], date(2030, 1, 1), single).paid_to is None


def test_nothing_leads_out_of_an_end() -> None:
    assert not [move for move in TRANSITIONS if move[0] in ENDED]


@settings(max_examples=60)
@given(paid=st.dictionaries(st.integers(2020, 2029), st.integers(0, 900), max_size=10), days=st.integers(-5, 6000))
def test_the_past_is_the_same_whoever_asks_later(paid: dict[int, int], days: int) -> None:
    """Entries whose value date is after the day are as if they were not there."""
    day = START + timedelta(days=days)
    entries = [premium(date(year, 3, 1), date(year, 3, 1) + timedelta(days=late)) for year, late in paid.items()]
    assert standing(entries, day) == standing([each for each in entries if each.value_date <= day], day)


@settings(max_examples=300, deadline=None)
@given(
    product=st.sampled_from(["fulu-endowment", "dingshou-term", "baiwan-medical", "jiacai-property"]),
    frequency=st.sampled_from([Frequency.YEARLY, Frequency.MONTHLY, Frequency.SINGLE]),
    late=st.lists(st.one_of(st.none(), st.integers(-20, 20), st.sampled_from([29, 30, 31, 59, 60, 61, 365, 366])), max_size=14),
    ended=st.one_of(st.none(), st.tuples(st.sampled_from([EntryKind.SURRENDER, EntryKind.RESCISSION]), st.integers(-5, 5600))),
    restored=st.booleans(),
    days=st.integers(-5, 6000),
)
def test_the_short_way_of_policies_in_good_order_tells_what_the_long_way_tells(
    product: str, frequency: Frequency, late: list[int | None], ended: tuple[EntryKind, int] | None, restored: bool, days: int
) -> None:
    signed, agreed = policy(product), contract(frequency=frequency)
    dues = due_days(signed, agreed, TERMS[product], date(2040, 1, 1))
    kinds = [EntryKind.REINSTATEMENT_PREMIUM if restored and place == 3 else EntryKind.PREMIUM for place in range(len(late))]
    entries = [premium(due, due + timedelta(days=by), kind) for due, by, kind in zip(dues, late, kinds, strict=False) if by is not None]
    entries += [entry(ended[0], 1, START + timedelta(days=ended[1]))] if ended else []
    day = START + timedelta(days=days)
    told = standing_on(signed, agreed, TERMS[product], entries, day)
    with patch("actuarial.standing._in_good_order", return_value=None):
        assert told == standing_on(signed, agreed, TERMS[product], entries, day)
