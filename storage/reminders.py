"""Reminders (提醒): what was told, once for each policy, occasion and due day; and how customers wish to be told."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.message import Way
from domain.reminder import KindPreference, NoticePreferences, Occasion, QuietHours, Reminder, ReminderKind
from storage import tables as t
from storage import tables_reminders as tr
from storage.audit import ERASED_WORDS
from storage.codec import canonical_json
from storage.database import Transaction

_R, _P = tr.reminder.c, tr.notice_preference.c
_WITH_WORDS: Any = literal_column("message_id <> ''")  # written into the statement: a planner then takes the partial index


@dataclass(frozen=True)
class ToldReminder:
    """That a reminder was told: on which day in China, and how (None: the customer has switched its kind off)."""

    policy_number: str
    occasion: Occasion
    due_on: date
    person_id: str
    told_ms: int
    way: Way | None
    message_id: str

    @property
    def key(self) -> tuple[str, Occasion, date]:
        """What it is told once for."""
        return self.policy_number, self.occasion, self.due_on


def key_of(reminder: Reminder) -> tuple[str, Occasion, date]:
    """Give what a reminder is told once for."""
    return reminder.policy_number, reminder.rule.occasion, reminder.due_on


def told_of(tx: Transaction, policy_numbers: Collection[str]) -> dict[tuple[str, Occasion, date], ToldReminder]:
    """Find what was told of some policies."""
    rows = tx.connection.execute(select(tr.reminder).where(_R.policy_number.in_(list(policy_numbers))))
    return {each.key: each for each in map(_told, rows)}


def find_by_message(tx: Transaction, message_id: str) -> ToldReminder | None:
    """Give the reminder that a message brings."""
    row = tx.connection.execute(select(tr.reminder).where(_R.message_id == message_id)).one_or_none()
    return _told(row) if row else None


def take(tx: Transaction, reminder: Reminder, told_on: date) -> bool:
    """Take the right to tell a reminder in this transaction; False where it was told before, or is being told at this moment."""
    row: dict[str, Any] = {"policy_number": reminder.policy_number, "occasion": reminder.rule.occasion.value, "due_on": reminder.due_on}
    row |= {"kind": reminder.rule.kind.value, "person_id": reminder.person_id, "told_on": told_on, "told_ms": tx.now_ms()}
    statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(tr.reminder)  # each dialect has a class of its own
    taken = statement.values(**row, way="", message_id="").on_conflict_do_nothing().returning(_R.policy_number)
    return tx.connection.execute(taken).one_or_none() is not None


def note_way(tx: Transaction, key: tuple[str, Occasion, date], way: Way, message_id: str) -> None:
    """Write how a reminder goes out."""
    mine = (_R.policy_number == key[0], _R.occasion == key[1].value, _R.due_on == key[2])
    tx.connection.execute(update(tr.reminder).where(*mine).values(way=way.value, message_id=message_id))


def count_of_day(tx: Transaction, day: date) -> dict[tuple[str, str], int]:
    """Count what was told on a day in China, by kind and way; way "": switched off."""
    chosen = select(_R.kind, _R.way, func.count()).where(_R.told_on == day).group_by(_R.kind, _R.way)
    return {(kind, way): count for kind, way, count in tx.connection.execute(chosen)}


def skipped_on(tx: Transaction, day: date) -> int:
    """Count the policies whose figures could not be worked out on a day."""
    s = tr.reminder_sweep.c
    return int(tx.connection.execute(select(s.skipped).where(s.day == day)).scalar_one_or_none() or 0)


def note_skipped(tx: Transaction, day: date, count: int) -> None:
    """Add to how many policies were skipped on a day."""
    s = tr.reminder_sweep.c
    tx.connection.execute(update(tr.reminder_sweep).where(s.day == day).values(skipped=s.skipped + count))


def forget_words(tx: Transaction, before: date, limit: int) -> int:
    """Destroy the words of reminders told before a day, and where they went; that they were told stays. Gives how many."""
    old = tx.connection.execute(select(_R.message_id).where(_R.told_on < before, _WITH_WORDS).limit(limit)).scalars().all()
    if old:
        m = t.customer_message.c
        emptied = {"recipient_enc": tx.cipher.encrypt(""), "body": ERASED_WORDS}
        tx.connection.execute(update(t.customer_message).where(m.message_id.in_(old), m.status == "open").values(status="dead"))
        tx.connection.execute(update(t.customer_message).where(m.message_id.in_(old)).values(**emptied))
        tx.connection.execute(update(tr.reminder).where(_R.message_id.in_(old)).values(message_id=""))
    return len(old)


def message_words(tx: Transaction, message_id: str) -> tuple[str, str]:
    """Give subject and body of a message."""
    m = t.customer_message.c
    row = tx.connection.execute(select(m.subject, m.body).where(m.message_id == message_id)).one()
    return row.subject, row.body


def save_preferences(tx: Transaction, person_id: str, chosen: NoticePreferences) -> None:
    """Keep how a customer wishes to be told, in the place of what they chose before."""
    kinds = {kind.value: {"on": each.is_on, "ways": [way.value for way in each.ways]} for kind, each in chosen.kinds.items()}
    row = {"kinds_json": canonical_json(kinds), "mail_enc": tx.cipher.encrypt(chosen.mail_address), "changed_ms": tx.now_ms()}
    row |= {"quiet_from": chosen.quiet.from_minute if chosen.quiet else None}
    row |= {"quiet_until": chosen.quiet.until_minute if chosen.quiet else None}
    statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(tr.notice_preference)
    tx.connection.execute(statement.values(person_id=person_id, **row).on_conflict_do_update(index_elements=["person_id"], set_=row))


def preferences_of(tx: Transaction, person_ids: Sequence[str]) -> dict[str, NoticePreferences]:
    """Find how some customers wish to be told; whoever chose nothing is left out."""
    rows = tx.connection.execute(select(tr.notice_preference).where(_P.person_id.in_(list(person_ids))))
    return {row.person_id: _preferences(tx, row) for row in rows}


def erase_person(tx: Transaction, person_id: str) -> None:
    """Forget how a customer wished to be told and what they were reminded of; words in the outbox: storage/messages.py."""
    tx.connection.execute(delete(tr.notice_preference).where(_P.person_id == person_id))
    tx.connection.execute(delete(tr.reminder).where(_R.person_id == person_id))


def _told(row: Any) -> ToldReminder:
    way = Way(row.way) if row.way else None
    return ToldReminder(row.policy_number, Occasion(row.occasion), row.due_on, row.person_id, row.told_ms, way, row.message_id)


def _preferences(tx: Transaction, row: Any) -> NoticePreferences:
    kinds = {
        ReminderKind(name): KindPreference(told["on"], tuple(map(Way, told["ways"]))) for name, told in json.loads(row.kinds_json).items()
    }
    quiet = QuietHours(row.quiet_from, row.quiet_until) if row.quiet_from is not None else None
    return NoticePreferences(kinds, quiet, tx.cipher.decrypt(row.mail_enc))
