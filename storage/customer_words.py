"""What is kept of customers beside their claims and transactions: how they wish to be told, what they were told and told of
themselves, what agents and they wrote. With the moment of each, so that nobody's is kept for ever.
"""

from collections.abc import Collection

from sqlalchemy import Column, ColumnElement, Select, func, select, true, union_all

from storage import tables as t
from storage import tables_agents as ta
from storage.audit import ERASED_WORDS
from storage.database import Transaction
from storage.tables_cover import cover_profile
from storage.tables_reminders import notice_preference, reminder

_MESSAGE, _CONTACT, _MET, _RATING = t.customer_message.c, ta.agent_contact.c, ta.appointment.c, ta.agent_rating.c
_KEPT: tuple[tuple[Column[str], Column[int], ColumnElement[bool]], ...] = (  # whose it is, of when, and whether it is there still
    (notice_preference.c.person_id, notice_preference.c.changed_ms, true()),
    (reminder.c.person_id, reminder.c.told_ms, true()),
    (cover_profile.c.person_id, cover_profile.c.consented_ms, true()),
    (_MESSAGE.person_id, _MESSAGE.created_ms, _MESSAGE.body != ERASED_WORDS),
    (_CONTACT.person_id, _CONTACT.recorded_ms, _CONTACT.note_enc.is_not(None)),
    (_MET.person_id, _MET.begins_ms, _MET.topic_enc.is_not(None)),
    (_RATING.person_id, _RATING.rated_ms, _RATING.comment_enc.is_not(None)),
)


def customers_after(tx: Transaction, after: str, limit: int) -> tuple[str, ...]:
    """List customers of whom anything is kept, by id, those after one; each table is entered by its index."""
    found: set[str] = set()
    for person, _, is_there in _KEPT:
        chosen = select(person).where(person > after, is_there)
        found |= set(tx.connection.execute(chosen.distinct().order_by(person).limit(limit)).scalars())
    return tuple(sorted(found)[:limit])


def latest_ms(tx: Transaction, person_ids: Collection[str]) -> dict[str, int]:
    """Give the moment of the latest thing that is kept of each of some customers; who has nothing is left out."""
    found = union_all(*(_of(person, at, is_there, person_ids) for person, at, is_there in _KEPT)).subquery()
    latest = select(found.c.person_id, func.max(found.c.at_ms)).group_by(found.c.person_id)
    return {person_id: int(at_ms) for person_id, at_ms in tx.connection.execute(latest)}


def _of(person: Column[str], at: Column[int], is_there: ColumnElement[bool], person_ids: Collection[str]) -> Select[str, int]:
    return select(person.label("person_id"), at.label("at_ms")).where(person.in_(sorted(person_ids)), is_there)
