"""The outbox (发件箱): messages are written in the transaction of what they tell, and handed over afterwards, at least once.

There are two tables of one form: what tells of a claim, and what tells a customer or an agent of anything else. Both go out
by the same gateways.

A message is held under a lease while it is handed over, as tasks are (storage/tasks.py): a killed sender blocks nothing,
and one that comes back late writes nothing.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, insert, literal_column, select, update

from domain.message import Message, Way
from storage import tables as t
from storage.audit import ERASED_WORDS
from storage.database import Transaction
from storage.ids import new_id

_OUTBOXES = (t.message, t.customer_message)
# Written into a statement, not bound to it: a planner takes a partial index only when it sees that the condition holds.
_OPEN: ColumnElement[str] = literal_column("'open'")


@dataclass(frozen=True)
class Sending:
    """The right to hand one message over until the lease ends; `notice_id` names the notice it brings, if it brings one."""

    message: Message
    claim_id: str  # "": it belongs to no claim
    notice_id: str | None
    token: str
    attempt: int


def add_message(tx: Transaction, claim_id: str, notice_id: str | None, way: Way, recipient: str, subject: str, body: str) -> None:
    """Put a message about a claim into the outbox."""
    row = {"claim_id": claim_id, "notice_id": notice_id, **_new_row(tx, way, recipient, subject, body)}
    tx.later(claim_id, _ADD, row)


def add_customer_message(
    tx: Transaction, person_id: str | None, way: Way, recipient: str, subject: str, body: str, not_before_ms: int = 0
) -> str:
    """Put a message into the outbox that belongs to no claim, and give its number; `person_id` is the customer whom it is about, if it
    names one. It goes out at once, or when that moment has come.
    """
    row = _new_row(tx, way, recipient, subject, body)
    row["available_ms"] = max(tx.now_ms(), not_before_ms)
    tx.connection.execute(insert(t.customer_message).values(person_id=person_id, **row))
    return str(row["message_id"])


def _new_row(tx: Transaction, way: Way, recipient: str, subject: str, body: str) -> dict[str, object]:
    now = tx.now_ms()
    return {
        "message_id": new_id("M"),
        "way": way,
        "recipient_enc": tx.cipher.encrypt(recipient),
        "subject": subject,
        "body": body,
        "status": "open",
        "available_ms": now,
        "lease_token": "",
        "attempt": 0,
        "last_error": "",
        "reference": "",
        "created_ms": now,
    }


_ADD = insert(t.message)


def has_due(tx: Transaction, ways: tuple[Way, ...]) -> bool:
    """Tell whether a message of some ways is to be handed over now; a look that locks nothing."""
    due = (select(m.c.message_id).where(m.c.status == _OPEN, m.c.available_ms <= tx.now_ms(), m.c.way.in_(ways)) for m in _OUTBOXES)
    return any(tx.connection.execute(each.limit(1)).first() is not None for each in due)


def lease_due(tx: Transaction, ways: tuple[Way, ...], lease_ms: int, limit: int) -> tuple[Sending, ...]:
    """Take the oldest messages of some ways that are due. An attempt is counted now, so that a crash counts too."""
    token, taken = secrets.token_hex(16), list[Sending]()
    for outbox in _OUTBOXES:
        taken += _lease_from(tx, outbox, ways, lease_ms, limit - len(taken), token)
    return tuple(taken)


def _lease_from(tx: Transaction, outbox: Table, ways: tuple[Way, ...], lease_ms: int, limit: int, token: str) -> list[Sending]:
    m, now, taken = outbox.c, tx.now_ms(), []
    due = select(m.message_id).where(m.status == _OPEN, m.available_ms <= now, m.way.in_(ways)).order_by(m.available_ms).limit(limit)
    of_claim = (m.claim_id, m.notice_id) if outbox is t.message else (literal_column("''"), literal_column("NULL"))
    for message_id in tx.connection.execute(due.with_for_update(skip_locked=True)).scalars().all():
        row = tx.connection.execute(
            update(outbox)
            .where(m.message_id == message_id)
            .values(lease_token=token, available_ms=now + lease_ms, attempt=m.attempt + 1)
            .returning(*of_claim, m.way, m.recipient_enc, m.subject, m.body, m.attempt)
        ).one()
        message = Message(message_id, Way(row.way), tx.cipher.decrypt(row.recipient_enc), row.subject, row.body)
        taken.append(Sending(message, row[0], row[1], token, row.attempt))
    return taken


def note_sent(tx: Transaction, sending: Sending, reference: str) -> bool:
    """Write that a gateway took a message; False when the lease was lost."""
    return _change(tx, sending, {"status": "sent", "sent_ms": tx.now_ms(), "reference": reference[:128], "last_error": ""})


def note_failed(tx: Transaction, sending: Sending, error: str, *, retry_after_ms: int | None) -> bool:
    """Write what went wrong: it is tried again later, or never (None); False when the lease was lost."""
    again = {"status": "dead"} if retry_after_ms is None else {"available_ms": tx.now_ms() + retry_after_ms}
    return _change(tx, sending, {"last_error": error, **again})


def _change(tx: Transaction, sending: Sending, values: dict[str, object]) -> bool:
    outbox = t.message if sending.claim_id else t.customer_message
    m = outbox.c
    mine = (m.message_id == sending.message.message_id, m.lease_token == sending.token, m.status == _OPEN)
    changed = update(outbox).where(*mine).values(lease_token="", **values).returning(m.message_id)
    return tx.connection.execute(changed).one_or_none() is not None


def open_again(tx: Transaction, claim_id: str) -> int:
    """Let a claim's dead messages be tried again, from the first attempt; gives how many."""
    m = t.message.c
    dead = (m.claim_id == claim_id, m.status == "dead")
    values = {"status": "open", "attempt": 0, "available_ms": tx.now_ms()}
    return len(tx.connection.execute(update(t.message).where(*dead).values(**values).returning(m.message_id)).all())


@dataclass(frozen=True)
class MessageRecord:
    """A message as the claim's page shows it, without the recipient."""

    message_id: str
    notice_id: str | None
    way: str
    subject: str
    status: str
    attempt: int
    last_error: str
    created_ms: int
    sent_ms: int | None


def messages_of(tx: Transaction, claim_id: str) -> tuple[MessageRecord, ...]:
    """List a claim's messages, oldest first."""
    m = t.message.c
    shown = (m.message_id, m.notice_id, m.way, m.subject, m.status, m.attempt, m.last_error, m.created_ms, m.sent_ms)
    rows = tx.connection.execute(select(*shown).where(m.claim_id == claim_id).order_by(m.created_ms, m.message_id))
    return tuple(MessageRecord(**row._mapping) for row in rows)


def count_messages(tx: Transaction) -> dict[str, int]:
    """Count the messages that were not handed over, by status: open and dead."""
    counts = {"open": 0, "dead": 0}
    for m in _OUTBOXES:
        for status, count in tx.connection.execute(select(m.c.status, func.count()).where(m.c.status != "sent").group_by(m.c.status)):
            counts[status] += count
    return counts


def erase_customer_messages(tx: Transaction, person_id: str) -> None:
    """Overwrite what was told to a customer of no claim, and where; what was not handed over yet is given up."""
    m, values = t.customer_message.c, {"recipient_enc": tx.cipher.encrypt(""), "body": ERASED_WORDS}
    tx.connection.execute(update(t.customer_message).where(m.person_id == person_id, m.status == "open").values(status="dead"))
    tx.connection.execute(update(t.customer_message).where(m.person_id == person_id).values(**values))
