"""Contacts that agents write down (联系记录), and ratings that customers give afterwards (评价), once for each meeting."""

import re

from agent.booking import own
from agent.finding import card_of
from agent.standing import MOST_STARS, shortfall_of
from domain.agent import AppointmentState, Contact, MeetingKind
from domain.china import DAY_MS, china_minute
from domain.decision import Actor
from domain.errors import ConflictError, IllegalTransitionError, InputError, NotFoundError
from domain.identity import mask_tail
from storage import agent_acts, agent_meetings, agents
from storage.agent_sight import looks_after
from storage.database import Transaction

_OLDEST_DAYS = 30  # a contact is written down, and a rating given, within so many days
_NUMBERS = re.compile(r"\+?\d[\d\s-]{5,}\d[Xx]?|[\w.+-]+@[\w-]+\.[\w.-]+")


def record(tx: Transaction, agent_id: str, person_id: str, kind: MeetingKind, at_ms: int, note: str, actor: Actor) -> Contact:
    """Write down, as the agent, that a customer was called or met.

    Raises:
        NotFoundError: not a customer of theirs, or not any more.
        InputError: it lies in the future, or more than thirty days back.
    """
    agent_acts.lock_customer(tx, person_id)
    if not looks_after(tx, agent_id, person_id):
        raise NotFoundError("no customer of this agent", "contacts are written down for one's own customers")
    if not tx.now_ms() - _OLDEST_DAYS * DAY_MS <= at_ms <= tx.now_ms():
        told = f"{china_minute(at_ms)} lies in the future, or more than {_OLDEST_DAYS} days back"
        raise InputError(told, "write a contact down after it, and soon", field="at", advice_zh=f"联系时间须在过去 {_OLDEST_DAYS} 天以内")
    made = agent_meetings.add_contact(tx, agent_id, person_id, kind, at_ms, without_numbers(note))
    agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "contact.recorded", contact=made.contact_id, agent=agent_id, kind=kind)
    return made


def erase_note(tx: Transaction, person_id: str, contact_id: str, actor: Actor) -> Contact:
    """Destroy, as the customer, what an agent wrote about them; that there was a contact stays (个人信息保护法 art. 47).

    Raises:
        NotFoundError: no such contact of theirs.
    """
    agent_acts.lock_customer(tx, person_id)
    known = _own_contact(tx, person_id, contact_id)
    if known.note is not None:
        agent_meetings.erase_note(tx, contact_id)
        agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "contact.erased", contact=contact_id)
    return _own_contact(tx, person_id, contact_id)


def rate(tx: Transaction, person_id: str, about_id: str, stars: int, comment: str, actor: Actor) -> None:
    """Rate, as the customer, a meeting that is over; numbers and addresses in the comment are masked before it is kept.

    Raises:
        NotFoundError: no appointment or contact of theirs.
        InputError: not one to five stars.
        ConflictError: it is rated already, did not take place, is not over, or was too long ago.
    """
    if not 1 <= stars <= MOST_STARS:
        raise InputError(
            f"{stars} stars are none of 1 to {MOST_STARS}", "give 1 (poor) to 5 (good)", field="stars", advice_zh="请给 1 到 5 星"
        )
    agent_acts.lock_customer(tx, person_id)
    agent_id = _agent_met(tx, person_id, about_id)
    agent_acts.lock_agent(tx, agent_id)
    card_of(tx, agent_id)
    if not agent_meetings.add_rating(tx, about_id, agent_id, person_id, stars, without_numbers(comment)):
        raise ConflictError(f"{about_id} is rated already", "each meeting is rated once")
    ratings, total = agent_meetings.count_ratings(tx, agent_id)
    agents.set_ratings(tx, agent_id, ratings, total, shortfall_of(ratings, total))
    agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "agent.rated", about=about_id, agent=agent_id, stars=stars)


def _agent_met(tx: Transaction, person_id: str, about_id: str) -> str:
    """Give whom a customer met; refuses what cannot be rated."""
    contact = agent_meetings.find_contact(tx, about_id)
    if contact is not None and contact.person_id == person_id:
        agent_id, over_ms = contact.agent_id, contact.at_ms
    else:
        met = own(tx, person_id, about_id)
        if met.state in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW):
            raise IllegalTransitionError(f"appointment {about_id} did not take place: {met.state}", "rate one that did")
        agent_id, over_ms = met.agent_id, met.ends_ms
    if over_ms > tx.now_ms():
        raise IllegalTransitionError(f"appointment {about_id} is not over", f"rate it after {china_minute(over_ms)}")
    if over_ms < tx.now_ms() - _OLDEST_DAYS * DAY_MS:
        raise ConflictError(f"{about_id} was more than {_OLDEST_DAYS} days ago", "rate a meeting soon after it")
    return agent_id


def _own_contact(tx: Transaction, person_id: str, contact_id: str) -> Contact:
    known = agent_meetings.find_contact(tx, contact_id)
    if known is None or known.person_id != person_id:
        raise agent_meetings.no_such_contact(contact_id)
    return known


def without_numbers(words: str) -> str:
    """Mask what may be a telephone, an account, an ID number or a mail address: all but its last two characters."""
    return _NUMBERS.sub(lambda found: mask_tail(found[0], 2), words)
