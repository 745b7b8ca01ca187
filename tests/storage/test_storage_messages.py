"""The outbox: handed over under a lease, tried again, given up, opened again; recipients are encrypted."""

import pytest
from sqlalchemy import text
from storage_samples import at_once, save_claims, save_world

from domain.message import Way
from storage import messages
from storage.database import Database
from storage.messages import Sending

WAYS = (Way.SMS,)


@pytest.fixture
def written(database: Database) -> Database:
    save_claims(database)
    with database.write() as tx:
        messages.add_message(tx, "C1", None, Way.SMS, "19900001234", "请补充 2 项资料", "正文")
    return database


def _lease(database: Database, ways: tuple[Way, ...] = WAYS, lease_ms: int = 30_000) -> tuple[Sending, ...]:
    with database.write() as tx:
        return messages.lease_due(tx, ways, lease_ms, 10)


def _status(database: Database) -> str:
    with database.read() as tx:
        (found,) = messages.messages_of(tx, "C1")
    return found.status


def test_a_message_comes_out_as_it_was_written(written: Database) -> None:
    (sending,) = _lease(written)
    message = sending.message
    assert (message.way, message.recipient, message.subject, message.body) == (Way.SMS, "19900001234", "请补充 2 项资料", "正文")


def test_the_recipient_is_not_stored_as_it_is(written: Database) -> None:
    with written.read() as tx:
        stored = tx.connection.execute(text("SELECT recipient_enc FROM message")).scalar_one()
    assert b"19900001234" not in bytes(stored)


def test_a_leased_message_is_not_leased_again(written: Database) -> None:
    assert len(_lease(written)) == 1
    assert _lease(written) == ()


def test_a_lease_that_ended_is_taken_over_and_counted(written: Database) -> None:
    _lease(written, lease_ms=0)
    (again,) = _lease(written)
    assert again.attempt == 2


def test_a_way_without_a_gateway_waits(written: Database) -> None:
    assert _lease(written, ways=(Way.STAFF,)) == ()


def test_eight_senders_at_once_get_one_message_once(written: Database) -> None:
    assert sum(len(each) for each in at_once(lambda _: _lease(written))) == 1


def test_what_was_sent_is_not_sent_again(written: Database) -> None:
    (sending,) = _lease(written, lease_ms=0)
    with written.write() as tx:
        assert messages.note_sent(tx, sending, "GW-1")
    assert _lease(written) == ()
    assert _status(written) == "sent"


def test_a_sender_that_lost_its_lease_writes_nothing(written: Database) -> None:
    (late,) = _lease(written, lease_ms=0)
    _lease(written)
    with written.write() as tx:
        assert not messages.note_sent(tx, late, "")
    assert _status(written) == "open"


def test_a_failure_is_tried_again_when_its_pause_is_over(written: Database) -> None:
    (sending,) = _lease(written)
    with written.write() as tx:
        messages.note_failed(tx, sending, "no answer", retry_after_ms=60_000)
    assert _lease(written) == ()
    with written.write() as tx:
        tx.connection.execute(text("UPDATE message SET available_ms = available_ms - 60000"))
    assert len(_lease(written)) == 1


def test_a_message_given_up_waits_for_a_person_who_opens_it_again(written: Database) -> None:
    (sending,) = _lease(written)
    with written.write() as tx:
        messages.note_failed(tx, sending, "no answer", retry_after_ms=None)
        assert messages.count_messages(tx) == {"open": 0, "dead": 1}
    assert _lease(written) == ()
    with written.write() as tx:
        assert messages.open_again(tx, "C1") == 1
    (again,) = _lease(written)
    assert again.attempt == 1


def test_a_message_of_no_claim_goes_out_by_the_same_gateways(database: Database) -> None:
    with database.write() as tx:
        save_world(tx, 1)
        messages.add_customer_message(tx, "I1", Way.SMS, "15400000001", "预约成功", "【明白】您的预约已确认。")
        assert messages.has_due(tx, (Way.SMS,)) and not messages.has_due(tx, (Way.APP_PUSH,))
        (sending,) = messages.lease_due(tx, (Way.SMS,), 60_000, 5)
        assert (sending.claim_id, sending.notice_id, sending.message.recipient) == ("", None, "15400000001")
        assert messages.lease_due(tx, (Way.SMS,), 60_000, 5) == () and messages.count_messages(tx)["open"] == 1
        assert messages.note_sent(tx, sending, "G1") and not messages.note_sent(tx, sending, "G1")
        assert messages.count_messages(tx) == {"open": 0, "dead": 0}
