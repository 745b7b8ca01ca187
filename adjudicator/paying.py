"""The stage `pay`: an order goes to the bank at least once under one key, and money is booked when the bank confirms.

`SENT` is committed before each call, so after a crash we know that money may have moved and ask first.
Asking and then sending is not atomic against a worker that was paused in between: only the bank's own
idempotency closes that gap. A bank without it is never sent the same order twice.
"""

from adjudicator.decide import SYSTEM
from adjudicator.settling import confirm, give_back
from adjudicator.system import System
from domain.errors import BankError
from domain.payout import Bank, BankAnswer, BankStatus, PaymentOrder
from domain.states import ClaimState, PaymentState
from storage import audit, claims, payouts, tasks
from storage.payouts import PayoutRecord
from storage.tasks import Lease


def pay(system: System, lease: Lease) -> None:
    """Send a payment order, or learn what became of it.

    Raises:
        BankError: no answer, or not yet; the task is tried again, and then asks before it sends.
    """
    with system.database.read() as tx:
        payout, now = payouts.find_payout(tx, lease.claim_id, lease.round), tx.now_ms()
    if payout is None or payout.state not in (PaymentState.ORDERED, PaymentState.SENT):
        with system.database.write() as tx:
            tasks.finish(tx, lease)
        return
    answer = system.bank.query(payout.idempotency_key) if payout.sends else BankAnswer(BankStatus.NOT_FOUND)
    if answer.status is BankStatus.NOT_FOUND:
        if payout.sends and not _may_send_again(system.bank, payout, now):
            _give_to_a_person(system, lease, payout)
            return
        with system.database.write() as tx:
            payouts.note_sending(tx, payout.idempotency_key)
        answer = system.bank.pay(order_of(payout))
    if answer.status is BankStatus.PENDING:
        raise BankError(f"payment {payout.idempotency_key} is still pending at the bank", "it is asked for again")
    with system.database.write() as tx:
        tasks.finish(tx, lease)
        if answer.status is BankStatus.CONFIRMED:
            confirm(tx, payout.idempotency_key, answer.bank_reference, SYSTEM)
        else:
            give_back(tx, payout.idempotency_key, answer.reason, SYSTEM)


def _may_send_again(bank: Bank, payout: PayoutRecord, now_ms: int) -> bool:
    first = payout.first_sent_ms
    return bank.is_idempotent and first is not None and now_ms - first < bank.key_ttl_seconds * 1000


def order_of(payout: PayoutRecord) -> PaymentOrder:
    """Write a payout as the order that goes to the bank: the same words each time, as its key demands."""
    return PaymentOrder(payout.idempotency_key, payout.amount_fen, payout.payee, f"理赔款 {payout.claim_id}")


def _give_to_a_person(system: System, lease: Lease, payout: PayoutRecord) -> None:
    why = "the bank does not know a payment that was sent, and must not be sent it again"
    with system.database.write() as tx:
        payouts.move_payout(tx, payout.idempotency_key, PaymentState.UNKNOWN, error=why)
        audit.append(tx, payout.claim_id, SYSTEM, "payment.unknown", {"key": payout.idempotency_key})
        claims.move(tx, payout.claim_id, ClaimState.DECIDED, SYSTEM, {"payment": "unknown"})
        tasks.bury(tx, lease, why)
