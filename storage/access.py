"""Who may come in: staff with passwords or known to an identity provider, channels with secrets. Tokens: storage/tokens.py."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, delete, insert, select, update

from domain.errors import ConflictError
from storage import tables as t
from storage.database import Transaction
from storage.tokens import hash_of

_HASHER = PasswordHasher()


@dataclass(frozen=True)
class Staff:
    """Somebody who works here: `authority_fen` is the most they may decide alone."""

    user_name: str
    display_name: str
    role: str  # adjuster | senior_adjuster | investigator | actuary | operator
    authority_fen: int


@dataclass(frozen=True)
class ApiClient:
    """A system that calls us: the insurer's app, the hotline's desk, a hospital. `scope` lists actions; "" is all of its role."""

    client_id: str
    role: str  # app | hotline | hospital
    hospital_id: str | None
    scope: str = ""


def save_staff(tx: Transaction, staff: Staff, password: str) -> None:
    """Add a member of staff, or replace everything about them, the password included; whoever is logged in is out."""
    _replace_staff(tx, staff, _HASHER.hash(password), None)
    tx.connection.execute(delete(t.staff_session).where(t.staff_session.c.user_name == staff.user_name))


def save_staff_of_provider(tx: Transaction, staff: Staff, subject: str) -> None:
    """Add whom the identity provider has proven, or take over what it tells of them now.

    Raises:
        ConflictError: the log-in name belongs to somebody else: an account with a password, or another subject.
    """
    c = t.staff.c
    row = tx.connection.execute(select(c.subject, c.active).where(c.user_name == staff.user_name)).one_or_none()
    if row and row.subject != subject:
        told = f"the log-in name {staff.user_name} belongs to another account"
        raise ConflictError(told, "let an operator give one of the two another name")
    tx.connection.execute(delete(t.staff).where(c.subject == subject, c.user_name != staff.user_name))  # renamed at the provider
    _replace_staff(tx, staff, "", subject, active=row.active if row else True)


def _replace_staff(tx: Transaction, staff: Staff, password_hash: str, subject: str | None, *, active: bool = True) -> None:
    tx.connection.execute(delete(t.staff).where(t.staff.c.user_name == staff.user_name))
    row = {**vars(staff), "password_hash": password_hash, "active": active, "subject": subject}
    tx.connection.execute(insert(t.staff).values(**row))


def shut_out(tx: Transaction, user_name: str) -> bool:
    """Let a member of staff in no more, and end their sessions; False when there is nobody of that name."""
    c = t.staff.c
    known = tx.connection.execute(update(t.staff).where(c.user_name == user_name).values(active=False).returning(c.user_name))
    tx.connection.execute(delete(t.staff_session).where(t.staff_session.c.user_name == user_name))
    return known.one_or_none() is not None


def find_colleague(tx: Transaction, name: str) -> Staff | None:
    """Find who is meant by a user name, or by a display name that only one active member of staff has."""
    c = t.staff.c
    found = select(c.user_name, c.display_name, c.role, c.authority_fen).where(c.active, (c.user_name == name) | (c.display_name == name))
    rows = [Staff(**row._mapping) for row in tx.connection.execute(found)]
    exact = [each for each in rows if each.user_name == name]
    return (exact or rows)[0] if len(exact or rows) == 1 else None


def colleagues(tx: Transaction, roles: tuple[str, ...]) -> tuple[Staff, ...]:
    """List the active members of staff of some roles, by display name."""
    c = t.staff.c
    found = select(c.user_name, c.display_name, c.role, c.authority_fen).where(c.active, c.role.in_(roles)).order_by(c.display_name)
    return tuple(Staff(**row._mapping) for row in tx.connection.execute(found))


def check_password(tx: Transaction, user_name: str, password: str) -> Staff | None:
    """Give the member of staff whose name and password these are, or None. Both answers take the same time."""
    row = tx.connection.execute(select(t.staff).where(t.staff.c.user_name == user_name, t.staff.c.active)).one_or_none()
    is_right = _is_right(row.password_hash if row and row.password_hash else _dummy_hash(), password)
    return Staff(row.user_name, row.display_name, row.role, row.authority_fen) if row and is_right else None


def _is_right(hashed: str, secret: str) -> bool:
    try:
        return _HASHER.verify(hashed, secret)
    except (VerificationError, InvalidHashError):
        return False


def _dummy_hash() -> str:
    return "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$VGhlIGhhc2ggb2Ygbm8gcGFzc3dvcmQgYXQgYWxsLi4"


def find_staff(tx: Transaction, user_name: str) -> Staff | None:
    """Give an active member of staff by log-in name."""
    return find_several(tx, [user_name]).get(user_name)


def find_several(tx: Transaction, user_names: Collection[str]) -> dict[str, Staff]:
    """Give the active members of staff among some log-in names."""
    rows = tx.find(_STAFF, {"of_names": list(user_names)}) if user_names else ()
    return {row.user_name: Staff(row.user_name, row.display_name, row.role, row.authority_fen) for row in rows}


_STAFF = select(t.staff.c.user_name, t.staff.c.display_name, t.staff.c.role, t.staff.c.authority_fen).where(
    t.staff.c.active, t.staff.c.user_name.in_(bindparam("of_names", expanding=True))
)


def save_api_client(tx: Transaction, client: ApiClient, secret: str = "") -> None:
    """Add a calling system, or replace what is known of it. With a secret of 128 bits or more it may send that as a bearer token."""
    values = {**vars(client), "secret_hash": hash_of(secret or secrets.token_urlsafe(32))}
    c = t.api_client.c
    changed = tx.connection.execute(update(t.api_client).where(c.client_id == client.client_id).values(**values).returning(c.client_id))
    if changed.one_or_none() is None:
        tx.connection.execute(insert(t.api_client).values(**values))


def find_api_client(tx: Transaction, secret: str) -> ApiClient | None:
    """Give the calling system whose own secret this is, or None."""
    row = tx.connection.execute(_BY_SECRET, {"of_hash": hash_of(secret)}).one_or_none()
    return ApiClient(row.client_id, row.role, row.hospital_id, row.scope) if row else None


_BY_SECRET = select(t.api_client).where(t.api_client.c.secret_hash == bindparam("of_hash"))  # asked for every call: written once


def add_channel_secret(tx: Transaction, client_id: str, *, earlier_end_ms: int, secret: str = "") -> str:
    """Give a channel a secret with which it fetches tokens, a random one unless it is named; the earlier ones end then."""
    c, now = t.channel_secret.c, tx.now_ms()
    ends = now + earlier_end_ms
    tx.connection.execute(delete(t.channel_secret).where(c.client_id == client_id, c.expires_ms <= now))
    standing = (c.client_id == client_id, c.expires_ms.is_(None) | (c.expires_ms > ends))
    tx.connection.execute(update(t.channel_secret).where(*standing).values(expires_ms=ends))
    secret = secret or secrets.token_urlsafe(32)
    row = {"secret_id": secrets.token_hex(16), "client_id": client_id, "secret_hash": _HASHER.hash(secret), "created_ms": now}
    tx.connection.execute(insert(t.channel_secret).values(**row))
    return secret


def check_channel_secret(tx: Transaction, client_id: str, secret: str) -> ApiClient | None:
    """Give the channel whose id and secret these are, or None; an unknown channel costs as much hashing as a known one."""
    c = t.channel_secret.c
    is_good = (c.client_id == client_id, c.expires_ms.is_(None) | (c.expires_ms > tx.now_ms()))
    hashes = tx.connection.execute(select(c.secret_hash).where(*is_good).order_by(c.created_ms.desc())).scalars().all()
    if not any(_is_right(each, secret) for each in hashes or [_dummy_hash()]):
        return None
    return find_channel(tx, client_id)


def find_channel(tx: Transaction, client_id: str) -> ApiClient | None:
    """Give a calling system by its id."""
    row = tx.connection.execute(select(t.api_client).where(t.api_client.c.client_id == client_id)).one_or_none()
    return ApiClient(row.client_id, row.role, row.hospital_id, row.scope) if row else None


def end_channel(tx: Transaction, client_id: str) -> None:
    """Take every secret and every token from a channel; what it sent stays its own."""
    c = t.api_client.c
    tx.connection.execute(delete(t.access_token).where(t.access_token.c.client_id == client_id))
    tx.connection.execute(delete(t.channel_secret).where(t.channel_secret.c.client_id == client_id))
    tx.connection.execute(update(t.api_client).where(c.client_id == client_id).values(secret_hash=hash_of(secrets.token_urlsafe(32))))


@dataclass(frozen=True)
class ChannelKeys:
    """A channel as an operator lists it: how many secrets are good, and when the newest was made (milliseconds; None: none)."""

    client: ApiClient
    secrets: int
    newest_ms: int | None


def list_channels(tx: Transaction) -> tuple[ChannelKeys, ...]:
    """List every calling system with its secrets."""
    found = []
    c = t.channel_secret.c
    for client_id in tx.connection.execute(select(t.api_client.c.client_id).order_by(t.api_client.c.client_id)).scalars().all():
        is_good = (c.client_id == client_id, c.expires_ms.is_(None) | (c.expires_ms > tx.now_ms()))
        made = tx.connection.execute(select(c.created_ms).where(*is_good)).scalars().all()
        client = find_channel(tx, client_id)
        assert client is not None  # noqa: S101 - listed in this very transaction
        found.append(ChannelKeys(client, len(made), max(made, default=None)))
    return tuple(found)
