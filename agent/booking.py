"""Appointments (预约): a customer takes a slot of an agent's hours, moves it, gives it back; the agent tells what became of it."""

from datetime import date, timedelta

from agent import telling
from agent.finding import card_of
from domain.agent import SLOT_MINUTES, AgentCard, Appointment, AppointmentState, MeetingKind
from domain.china import china_day, china_midnight_ms, china_minute
from domain.decision import Actor
from domain.errors import ConflictError, IllegalTransitionError, InputError
from storage import agent_acts, appointments
from storage.agent_sight import looks_after
from storage.database import Transaction

DAYS_AHEAD = 60
MOST_COMING = 5  # appointments that one customer may have before them


def free_slots(tx: Transaction, agent_id: str, first: date, days: int) -> tuple[int, ...]:
    """List the moments at which an agent is free on some days, beginning with one; none in the past, none after sixty days.

    Raises:
        NotFoundError: no such agent.
    """
    card, today = card_of(tx, agent_id), china_day(tx.now_ms())
    begin, end = max(first, today), min(first + timedelta(days=days), today + timedelta(days=DAYS_AHEAD + 1))
    taken = appointments.taken_between(tx, agent_id, china_midnight_ms(begin), china_midnight_ms(max(begin, end)))
    slots = (slot for each in range((end - begin).days) for slot in card.profile.hours.slots_on(begin + timedelta(days=each)))
    return tuple(slot for slot in slots if slot > tx.now_ms() and slot not in taken)


def book(tx: Transaction, person_id: str, agent_id: str, kind: MeetingKind, begins_ms: int, topic: str, actor: Actor) -> Appointment:
    """Take a slot for a customer.

    Raises:
        NotFoundError: no such agent.
        InputError: no slot begins then.
        ConflictError: somebody else has it, or the customer is elsewhere then, or has five appointments before them;
            or the agent takes no new customers.
    """
    card = card_of(tx, agent_id)
    _check_slot(tx, card, begins_ms)
    agent_acts.lock_customer(tx, person_id)
    if not card.profile.accepting and not looks_after(tx, agent_id, person_id):
        raise ConflictError(f"agent {agent_id} takes no new customers", "choose another: GET /v1/agents gives those who do")
    if appointments.count_coming(tx, person_id) >= MOST_COMING:
        raise ConflictError(f"{MOST_COMING} appointments are before you already", "cancel one, or wait until one is over")
    booked = appointments.add(tx, agent_id, person_id, kind, begins_ms, topic)
    if booked is None:
        raise _is_taken(tx, person_id, agent_id, begins_ms)
    telling.tell_booked(tx, booked)
    _note(tx, booked, actor, "appointment.booked", begins_ms=begins_ms, kind=kind)
    return booked


def move(tx: Transaction, person_id: str, appointment_id: str, begins_ms: int, actor: Actor, version: int | None = None) -> Appointment:
    """Bring a customer's appointment to another slot of the same agent; the one it had is free again. Raises as `book` does."""
    known = _coming(tx, person_id, appointment_id, version)
    if begins_ms == known.begins_ms:
        return known
    _check_slot(tx, card_of(tx, known.agent_id), begins_ms)
    if not appointments.move(tx, known, begins_ms):
        raise _is_taken(tx, person_id, known.agent_id, begins_ms)
    moved = appointments.get(tx, appointment_id)
    telling.tell_moved(tx, known, moved)
    _note(tx, moved, actor, "appointment.moved", from_ms=known.begins_ms, begins_ms=begins_ms)
    return moved


def cancel(tx: Transaction, person_id: str, appointment_id: str, actor: Actor, version: int | None = None) -> Appointment:
    """Give a customer's slot back before it begins."""
    known = _coming(tx, person_id, appointment_id, version)
    appointments.set_state(tx, known, AppointmentState.CANCELLED)
    telling.tell_cancelled(tx, known)
    _note(tx, known, actor, "appointment.cancelled", begins_ms=known.begins_ms)
    return appointments.get(tx, appointment_id)


def conclude(tx: Transaction, agent_id: str, appointment_id: str, outcome: AppointmentState, actor: Actor) -> Appointment:
    """Tell, as the agent, that the customer was met or did not come; a mistake is mended by telling it again.

    Raises:
        NotFoundError: no appointment of this agent.
        IllegalTransitionError: it was cancelled, or has not begun.
    """
    known = appointments.get(tx, appointment_id)
    if known.agent_id != agent_id:
        raise appointments.no_such_appointment(appointment_id)
    agent_acts.lock_customer(tx, known.person_id)
    known = appointments.get(tx, appointment_id, lock=True)
    if known.state is AppointmentState.CANCELLED or known.begins_ms > tx.now_ms():
        told = "is cancelled" if known.state is AppointmentState.CANCELLED else "has not begun"
        raise IllegalTransitionError(f"appointment {appointment_id} {told}", "only what was to take place can be done or missed")
    if known.state is not outcome:
        appointments.set_state(tx, known, outcome)
        _note(tx, known, actor, f"appointment.{outcome}")
    return appointments.get(tx, appointment_id)


def own(tx: Transaction, person_id: str, appointment_id: str) -> Appointment:
    """Give a customer's own appointment; somebody else's is none.

    Raises:
        NotFoundError: they have no such appointment.
    """
    known = appointments.get(tx, appointment_id)
    if known.person_id != person_id:
        raise appointments.no_such_appointment(appointment_id)
    return known


def _coming(tx: Transaction, person_id: str, appointment_id: str, version: int | None) -> Appointment:
    """Give, and lock, an appointment that its customer may still change."""
    own(tx, person_id, appointment_id)
    agent_acts.lock_customer(tx, person_id)
    known = appointments.get(tx, appointment_id, lock=True)
    appointments.check_version(known, version)
    if known.state is not AppointmentState.BOOKED or known.begins_ms <= tx.now_ms():
        told = f"is {known.state}" if known.state is not AppointmentState.BOOKED else "has begun"
        raise IllegalTransitionError(f"appointment {appointment_id} {told}", "book another: GET /v1/agents/{agent_id}/slots")
    return known


def _check_slot(tx: Transaction, card: AgentCard, begins_ms: int) -> None:
    day, now = china_day(begins_ms), tx.now_ms()
    way_out = f"take one of GET /v1/agents/{card.agent_id}/slots"
    if begins_ms <= now:
        raise InputError(f"{china_minute(begins_ms)} is past", way_out, field="begins_at", advice_zh="所选时间已过，请另选时段")
    if day > china_day(now) + timedelta(days=DAYS_AHEAD):
        raise InputError(
            f"{day} is more than {DAYS_AHEAD} days ahead", way_out, field="begins_at", advice_zh=f"只能预约 {DAYS_AHEAD} 天以内"
        )
    if begins_ms not in card.profile.hours.slots_on(day):
        told = f"{china_minute(begins_ms)} is no slot of agent {card.agent_id}: slots of {SLOT_MINUTES} minutes within their hours"
        raise InputError(told, way_out, field="begins_at", advice_zh="所选时间不在代理人的服务时间内，请另选时段")


def _is_taken(tx: Transaction, person_id: str, agent_id: str, begins_ms: int) -> ConflictError:
    when = china_minute(begins_ms)
    if appointments.has_at(tx, person_id, begins_ms):
        return ConflictError(f"you have an appointment at {when} already", "move or cancel that one: GET /v1/me/appointments")
    return ConflictError(f"the slot at {when} was taken by somebody else", f"take one of GET /v1/agents/{agent_id}/slots")


def _note(tx: Transaction, about: Appointment, actor: Actor, action: str, **detail: object) -> None:
    told = {"appointment": about.appointment_id, "agent": about.agent_id, **detail}
    agent_acts.append(tx, agent_acts.of_customer(about.person_id), actor, action, **told)
