"""Webhooks: where a channel wants to be told that a claim went on, what it is told, and the log of every delivery.

A delivery is a message of the outbox (storage/messages.py), written in the transaction of what it tells. It names the claim and
its state and nobody: the channel reads the rest with its own credential.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, literal_column, select, update

from domain.message import Way
from domain.states import ClaimState
from storage import messages
from storage import tables as t
from storage.database import Transaction
from storage.ids import new_id

EVENT = "claim.state_changed"
_TOLD = frozenset(
    {
        *(ClaimState.SUBMITTED, ClaimState.NEEDS_SUPPLEMENT, ClaimState.IN_REVIEW, ClaimState.DECIDED, ClaimState.PAYING),
        *(ClaimState.PAID, ClaimState.CLOSED, ClaimState.REOPENED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE),
    }
)
_PREFIX = "whsec_"


@dataclass(frozen=True)
class Webhook:
    """Where a channel is told, and with which secrets that is signed: two while one takes over from the other."""

    webhook_id: str
    client_id: str
    url: str
    secrets: tuple[str, ...]
    ended_ms: int | None = None


def announce(tx: Transaction, claim: Mapping[str, Any], before: ClaimState, to: ClaimState) -> None:
    """Write a delivery for every channel that may read the claim. An investigation shows as a review: nobody is told of the difference."""
    shown_before, shown = _shown(before), _shown(to)
    if shown is shown_before or shown not in _TOLD:
        return
    for webhook_id, hospital_id in _standing(tx):
        if hospital_id and (claim["hospital_id"] != hospital_id or claim["settlement_enc"] is None):
            continue
        at = datetime.fromtimestamp(tx.now_ms() / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = {"type": EVENT, "timestamp": at, "data": {"claim_id": claim["claim_id"], "state": shown}}
        messages.add_message(tx, claim["claim_id"], None, Way.WEBHOOK, webhook_id, EVENT, json.dumps(told, ensure_ascii=False))


def _shown(state: ClaimState) -> ClaimState:
    return ClaimState.IN_REVIEW if state is ClaimState.IN_INVESTIGATION else state


def _standing(tx: Transaction) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = tx.once(("webhooks",), lambda: [(each[0], each[1]) for each in tx.find_bare(_STANDING)])
    return found


_STANDING = (
    select(t.webhook.c.webhook_id, t.api_client.c.hospital_id)
    .join_from(t.webhook, t.api_client)
    .where(t.webhook.c.ended_ms.is_(None))
    .order_by(t.webhook.c.webhook_id)
)


def new_secret() -> str:
    """Make a secret as the Standard Webhooks convention writes it: 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """Give the bytes that sign."""
    return base64.b64decode(secret.removeprefix(_PREFIX))


def add_webhook(tx: Transaction, client_id: str, url: str) -> Webhook:
    """Let a channel be told at an address; gives its secret, shown this once."""
    made = Webhook(new_id("W"), client_id, url, (new_secret(),))
    row = {"webhook_id": made.webhook_id, "client_id": client_id, "url": url, "created_ms": tx.now_ms()}
    tx.connection.execute(insert(t.webhook).values(**row, secret_enc=tx.cipher.encrypt(made.secrets[0])))
    tx.forget("webhooks")
    return made


def find_webhook(tx: Transaction, webhook_id: str) -> Webhook | None:
    """Give a webhook with the secrets that sign at this moment, the newest first."""
    row = tx.connection.execute(select(t.webhook).where(t.webhook.c.webhook_id == webhook_id)).one_or_none()
    if row is None:
        return None
    signing = [tx.cipher.decrypt(row.secret_enc)]
    if row.earlier_secret_enc is not None and (row.earlier_until_ms or 0) > tx.now_ms():
        signing.append(tx.cipher.decrypt(row.earlier_secret_enc))
    return Webhook(row.webhook_id, row.client_id, row.url, tuple(signing), row.ended_ms)


def list_webhooks(tx: Transaction) -> tuple[Webhook, ...]:
    """List all that are told, and those that were."""
    found = tx.connection.execute(select(t.webhook.c.webhook_id).order_by(t.webhook.c.created_ms, t.webhook.c.webhook_id)).scalars().all()
    return tuple(each for each in (find_webhook(tx, webhook_id) for webhook_id in found) if each)


def rotate_secret(tx: Transaction, webhook: Webhook, overlap_ms: int) -> str:
    """Make a new secret; the earlier one signs beside it for a while."""
    secret = new_secret()
    values = {"secret_enc": tx.cipher.encrypt(secret), "earlier_secret_enc": tx.cipher.encrypt(webhook.secrets[0])}
    mine = t.webhook.c.webhook_id == webhook.webhook_id
    tx.connection.execute(update(t.webhook).where(mine).values(**values, earlier_until_ms=tx.now_ms() + overlap_ms))
    return secret


def end_webhook(tx: Transaction, webhook_id: str) -> None:
    """Tell a channel nothing more there; what waits for it is given up."""
    c, m = t.webhook.c, t.message.c
    tx.connection.execute(update(t.webhook).where(c.webhook_id == webhook_id, c.ended_ms.is_(None)).values(ended_ms=tx.now_ms()))
    tx.forget("webhooks")
    waiting = (m.way == Way.WEBHOOK, m.status == literal_column("'open'"), m.subject == EVENT)
    for row in tx.connection.execute(select(m.message_id, m.recipient_enc).where(*waiting)).all():
        if tx.cipher.decrypt(row.recipient_enc) == webhook_id:
            tx.connection.execute(
                update(t.message).where(m.message_id == row.message_id).values(status="dead", last_error="the webhook was ended")
            )


def note_attempt(tx: Transaction, webhook_id: str, message_id: str, elapsed_ms: int, status: int | None, error: str) -> None:
    """Add a row to the delivery log."""
    row = {"webhook_id": webhook_id, "message_id": message_id, "at_ms": tx.now_ms(), "elapsed_ms": elapsed_ms, "status": status}
    tx.connection.execute(insert(t.webhook_attempt).values(**row, error=error[:255]))


@dataclass(frozen=True)
class Attempt:
    """One row of the delivery log: which message, of which claim, what the receiver said, and what became of it since."""

    attempt_id: int
    webhook_id: str
    message_id: str
    claim_id: str
    body: str
    at_ms: int
    elapsed_ms: int
    status: int | None
    error: str
    message_status: str  # open | sent | dead


def attempts(
    tx: Transaction, client_id: str, limit: int, *, before: int | None = None, is_delivered: bool | None = None, claim_id: str = ""
) -> tuple[Attempt, ...]:
    """Read the delivery log of a channel, or of all (""), the newest first; before an attempt's number, of one outcome, of one claim."""
    a, m, w = t.webhook_attempt.c, t.message.c, t.webhook.c
    columns = (a.attempt_id, a.webhook_id, a.message_id, m.claim_id, m.body, a.at_ms, a.elapsed_ms, a.status, a.error)
    joined = t.webhook_attempt.join(t.message, a.message_id == m.message_id).join(t.webhook, a.webhook_id == w.webhook_id)
    wanted = select(*columns, m.status.label("message_status")).select_from(joined)
    if client_id:
        wanted = wanted.where(w.client_id == client_id)
    if claim_id:
        wanted = wanted.where(m.claim_id == claim_id)
    if is_delivered is not None:
        came = func.coalesce(a.status, 0).between(200, 299)
        wanted = wanted.where(came if is_delivered else ~came)
    if before is not None:
        wanted = wanted.where(a.attempt_id < before)
    return tuple(Attempt(**row._mapping) for row in tx.connection.execute(wanted.order_by(a.attempt_id.desc()).limit(limit)))


def send_again(tx: Transaction, message_id: str) -> str | None:
    """Let a delivery be tried again, whatever became of it; gives the claim it tells of, None when there is no such delivery."""
    m = t.message.c
    values = {"status": "open", "attempt": 0, "available_ms": tx.now_ms(), "lease_token": "", "last_error": ""}
    mine = (m.message_id == message_id, m.way == Way.WEBHOOK)
    return tx.connection.execute(update(t.message).where(*mine).values(**values).returning(m.claim_id)).scalar_one_or_none()


def count_webhooks(tx: Transaction, client_id: str) -> int:
    """Count the addresses at which a channel is told."""
    c = t.webhook.c
    return int(tx.connection.execute(select(func.count()).where(c.client_id == client_id, c.ended_ms.is_(None))).scalar_one())
