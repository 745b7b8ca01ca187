"""Payment orders: one a claim and round, counted before each call of the bank, confirmed under one bank reference."""

import time

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from storage_samples import ACCOUNT, save_claims

from domain.claim import Payee
from domain.errors import IllegalTransitionError, NotFoundError
from domain.payout import PaymentOrder
from domain.states import PaymentState
from storage import payouts
from storage.database import Database
from storage.migrate import _config

ORDER = PaymentOrder("key-1", 669524, Payee("示例1", ACCOUNT, "示例银行"), "理赔款 C1")


def _order(key: str, amount_fen: int = 100) -> PaymentOrder:
    return PaymentOrder(key, amount_fen, ORDER.payee, "理赔款")


@pytest.fixture
def ordered(database: Database) -> Database:
    save_claims(database, 2)
    with database.write() as tx:
        payouts.add_payout(tx, "C1", 1, ORDER)
    return database


def test_an_order_comes_back_as_it_was_written(ordered: Database) -> None:
    with ordered.read() as tx:
        found = payouts.find_payout(tx, "C1", 1)
    assert found is not None
    assert (found.idempotency_key, found.amount_fen, found.payee) == ("key-1", 669524, ORDER.payee)
    assert (found.state, found.sends, found.first_sent_ms, found.bank_reference) == (PaymentState.ORDERED, 0, None, None)


def test_a_round_without_an_order_has_none(ordered: Database) -> None:
    with ordered.read() as tx:
        assert payouts.find_payout(tx, "C1", 2) is None


def test_a_second_order_for_the_same_round_is_refused(ordered: Database) -> None:
    with pytest.raises(IntegrityError), ordered.write() as tx:
        payouts.add_payout(tx, "C1", 1, _order("key-2"))


def test_a_second_attempt_waits_until_the_first_came_back(ordered: Database) -> None:
    with pytest.raises(IntegrityError), ordered.write() as tx:
        payouts.add_payout(tx, "C1", 1, _order("key-2"), attempt=2)
    with ordered.write() as tx:
        payouts.move_payout(tx, "key-1", PaymentState.BOUNCED)
        payouts.add_payout(tx, "C1", 1, _order("key-2"), attempt=2)
        assert [each.attempt for each in payouts.payouts_of(tx, "C1")] == [1, 2]
        assert (found := payouts.find_payout(tx, "C1", 1)) and found.idempotency_key == "key-2"


def test_an_attempt_is_ordered_once(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.move_payout(tx, "key-1", PaymentState.BOUNCED)
    with pytest.raises(IntegrityError), ordered.write() as tx:
        payouts.add_payout(tx, "C1", 1, _order("key-2"), attempt=1)


def test_a_late_payment_stands_beside_its_successor(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.move_payout(tx, "key-1", PaymentState.BOUNCED)
        payouts.add_payout(tx, "C1", 1, _order("key-2"), attempt=2)
        payouts.move_payout(tx, "key-1", PaymentState.LATE, bank_reference="B1")
        assert [each.has_moved_money for each in payouts.payouts_of(tx, "C1")] == [True, False]


def test_a_second_order_under_the_same_key_is_refused(ordered: Database) -> None:
    with pytest.raises(IntegrityError), ordered.write() as tx:
        payouts.add_payout(tx, "C2", 1, _order("key-1"))


def test_another_round_has_an_order_of_its_own(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.add_payout(tx, "C1", 2, _order("key-2"))
        assert payouts.find_payout(tx, "C1", 2) is not None


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_an_order_for_nothing_or_less_is_refused(ordered: Database, amount_fen: int) -> None:
    with pytest.raises(IntegrityError, match="amount_positive"), ordered.write() as tx:
        payouts.add_payout(tx, "C2", 1, _order("key-2", amount_fen))


def test_an_order_of_one_fen_is_an_order(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.add_payout(tx, "C2", 1, _order("key-2", 1))
        assert payouts.find_payout(tx, "C2", 1) is not None


def test_every_call_of_the_bank_is_counted(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.note_sending(tx, "key-1")
        payouts.note_sending(tx, "key-1")
        found = payouts.find_payout(tx, "C1", 1)
    assert found is not None
    assert (found.state, found.sends) == (PaymentState.SENT, 2)


def test_the_first_call_keeps_its_time(ordered: Database) -> None:
    times = []
    for _ in range(2):
        time.sleep(0.002)  # the database's clock counts milliseconds
        with ordered.write() as tx:
            payouts.note_sending(tx, "key-1")
            found = payouts.find_payout(tx, "C1", 1)
            assert found is not None
            times.append(found.first_sent_ms)
    assert times[0] is not None
    assert times[0] == times[1]


@pytest.mark.parametrize("end", [PaymentState.CONFIRMED, PaymentState.BOUNCED])
def test_a_payment_that_ended_is_not_sent_again(ordered: Database, end: PaymentState) -> None:
    with ordered.write() as tx:
        payouts.note_sending(tx, "key-1")
        payouts.move_payout(tx, "key-1", end)
    with pytest.raises(IllegalTransitionError, match=f"payment key-1 is {end} and cannot become SENT"), ordered.write() as tx:
        payouts.note_sending(tx, "key-1")


def test_a_payment_that_was_never_sent_is_not_confirmed(ordered: Database) -> None:
    with pytest.raises(IllegalTransitionError, match="payment key-1 is ORDERED and cannot become CONFIRMED"), ordered.write() as tx:
        payouts.move_payout(tx, "key-1", PaymentState.CONFIRMED, bank_reference="B1")


def test_a_confirmed_payment_keeps_the_banks_reference(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.note_sending(tx, "key-1")
        payouts.move_payout(tx, "key-1", PaymentState.CONFIRMED, bank_reference="B1")
        found = payouts.find_payout(tx, "C1", 1)
    assert found is not None
    assert (found.state, found.bank_reference) == (PaymentState.CONFIRMED, "B1")


def test_a_bounced_payment_keeps_the_banks_reason(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.note_sending(tx, "key-1")
        payouts.move_payout(tx, "key-1", PaymentState.BOUNCED, error="account closed")
        found = payouts.find_payout(tx, "C1", 1)
    assert found is not None
    assert found.last_error == "account closed"


def test_one_bank_reference_confirms_one_payment(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.add_payout(tx, "C2", 1, _order("key-2"))
        for key in ("key-1", "key-2"):
            payouts.note_sending(tx, key)
        payouts.move_payout(tx, "key-1", PaymentState.CONFIRMED, bank_reference="B1")
    with pytest.raises(IntegrityError), ordered.write() as tx:
        payouts.move_payout(tx, "key-2", PaymentState.CONFIRMED, bank_reference="B1")


def test_payments_without_a_bank_reference_do_not_share_one(ordered: Database) -> None:
    with ordered.write() as tx:
        payouts.add_payout(tx, "C2", 1, _order("key-2"))
        for key in ("key-1", "key-2"):
            payouts.note_sending(tx, key)
            payouts.move_payout(tx, key, PaymentState.CONFIRMED, bank_reference="")
        found = payouts.find_payout(tx, "C2", 1)
    assert found is not None
    assert found.bank_reference is None


def test_a_payment_that_is_not_there_is_named(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no payment key-9"), database.write() as tx:
        payouts.note_sending(tx, "key-9")


def test_orders_from_before_attempts_are_their_rounds_first(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        payouts.add_payout(tx, "C1", 1, ORDER)
        config = _config()
        config.attributes["connection"], config.attributes["cipher"] = tx.connection, tx.cipher
        command.downgrade(config, "0005")
        tx.connection.execute(text("UPDATE payout SET last_error = 'of the time before'"))
        command.upgrade(config, "head")
        (found,) = payouts.payouts_of(tx, "C1")
    assert (found.idempotency_key, found.attempt, found.last_error) == ("key-1", 1, "of the time before")
