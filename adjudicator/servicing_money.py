"""Money of servicing transactions: each order goes to the bank at least once under one key, and is booked when the bank confirms.

As for claims (adjudicator/paying.py): `SENT` is committed before each call, so after a crash we know that money may have moved, and
ask before we send again.
"""

import logging

from adjudicator.decide import SYSTEM
from adjudicator.system import System
from domain.errors import BankError
from domain.message import Way
from domain.payout import BankAnswer, BankStatus, PaymentOrder
from domain.servicing import Direction
from domain.states import PaymentState
from policy.transacting import doing
from storage import messages, servicing, servicing_orders
from storage.database import Transaction
from storage.servicing_orders import ServicingOrder

_log = logging.getLogger(__name__)
_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 2_000, 3_600_000
_NO_COLLECTOR = ("no bank that collects is connected", "connect one (bank.url), and it is tried again")
_PURPOSES = {Direction.PAY: "保全给付", Direction.COLLECT: "保全收费"}


def move_money(system: System, at_most: int) -> int:
    """Send, or ask about, some orders that are due; gives how many."""
    with system.database.write() as tx:
        due = servicing_orders.lease_due(tx, system.limits.lease_ms, at_most)
    for order in due:
        try:
            _deal_with(system, order)
        except BankError as error:
            pause = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS * 2 ** min(order.sends, 12))
            _log.warning("order %s failed: %s", order.idempotency_key, error)
            with system.database.write() as tx:
                servicing_orders.put_off(tx, order.idempotency_key, pause, str(error))
    return len(due)


def _deal_with(system: System, order: ServicingOrder) -> None:
    if order.direction is Direction.COLLECT and system.collector is None:
        raise BankError(*_NO_COLLECTOR)
    answer = system.bank.query(order.idempotency_key) if order.sends else BankAnswer(BankStatus.NOT_FOUND)
    if answer.status is BankStatus.NOT_FOUND:
        if not _may_send(system, order):
            with system.database.write() as tx:
                told = "the bank does not know an order that was sent, and must not be sent it again"
                servicing_orders.move(tx, order.idempotency_key, PaymentState.UNKNOWN, error=told)
            return
        with system.database.write() as tx:
            servicing_orders.note_sending(tx, order)
        answer = _send(system, order)
    if answer.status is BankStatus.PENDING:
        raise BankError(f"order {order.idempotency_key} is still pending at the bank", "it is asked for again")
    with system.database.write() as tx:
        write_answer(tx, order, answer)


def _send(system: System, order: ServicingOrder) -> BankAnswer:
    purpose = f"{_PURPOSES[order.direction]} {order.transaction_id}"
    sent = PaymentOrder(order.idempotency_key, order.amount_fen, order.payee, purpose)
    if order.direction is Direction.PAY:
        return system.bank.pay(sent)
    if system.collector is None:  # money must never go the wrong way
        raise BankError(*_NO_COLLECTOR)
    return system.collector.collect(sent)


def _may_send(system: System, order: ServicingOrder) -> bool:
    """Tell whether the bank may be sent an order (again): it still knows the key of one that was sent before."""
    if not order.sends or order.first_sent_ms is None:
        return True
    with system.database.read() as tx:
        return system.bank.is_idempotent and tx.now_ms() - order.first_sent_ms < system.bank.key_ttl_seconds * 1000


def write_answer(tx: Transaction, order: ServicingOrder, answer: BankAnswer) -> None:
    """Book what the bank has done, or end what it refused; a second answer to a key changes nothing."""
    is_confirmed = answer.status is BankStatus.CONFIRMED
    to = PaymentState.CONFIRMED if is_confirmed else PaymentState.BOUNCED
    if not servicing_orders.move(tx, order.idempotency_key, to, bank_reference=answer.bank_reference or None, error=answer.reason):
        return
    if is_confirmed:
        doing.finish(tx, order.transaction_id, SYSTEM)
    else:
        doing.fail(tx, order.transaction_id, answer.reason or "银行未受理", SYSTEM)
    _tell(tx, order, answer)


def _tell(tx: Transaction, order: ServicingOrder, answer: BankAnswer) -> None:
    person_id = servicing.find(tx, order.transaction_id).person_id
    done, failed = ("业务已办理完成", "批单可在应用中查看。"), ("业务未能办理", f"银行未受理：{answer.reason}。")
    subject, rest = done if answer.status is BankStatus.CONFIRMED else failed
    messages.add_customer_message(
        tx, person_id, Way.APP_PUSH, person_id, subject, f"您的保全业务 {order.transaction_id}：{subject}。{rest}"
    )
