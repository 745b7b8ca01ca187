"""Payment orders: written with the decision, sent at least once, answered to one key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from domain.claim import Payee
from domain.errors import NotFoundError
from domain.payout import PaymentOrder
from domain.states import PAYMENT_MOVES, PaymentState, check_move
from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class PayoutRecord:
    """A payment order as it stands."""

    idempotency_key: str
    claim_id: str
    round: int
    attempt: int
    amount_fen: int
    payee: Payee
    state: PaymentState
    sends: int
    first_sent_ms: int | None
    bank_reference: str | None
    last_error: str

    @property
    def has_moved_money(self) -> bool:
        """Tell whether the bank made it and has not given it back."""
        return self.state in MONEY_MOVED


MONEY_MOVED = (PaymentState.CONFIRMED, PaymentState.LATE)
IN_FLIGHT = (PaymentState.ORDERED, PaymentState.SENT, PaymentState.UNKNOWN)  # money may yet move


def add_payout(tx: Transaction, claim_id: str, round_: int, order: PaymentOrder, attempt: int = 1) -> None:
    """Write an order, in the transaction of the decision it carries out; the database refuses a second standing one in a round."""
    row = {
        "idempotency_key": order.idempotency_key,
        "claim_id": claim_id,
        "round": round_,
        "attempt": attempt,
        "amount_fen": order.amount_fen,
        "payee_holder": order.payee.holder,
        "payee_account_enc": tx.cipher.encrypt(order.payee.account_number),
        "payee_bank": order.payee.bank_name,
        "state": PaymentState.ORDERED,
        "sends": 0,
        "last_error": "",
        "created_ms": tx.now_ms(),
    }
    tx.later(claim_id, _ADD, row)
    tx.forget_one(("payouts of", claim_id))


# Written once: building a statement anew for every claim costs more than running it.
_ADD = insert(t.payout)
_BY_KEY = select(t.payout).where(t.payout.c.idempotency_key == bindparam("of_key"))
_OF_CLAIMS = (
    select(t.payout).where(t.payout.c.claim_id.in_(bindparam("of_claims", expanding=True))).order_by(t.payout.c.round, t.payout.c.attempt)
)
_LOCK_ONE = _BY_KEY.with_for_update()
_LOCK = (
    select(t.payout)
    .where(t.payout.c.claim_id.in_(bindparam("of_claims", expanding=True)))
    .order_by(t.payout.c.idempotency_key)
    .with_for_update()
)
_NEWEST = (
    select(t.payout)
    .where(t.payout.c.claim_id == bindparam("of_claim"), t.payout.c.round == bindparam("of_round"))
    .order_by(t.payout.c.attempt.desc())
    .limit(1)
)
_CHANGING = ("state", "sends", "first_sent_ms", "bank_reference", "last_error")
_CHANGE = (
    update(t.payout)
    .where(t.payout.c.idempotency_key == bindparam("of_key"))
    .values({name: bindparam(f"new_{name}", type_=t.payout.c[name].type) for name in _CHANGING})
)


def find_payout(tx: Transaction, claim_id: str, round_: int) -> PayoutRecord | None:
    """Give the newest order of a claim's round, or None when nothing is to be paid."""
    row = tx.connection.execute(_NEWEST, {"of_claim": claim_id, "of_round": round_}).one_or_none()
    return _record(tx, row) if row else None


def find_by_key(tx: Transaction, idempotency_key: str) -> PayoutRecord | None:
    """Give the order of a key, or None when it is none of ours."""
    if tx.knows(("held payout", idempotency_key)):
        return _known(tx, idempotency_key)
    row = tx.connection.execute(_BY_KEY, {"of_key": idempotency_key}).one_or_none()
    return _record(tx, row) if row else None


def find_by_reference(tx: Transaction, bank_reference: str) -> PayoutRecord | None:
    """Give the order that the bank confirmed under a reference of its own, or None."""
    row = tx.connection.execute(select(t.payout).where(t.payout.c.bank_reference == bank_reference)).one_or_none()
    return _record(tx, row) if row else None


def payouts_of(tx: Transaction, claim_id: str) -> tuple[PayoutRecord, ...]:
    """List a claim's orders, round by round and attempt by attempt."""
    if tx.knows(("payouts of", claim_id)):
        return tuple(_known(tx, key) for key in tx.known(("payouts of", claim_id)))
    return payouts_of_many(tx, [claim_id]).get(claim_id, ())


def hold(tx: Transaction, claim_ids: Collection[str]) -> None:
    """Lock all orders of several claims, in the order of their keys, for those who ask for one after another."""
    found: dict[str, list[PayoutRecord]] = {each: [] for each in claim_ids}
    for row in tx.find(_LOCK, {"of_claims": list(claim_ids)}):
        found[row.claim_id].append(_record(tx, row))
    for claim_id, records in found.items():
        in_order = sorted(records, key=lambda each: (each.round, each.attempt))
        tx.learn(("payouts of", claim_id), tuple(each.idempotency_key for each in in_order))
        for each in in_order:
            tx.learn(("held payout", each.idempotency_key), each)


def payouts_of_many(tx: Transaction, claim_ids: Sequence[str]) -> dict[str, tuple[PayoutRecord, ...]]:
    """Give the orders of several claims, as `payouts_of` does; claims without any are left out."""
    found = dict[str, tuple[PayoutRecord, ...]]()
    for row in tx.find(_OF_CLAIMS, {"of_claims": list(claim_ids)}) if claim_ids else ():
        found[row.claim_id] = (*found.get(row.claim_id, ()), _record(tx, row))
    return found


def count_in_flight(tx: Transaction) -> dict[PaymentState, int]:
    """Count the orders that are in flight, by state."""
    rows = tx.connection.execute(select(t.payout.c.state, func.count()).where(t.payout.c.state.in_(IN_FLIGHT)).group_by(t.payout.c.state))
    return {PaymentState(state): count for state, count in rows}


def note_sending(tx: Transaction, idempotency_key: str) -> None:
    """Write that the bank is about to be called; commit before calling, so that a crash is known to have maybe paid."""
    held = _held(tx, idempotency_key)
    if held.state is not PaymentState.SENT:
        check_move(PAYMENT_MOVES, held.state, PaymentState.SENT, f"payment {idempotency_key}")
    _write(tx, replace(held, state=PaymentState.SENT, sends=held.sends + 1, first_sent_ms=held.first_sent_ms or tx.now_ms()))


def move_payout(tx: Transaction, idempotency_key: str, to: PaymentState, *, bank_reference: str | None = None, error: str = "") -> None:
    """Write what became of an order.

    Raises:
        IllegalTransitionError: the payment's state machine does not have the move.
    """
    held = _held(tx, idempotency_key)
    check_move(PAYMENT_MOVES, held.state, to, f"payment {idempotency_key}")
    _write(tx, replace(held, state=to, last_error=error, bank_reference=bank_reference or held.bank_reference))


def call_off(tx: Transaction, idempotency_key: str, why: str) -> bool:
    """Call an order off that was never sent; False when the bank was called meanwhile, or it is over."""
    if _held(tx, idempotency_key).state is not PaymentState.ORDERED:
        return False
    move_payout(tx, idempotency_key, PaymentState.BOUNCED, error=why)
    return True


def _held(tx: Transaction, idempotency_key: str) -> PayoutRecord:
    """Give an order as this transaction has it, locked until it ends."""
    if not tx.knows(("held payout", idempotency_key)):
        row = tx.connection.execute(_LOCK_ONE, {"of_key": idempotency_key}).one_or_none()
        if row is None:
            raise NotFoundError(f"no payment {idempotency_key}")
        tx.learn(("held payout", idempotency_key), _record(tx, row))
    return _known(tx, idempotency_key)


def _known(tx: Transaction, idempotency_key: str) -> PayoutRecord:
    record: PayoutRecord = tx.known(("held payout", idempotency_key))
    return record


def _write(tx: Transaction, record: PayoutRecord) -> None:
    tx.learn(("held payout", record.idempotency_key), record)
    tx.later(record.claim_id, _CHANGE, {"of_key": record.idempotency_key, **{f"new_{name}": getattr(record, name) for name in _CHANGING}})


def _record(tx: Transaction, row: Row[Any]) -> PayoutRecord:
    return PayoutRecord(
        idempotency_key=row.idempotency_key,
        claim_id=row.claim_id,
        round=row.round,
        attempt=row.attempt,
        amount_fen=row.amount_fen,
        payee=Payee(row.payee_holder, tx.cipher.decrypt(row.payee_account_enc), row.payee_bank),
        state=PaymentState(row.state),
        sends=row.sends,
        first_sent_ms=row.first_sent_ms,
        bank_reference=row.bank_reference,
        last_error=row.last_error,
    )
