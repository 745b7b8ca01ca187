"""Appointments: no slot twice, whoever asks at one moment; and every bad wish is refused before anything moves."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from agent_samples import AGENT_ACTOR, ME, profile, save_town, slot
from sqlalchemy import select, text

from agent import booking, reminding
from domain.agent import SLOT_MS, Appointment, AppointmentState, Hours, MeetingKind
from domain.china import DAY_MS, HOUR_MS, china_day, china_midnight_ms
from domain.decision import Actor
from domain.errors import ConflictError, IllegalTransitionError, InputError, MingbaiError, NotFoundError, StaleVersionError
from storage import agent_acts, agents, appointments
from storage.database import Database, Transaction
from storage.tables import customer_message
from storage.tables_agents import appointment
from tests.storage.storage_samples import at_once

CALL = MeetingKind.CALL_BACK


@pytest.fixture
def town(database: Database) -> Database:
    with database.write() as tx:
        save_town(tx, people=9)
    return database


def book(database: Database, person: int = 1, begins_ms: int | None = None, agent: str = "A1", topic: str = "") -> Appointment:
    with database.write() as tx:
        at_ms = slot(tx) if begins_ms is None else begins_ms
        return booking.book(tx, f"I{person}", agent, CALL, at_ms, topic, Actor(f"I{person}", "customer"))


def later(database: Database, ahead_ms: int) -> None:
    database._ahead_ms = lambda: ahead_ms


def messages_to(tx: Transaction) -> list[tuple[str, str]]:
    rows = tx.connection.execute(select(customer_message).order_by(customer_message.c.message_id))
    return [(tx.cipher.decrypt(row.recipient_enc), row.subject) for row in rows]


def test_a_slot_is_booked_and_both_are_told(town: Database) -> None:
    booked = book(town, topic="想了解保单")
    with town.read() as tx:
        assert appointments.get(tx, booked.appointment_id) == booked
        assert set(messages_to(tx)) == {("19900001234", "预约已确认"), ("15490000001", "新预约")}
        assert [each.action for each in agent_acts.entries(tx, "customer I1")] == ["appointment.booked"]
        assert agent_acts.find_break(tx, "customer I1") is None
        assert "保单" not in tx.connection.execute(text("SELECT detail_json FROM agent_act")).scalar_one()


def test_of_eight_customers_who_ask_for_one_slot_at_once_one_has_it(town: Database) -> None:
    with town.read() as tx:
        wanted = slot(tx)

    def ask(number: int) -> str:
        try:
            return book(town, number + 1, wanted).person_id
        except ConflictError as error:
            assert "taken by somebody else" in error.what
            return ""

    answers = at_once(ask)
    with town.read() as tx:
        (row,) = tx.connection.execute(select(appointment)).all()
        assert len(messages_to(tx)) == 2
    assert [each for each in answers if each] == [row.person_id]


def test_of_eight_wishes_of_one_customer_for_one_hour_one_is_granted(town: Database) -> None:
    with town.read() as tx:
        wanted = slot(tx)

    def ask(number: int) -> bool:
        try:
            return bool(book(town, 1, wanted, agent=f"A{number % 3 + 1}"))
        except ConflictError as error:
            assert "already" in error.what or "taken" in error.what
            return False

    assert sum(at_once(ask)) == 1


def test_two_who_move_to_one_slot_at_once_do_not_both_have_it(town: Database) -> None:
    with town.read() as tx:
        first, second, wanted = slot(tx, 10), slot(tx, 11), slot(tx, 14)
    held = [book(town, 1, first), book(town, 2, second)]

    def move(number: int) -> bool:
        try:
            with town.write() as tx:
                booking.move(tx, f"I{number + 1}", held[number].appointment_id, wanted, ME)
        except ConflictError:
            return False
        return True

    assert sorted(at_once(move, 2)) == [False, True]
    with town.read() as tx:
        assert sorted(tx.connection.execute(select(appointment.c.begins_ms)).scalars()) in ([first, wanted], [second, wanted])


def test_a_slot_that_was_given_back_may_be_taken(town: Database) -> None:
    booked = book(town)
    with town.write() as tx:
        assert booking.cancel(tx, "I1", booked.appointment_id, ME).state is AppointmentState.CANCELLED
    assert book(town, 2, booked.begins_ms).person_id == "I2"


REFUSED: dict[str, tuple[Callable[[Transaction], int], str]] = {
    "the past": (lambda tx: slot(tx, days=-8), "is past"),
    "this very moment": (lambda tx: tx.now_ms(), "is past"),
    "before hours": (lambda tx: slot(tx, 8), "is no slot"),
    "lunch": (lambda tx: slot(tx, 12), "is no slot"),
    "after hours": (lambda tx: slot(tx, 17) + HOUR_MS // 2, "is no slot"),
    "a minute beside a slot": (lambda tx: slot(tx) + 60_000, "is no slot"),
    "far ahead": (lambda tx: slot(tx, days=70), "days ahead"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_moment_that_is_no_slot_is_refused_and_nothing_moved(town: Database, name: str) -> None:
    moment, told = REFUSED[name]
    with town.read() as tx:
        wanted = moment(tx)
    with pytest.raises(InputError, match=told) as error:
        book(town, 1, wanted)
    assert error.value.field == "begins_at" and error.value.advice_zh
    with town.read() as tx:
        assert tx.connection.execute(select(appointment)).all() == [] and messages_to(tx) == []
        assert agent_acts.entries(tx, "customer I1") == ()


def test_on_weekends_only_those_hours_count_that_are_named_for_them(town: Database) -> None:
    with town.write() as tx:
        agents.save_profiles(tx, [profile(1, hours=Hours(other_days=((600, 660),)))], 0)
        first = china_day(tx.now_ms()) + timedelta(days=1)
        saturday = next(first + timedelta(days=each) for each in range(60) if _is_off(first + timedelta(days=each)))
        found = booking.free_slots(tx, "A1", saturday, 1)
    assert found == tuple(china_midnight_ms(saturday) + minute * 60_000 for minute in (600, 630))


def _is_off(day: date) -> bool:
    return Hours(working_days=(), other_days=((600, 630),)).slots_on(day) != ()


def test_free_slots_leave_out_what_is_taken_and_what_is_past(town: Database) -> None:
    booked = book(town)
    with town.read() as tx:
        day = china_day(booked.begins_ms)
        found = booking.free_slots(tx, "A1", day, 1)
        assert len(found) == 13 and booked.begins_ms not in found  # 6 before noon, 8 after, one is taken
        assert booking.free_slots(tx, "A1", china_day(tx.now_ms()) - timedelta(days=30), 29) == ()
        everything = booking.free_slots(tx, "A1", china_day(tx.now_ms()), 14)
        assert all(each > tx.now_ms() for each in everything)
        with pytest.raises(NotFoundError):
            booking.free_slots(tx, "A9", day, 1)


def test_an_agent_who_takes_nobody_new_is_still_there_for_their_own(town: Database) -> None:
    with town.write() as tx:
        agents.set_accepting(tx, "A1", accepting=False)
        agents.set_accepting(tx, "A2", accepting=False)
    assert book(town).agent_id == "A1"
    with pytest.raises(ConflictError, match="takes no new customers"):
        book(town, 2, agent="A2")


def test_a_sixth_appointment_is_refused(town: Database) -> None:
    with town.read() as tx:
        moments = [slot(tx, days=days) for days in (3, 10, 17, 24, 31, 38)]
    for each in moments[:5]:
        book(town, 1, each)
    with pytest.raises(ConflictError, match="5 appointments"):
        book(town, 1, moments[5])


def test_somebody_elses_appointment_is_none(town: Database) -> None:
    booked = book(town)
    for act in (
        lambda tx: booking.cancel(tx, "I2", booked.appointment_id, ME),
        lambda tx: booking.move(tx, "I2", booked.appointment_id, booked.begins_ms + SLOT_MS, ME),
        lambda tx: booking.conclude(tx, "A2", booked.appointment_id, AppointmentState.DONE, AGENT_ACTOR),
    ):
        with pytest.raises(NotFoundError) as theirs, town.write() as tx:
            act(tx)
        assert theirs.value.what == f"no appointment {booked.appointment_id}"
    with town.read() as tx:
        assert appointments.get(tx, booked.appointment_id) == booked


def test_what_has_begun_is_neither_moved_nor_cancelled(town: Database) -> None:
    booked = book(town)
    with town.read() as tx:
        later(town, booked.begins_ms - tx.now_ms())
    for act in (booking.cancel, lambda tx, *words: booking.move(tx, words[0], words[1], slot(tx), ME)):
        with pytest.raises(IllegalTransitionError, match="has begun"), town.write() as tx:
            act(tx, "I1", booked.appointment_id, ME)


def test_the_agent_tells_what_became_of_it_once_it_began(town: Database) -> None:
    booked = book(town)
    with pytest.raises(IllegalTransitionError, match="has not begun"), town.write() as tx:
        booking.conclude(tx, "A1", booked.appointment_id, AppointmentState.NO_SHOW, AGENT_ACTOR)
    with town.read() as tx:
        later(town, booked.begins_ms - tx.now_ms() + 60_000)
    with town.write() as tx:
        assert booking.conclude(tx, "A1", booked.appointment_id, AppointmentState.NO_SHOW, AGENT_ACTOR).state == "no_show"
        assert booking.conclude(tx, "A1", booked.appointment_id, AppointmentState.DONE, AGENT_ACTOR).state == "done"
        assert [each.action for each in agent_acts.entries(tx, "customer I1")][1:] == ["appointment.no_show", "appointment.done"]


def test_a_change_that_was_based_on_something_older_is_refused(town: Database) -> None:
    booked = book(town)
    with town.write() as tx:
        booking.move(tx, "I1", booked.appointment_id, booked.begins_ms + SLOT_MS, ME, version=1)
    with pytest.raises(StaleVersionError), town.write() as tx:
        booking.cancel(tx, "I1", booked.appointment_id, ME, version=1)


def test_both_are_reminded_a_day_before_and_once(town: Database) -> None:
    booked = book(town)
    assert reminding.remind_due(town, 10) == 0
    with town.read() as tx:
        later(town, booked.begins_ms - tx.now_ms() - DAY_MS + 1000)
    with town.read() as tx:
        assert reminding.is_due(tx)
    at_once(lambda _: reminding.remind_due(town, 10), 4)
    with town.read() as tx:
        assert not reminding.is_due(tx)
        assert [subject for _, subject in messages_to(tx)].count("预约提醒") == 2


def test_what_is_booked_for_the_coming_day_or_cancelled_is_not_reminded_of(town: Database) -> None:
    booked = book(town)
    with town.write() as tx:
        booking.cancel(tx, "I1", booked.appointment_id, ME)
        later(town, booked.begins_ms - tx.now_ms() - HOUR_MS)
    book(town, 2, booked.begins_ms)
    with town.read() as tx:
        assert not reminding.is_due(tx)


def test_after_a_move_it_is_reminded_of_anew(town: Database) -> None:
    booked = book(town)
    with town.read() as tx:
        ahead = booked.begins_ms - tx.now_ms() - HOUR_MS
    later(town, ahead)
    assert reminding.remind_due(town, 10) == 1
    with town.write() as tx:
        moved = booking.move(tx, "I1", booked.appointment_id, slot(tx, days=12), ME)
        later(town, ahead + moved.begins_ms - booked.begins_ms)
    assert reminding.remind_due(town, 10) == 1


def test_two_times_the_same_in_the_database_itself_are_refused(town: Database) -> None:
    """The check may be forgotten one day: the index is not."""
    booked = book(town)
    with town.write() as tx:
        assert appointments.add(tx, "A1", "I2", CALL, booked.begins_ms, "") is None


def test_a_lost_booking_is_told_as_an_error_of_ours_with_a_way_out(town: Database) -> None:
    booked = book(town)
    with pytest.raises(MingbaiError) as error:
        book(town, 2, booked.begins_ms)
    assert "/v1/agents/A1/slots" in error.value.way_out
