"""Payment orders: written with the decision, sent at least once, answered to one key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update

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
    tx.connection.execute(
        insert(t.payout).values(
            idempotency_key=order.idempotency_key,
            claim_id=claim_id,
            round=round_,
            attempt=attempt,
            amount_fen=order.amount_fen,
            payee_holder=order.payee.holder,
            payee_account_enc=tx.cipher.encrypt(order.payee.account_number),
            payee_bank=order.payee.bank_name,
            state=PaymentState.ORDERED,
            sends=0,
            last_error="",
            created_ms=tx.now_ms(),
        )
    )


def find_payout(tx: Transaction, claim_id: str, round_: int) -> PayoutRecord | None:
    """Give the newest order of a claim's round, or None when nothing is to be paid."""
    of_round = select(t.payout).where(t.payout.c.claim_id == claim_id, t.payout.c.round == round_)
    row = tx.connection.execute(of_round.order_by(t.payout.c.attempt.desc()).limit(1)).one_or_none()
    return _record(tx, row) if row else None


def find_by_key(tx: Transaction, idempotency_key: str) -> PayoutRecord | None:
    """Give the order of a key, or None when it is none of ours."""
    row = tx.connection.execute(select(t.payout).where(t.payout.c.idempotency_key == idempotency_key)).one_or_none()
    return _record(tx, row) if row else None


def find_by_reference(tx: Transaction, bank_reference: str) -> PayoutRecord | None:
    """Give the order that the bank confirmed under a reference of its own, or None."""
    row = tx.connection.execute(select(t.payout).where(t.payout.c.bank_reference == bank_reference)).one_or_none()
    return _record(tx, row) if row else None


def payouts_of(tx: Transaction, claim_id: str) -> tuple[PayoutRecord, ...]:
    """List a claim's orders, round by round and attempt by attempt."""
    return payouts_of_many(tx, [claim_id]).get(claim_id, ())


def payouts_of_many(tx: Transaction, claim_ids: Sequence[str]) -> dict[str, tuple[PayoutRecord, ...]]:
    """Give the orders of several claims, as `payouts_of` does; claims without any are left out."""
    p, found = t.payout.c, dict[str, tuple[PayoutRecord, ...]]()
    for row in tx.connection.execute(select(t.payout).where(p.claim_id.in_(claim_ids)).order_by(p.round, p.attempt)):
        found[row.claim_id] = (*found.get(row.claim_id, ()), _record(tx, row))
    return found


def count_in_flight(tx: Transaction) -> dict[PaymentState, int]:
    """Count the orders that are in flight, by state."""
    rows = tx.connection.execute(select(t.payout.c.state, func.count()).where(t.payout.c.state.in_(IN_FLIGHT)).group_by(t.payout.c.state))
    return {PaymentState(state): count for state, count in rows}


def note_sending(tx: Transaction, idempotency_key: str) -> None:
    """Write that the bank is about to be called; commit before calling, so that a crash is known to have maybe paid."""
    row = _locked(tx, idempotency_key)
    if row.state != PaymentState.SENT:
        check_move(PAYMENT_MOVES, PaymentState(row.state), PaymentState.SENT, f"payment {idempotency_key}")
    tx.connection.execute(
        update(t.payout)
        .where(t.payout.c.idempotency_key == idempotency_key)
        .values(state=PaymentState.SENT, sends=row.sends + 1, first_sent_ms=row.first_sent_ms or tx.now_ms())
    )


def move_payout(tx: Transaction, idempotency_key: str, to: PaymentState, *, bank_reference: str | None = None, error: str = "") -> None:
    """Write what became of an order.

    Raises:
        IllegalTransitionError: the payment's state machine does not have the move.
    """
    row = _locked(tx, idempotency_key)
    check_move(PAYMENT_MOVES, PaymentState(row.state), to, f"payment {idempotency_key}")
    values: dict[str, Any] = {"state": to, "last_error": error}
    if bank_reference:
        values["bank_reference"] = bank_reference
    tx.connection.execute(update(t.payout).where(t.payout.c.idempotency_key == idempotency_key).values(**values))


def _locked(tx: Transaction, idempotency_key: str) -> Row[Any]:
    row = tx.connection.execute(select(t.payout).where(t.payout.c.idempotency_key == idempotency_key).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(f"no payment {idempotency_key}")
    return row


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
