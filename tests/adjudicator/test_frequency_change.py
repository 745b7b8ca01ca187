"""Paying by the month instead of by the year: from the next anniversary that is not paid, to the 分, with the past as it was."""

from datetime import date, timedelta

import pytest

from domain.contract import Contract, EntryKind, PolicyEntry, PolicyState, PremiumChange, premium_event
from domain.errors import ConflictError, InputError
from domain.terms import Frequency
from entitlement.figures import Kind, figures_of
from policy.facts import FACTS
from policy.holdings import holdings_of
from storage import policy_ledger
from tests.adjudicator.servicing_world import ACCOUNT, Servicing, begin, contract, endowment, paid, policy
from tests.adjudicator.world import World

ANNIVERSARY = date(2027, 3, 1)


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world)  # on 15 June 2026; S1 is paid up to 1 March 2027


def due_now(desk: Servicing, number: str, day: date) -> int | None:
    with desk.system.database.read() as tx:
        (holding,) = holdings_of(tx, [number], desk.system.terms, day)
    return next(each.amount_fen for each in figures_of(holding, desk.system.bases) if each.kind is Kind.PREMIUM_DUE)


def test_a_year_of_7000_is_583_33_a_month_from_the_anniversary_on_and_not_a_day_before(desk: Servicing) -> None:
    number = endowment(desk)
    before = desk.look(number).cash_fen
    done = desk.do(number, "frequency-change", frequency="月交")
    assert done.state == "done" and [each.amount_fen for each in done.figures] == [700_000, 58_333]
    assert "自2027年3月1日起" in done.text and "每期保险费583.33元" in done.text
    agreed = desk.contract(number)
    assert (agreed.frequency, agreed.premium_fen) == (Frequency.YEARLY, 700_000)
    assert agreed.changes == (PremiumChange(ANNIVERSARY, Frequency.MONTHLY, 58_333),)
    assert [agreed.frequency_on(each) for each in (ANNIVERSARY - timedelta(days=1), ANNIVERSARY)] == [Frequency.YEARLY, Frequency.MONTHLY]
    assert desk.look(number).cash_fen == before
    dues = [due_now(desk, number, day) for day in (date(2027, 2, 28), ANNIVERSARY, date(2027, 3, 31), date(2027, 4, 1))]
    assert dues == [0, 58_333, 58_333, 116_666]


def test_it_is_paid_reminded_of_and_lapses_by_the_month(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "frequency-change", frequency="月交")
    desk.go_to(date(2027, 4, 1))
    assert desk.do(number, "renewal-premium", account=ACCOUNT).figures[0].amount_fen == 116_666
    dues = [each.event for each in desk.entries(number) if each.kind is EntryKind.PREMIUM][-2:]
    assert dues == ["premium 2027-03-01", "premium 2027-04-01"]
    desk.go_to(date(2027, 6, 30))  # 1 May and sixty days
    assert desk.standing(number).state is PolicyState.IN_GRACE and desk.standing(number).grace_until == date(2027, 6, 30)
    desk.go_to(date(2027, 7, 1))
    assert desk.standing(number).state is PolicyState.LAPSED


def test_an_earlier_day_is_answered_as_it_was(desk: Servicing) -> None:
    number = endowment(desk, years=6)
    desk.go_to(date(2026, 2, 15))
    desk.do(number, "frequency-change", frequency="季交")
    assert due_now(desk, number, date(2026, 3, 1)) == 175_000
    assert due_now(desk, number, date(2025, 3, 1)) == 0
    assert desk.contract(number).changes[0].effective_from == date(2026, 3, 1)


def test_what_is_paid_in_advance_is_left_as_it_is(desk: Servicing) -> None:
    number = endowment(desk)
    early = PolicyEntry(number, EntryKind.PREMIUM, 700_000, premium_event(ANNIVERSARY), date(2026, 6, 10))
    with desk.system.database.write() as tx:
        policy_ledger.book(tx, [early])
    desk.do(number, "frequency-change", frequency="半年交")
    assert desk.contract(number).changes == (PremiumChange(date(2028, 3, 1), Frequency.HALF_YEARLY, 350_000),)


def test_a_second_change_of_the_same_day_holds_and_back_to_the_year_is_to_the_fen(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "frequency-change", frequency="月交")
    desk.do(number, "frequency-change", frequency="年交")
    agreed = desk.contract(number)
    assert [each.frequency for each in agreed.changes] == [Frequency.MONTHLY, Frequency.YEARLY]
    assert (agreed.premium_on(ANNIVERSARY), due_now(desk, number, date(2027, 4, 1))) == (700_000, 700_000)


def test_the_insurers_own_system_brings_a_contract_again_and_the_history_stays(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "frequency-change", frequency="月交")
    with desk.system.database.write() as tx:
        policy_ledger.save_contracts(tx, [contract(number, auto_renew=True)])
    agreed = desk.contract(number)
    assert agreed.auto_renew and len(agreed.changes) == 1


def test_what_cannot_be_is_told_and_nothing_is_changed(desk: Servicing) -> None:
    number = endowment(desk)
    with pytest.raises(InputError, match="paid yearly already"):
        desk.quote(number, "frequency-change", frequency="年交")
    with pytest.raises(InputError, match="none of its choices"):
        desk.quote(number, "frequency-change", frequency="周交")
    late = endowment(desk, "S2", date(2017, 3, 1), 10)  # the last premium was paid on 1 March 2026
    with pytest.raises(ConflictError, match="no premium of S2 is left"):
        desk.quote(late, "frequency-change", frequency="月交")
    missing = endowment(desk, "S3", date(2025, 6, 15), 1)  # one is due today
    with pytest.raises(ConflictError, match="pay what has come due first"):
        desk.quote(missing, "frequency-change", frequency="月交")
    year = desk.add(
        policy("H1", "jiacai-property", date(2026, 1, 1), date(2026, 12, 31)),
        contract("H1", payment_years=1),
        *paid("H1", date(2026, 1, 1)),
    )
    with pytest.raises(ConflictError, match="paid by the year"):
        desk.quote(year, "frequency-change", frequency="月交")
    assert all(desk.contract(each).changes == () for each in (number, late, missing, year))


def test_the_fact_and_the_contract_agree_on_the_first_day(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "frequency-change", frequency="月交")
    for day, word in ((date(2027, 2, 28), "年交"), (ANNIVERSARY, "月交")):
        desk.go_to(day)
        assert FACTS["交费方式"](desk.look(number)) == word


def test_without_changes_nothing_is_another_way() -> None:
    plain = Contract("P", Frequency.YEARLY, 100)
    assert (plain.frequency_on(date.max), plain.premium_on(date.min)) == (Frequency.YEARLY, 100)
