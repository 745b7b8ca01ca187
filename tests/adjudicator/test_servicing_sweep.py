"""What comes due by the calendar: each thing once, on its own day, also at ends of months and in leap years."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from adjudicator.chores import do_chores
from adjudicator.verifying_policies import iter_books, verify_policy
from domain.contract import EntryKind, PolicyEntry, PolicyState, premium_event
from storage import registry
from tests.adjudicator.servicing_world import ACCOUNT, Servicing, begin, contract, endowment, paid, policy
from tests.adjudicator.world import World


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world)


def of_kind(entries: Sequence[PolicyEntry], kind: EntryKind) -> list[tuple[date, str]]:
    return [(each.value_date, each.event) for each in entries if each.kind is kind]


def live_through(desk: Servicing, *days: date) -> None:
    for day in days:
        desk.go_to(day)
        do_chores(desk.system)
        do_chores(desk.system)


def test_a_premium_is_lent_on_the_last_day_of_its_grace_and_not_a_day_before(desk: Servicing) -> None:
    number = endowment(desk, years=6, automatic_premium_loan=True)  # the premium of 1 March 2026 is missing
    live_through(desk, date(2026, 4, 30))
    assert of_kind(desk.entries(number), EntryKind.PREMIUM_BY_LOAN) == []
    live_through(desk, date(2026, 5, 1), date(2026, 5, 2))
    assert of_kind(desk.entries(number), EntryKind.PREMIUM_BY_LOAN) == [(date(2026, 4, 30), premium_event(date(2026, 3, 1)))]
    assert desk.standing(number).state is PolicyState.IN_FORCE


def test_without_the_choice_or_the_cash_value_a_policy_lapses(desk: Servicing) -> None:
    plain, young = endowment(desk, years=6), endowment(desk, "S2", date(2025, 3, 1), 1, automatic_premium_loan=True, premium_fen=9_000_000)
    live_through(desk, date(2026, 5, 1))
    assert [desk.standing(each).state for each in (plain, young)] == [PolicyState.LAPSED] * 2


def test_a_survival_benefit_comes_due_once_and_is_fetched_once(desk: Servicing) -> None:
    number = endowment(desk)
    live_through(desk, date(2026, 6, 16), date(2026, 6, 17))
    due = of_kind(desk.entries(number), EntryKind.BENEFIT_DUE)
    assert due == [(date(2023, 3, 1), "survival 2023-03-01"), (date(2026, 3, 1), "survival 2026-03-01")]
    done = desk.do(number, "survival-benefit", account=ACCOUNT)
    assert done.state == "done" and [each.amount_fen for each in desk.bank.booked.values()] == [2_000_000]
    assert desk.look(number).waiting == ()


def test_interest_that_joins_a_loan_is_booked_at_the_end_of_its_term(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="10000", account=ACCOUNT)
    end = date(2026, 6, 15) + timedelta(days=180)
    live_through(desk, end)
    assert of_kind(desk.entries(number), EntryKind.LOAN_INTEREST_ADDED) == []
    live_through(desk, end + timedelta(days=1), end + timedelta(days=2))
    assert of_kind(desk.entries(number), EntryKind.LOAN_INTEREST_ADDED) == [(end, f"loan interest added {end}")]
    assert [found for books in iter_books(desk.system.database) for found in verify_policy(books)] == []


@pytest.mark.parametrize(
    ("start", "end", "renewed"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), (date(2025, 2, 28), date(2026, 2, 27))),
        (date(2023, 3, 1), date(2024, 2, 29), (date(2024, 3, 1), date(2025, 2, 28))),
        (date(2025, 1, 31), date(2026, 1, 30), (date(2026, 1, 31), date(2027, 1, 30))),
    ],
)
def test_a_policy_of_one_year_is_renewed_from_its_last_day_without_a_gap(
    desk: Servicing, start: date, end: date, renewed: tuple[date, date]
) -> None:
    number = desk.add(policy("R1", "baiwan-medical", start, end), contract("R1", payment_years=1, auto_renew=True), *paid("R1", start))
    live_through(desk, end - timedelta(days=1))
    assert term(desk, number) == (start, end)
    live_through(desk, end, end + timedelta(days=1))
    assert term(desk, number) == renewed
    assert desk.standing(number).state is PolicyState.IN_FORCE
    assert desk.standing(number).due[-1:] == (renewed[0],)


def test_a_policy_that_is_not_to_be_renewed_ends(desk: Servicing) -> None:
    start, end = date(2025, 6, 16), date(2026, 6, 15)
    number = desk.add(policy("R2", "baiwan-medical", start, end), contract("R2", payment_years=1), *paid("R2", start))
    live_through(desk, end, end + timedelta(days=1))
    assert term(desk, number) == (start, end) and desk.standing(number).state is PolicyState.MATURED


def term(desk: Servicing, number: str) -> tuple[date, date]:
    with desk.system.database.read() as tx:
        (found,) = registry.find_policies(tx, [number])
    return found.effective_from, found.effective_to
