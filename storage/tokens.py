"""Tokens: short-lived, random, and kept as a hash alone. Channels fetch theirs with a secret, customers get theirs from the
insurer's app, and a member of staff has one in the cookie of the session. Each can be taken back at once.
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from storage import tables as t
from storage.database import Transaction

CHANNEL_TOKEN_MS = 15 * 60_000
CUSTOMER_TOKEN_MS = 3_600_000
SESSION_MS = 10 * 3_600_000  # a working day: then the password is asked for again, however busy the session was
IDLE_MS = 1_800_000  # a session that nobody used for so long has ended
_NOTED_EVERY_MS = 60_000  # that a session is used is written once a minute


def hash_of(secret: str) -> str:
    """Hash a random secret for look-up. A plain hash is enough: these are random, long and never chosen by a person."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class ChannelToken:
    """What a channel's token stands for: the channel, and the actions it was fetched for ("": all of the role)."""

    client_id: str
    role: str
    hospital_id: str | None
    scope: str


def issue_channel_token(tx: Transaction, client_id: str, scope: str) -> str:
    """Make a token with which a channel calls for a quarter of an hour; those that have run out are swept away."""
    now, token = tx.now_ms(), secrets.token_urlsafe(32)
    tx.connection.execute(delete(t.access_token).where(t.access_token.c.expires_ms <= now))
    row = {"token_hash": hash_of(token), "client_id": client_id, "scope": scope, "expires_ms": now + CHANNEL_TOKEN_MS}
    tx.connection.execute(insert(t.access_token).values(**row))
    return token


def find_channel_token(tx: Transaction, token: str) -> ChannelToken | None:
    """Give what an unexpired channel token stands for, or None."""
    row = tx.connection.execute(_CHANNEL, {"of_hash": hash_of(token), "now": tx.now_ms()}).one_or_none()
    return ChannelToken(*row) if row else None


# Asked for every call: building a statement anew costs more than running it.
_CHANNEL = (
    select(t.api_client.c.client_id, t.api_client.c.role, t.api_client.c.hospital_id, t.access_token.c.scope)
    .join_from(t.access_token, t.api_client)
    .where(t.access_token.c.token_hash == bindparam("of_hash"), t.access_token.c.expires_ms > bindparam("now"))
)
_CUSTOMER = select(t.customer_token.c.person_id).where(
    t.customer_token.c.token_hash == bindparam("of_hash"), t.customer_token.c.expires_ms > bindparam("now")
)


def issue_customer_token(tx: Transaction, person_id: str) -> str:
    """Make a token with which a customer, already proven by the insurer's app, sees their own for an hour."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": hash_of(token), "person_id": person_id, "expires_ms": tx.now_ms() + CUSTOMER_TOKEN_MS}
    tx.connection.execute(insert(t.customer_token).values(**row))
    return token


def find_customer(tx: Transaction, token: str) -> str | None:
    """Give the id of the person whose unexpired token this is, or None."""
    found = tx.connection.execute(_CUSTOMER, {"of_hash": hash_of(token), "now": tx.now_ms()})
    person_id: str | None = found.scalar_one_or_none()
    return person_id


def revoke(tx: Transaction, token: str, client_id: str, *, may_end_customers: bool) -> None:
    """End a token: one of the channel that asks, or a customer's where the channel may issue those. Others are left alone."""
    a, hashed = t.access_token.c, hash_of(token)
    tx.connection.execute(delete(t.access_token).where(a.token_hash == hashed, a.client_id == client_id))
    if may_end_customers:
        tx.connection.execute(delete(t.customer_token).where(t.customer_token.c.token_hash == hashed))


def begin_session(tx: Transaction, user_name: str) -> str:
    """Make the token of a log-in; those that have run out are swept away."""
    now, token = tx.now_ms(), secrets.token_urlsafe(32)
    tx.connection.execute(delete(t.staff_session).where(t.staff_session.c.begun_ms <= now - SESSION_MS))
    tx.connection.execute(insert(t.staff_session).values(token_hash=hash_of(token), user_name=user_name, begun_ms=now, seen_ms=now))
    return token


@dataclass(frozen=True)
class Session:
    """A log-in that is good; `is_to_note` when it should be written that it is used."""

    user_name: str
    is_to_note: bool


def find_session(tx: Transaction, token: str) -> Session | None:
    """Give whose log-in this is, or None: ended, older than a working day, or unused for half an hour."""
    now = tx.now_ms()
    asked = {"of_hash": hash_of(token), "begun_after": now - SESSION_MS, "seen_after": now - IDLE_MS}
    row = next(iter(tx.find(_LOG_IN, asked)), None)
    return Session(row.user_name, row.seen_ms <= now - _NOTED_EVERY_MS) if row else None


_LOG_IN = select(t.staff_session.c.user_name, t.staff_session.c.seen_ms).where(
    t.staff_session.c.token_hash == bindparam("of_hash"),
    t.staff_session.c.begun_ms > bindparam("begun_after"),
    t.staff_session.c.seen_ms > bindparam("seen_after"),
)


def note_session(tx: Transaction, token: str) -> None:
    """Write that a session is used."""
    c = t.staff_session.c
    tx.connection.execute(update(t.staff_session).where(c.token_hash == hash_of(token)).values(seen_ms=tx.now_ms()))


def end_session(tx: Transaction, token: str) -> None:
    """End a log-in: its cookie opens nothing any more, wherever a copy of it lies."""
    tx.connection.execute(delete(t.staff_session).where(t.staff_session.c.token_hash == hash_of(token)))
