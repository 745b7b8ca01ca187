"""Money of servicing transactions on its way: orders to pay and to collect, sent at least once under one key each, held by a lease."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, literal_column, select, update

from domain.claim import Payee
from domain.servicing import Direction
from domain.states import PAYMENT_MOVES, PaymentState, check_move
from storage import tables_servicing as ts
from storage.database import Transaction

_O = ts.servicing_order.c
_TO_SEND = _O.state.in_([literal_column("'ORDERED'"), literal_column("'SENT'")])


@dataclass(frozen=True)
class ServicingOrder:
    """An order as it stands."""

    idempotency_key: str
    transaction_id: str
    direction: Direction
    attempt: int
    amount_fen: int
    payee: Payee  # the customer's account: where money goes, or comes from
    state: PaymentState
    sends: int
    first_sent_ms: int | None
    bank_reference: str | None
    last_error: str


def add(tx: Transaction, transaction_id: str, direction: Direction, amount_fen: int, payee: Payee, attempt: int = 1) -> None:
    """Write an order, in the transaction of the signature; its key follows from the servicing transaction alone."""
    row: dict[str, Any] = {"idempotency_key": f"servicing-{transaction_id}-{attempt}", "transaction_id": transaction_id}
    row |= {"direction": direction, "attempt": attempt, "amount_fen": amount_fen, "holder": payee.holder}
    row |= {"account_enc": tx.cipher.encrypt(payee.account_number), "state": PaymentState.ORDERED, "sends": 0, "last_error": ""}
    tx.connection.execute(insert(ts.servicing_order).values(**row, available_ms=tx.now_ms(), created_ms=tx.now_ms()))


def lease_due(tx: Transaction, lease_ms: int, limit: int) -> tuple[ServicingOrder, ...]:
    """Take the oldest orders that are to be sent or asked about, as they stand, and hold them."""
    now = tx.now_ms()
    chosen = select(ts.servicing_order).where(_TO_SEND, _O.available_ms <= now).order_by(_O.available_ms).limit(limit)
    found = tuple(_order(tx, row) for row in tx.connection.execute(chosen.with_for_update(skip_locked=True)))
    for each in found:
        put_off(tx, each.idempotency_key, lease_ms)
    return found


def has_due(tx: Transaction) -> bool:
    """Tell whether an order is to be sent now; a look that locks nothing."""
    return tx.connection.execute(select(_O.idempotency_key).where(_TO_SEND, _O.available_ms <= tx.now_ms()).limit(1)).first() is not None


def put_off(tx: Transaction, key: str, by_ms: int, error: str = "") -> None:
    """Have an order looked at again later."""
    values = {"available_ms": tx.now_ms() + by_ms} | ({"last_error": error} if error else {})
    tx.connection.execute(update(ts.servicing_order).where(_O.idempotency_key == key).values(**values))


def note_sending(tx: Transaction, order: ServicingOrder) -> None:
    """Write that the bank is about to be called; commit before calling, so that a crash is known to have maybe moved money."""
    values = {"state": PaymentState.SENT, "sends": _O.sends + 1, "first_sent_ms": order.first_sent_ms or tx.now_ms()}
    tx.connection.execute(update(ts.servicing_order).where(_O.idempotency_key == order.idempotency_key).values(**values))


def move(tx: Transaction, key: str, to: PaymentState, *, bank_reference: str | None = None, error: str = "") -> bool:
    """Write what became of an order; False when that was written before."""
    held = find(tx, key, lock=True)
    if held is None or held.state is to:
        return False
    check_move(PAYMENT_MOVES, held.state, to, f"order {key}")
    values = {"state": to, "last_error": error, "bank_reference": bank_reference or held.bank_reference, "answered_ms": tx.now_ms()}
    tx.connection.execute(update(ts.servicing_order).where(_O.idempotency_key == key).values(**values))
    return True


def find(tx: Transaction, key: str, *, lock: bool = False) -> ServicingOrder | None:
    """Give the order of a key, or None when it is none of these."""
    chosen = select(ts.servicing_order).where(_O.idempotency_key == bindparam("of_key"))
    row = tx.connection.execute(chosen.with_for_update() if lock else chosen, {"of_key": key}).one_or_none()
    return _order(tx, row) if row else None


def confirmed_between(tx: Transaction, from_ms: int, to_ms: int) -> tuple[ServicingOrder, ...]:
    """List the orders that the bank confirmed within a stretch of time, its end left out, by key."""
    wanted = (_O.state == PaymentState.CONFIRMED, _O.answered_ms >= from_ms, _O.answered_ms < to_ms)
    rows = tx.connection.execute(select(ts.servicing_order).where(*wanted).order_by(_O.idempotency_key))
    return tuple(_order(tx, row) for row in rows)


def of_transaction(tx: Transaction, transaction_id: str) -> tuple[ServicingOrder, ...]:
    """List the orders of a transaction, attempt by attempt."""
    rows = tx.connection.execute(select(ts.servicing_order).where(_O.transaction_id == transaction_id).order_by(_O.attempt))
    return tuple(_order(tx, row) for row in rows)


def _order(tx: Transaction, row: Row[Any]) -> ServicingOrder:
    return ServicingOrder(
        idempotency_key=row.idempotency_key,
        transaction_id=row.transaction_id,
        direction=Direction(row.direction),
        attempt=row.attempt,
        amount_fen=row.amount_fen,
        payee=Payee(row.holder, tx.cipher.decrypt(row.account_enc)),
        state=PaymentState(row.state),
        sends=row.sends,
        first_sent_ms=row.first_sent_ms,
        bank_reference=row.bank_reference,
        last_error=row.last_error,
    )
