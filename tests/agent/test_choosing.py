"""Choosing one's own agent: with consent and room, at once, and the one before sees nothing from that moment on."""

from dataclasses import replace

import pytest
from agent_samples import CHANGE, CLAIMS, HEALTH, ME, a_policy, profile, save_town, slot
from sqlalchemy import select

from agent import booking, choosing, consenting, seeing
from agent.choosing import Period
from domain.agent import AppointmentState, ConsentScope, MeetingKind
from domain.china import china_day
from domain.decision import Actor
from domain.errors import ConflictError, NotFoundError
from storage import agent_acts, agents, appointments, registry
from storage.agent_sight import looks_after
from storage.database import Database
from storage.tables_agents import agent_change, agent_consent
from tests.storage.storage_samples import at_once, policy


@pytest.fixture
def town(database: Database) -> Database:
    with database.write() as tx:
        save_town(tx, people=8)
    return database


def choose(database: Database, person: int = 1, agent: str = "A2", *numbers: str, wording: str = CHANGE) -> tuple[str, ...]:
    with database.write() as tx:
        return choosing.choose(tx, f"I{person}", agent, numbers, wording, Actor(f"I{person}", "customer"))


def sees(database: Database, agent: str, person: str = "I1") -> bool:
    with database.read() as tx:
        return bool([each for each in seeing.customers_of(tx, agent, china_day(tx.now_ms()), 10) if each.person_id == person])


def test_the_policy_changes_hands_and_it_is_written_down(town: Database) -> None:
    assert choose(town) == ("P1",)
    with town.read() as tx:
        (mine,) = registry.find_policies(tx, ["P1"])
        assert mine.agent_id == "A2" and looks_after(tx, "A2", "I1") and not looks_after(tx, "A1", "I1")
        first, second = choosing.history(tx, mine)
        (entry,) = agent_acts.entries(tx, "customer I1")
    assert (first.agent_id, first.cause, second.agent_id, second.cause, second.until_ms) == ("A1", "contract", "A2", "chosen", None)
    assert first.until_ms == second.from_ms
    assert (entry.action, CHANGE in entry.detail_json) == ("agent.chosen", True)


def test_a_policy_that_never_changed_hands_had_one_agent_from_the_beginning(town: Database) -> None:
    with town.read() as tx:
        (mine,) = registry.find_policies(tx, ["P1"])
        assert choosing.history(tx, mine) == (Period("A1", 1709222400000, None, "contract"),)  # 2024-03-01 in China


def test_the_earlier_agent_loses_sight_at_that_moment(town: Database) -> None:
    with town.write() as tx:
        consenting.give(tx, "I1", "A1", ConsentScope.CLAIMS, CLAIMS, ME)
        consenting.give(tx, "I1", "A1", ConsentScope.HEALTH, HEALTH, ME)
    assert sees(town, "A1")
    choose(town)
    assert not sees(town, "A1") and not sees(town, "A2")  # the new one has no consent yet
    with town.read() as tx:
        assert set(tx.connection.execute(select(agent_consent.c.ended_by)).scalars()) == {"agent_changed"}


def test_consent_does_not_come_back_with_the_agent(town: Database) -> None:
    with town.write() as tx:
        agents.save_profiles(tx, [profile(1, capacity=8)], 0)
        consenting.give(tx, "I1", "A1", ConsentScope.CLAIMS, CLAIMS, ME)
    choose(town)
    choose(town, 1, "A1")
    assert not sees(town, "A1")


def test_an_agent_who_keeps_another_policy_keeps_the_consent(town: Database) -> None:
    with town.write() as tx:
        registry.save_policies(tx, [a_policy(1), replace(a_policy(1), policy_number="P1b")])
        consenting.give(tx, "I1", "A1", ConsentScope.CLAIMS, CLAIMS, ME)
    assert choose(town, 1, "A2", "P1b") == ("P1b",)
    assert sees(town, "A1")


def test_what_was_arranged_with_the_earlier_agent_is_cancelled(town: Database) -> None:
    with town.write() as tx:
        booked = booking.book(tx, "I1", "A1", MeetingKind.CALL_BACK, slot(tx), "", ME)
        other = booking.book(tx, "I1", "A3", MeetingKind.CALL_BACK, slot(tx, 11), "", ME)
    choose(town)
    with town.read() as tx:
        assert appointments.get(tx, booked.appointment_id).state is AppointmentState.CANCELLED
        assert appointments.get(tx, other.appointment_id).state is AppointmentState.BOOKED
        assert agent_acts.find_break(tx, "customer I1") is None


def test_choosing_whom_one_has_changes_nothing(town: Database) -> None:
    assert choose(town, 1, "A1") == ()
    with town.read() as tx:
        assert agent_acts.entries(tx, "customer I1") == () and tx.connection.execute(select(agent_change)).all() == []


@pytest.mark.parametrize(
    ("agent", "numbers", "wording", "error", "told"),
    [
        ("A9", (), CHANGE, NotFoundError, "no agent A9"),
        ("A2", ("P2",), CHANGE, NotFoundError, "no policy P2 of yours"),
        ("A2", ("P1", "P2"), CHANGE, NotFoundError, "no policy P2 of yours"),
        ("A2", (), "2020-01", ConflictError, "version 2026-11, not 2020-01"),
        ("A2", (), "", ConflictError, "not (none)"),
        ("A3", (), CHANGE, ConflictError, "takes no new customers"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_moved(
    town: Database, agent: str, numbers: tuple[str, ...], wording: str, error: type[Exception], told: str
) -> None:
    with town.write() as tx:
        agents.set_accepting(tx, "A3", accepting=False)
    with pytest.raises(error) as refused:
        choose(town, 1, agent, *numbers, wording=wording)
    assert told in str(refused.value)
    with town.read() as tx:
        assert registry.find_policies(tx, ["P1"])[0].agent_id == "A1" and agent_acts.entries(tx, "customer I1") == ()


def test_the_insured_of_somebody_elses_policy_does_not_choose(town: Database) -> None:
    with town.write() as tx:
        registry.save_policies(tx, [policy(20, 1, policyholder_id="I2", policy_number="P20")])
    with pytest.raises(NotFoundError, match="no policy P20 of yours"):
        choose(town, 1, "A2", "P20")


def test_an_agent_takes_as_many_as_they_may_and_not_one_more_at_whatever_moment(town: Database) -> None:
    """Capacity 3, and eight customers who choose at once."""

    def ask(number: int) -> bool:
        try:
            return choose(town, number + 1) != ()
        except ConflictError as error:
            assert "as many customers" in error.what
            return False

    assert sum(at_once(ask)) == 3
    with town.read() as tx:
        assert agents.count_customers(tx, "A2") == 3


def test_whoever_is_there_already_brings_more_policies_to_a_full_agent(town: Database) -> None:
    for number in (1, 2, 3):
        choose(town, number)
    with town.write() as tx:
        registry.save_policies(tx, [replace(a_policy(1), policy_number="P1b")])
    assert choose(town) == ("P1b",)


def test_a_change_by_the_insurers_own_system_is_written_down_and_ends_consent(town: Database) -> None:
    with town.write() as tx:
        consenting.give(tx, "I1", "A1", ConsentScope.CLAIMS, CLAIMS, ME)
        registry.save_policies(tx, [a_policy(1, agent_id="A3"), a_policy(2)])
    assert not sees(town, "A1")
    with town.read() as tx:
        (mine, other) = registry.find_policies(tx, ["P1", "P2"])
        assert [(each.agent_id, each.cause) for each in choosing.history(tx, mine)] == [("A1", "contract"), ("A3", "imported")]
        assert len(choosing.history(tx, other)) == 1
    with town.write() as tx:
        registry.save_policies(tx, [a_policy(1)])
    assert not sees(town, "A1")


def test_a_policy_may_lose_its_agent(town: Database) -> None:
    with town.write() as tx:
        registry.save_policies(tx, [a_policy(1, agent_id="")])
        (mine,) = registry.find_policies(tx, ["P1"])
        assert [each.agent_id for each in choosing.history(tx, mine)] == ["A1", ""]
    assert choose(town, 1, "A2") == ("P1",)
