"""Appointments (预约): the database's own indexes keep two customers from one slot, and one customer from two places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from domain.agent import Appointment, AppointmentState, MeetingKind
from domain.china import DAY_MS
from domain.errors import NotFoundError, StaleVersionError
from storage.database import Transaction
from storage.ids import new_id
from storage.tables_agents import appointment

_a = appointment.c


def add(tx: Transaction, agent_id: str, person_id: str, kind: MeetingKind, begins_ms: int, topic: str) -> Appointment | None:
    """Take a slot; None when it is taken, or the customer is elsewhere then, by whoever was first."""
    made = Appointment(new_id("B"), agent_id, person_id, kind, begins_ms, AppointmentState.BOOKED, topic, 1)
    row = {name: value for name, value in vars(made).items() if name != "topic"}
    row |= {"topic_enc": tx.cipher.encrypt(topic) if topic else None, "booked_ms": tx.now_ms()}
    row["reminded_ms"] = _reminded_ms(tx, begins_ms)
    statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(appointment)  # each dialect has a class of its own
    added = tx.connection.execute(statement.values(**row).on_conflict_do_nothing().returning(_a.appointment_id))
    return made if added.one_or_none() else None


def get(tx: Transaction, appointment_id: str, *, lock: bool = False) -> Appointment:
    """Give an appointment.

    Raises:
        NotFoundError: there is none.
    """
    found = select(appointment).where(_a.appointment_id == appointment_id)
    row = tx.connection.execute(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise no_such_appointment(appointment_id)
    return _appointment_of(tx, row)


def no_such_appointment(appointment_id: str) -> NotFoundError:
    """Say that there is no appointment, or none of who asks: nobody can tell which."""
    return NotFoundError(f"no appointment {appointment_id}", "GET /v1/me/appointments lists yours")


def move(tx: Transaction, known: Appointment, begins_ms: int) -> bool:
    """Bring an appointment to another slot, and let it be reminded of anew; False when that slot is taken."""
    try:
        with tx.connection.begin_nested():
            _change(tx, known, {"begins_ms": begins_ms, "reminded_ms": _reminded_ms(tx, begins_ms)})
    except IntegrityError:
        return False
    return True


def _reminded_ms(tx: Transaction, begins_ms: int) -> int | None:
    """Whoever arranges something for the coming day is told so now, and needs no reminder."""
    return tx.now_ms() if begins_ms <= tx.now_ms() + DAY_MS else None


def set_state(tx: Transaction, known: Appointment, state: AppointmentState) -> None:
    """Write what became of an appointment; a cancelled one gives its slot free."""
    _change(tx, known, {"state": state})


def _change(tx: Transaction, known: Appointment, values: dict[str, Any]) -> None:
    mine = (_a.appointment_id == known.appointment_id, _a.version == known.version)
    changed = update(appointment).where(*mine).values(version=known.version + 1, **values).returning(_a.appointment_id)
    if tx.connection.execute(changed).one_or_none() is None:
        raise StaleVersionError(f"appointment {known.appointment_id} has changed meanwhile", "read it again")


def taken_between(tx: Transaction, agent_id: str, begin_ms: int, end_ms: int) -> frozenset[int]:
    """Give the slots of an agent that are taken."""
    wanted = (_a.agent_id == agent_id, _a.state != "cancelled", _a.begins_ms >= begin_ms, _a.begins_ms < end_ms)
    return frozenset(tx.connection.execute(select(_a.begins_ms).where(*wanted)).scalars())


def has_at(tx: Transaction, person_id: str, begins_ms: int) -> bool:
    """Tell whether a customer has an appointment at a moment."""
    wanted = (_a.person_id == person_id, _a.begins_ms == begins_ms, _a.state != "cancelled")
    return tx.connection.execute(select(_a.appointment_id).where(*wanted).limit(1)).one_or_none() is not None


def count_coming(tx: Transaction, person_id: str) -> int:
    """Count the appointments that a customer still has before them."""
    wanted = (_a.person_id == person_id, _a.state == "booked", _a.begins_ms > tx.now_ms())
    return tx.connection.execute(select(func.count()).select_from(appointment).where(*wanted)).scalar_one()


def of_customer(tx: Transaction, person_id: str, limit: int, after: tuple[int, str] | None) -> tuple[Appointment, ...]:
    """List a customer's appointments, the latest first."""
    further = [] if after is None else [_is_before(*after)]
    found = (
        select(appointment).where(_a.person_id == person_id, *further).order_by(_a.begins_ms.desc(), _a.appointment_id.desc()).limit(limit)
    )
    return tuple(_appointment_of(tx, row) for row in tx.connection.execute(found))


def _is_before(begins_ms: int, appointment_id: str) -> ColumnElement[bool]:
    return (_a.begins_ms < begins_ms) | ((_a.begins_ms == begins_ms) & (_a.appointment_id < appointment_id))


def of_agent(tx: Transaction, agent_id: str, begin_ms: int, limit: int, after: tuple[int, str] | None = None) -> tuple[Appointment, ...]:
    """List an agent's appointments since a moment that were not cancelled, the earliest first."""
    further = [] if after is None else [(_a.begins_ms > after[0]) | ((_a.begins_ms == after[0]) & (_a.appointment_id > after[1]))]
    wanted = (_a.agent_id == agent_id, _a.begins_ms >= begin_ms, _a.state != "cancelled", *further)
    found = select(appointment).where(*wanted).order_by(_a.begins_ms, _a.appointment_id).limit(limit)
    return tuple(_appointment_of(tx, row) for row in tx.connection.execute(found))


def coming_with(tx: Transaction, person_id: str, agent_ids: Sequence[str]) -> tuple[Appointment, ...]:
    """List, and lock, what a customer still has before them with some agents."""
    wanted = (_a.person_id == person_id, _a.agent_id.in_(agent_ids), _a.state == "booked", _a.begins_ms > tx.now_ms())
    found = select(appointment).where(*wanted).order_by(_a.appointment_id).with_for_update()
    return tuple(_appointment_of(tx, row) for row in tx.connection.execute(found))


# The state stands in the statement as it does in the index: a planner takes a partial index only when it sees that it fits.
_STILL_BOOKED = (_a.state == literal_column("'booked'")) & _a.reminded_ms.is_(None)


def to_remind(tx: Transaction, until_ms: int, limit: int) -> tuple[str, ...]:
    """Name booked appointments before a moment of which nobody was reminded."""
    soon = select(_a.appointment_id).where(_STILL_BOOKED, _a.begins_ms <= until_ms)
    return tuple(tx.connection.execute(soon.order_by(_a.begins_ms).limit(limit)).scalars())


def take_reminder(tx: Transaction, appointment_id: str) -> Appointment | None:
    """Mark an appointment as reminded of; None when somebody else has, or it does not stand any more."""
    mine = (_a.appointment_id == appointment_id, _STILL_BOOKED)
    changed = update(appointment).where(*mine).values(reminded_ms=tx.now_ms()).returning(_a.appointment_id)
    return get(tx, appointment_id) if tx.connection.execute(changed).one_or_none() else None


def _appointment_of(tx: Transaction, row: Row[Any]) -> Appointment:
    topic = tx.cipher.decrypt(row.topic_enc) if row.topic_enc else ""
    kind, state = MeetingKind(row.kind), AppointmentState(row.state)
    return Appointment(row.appointment_id, row.agent_id, row.person_id, kind, row.begins_ms, state, topic, row.version)


def check_version(known: Appointment, version: int | None) -> None:
    """Refuse a change that was based on something older; None asks for no check.

    Raises:
        StaleVersionError: it has changed meanwhile.
    """
    if version not in (None, known.version):
        raise StaleVersionError(f"appointment {known.appointment_id} has changed meanwhile", "read it again")
