"""Who may come in: staff with passwords, channels with client secrets, customers with short-lived tokens."""

import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, insert, select

from storage import tables as t
from storage.database import Transaction

_HASHER = PasswordHasher()
_CUSTOMER_TOKEN_MS = 3_600_000


@dataclass(frozen=True)
class Staff:
    """Somebody who works here: `authority_fen` is the most they may decide alone."""

    user_name: str
    display_name: str
    role: str  # adjuster | senior_adjuster | investigator | actuary | operator
    authority_fen: int


@dataclass(frozen=True)
class ApiClient:
    """A system that calls us: the insurer's app, the hotline's desk, a hospital."""

    client_id: str
    role: str  # app | hotline | hospital
    hospital_id: str | None


def save_staff(tx: Transaction, staff: Staff, password: str) -> None:
    """Add a member of staff, or replace everything about them, the password included."""
    tx.connection.execute(delete(t.staff).where(t.staff.c.user_name == staff.user_name))
    tx.connection.execute(insert(t.staff).values(**vars(staff), password_hash=_HASHER.hash(password), active=True))


def check_password(tx: Transaction, user_name: str, password: str) -> Staff | None:
    """Give the member of staff whose name and password these are, or None. Both answers take the same time."""
    row = tx.connection.execute(select(t.staff).where(t.staff.c.user_name == user_name, t.staff.c.active)).one_or_none()
    try:
        _HASHER.verify(row.password_hash if row else _dummy_hash(), password)
    except VerificationError:
        return None
    return Staff(row.user_name, row.display_name, row.role, row.authority_fen) if row else None


def _dummy_hash() -> str:
    return "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$VGhlIGhhc2ggb2Ygbm8gcGFzc3dvcmQgYXQgYWxsLi4"


def find_staff(tx: Transaction, user_name: str) -> Staff | None:
    """Give an active member of staff by log-in name."""
    row = tx.connection.execute(select(t.staff).where(t.staff.c.user_name == user_name, t.staff.c.active)).one_or_none()
    return Staff(row.user_name, row.display_name, row.role, row.authority_fen) if row else None


def save_api_client(tx: Transaction, client: ApiClient, secret: str) -> None:
    """Add a calling system under a random secret of 128 bits or more, or replace it."""
    tx.connection.execute(delete(t.api_client).where(t.api_client.c.client_id == client.client_id))
    tx.connection.execute(insert(t.api_client).values(**vars(client), secret_hash=_hash(secret)))


def find_api_client(tx: Transaction, secret: str) -> ApiClient | None:
    """Give the calling system whose secret this is, or None."""
    row = tx.connection.execute(select(t.api_client).where(t.api_client.c.secret_hash == _hash(secret))).one_or_none()
    return ApiClient(row.client_id, row.role, row.hospital_id) if row else None


def issue_customer_token(tx: Transaction, person_id: str) -> str:
    """Make a token with which a customer, already proven by the insurer's app, sees their own for an hour."""
    token = secrets.token_urlsafe(32)
    tx.connection.execute(
        insert(t.customer_token).values(token_hash=_hash(token), person_id=person_id, expires_ms=tx.now_ms() + _CUSTOMER_TOKEN_MS)
    )
    return token


def find_customer(tx: Transaction, token: str) -> str | None:
    """Give the id of the person whose unexpired token this is, or None."""
    c = t.customer_token.c
    person_id: str | None = tx.connection.execute(
        select(c.person_id).where(c.token_hash == _hash(token), c.expires_ms > tx.now_ms())
    ).scalar_one_or_none()
    return person_id


def _hash(secret: str) -> str:
    # A plain hash is enough: these secrets are random, long and never chosen by a person.
    return hashlib.sha256(secret.encode()).hexdigest()
