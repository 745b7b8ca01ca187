"""What comes due by the calendar: each thing once, on its own day, also at ends of months and in leap years."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from adjudicator.chores import do_chores
from adjudicator.servicing_sweep import sweep
from adjudicator.verifying_policies import iter_books, verify_policy
from domain.contract import EntryKind, PolicyEntry, PolicyState, premium_event
from storage import contract_looks, policy_ledger, registry
from storage.database import Transaction
from storage.tables_policies import policy_contract
from tests.adjudicator.servicing_world import ACCOUNT, ME, Servicing, begin, contract, endowment, paid, policy
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


def look_days(desk: Servicing) -> dict[str, date]:
    with desk.system.database.read() as tx:
        return {row.policy_number: row.look_on for row in tx.connection.execute(select(policy_contract))}


def swept_on(desk: Servicing, day: date) -> int:
    """Do a day's sweep; gives how many contracts it looked at."""
    desk.go_to(day)
    return sweep(desk.system)


def test_a_day_looks_only_at_contracts_whose_day_has_come(desk: Servicing) -> None:
    calm, monthly = endowment(desk), desk.add(policy("M1", "yinian-annuity", date(2020, 3, 1), date(2099, 1, 1)), contract("M1"))
    first = date(2026, 6, 16)
    assert swept_on(desk, first) == 2  # nobody has looked at them yet
    live_through(desk, first, first + timedelta(days=1))
    told = look_days(desk)
    assert min(told.values()) > first + timedelta(days=1) and set(told) == {calm, monthly}
    assert swept_on(desk, min(told.values()) - timedelta(days=1)) == 0
    assert swept_on(desk, min(told.values())) == sum(1 for day in told.values() if day == min(told.values()))


def test_what_is_booked_is_looked_at_by_the_next_sweep(desk: Servicing) -> None:
    number = endowment(desk, years=7)
    for ahead in range(1, 4):
        swept_on(desk, date(2026, 6, 15) + timedelta(days=ahead))
    assert look_days(desk)[number] == date(2027, 6, 18)  # a year away: nothing comes due before the benefit of 2029
    desk.do(number, "policy-loan", amount="10000", account=ACCOUNT)
    assert look_days(desk)[number] == date.min
    swept_on(desk, date(2026, 6, 19))
    assert look_days(desk)[number] == date(2026, 6, 18) + timedelta(days=181)  # the day after the loan's term


def test_a_birth_date_that_is_put_right_is_looked_at_again_and_the_same_one_is_not(desk: Servicing) -> None:
    number = endowment(desk, years=7)
    for ahead in range(1, 4):
        swept_on(desk, date(2026, 6, 15) + timedelta(days=ahead))
    before = look_days(desk)[number]
    with desk.system.database.write() as tx:
        person = registry.find_person(tx, ME)
        assert person
        registry.save_people(tx, [person])
    assert look_days(desk)[number] == before
    with desk.system.database.write() as tx:
        registry.save_people(tx, [replace(person, birth_date=person.birth_date - timedelta(days=1))])
    assert look_days(desk)[number] == date.min


def test_when_a_products_terms_change_all_of_its_contracts_are_looked_at_once(desk: Servicing) -> None:
    endowment(desk)
    desk.add(policy("R3", "baiwan-medical", date(2026, 3, 1), date(2027, 2, 28)), contract("R3", payment_years=1))
    for ahead in range(1, 4):
        swept_on(desk, date(2026, 6, 15) + timedelta(days=ahead))
    before = dict(desk.system.terms)
    desk.system = replace(desk.system, terms=before | {"fulu-endowment": replace(before["fulu-endowment"], grace_days=59)})
    assert [swept_on(desk, date(2026, 6, day)) for day in (19, 20)] == [1, 0]


def test_a_sweep_that_was_cut_off_goes_on_where_it_was(desk: Servicing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adjudicator.servicing_sweep._PAGE", 2)
    numbers = [endowment(desk, f"S{number}") for number in range(5)]
    desk.go_to(date(2026, 6, 16))
    assert sweep(desk.system) == 2  # and here the process ends
    assert sum(day == date.min for day in look_days(desk).values()) == 3
    assert [sweep(desk.system) for _ in range(3)] == [2, 1, 0]
    assert all(of_kind(desk.entries(number), EntryKind.BENEFIT_DUE) for number in numbers)


def test_a_change_while_the_sweep_looks_is_not_lost(desk: Servicing) -> None:
    """Seen with no change, changed by somebody, put off by what was seen: the change stands."""
    number = endowment(desk, years=7)
    with desk.system.database.write() as tx:
        contract_looks.put_off(tx, {number: date(2030, 1, 1)}, {number: _changes(tx, number)})
    assert look_days(desk)[number] == date(2030, 1, 1)
    with desk.system.database.write() as tx:
        seen = _changes(tx, number)
        contract_looks.look_again(tx, [number])
        contract_looks.put_off(tx, {number: date(2031, 1, 1)}, {number: seen})
    assert look_days(desk)[number] == date.min


def _changes(tx: Transaction, number: str) -> int:
    found = select(policy_contract.c.touched).where(policy_contract.c.policy_number == number)
    return int(tx.connection.execute(found).scalar_one())


def test_an_entry_that_counts_from_a_day_to_come_is_looked_at_on_that_day(desk: Servicing) -> None:
    number = endowment(desk, years=7)
    later = PolicyEntry(number, EntryKind.LOAN, 100_000, "loan later", date(2026, 8, 1))
    with desk.system.database.write() as tx:
        policy_ledger.book(tx, [later])
    for ahead in range(1, 4):
        swept_on(desk, date(2026, 6, 15) + timedelta(days=ahead))
    assert look_days(desk)[number] == date(2026, 8, 1)
