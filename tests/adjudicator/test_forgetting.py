"""Customers whom no claim and no transaction forgets: what is kept of them beside goes when nothing keeps them, and not before."""

from datetime import date

import pytest

from adjudicator.erasing import erase
from adjudicator.forgetting import forget, iter_due_customers
from domain.agent import MeetingKind
from domain.message import Way
from storage import agent_acts, agent_meetings, cover, messages, registry, reminders
from storage.access import Staff
from storage.audit import ERASED_WORDS
from storage.customer_words import customers_after
from tests.adjudicator.servicing_world import ME, NOBODY, Servicing, begin, endowment, policy
from tests.adjudicator.test_erasing import NAMED, ORDER, paid, places_of
from tests.adjudicator.world import INSURED, OTHER, World

OPERATOR = Staff("yun", "云", "operator", 0)
ENDED, LAST = date(2026, 1, 31), date(2031, 1, 31)  # of the one-year policies that both customers have: kept five years


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world, date(2025, 6, 1))


def prefer(desk: Servicing, person_id: str = NOBODY) -> None:
    with desk.system.database.write() as tx:
        reminders.save_preferences(tx, person_id, desk.system.reminders.preferences())


def due(desk: Servicing, on: date, years: int = 1) -> list[str]:
    desk.go_to(on)
    return list(iter_due_customers(desk.system.database, years))


def test_wishes_of_a_customer_without_claims_go_the_day_after_the_law_keeps_their_last_policy(desk: Servicing) -> None:
    prefer(desk)
    assert due(desk, LAST) == []
    assert due(desk, date(2031, 2, 1)) == [NOBODY]
    assert forget(desk.system.database, NOBODY, OPERATOR, 1)
    assert due(desk, date(2031, 2, 1)) == []
    with desk.system.database.read() as tx:
        assert reminders.preferences_of(tx, [NOBODY]) == {}
        assert agent_acts.entries(tx, agent_acts.of_customer(NOBODY))[-1].action == "customer.forgotten"


def test_everything_that_is_kept_of_them_beside_goes(desk: Servicing, world: World) -> None:
    with desk.system.database.write() as tx:
        agent_meetings.add_contact(tx, "A1", NOBODY, MeetingKind.VISIT, tx.now_ms(), NAMED)
        messages.add_customer_message(tx, NOBODY, Way.SMS, OTHER.phone, "预约提醒", f"{NAMED}有约")
        cover.save_profile(tx, NOBODY, {"说明": NAMED})
    assert due(desk, date(2031, 2, 1)) == [NOBODY]
    assert forget(desk.system.database, NOBODY, OPERATOR, 1)
    assert places_of(world, NAMED, OTHER.phone) == set()
    with desk.system.database.read() as tx:
        assert customers_after(tx, "", 10) == ()


def test_the_insurer_may_keep_longer_than_the_law_and_whoever_comes_back_is_kept_from_then_on(desk: Servicing) -> None:
    prefer(desk)
    assert due(desk, date(2034, 1, 31), years=8) == []
    assert due(desk, date(2034, 2, 1), years=8) == [NOBODY]
    prefer(desk)
    assert due(desk, date(2034, 2, 2), years=8) == []
    assert not forget(desk.system.database, NOBODY, OPERATOR, 8)
    assert due(desk, date(2042, 2, 2), years=8) == [NOBODY]


def test_a_policy_that_the_law_keeps_longer_keeps_its_holder_who_is_not_insured(desk: Servicing) -> None:
    with desk.system.database.write() as tx:
        registry.save_policies(tx, [policy("L1", "dingshou-term", date(2020, 3, 1), date(2025, 2, 28), policyholder_id=NOBODY)])
    prefer(desk)
    assert due(desk, date(2035, 2, 28)) == []
    assert due(desk, date(2035, 3, 1)) == [NOBODY]


def test_a_claim_or_a_transaction_keeps_a_customer_until_it_is_erased(world: World) -> None:
    claim_id = paid(world)
    desk = begin(world)
    prefer(desk, ME)
    assert due(desk, date(2060, 1, 1)) == []
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    number = endowment(desk)
    desk.go_to(date(2026, 6, 15))
    signed = desk.do(number, "policy-loan", amount="1000", account="9900123412341234")
    prefer(desk, ME)
    assert due(desk, date(2060, 1, 1)) == []
    assert desk.find(signed.transaction_id).person_id == ME == INSURED.person_id


def test_words_that_are_gone_keep_nobody_on_the_list(desk: Servicing) -> None:
    with desk.system.database.write() as tx:
        messages.add_customer_message(tx, NOBODY, Way.SMS, OTHER.phone, "预约提醒", ERASED_WORDS)
    assert due(desk, date(2060, 1, 1)) == []


def test_more_customers_than_a_page_are_all_found(desk: Servicing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adjudicator.forgetting._PAGE", 1)
    prefer(desk, ME)
    prefer(desk, NOBODY)
    assert due(desk, date(2060, 1, 1)) == [ME, NOBODY]
