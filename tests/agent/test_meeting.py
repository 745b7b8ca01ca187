"""Contacts and ratings: one of each meeting, only after it; words can be destroyed, and numbers in them are masked."""

import pytest
from agent_samples import AGENT_ACTOR, ME, save_town, slot
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from agent import booking, meeting
from agent.finding import card_of
from agent.standing import shortfall_of
from domain.agent import SLOT_MS, Appointment, AppointmentState, Contact, MeetingKind
from domain.china import DAY_MS
from domain.errors import ConflictError, InputError, MingbaiError, NotFoundError
from storage import agent_acts, agent_meetings
from storage.database import Database
from storage.tables_agents import agent_rating, appointment
from tests.storage.storage_samples import at_once


@pytest.fixture
def town(database: Database) -> Database:
    with database.write() as tx:
        save_town(tx)
    return database


def met(database: Database, ago_ms: int = SLOT_MS) -> Appointment:
    """An appointment of I1 with A1 that began so long ago."""
    with database.write() as tx:
        booked = booking.book(tx, "I1", "A1", MeetingKind.CALL_BACK, slot(tx), "", ME)
        database._ahead_ms = lambda: booked.begins_ms - tx.now_ms() + ago_ms
    return booked


def rate(database: Database, about: str, stars: int = 5, comment: str = "", person: str = "I1") -> None:
    with database.write() as tx:
        meeting.rate(tx, person, about, stars, comment, ME)


def called(database: Database, note: str = "介绍了保障", ago_ms: int = 0) -> Contact:
    with database.write() as tx:
        return meeting.record(tx, "A1", "I1", MeetingKind.CALL_BACK, tx.now_ms() - ago_ms, note, AGENT_ACTOR)


def test_a_rating_counts_on_the_card(town: Database) -> None:
    rate(town, met(town).appointment_id, 4, "服务很好")
    with town.read() as tx:
        card = card_of(tx, "A1")
        assert (card.ratings, card.stars, card.shortfall) == (1, 4, shortfall_of(1, 4))
        assert [each[1:] for each in agent_meetings.latest_comments(tx, "A1", 5)] == [(4, "服务很好")]
        assert agent_meetings.rated_among(tx, ("x",)) == {}


def test_a_meeting_is_rated_once_at_whatever_moment(town: Database) -> None:
    about = met(town).appointment_id

    def ask(_: int) -> bool:
        try:
            rate(town, about)
        except ConflictError as error:
            assert "rated already" in error.what
            return False
        return True

    assert sum(at_once(ask, 4)) == 1
    with town.read() as tx:
        assert card_of(tx, "A1").ratings == 1


@pytest.mark.parametrize("stars", [-1, 0, 6, 100])
def test_only_one_to_five_stars_are_given(town: Database, stars: int) -> None:
    about = met(town).appointment_id
    with pytest.raises(InputError) as told:
        rate(town, about, stars)
    assert told.value.field == "stars"
    with town.read() as tx:
        assert tx.connection.execute(select(agent_rating)).all() == []


@pytest.mark.parametrize(("ago_ms", "is_over"), [(SLOT_MS - 1, False), (SLOT_MS, True), (SLOT_MS + 30 * DAY_MS + 10_000, False)])
def test_an_appointment_is_rated_after_it_and_soon(town: Database, ago_ms: int, is_over: bool) -> None:
    """A moment passes between booking and rating; the first case allows for ten seconds of it."""
    about = met(town, ago_ms if is_over or ago_ms > SLOT_MS else ago_ms - 10_000).appointment_id
    if is_over:
        rate(town, about)
    else:
        with pytest.raises(ConflictError, match=r"is not over|days ago"):
            rate(town, about)


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.NO_SHOW])
def test_what_did_not_take_place_is_not_rated(town: Database, state: AppointmentState) -> None:
    about = met(town).appointment_id
    with town.write() as tx:
        tx.connection.execute(update(appointment).values(state=state))
    with pytest.raises(ConflictError, match="did not take place"):
        rate(town, about)


def test_somebody_elses_meeting_is_none(town: Database) -> None:
    for about in (met(town).appointment_id, called(town).contact_id, "B0"):
        with pytest.raises(NotFoundError) as told:
            rate(town, about, person="I2")
        assert told.value.what == f"no appointment {about}"


def test_a_contact_is_rated_too(town: Database) -> None:
    rate(town, called(town).contact_id, 3)
    with town.read() as tx:
        assert card_of(tx, "A1").stars == 3


def test_a_contact_is_written_down_by_whose_customer_it_is(town: Database) -> None:
    with pytest.raises(NotFoundError), town.write() as tx:
        meeting.record(tx, "A2", "I1", MeetingKind.VISIT, tx.now_ms(), "", AGENT_ACTOR)


@pytest.mark.parametrize("ago_ms", [-60_000, 31 * DAY_MS])
def test_a_contact_of_the_future_or_long_ago_is_refused(town: Database, ago_ms: int) -> None:
    with pytest.raises(InputError, match="future, or more than 30 days"):
        called(town, ago_ms=ago_ms)


def test_words_are_sealed_and_destroyed_when_the_customer_wants(town: Database) -> None:
    made, other = called(town, "介绍了保障"), called(town, "约了下周")
    with town.write() as tx:
        raw = b"".join(bytes(row[0]) for row in tx.connection.execute(text("SELECT note_enc FROM agent_contact")))
        assert "介绍".encode() not in raw
        assert meeting.erase_note(tx, "I1", made.contact_id, ME).note is None
        assert meeting.erase_note(tx, "I1", made.contact_id, ME).note is None
    with town.read() as tx:
        notes = {each.contact_id: each.note for each in agent_meetings.contacts_of(tx, "I1", 10, None)}
        assert notes == {made.contact_id: None, other.contact_id: "约了下周"}
        assert [each.action for each in agent_acts.entries(tx, "customer I1")].count("contact.erased") == 1
        assert agent_acts.find_break(tx, "customer I1") is None


def test_nobody_else_destroys_them(town: Database) -> None:
    made = called(town)
    with pytest.raises(NotFoundError), town.write() as tx:
        meeting.erase_note(tx, "I2", made.contact_id, ME)


def test_numbers_and_addresses_are_masked_before_they_are_kept() -> None:
    said = "请打 154 0000 0001 或 990101199001010034，邮箱 zhang.san@example.com，3 个工作日内"
    masked = meeting.without_numbers(said)
    assert masked.startswith("请打 *") and masked.endswith("，3 个工作日内")
    assert not any(each in masked for each in ("0000", "9901", "example"))


@given(st.text(alphabet="0123456789", min_size=7, max_size=30), st.text(max_size=20))
def test_no_long_number_survives(number: str, around: str) -> None:
    assert number not in meeting.without_numbers(f"{around} {number} {around}")


def test_an_entry_that_was_changed_is_found(town: Database) -> None:
    called(town)
    with town.write() as tx:
        if not tx.is_sqlite:
            tx.connection.exec_driver_sql("ALTER TABLE agent_act DISABLE TRIGGER USER")
        else:
            tx.connection.exec_driver_sql("DROP TRIGGER agent_act_no_update")
        tx.connection.execute(text("UPDATE agent_act SET actor = 'somebody'"))
        if not tx.is_sqlite:
            tx.connection.exec_driver_sql("ALTER TABLE agent_act ENABLE TRIGGER USER")
        assert "entry 1" in (agent_acts.find_break(tx, "customer I1") or "")


def test_the_database_refuses_to_change_or_delete_an_entry(town: Database) -> None:
    called(town)
    for statement in ("UPDATE agent_act SET actor = 'x'", "DELETE FROM agent_act"):
        with pytest.raises(Exception, match="append-only"), town.write() as tx:
            tx.connection.execute(text(statement))


def test_errors_here_are_ours(town: Database) -> None:
    with pytest.raises(MingbaiError):
        rate(town, "nothing")
