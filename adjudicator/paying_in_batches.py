"""Batch payment (批量代付): what is to be paid goes to the bank in one file, and each order is settled by its own answer.

`SENT` is committed for all of them before the bank is called. What the bank took of a batch and what not, its answers tell
one by one; an order without an answer is in the same position as one whose answer was lost: the next attempt asks first.
"""

from adjudicator.decide import SYSTEM
from adjudicator.paying import order_of, pay
from adjudicator.settling import confirm, give_back
from adjudicator.system import System
from domain.errors import BankError, MingbaiError, StaleVersionError
from domain.payout import BankAnswer, BankStatus
from domain.states import PaymentState
from storage import payouts, tasks
from storage.payouts import PayoutRecord
from storage.tasks import Lease

_RETRY_MS = 30_000


def pay_batch(system: System, at_most: int = 200) -> int:
    """Send what is due as one batch, and ask about what was sent before; gives how many orders were settled."""
    fresh: dict[str, tuple[Lease, PayoutRecord]] = {}
    again: list[Lease] = []
    with system.database.write() as tx:
        while len(fresh) + len(again) < at_most and (lease := tasks.lease_next(tx, ("pay",), system.limits.lease_ms)):
            payout = payouts.find_payout(tx, lease.claim_id, lease.round)
            if payout is None or payout.state is not PaymentState.ORDERED:
                again.append(lease)
                continue
            payouts.note_sending(tx, payout.idempotency_key)
            fresh[payout.idempotency_key] = (lease, payout)
    settled = sum(_settle(system, lease, answer) for lease, answer in _send(system, fresh))
    return settled + sum(_ask(system, lease) for lease in again)


def _send(system: System, fresh: dict[str, tuple[Lease, PayoutRecord]]) -> list[tuple[tuple[Lease, PayoutRecord], BankAnswer | None]]:
    try:
        answers = system.bank.pay_batch([order_of(payout) for _, payout in fresh.values()]) if fresh else {}
    except BankError:
        answers = {}
    return [(each, answers.get(key)) for key, each in fresh.items()]


def _settle(system: System, sent: tuple[Lease, PayoutRecord], answer: BankAnswer | None) -> bool:
    """Write one order's answer down; False when there is none yet."""
    lease, payout = sent
    key = payout.idempotency_key
    try:
        with system.database.write() as tx:
            if answer is None or answer.status in (BankStatus.PENDING, BankStatus.NOT_FOUND):
                tasks.fail(tx, lease, f"the bank did not answer for payment {key} of a batch", retry_after_ms=_RETRY_MS)
                return False
            tasks.finish(tx, lease)
            if answer.status is BankStatus.CONFIRMED:
                confirm(tx, key, answer.bank_reference, SYSTEM)
            else:
                give_back(tx, key, answer.reason, SYSTEM)
    except StaleVersionError:
        return False  # another worker took it over, and asks
    return True


def _ask(system: System, lease: Lease) -> bool:
    try:
        pay(system, lease)
    except MingbaiError as error:
        with system.database.write() as tx:
            tasks.fail(tx, lease, str(error), retry_after_ms=_RETRY_MS)
        return False
    return True
