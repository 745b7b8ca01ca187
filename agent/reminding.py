"""Reminders (预约提醒): both are told a day before an appointment; one that was booked later than that is not told twice."""

from agent.telling import remind
from domain.china import DAY_MS
from storage import appointments
from storage.database import Database, Transaction


def is_due(tx: Transaction) -> bool:
    """Tell whether somebody is to be reminded now; a look that locks nothing."""
    return bool(appointments.to_remind(tx, tx.now_ms() + DAY_MS, 1))


def remind_due(database: Database, limit: int) -> int:
    """Remind of some appointments of the coming day, each once, whoever else does the same; gives how many."""
    with database.read() as tx:
        found = appointments.to_remind(tx, tx.now_ms() + DAY_MS, limit)
    for appointment_id in found:
        with database.write() as tx:
            coming = appointments.take_reminder(tx, appointment_id)
            if coming is not None and coming.begins_ms > tx.now_ms():
                remind(tx, coming)
    return len(found)
