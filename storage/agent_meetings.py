"""Contacts (联系记录) that agents wrote down, and ratings (评价) that customers gave: one for each appointment or contact."""

from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.agent import Contact, MeetingKind
from domain.errors import NotFoundError
from storage.database import Transaction
from storage.ids import new_id
from storage.tables_agents import agent_contact, agent_rating, appointment

_c, _r = agent_contact.c, agent_rating.c


def add_contact(tx: Transaction, agent_id: str, person_id: str, kind: MeetingKind, at_ms: int, note: str) -> Contact:
    """Write a contact down."""
    made = Contact(new_id("K"), agent_id, person_id, kind, at_ms, note)
    row = {name: value for name, value in vars(made).items() if name != "note"}
    tx.connection.execute(insert(agent_contact).values(**row, note_enc=tx.cipher.encrypt(note), recorded_ms=tx.now_ms()))
    return made


def find_contact(tx: Transaction, contact_id: str, *, lock: bool = False) -> Contact | None:
    """Find a contact by its number."""
    found = select(agent_contact).where(_c.contact_id == contact_id)
    row = tx.connection.execute(found.with_for_update() if lock else found).one_or_none()
    return _contact_of(tx, row) if row else None


def no_such_contact(contact_id: str) -> NotFoundError:
    """Say that there is no contact, or none of who asks: nobody can tell which."""
    return NotFoundError(f"no contact {contact_id}", "GET /v1/me/agent-contacts lists yours")


def contacts_of(tx: Transaction, person_id: str, limit: int, after: tuple[int, str] | None, agent_id: str = "") -> tuple[Contact, ...]:
    """List a customer's contacts, the latest first; those with one agent alone, when one is named."""
    wanted = [_c.person_id == person_id] + ([_c.agent_id == agent_id] if agent_id else [])
    if after:
        wanted.append((_c.at_ms < after[0]) | ((_c.at_ms == after[0]) & (_c.contact_id < after[1])))
    rows = tx.connection.execute(select(agent_contact).where(*wanted).order_by(_c.at_ms.desc(), _c.contact_id.desc()).limit(limit))
    return tuple(_contact_of(tx, row) for row in rows)


def erase_note(tx: Transaction, contact_id: str) -> None:
    """Destroy what was written in a contact; that there was one stays."""
    _overwrite_freed(tx)
    tx.connection.execute(update(agent_contact).where(_c.contact_id == contact_id).values(note_enc=None, erased_ms=tx.now_ms()))


def erase_words(tx: Transaction, person_id: str) -> None:
    """Destroy all free words about a customer or by them: notes, topics, comments. Times, states and stars stay."""
    _overwrite_freed(tx)
    written = (_c.person_id == person_id, _c.note_enc.is_not(None))
    tx.connection.execute(update(agent_contact).where(*written).values(note_enc=None, erased_ms=tx.now_ms()))
    tx.connection.execute(update(appointment).where(appointment.c.person_id == person_id).values(topic_enc=None))
    tx.connection.execute(update(agent_rating).where(_r.person_id == person_id).values(comment_enc=None))


def _overwrite_freed(tx: Transaction) -> None:
    if tx.is_sqlite:
        tx.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed places in the file are zeroed, too


def add_rating(tx: Transaction, about_id: str, agent_id: str, person_id: str, stars: int, comment: str) -> bool:
    """Write a rating; False when there is one of the same appointment or contact."""
    sealed = tx.cipher.encrypt(comment) if comment else None
    row = {
        "about_id": about_id,
        "agent_id": agent_id,
        "person_id": person_id,
        "stars": stars,
        "comment_enc": sealed,
        "rated_ms": tx.now_ms(),
    }
    statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(agent_rating)  # each dialect has a class of its own
    added = tx.connection.execute(statement.values(**row).on_conflict_do_nothing().returning(_r.about_id))
    return added.one_or_none() is not None


def count_ratings(tx: Transaction, agent_id: str) -> tuple[int, int]:
    """Give how many ratings an agent has, and the sum of their stars."""
    row = tx.connection.execute(select(func.count(), func.coalesce(func.sum(_r.stars), 0)).where(_r.agent_id == agent_id)).one()
    return int(row[0]), int(row[1])


def latest_comments(tx: Transaction, agent_id: str, limit: int) -> tuple[tuple[int, int, str], ...]:
    """Give the latest ratings of an agent that say something: when, stars, words."""
    said = select(_r.rated_ms, _r.stars, _r.comment_enc).where(_r.agent_id == agent_id, _r.comment_enc.is_not(None))
    rows = tx.connection.execute(said.order_by(_r.rated_ms.desc()).limit(limit))
    return tuple((row.rated_ms, row.stars, tx.cipher.decrypt(row.comment_enc)) for row in rows)


def rated_among(tx: Transaction, about_ids: tuple[str, ...]) -> dict[str, int]:
    """Give the stars of those appointments or contacts that are rated."""
    rows = tx.connection.execute(select(_r.about_id, _r.stars).where(_r.about_id.in_(about_ids)))
    return {row.about_id: row.stars for row in rows}


def _contact_of(tx: Transaction, row: Row[Any]) -> Contact:
    note = tx.cipher.decrypt(row.note_enc) if row.note_enc else None
    return Contact(row.contact_id, row.agent_id, row.person_id, MeetingKind(row.kind), row.at_ms, note)
