"""The stage `pay`: an order goes to the bank at least once under one key, and money is booked when the bank confirms.

`SENT` is committed before each call, so after a crash we know that money may have moved and ask first.
Asking and then sending is not atomic against a worker that was paused in between: only the bank's own
idempotency closes that gap. A bank without it is never sent the same order twice.

Orders that are due together share the transaction before the calls and the one after them (`pay_together`). Whatever is unusual
about one of them goes the way of a single one, which begins by asking the bank what became of it.
"""

import time
from collections.abc import Mapping, Sequence

from adjudicator.decide import SYSTEM
from adjudicator.settling import confirm, give_back
from adjudicator.system import System
from domain.errors import BankError
from domain.payout import Bank, BankAnswer, BankStatus, PaymentOrder
from domain.states import ClaimState, PaymentState
from storage import audit, claims, decisions, held, ledger, payouts, tasks
from storage.database import Transaction
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
    answer = _decided(answer, payout)
    with system.database.write() as tx:
        tasks.finish(tx, lease)
        _write(tx, payout.idempotency_key, answer)


def pay_together(system: System, leases: Sequence[Lease]) -> list[tuple[Lease, BankError | None]]:
    """Send several orders for the first time, one after the other, and book what the bank answers.

    Gives the leases that are left: with an error those whose answer is lost or not there yet, without one those that go on alone,
    because they were sent before, or were not sent any more before half of the lease was over. A bank that is not idempotent gets
    its orders one by one, since there none may be called sent that was not.

    Raises:
        Exception: anything at all. What was sent is known to have been sent, and the leases are still held.
    """
    if not system.bank.is_idempotent:
        return [(each, None) for each in leases]
    with system.database.write() as tx:
        payouts.hold(tx, [each.claim_id for each in leases])
        fresh = {each.claim_id: found for each in leases if (found := _never_sent(tx, each))}
        for payout in fresh.values():
            payouts.note_sending(tx, payout.idempotency_key)
    heard = _send(system, fresh)
    answers = {claim_id: answer for claim_id, answer in heard.items() if isinstance(answer, BankAnswer)}
    if answers:
        _write_together(system, [each for each in leases if each.claim_id in answers], fresh, answers)
    errors = {claim_id: error for claim_id, error in heard.items() if isinstance(error, BankError)}
    return [(each, errors.get(each.claim_id)) for each in leases if each.claim_id not in answers]


def _never_sent(tx: Transaction, lease: Lease) -> PayoutRecord | None:
    """Give the order of a lease if nobody has sent it yet."""
    newest = [each for each in payouts.payouts_of(tx, lease.claim_id) if each.round == lease.round][-1:]
    return next((each for each in newest if each.state is PaymentState.ORDERED and not each.sends), None)


def _send(system: System, fresh: Mapping[str, PayoutRecord]) -> dict[str, BankAnswer | BankError]:
    """Send orders as long as half of the lease is left; gives what the bank said of each, by claim."""
    until, heard = time.monotonic() + system.limits.lease_ms / 2_000, dict[str, BankAnswer | BankError]()
    for claim_id, payout in fresh.items():
        if time.monotonic() > until:
            break
        try:
            heard[claim_id] = _decided(system.bank.pay(order_of(payout)), payout)
        except BankError as error:
            heard[claim_id] = error
    return heard


def _write_together(system: System, leases: Sequence[Lease], sent: Mapping[str, PayoutRecord], answers: Mapping[str, BankAnswer]) -> None:
    """Write several answers of the bank down, of the leases that were not lost meanwhile."""
    with system.database.write() as tx:
        mine = [each.claim_id for each in tasks.finish_several(tx, leases)]
        held.hold(tx, mine)
        payouts.hold(tx, mine)
        ledger.look_ahead(tx, mine)
        decisions.look_ahead_kinds(tx, mine)
        for claim_id in mine:
            _write(tx, sent[claim_id].idempotency_key, answers[claim_id])


def _decided(answer: BankAnswer, payout: PayoutRecord) -> BankAnswer:
    """Give an answer back if the bank has decided; raises BankError if it has not."""
    if answer.status is BankStatus.PENDING:
        raise BankError(f"payment {payout.idempotency_key} is still pending at the bank", "it is asked for again")
    return answer


def _write(tx: Transaction, key: str, answer: BankAnswer) -> None:
    if answer.status is BankStatus.CONFIRMED:
        confirm(tx, key, answer.bank_reference, SYSTEM)
    else:
        give_back(tx, key, answer.reason, SYSTEM)


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
