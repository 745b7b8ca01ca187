"""One-time codes (验证码): kept as a keyed hash, good for some minutes and some tries, and for one transaction."""

import secrets
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update

from domain.message import Way
from storage import tables as t
from storage import tables_servicing as ts
from storage.database import Transaction
from storage.ids import new_id
from storage.messages import add_customer_message

_C = ts.servicing_code.c
_GONE = "（已失效）"  # stands where the code stood, once it is of no use


@dataclass(frozen=True)
class Code:
    """A code that was sent."""

    code_id: str
    tries: int
    created_ms: int
    expires_ms: int
    passed_ms: int | None


def send(tx: Transaction, transaction_id: str, person_id: str, phone: str, what: str, lasts_ms: int) -> None:
    """Make a code and put it into the outbox; those before it open nothing any more."""
    spend(tx, transaction_id)
    code, code_id = f"{secrets.randbelow(10**6):06d}", new_id("V")
    body = f"验证码 {code}，{lasts_ms // 60_000} 分钟内有效，用于{what}。如非本人操作，请勿告诉任何人。"
    message_id = add_customer_message(tx, person_id, Way.SMS, phone, "验证码", body)
    row = {"code_id": code_id, "transaction_id": transaction_id, "code_mac": tx.cipher.mac(f"{code_id} {code}"), "message_id": message_id}
    now = tx.now_ms()
    tx.connection.execute(insert(ts.servicing_code).values(**row, tries=0, created_ms=now, expires_ms=now + lasts_ms))


def newest(tx: Transaction, transaction_id: str, *, lock: bool = False) -> Code | None:
    """Give the code that was sent last for a transaction."""
    chosen = select(_C.code_id, _C.tries, _C.created_ms, _C.expires_ms, _C.passed_ms).where(_C.transaction_id == transaction_id)
    chosen = chosen.order_by(_C.created_ms.desc(), _C.code_id.desc()).limit(1)
    row = tx.connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    return Code(*row) if row else None


def count_since(tx: Transaction, person_id: str, since_ms: int) -> int:
    """Count the codes that were sent to a customer since a moment, for whatever transaction."""
    joined = ts.servicing_code.join(ts.servicing_transaction)
    chosen = select(func.count()).select_from(joined).where(ts.servicing_transaction.c.person_id == person_id, _C.created_ms > since_ms)
    return int(tx.connection.execute(chosen).scalar_one())


def try_code(tx: Transaction, code: Code, written: str) -> bool:
    """Count a try, and tell whether it was right; what it brought is destroyed with the right one."""
    mac = tx.connection.execute(select(_C.code_mac).where(_C.code_id == code.code_id)).scalar_one()
    is_right = tx.cipher.is_mac(mac, f"{code.code_id} {written}")
    values = {"tries": code.tries + 1} | ({"passed_ms": tx.now_ms()} if is_right else {})
    tx.connection.execute(update(ts.servicing_code).where(_C.code_id == code.code_id).values(**values))
    return is_right


def spend(tx: Transaction, transaction_id: str) -> None:
    """Let the codes of a transaction open nothing any more, and destroy the words that brought them."""
    c, now = t.customer_message.c, tx.now_ms()
    messages = select(_C.message_id).where(_C.transaction_id == transaction_id)
    tx.connection.execute(update(t.customer_message).where(c.message_id.in_(messages)).values(body=_GONE))
    open_ones = (_C.transaction_id == transaction_id, _C.expires_ms > now)
    tx.connection.execute(update(ts.servicing_code).where(*open_ones).values(expires_ms=now))
