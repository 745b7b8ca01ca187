"""The desks of staff (工作台): who has a claim open and who works on it, what is set aside, who was named, which views somebody keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Lease:
    """Who works on a claim, since when, and until when if their page stays silent."""

    claim_id: str
    user_name: str
    since_ms: int
    until_ms: int


@dataclass(frozen=True)
class Snooze:
    """A claim that somebody set aside until a moment, or until it changes from this version."""

    claim_id: str
    version: int
    user_name: str
    until_ms: int


@dataclass(frozen=True)
class QueueView:
    """What somebody keeps of the queue under a name; `query` is the query string of its page."""

    name: str
    query: str


def take_lease(tx: Transaction, claim_id: str, user_name: str, lasts_ms: int, *, over: bool = False) -> Lease:
    """Take or renew the lease of a claim when it is free, one's own, or `over` takes it from whoever has it; gives the one that holds."""
    c, now = t.claim_lease.c, tx.now_ms()
    until = now + lasts_ms
    insert = _insert(tx, t.claim_lease).values(claim_id=claim_id, user_name=user_name, since_ms=now, until_ms=until)
    renewed = insert.on_conflict_do_update(
        index_elements=["claim_id"], set_={"until_ms": until}, where=(c.user_name == user_name) & (c.until_ms > now)
    )
    taken = insert.on_conflict_do_update(
        index_elements=["claim_id"],
        set_={"user_name": user_name, "since_ms": now, "until_ms": until},
        where=(c.user_name != user_name) if over else (c.until_ms <= now),
    )
    for statement in (renewed, taken):
        if row := tx.connection.execute(statement.returning(*c)).one_or_none():
            return Lease(**row._mapping)
    return find_lease(tx, claim_id) or Lease(claim_id, user_name, now, until)


def find_lease(tx: Transaction, claim_id: str) -> Lease | None:
    """Find who works on a claim now."""
    row = next(iter(tx.find(_LEASE, {"of_claim": claim_id, "now": tx.now_ms()})), None)
    return Lease(**row._mapping) if row else None


_LEASE = select(t.claim_lease).where(t.claim_lease.c.claim_id == bindparam("of_claim"), t.claim_lease.c.until_ms > bindparam("now"))


def leases_of(tx: Transaction, claim_ids: Sequence[str]) -> dict[str, Lease]:
    """Find who works on claims now."""
    c = t.claim_lease.c
    rows = tx.connection.execute(select(t.claim_lease).where(c.claim_id.in_(claim_ids), c.until_ms > tx.now_ms()))
    return {row.claim_id: Lease(**row._mapping) for row in rows}


def note_presence(tx: Transaction, claim_id: str, user_name: str, forgotten_ms: int) -> None:
    """Write that somebody has a claim's page open, and forget those who have not been heard of for so long."""
    now = tx.now_ms()
    insert = _insert(tx, t.claim_presence).values(claim_id=claim_id, user_name=user_name, seen_ms=now)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=["claim_id", "user_name"], set_={"seen_ms": now}))
    tx.connection.execute(delete(t.claim_presence).where(t.claim_presence.c.seen_ms <= now - forgotten_ms))


def present_at(tx: Transaction, claim_id: str, since_ms: int) -> tuple[str, ...]:
    """Name who had a claim's page open since a moment."""
    return tuple(row.user_name for row in tx.find(_PRESENT, {"of_claim": claim_id, "since": since_ms}))


_PRESENT = (
    select(t.claim_presence.c.user_name)
    .where(t.claim_presence.c.claim_id == bindparam("of_claim"), t.claim_presence.c.seen_ms > bindparam("since"))
    .order_by(t.claim_presence.c.user_name)
)


def leave(tx: Transaction, claim_id: str, user_name: str) -> None:
    """Write that somebody left a claim's page: it is free for the next one at once."""
    for table in (t.claim_presence, t.claim_lease):
        tx.connection.execute(delete(table).where(table.c.claim_id == claim_id, table.c.user_name == user_name))


def snooze(tx: Transaction, claim_id: str, version: int, user_name: str, until_ms: int) -> None:
    """Set a claim aside until a moment; one that is aside already gets the new moment."""
    values = {"version": version, "user_name": user_name, "until_ms": until_ms}
    insert = _insert(tx, t.claim_snooze).values(claim_id=claim_id, **values)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=["claim_id"], set_=values))


def wake(tx: Transaction, claim_id: str) -> None:
    """Take a claim back that was set aside; one that was not stays as it is."""
    tx.connection.execute(delete(t.claim_snooze).where(t.claim_snooze.c.claim_id == claim_id))


def find_snooze(tx: Transaction, claim_id: str) -> Snooze | None:
    """Find until when a claim is set aside; None when it is not."""
    row = tx.connection.execute(select(t.claim_snooze).join(t.claim, is_aside(tx)).where(t.claim.c.claim_id == claim_id)).one_or_none()
    return Snooze(**row._mapping) if row else None


def is_aside(tx: Transaction) -> ColumnElement[bool]:
    """Give the condition under which a row of `claim_snooze` still keeps its claim aside."""
    s, c = t.claim_snooze.c, t.claim.c
    return and_(s.claim_id == c.claim_id, s.version == c.version, s.until_ms > tx.now_ms())


def mention(tx: Transaction, claim_id: str, user_name: str, by_user: str) -> None:
    """Write that a comment on a claim names somebody."""
    values = {"by_user": by_user, "at_ms": tx.now_ms()}
    insert = _insert(tx, t.claim_mention).values(claim_id=claim_id, user_name=user_name, **values)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=["user_name", "claim_id"], set_=values))


def count_mentions(tx: Transaction, user_name: str) -> int:
    """Count the claims in which somebody was named and has not looked since."""
    mine = select(func.count()).select_from(t.claim_mention).where(t.claim_mention.c.user_name == user_name)
    return int(tx.connection.execute(mine).scalar_one())


def see_mention(tx: Transaction, claim_id: str, user_name: str) -> bool:
    """Write that somebody has looked at a claim in which they were named; False when they were not."""
    c = t.claim_mention.c
    mine = delete(t.claim_mention).where(c.claim_id == claim_id, c.user_name == user_name).returning(c.at_ms)
    return tx.connection.execute(mine).one_or_none() is not None


def is_mentioned(tx: Transaction, claim_id: str, user_name: str) -> bool:
    """Tell whether somebody was named in a claim and has not looked since."""
    return bool(tx.find(_MENTION, {"of_claim": claim_id, "named": user_name}))


_MENTION = select(t.claim_mention.c.at_ms).where(
    t.claim_mention.c.claim_id == bindparam("of_claim"), t.claim_mention.c.user_name == bindparam("named")
)


def keep_view(tx: Transaction, user_name: str, view: QueueView) -> None:
    """Keep a view of the queue; one with the same name is replaced."""
    insert = _insert(tx, t.queue_view).values(user_name=user_name, name=view.name, query=view.query)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=["user_name", "name"], set_={"query": view.query}))


def drop_view(tx: Transaction, user_name: str, name: str) -> None:
    """Forget a view; one that is not there stays so."""
    c = t.queue_view.c
    tx.connection.execute(delete(t.queue_view).where(c.user_name == user_name, c.name == name))


def views_of(tx: Transaction, user_name: str) -> tuple[QueueView, ...]:
    """List the views that somebody keeps, by name."""
    c = t.queue_view.c
    rows = tx.connection.execute(select(c.name, c.query).where(c.user_name == user_name).order_by(c.name))
    return tuple(QueueView(**row._mapping) for row in rows)


def _insert(tx: Transaction, table: Table) -> Any:
    return (sqlite_insert if tx.is_sqlite else postgres_insert)(table)
