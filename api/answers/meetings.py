"""What customers and agents are shown of what is between them: appointments, contacts, consents, who was responsible when."""

from collections.abc import Sequence
from datetime import date

from agent.choosing import Period
from agent.seeing import Customer, OpenClaim
from api.answers.base import Answer, iso_time
from api.answers.holdings import Amount, Words, amount_of, both_words
from api.answers.status import public_state
from api.answers.wording import STATE_SENTENCES
from api.paging import Page
from domain.agent import Appointment, Consent, Contact
from domain.identity import mask_name
from domain.reminder import Reminder
from storage.card_links import CardLink


class AppointmentShown(Answer):
    """One appointment (预约)."""

    appointment_id: str
    agent_id: str
    agent_name: str
    kind: str
    begins_at: str
    ends_at: str
    state: str
    topic: str
    stars: int | None  # what the customer gave; null: not rated


class Appointments(Page):
    """A customer's appointments, the latest first."""

    appointments: tuple[AppointmentShown, ...]


class AgentAppointment(Answer):
    """One appointment as the agent sees it; the telephone number is reached through the insurer."""

    appointment_id: str
    kind: str
    begins_at: str
    ends_at: str
    state: str
    customer: str  # the masked name
    topic: str


class AgentAppointments(Page):
    """An agent's appointments of the last week and those to come, the earliest first."""

    appointments: tuple[AgentAppointment, ...]


class ContactShown(Answer):
    """One contact (联系记录); `note` is null once it was erased."""

    contact_id: str
    agent_id: str
    agent_name: str
    kind: str
    at: str
    note: str | None
    stars: int | None


class Contacts(Page):
    """A customer's contacts, the latest first."""

    contacts: tuple[ContactShown, ...]


class ContactRecorded(Answer):
    """A contact that was written down."""

    contact_id: str
    kind: str
    at: str


class RatingTaken(Answer):
    """A rating counts."""

    about_id: str
    stars: int


class ConsentShown(Answer):
    """One consent (授权); `ended_at` is null while it is in force."""

    consent_id: str
    agent_id: str
    scope: str
    wording_version: str
    given_at: str
    ended_at: str | None
    ended_by: str | None


class Consents(Page):
    """A customer's consents, those that are over too, the latest first."""

    consents: tuple[ConsentShown, ...]


class AgentChosen(Answer):
    """Who looks after which policies from now on; no number: nothing had to change."""

    agent_id: str
    policy_numbers: tuple[str, ...]


class AgentPeriod(Answer):
    """Who looked after a policy from when to when; `until` is null while they do, `agent_id` is null where nobody did."""

    agent_id: str | None
    agent_name: str
    since: str
    until: str | None
    cause: str


class AgentHistory(Page):
    """Who looked after a policy, from the beginning."""

    periods: tuple[AgentPeriod, ...]


class CustomerClaim(Answer):
    """An open claim as its insured's agent sees it; the last three are null or empty without consent to health."""

    claim_id: str
    state: str
    text: str
    papers_asked: int
    changed_at: str
    papers: tuple[str, ...]
    loss_date: date | None
    loss_cause: str | None


class PolicyEnding(Answer):
    """A policy that ends within sixty days."""

    policy_number: str
    ends_on: date


class PremiumTodo(Amount):
    """A premium that the customer owes as policyholder, and until when."""

    policy_number: str
    occasion: Words
    due_on: date


class CustomerShown(Answer):
    """A customer who consented to be seen."""

    customer_id: str
    name: str
    sees_health: bool
    policy_numbers: tuple[str, ...]
    claims: tuple[CustomerClaim, ...]
    policies_ending: tuple[PolicyEnding, ...]
    sees_premiums: bool
    premiums: tuple[PremiumTodo, ...]


class Customers(Page):
    """An agent's customers who consented, by number."""

    customers: tuple[CustomerShown, ...]


class CardLinkShown(Answer):
    """A link to a card; `address` opens for everybody."""

    link_id: str
    address: str
    expires_at: str


class CardLinks(Page):
    """The links of an agent that still open, the latest first."""

    links: tuple[CardLinkShown, ...]


def appointment_shown(each: Appointment, agent_name: str, stars: int | None) -> AppointmentShown:
    """Show an appointment to its customer."""
    return AppointmentShown(
        appointment_id=each.appointment_id,
        agent_id=each.agent_id,
        agent_name=agent_name,
        kind=each.kind,
        begins_at=iso_time(each.begins_ms),
        ends_at=iso_time(each.ends_ms),
        state=each.state,
        topic=each.topic,
        stars=stars,
    )


def agent_appointment(each: Appointment, customer: str) -> AgentAppointment:
    """Show an appointment to its agent."""
    return AgentAppointment(
        appointment_id=each.appointment_id,
        kind=each.kind,
        begins_at=iso_time(each.begins_ms),
        ends_at=iso_time(each.ends_ms),
        state=each.state,
        customer=mask_name(customer),
        topic=each.topic,
    )


def contact_shown(each: Contact, agent_name: str, stars: int | None) -> ContactShown:
    """Show a contact to its customer."""
    return ContactShown(
        contact_id=each.contact_id,
        agent_id=each.agent_id,
        agent_name=agent_name,
        kind=each.kind,
        at=iso_time(each.at_ms),
        note=each.note,
        stars=stars,
    )


def contact_recorded(each: Contact) -> ContactRecorded:
    """Tell an agent that a contact is written down."""
    return ContactRecorded(contact_id=each.contact_id, kind=each.kind, at=iso_time(each.at_ms))


def consent_shown(each: Consent) -> ConsentShown:
    """Show a consent."""
    return ConsentShown(
        consent_id=each.consent_id,
        agent_id=each.agent_id,
        scope=each.scope,
        wording_version=each.wording_version,
        given_at=iso_time(each.given_ms),
        ended_at=iso_time(each.ended_ms) if each.ended_ms else None,
        ended_by=each.ended_by,
    )


def agent_period(period: Period, agent_name: str) -> AgentPeriod:
    """Show who looked after a policy for a while."""
    return AgentPeriod(
        agent_id=period.agent_id or None,
        agent_name=agent_name,
        since=iso_time(period.from_ms),
        until=iso_time(period.until_ms) if period.until_ms else None,
        cause=period.cause,
    )


def customer_shown(customer: Customer, premiums: Sequence[Reminder] = ()) -> CustomerShown:
    """Show a customer to their agent, with what they agreed to."""
    return CustomerShown(
        customer_id=customer.person_id,
        name=customer.name,
        sees_health=customer.sees_health,
        policy_numbers=customer.policy_numbers,
        claims=tuple(map(_claim, customer.claims)),
        policies_ending=tuple(PolicyEnding(policy_number=number, ends_on=day) for number, day in customer.ending),
        sees_premiums=customer.sees_premiums,
        premiums=tuple(map(_premium, premiums)),
    )


def _premium(reminder: Reminder) -> PremiumTodo:
    occasion = both_words(reminder.rule.occasion.value, (reminder.rule.title_zh, reminder.rule.title_en))
    return PremiumTodo(policy_number=reminder.policy_number, occasion=occasion, due_on=reminder.due_on, **amount_of(reminder.amount_fen))


def _claim(claim: OpenClaim) -> CustomerClaim:
    return CustomerClaim(
        claim_id=claim.claim_id,
        state=public_state(claim.state),
        text=STATE_SENTENCES[claim.state],
        papers_asked=claim.papers_asked,
        changed_at=iso_time(claim.updated_ms),
        papers=claim.papers,
        loss_date=claim.loss_date,
        loss_cause=claim.loss_cause,
    )


def card_link(link: CardLink, token: str) -> CardLinkShown:
    """Show a link to whose card it opens."""
    return CardLinkShown(link_id=link.link_id, address=f"/cards/{token}", expires_at=iso_time(link.expires_ms))
