"""Premiums as an agent's to-dos: from thirty days before, only of customers who agreed to words that name them, only as policyholder."""

from datetime import date, timedelta

import pytest

from adjudicator.premium_todos import premium_todos
from agent import consenting, seeing
from agent.wordings import WORDINGS, current
from domain.agent import ConsentScope
from domain.policy import Agent
from storage import consents, registry
from tests.adjudicator.servicing_world import CUSTOMER, ME, NOBODY, Servicing, begin, endowment
from tests.adjudicator.world import World

DUE = date(2026, 3, 1)


@pytest.fixture
def desk(world: World) -> Servicing:
    made = begin(world)
    with made.system.database.write() as tx:
        registry.save_agents(tx, [Agent("A1", "示理", "15490000001", "示例支公司"), Agent("A2", "示二", "15490000002", "示例支公司")])
    endowment(made, years=6)
    return made


def consent(desk: Servicing, version: str = "", person_id: str = ME) -> str:
    with desk.system.database.write() as tx:
        if version:  # agreed to in its time
            return consents.give(tx, person_id, "A1", ConsentScope.CLAIMS, version).consent_id
        return consenting.give(tx, person_id, "A1", ConsentScope.CLAIMS, current(ConsentScope.CLAIMS).version, CUSTOMER).consent_id


def todos(desk: Servicing, day: date, agent_id: str = "A1") -> list[tuple[str, str, int]]:
    with desk.system.database.read() as tx:
        customers = seeing.customers_of(tx, agent_id, day, 10)
        found = premium_todos(desk.system, tx, customers, day)
    return [(each.policy_number, each.rule.occasion.value, each.amount_fen) for one in found.values() for each in one]


def test_a_premium_is_a_to_do_from_thirty_days_before_and_not_a_day_earlier(desk: Servicing) -> None:
    consent(desk)
    assert todos(desk, DUE - timedelta(days=31)) == []
    assert todos(desk, DUE - timedelta(days=30)) == [("S1", "premium_due", 700_000)]
    assert [each[1] for each in todos(desk, date(2026, 4, 30))] == ["grace_ending"]
    assert [each[1] for each in todos(desk, date(2026, 5, 1))] == ["lapsed"]


def test_without_consent_with_earlier_words_and_after_withdrawal_nothing_is_seen(desk: Servicing) -> None:
    assert todos(desk, DUE) == []
    earlier = [each.version for each in WORDINGS if each.scope is ConsentScope.CLAIMS and not each.has_premiums]
    consent(desk, earlier[-1])
    assert todos(desk, DUE) == []
    given = consent(desk)  # to today's words: the earlier ones end
    assert len(todos(desk, DUE)) == 1 and todos(desk, DUE, "A2") == []
    with desk.system.database.write() as tx:
        consenting.withdraw(tx, ME, given, CUSTOMER)
    assert todos(desk, DUE) == []


def test_an_insured_shows_nothing_of_what_the_policyholder_owes(desk: Servicing) -> None:
    with desk.system.database.write() as tx:
        (mine,) = registry.find_policies(tx, ["S1"])
        registry.save_policies(tx, [type(mine)(**vars(mine) | {"policyholder_id": NOBODY})])
    consent(desk)
    assert todos(desk, DUE) == []
