"""What a customer arranges with agents: appointments, ratings afterwards, and what was written down of contacts."""

from typing import Annotated

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from agent import booking, meeting
from api.answers.meetings import (
    Appointments,
    AppointmentShown,
    Contacts,
    ContactShown,
    RatingTaken,
    appointment_shown,
    contact_shown,
)
from api.channels.fields import Moment, Payload, clean_text
from api.context import the_customer, the_principal, the_system
from api.endpoints.agents import AgentId
from api.endpoints.openapi import AGENTS, BEARER, problems
from api.endpoints.write import check_unchanged, refusing_what_is_stale, write
from api.guard import needs
from api.paging import PageQuery, cursor_of, place_of
from api.permissions import Action
from domain.agent import Appointment, Contact, MeetingKind
from storage import agent_meetings, appointments, registry
from storage.database import Transaction

blueprint = APIBlueprint("appointments", __name__, url_prefix="/v1/me", abp_tags=[AGENTS], abp_security=BEARER)
Words = Annotated[str, StringConstraints(max_length=500), AfterValidator(clean_text)]


class Wish(Payload):
    """A slot of an agent's time; call_back: the agent calls."""

    agent_id: AgentId
    kind: MeetingKind
    begins_at: Moment
    topic: Words = ""


class OtherSlot(Payload):
    """Where an appointment is to be moved."""

    begins_at: Moment


class Rating(Payload):
    """What a meeting was like."""

    stars: int = Field(strict=True, ge=1, le=5)
    comment: Words = ""


class AppointmentPath(BaseModel):
    """Which appointment."""

    appointment_id: str = Field(max_length=32)


class ContactPath(BaseModel):
    """Which contact."""

    contact_id: str = Field(max_length=32)


@blueprint.get("/appointments", responses={"200": Appointments, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def list_appointments(query: PageQuery) -> Response:
    """List the customer's appointments, the latest first."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    with the_system().database.read() as tx:
        found = appointments.of_customer(tx, the_principal().person_id, query.limit + 1, after)
        shown = tuple(_shown(tx, each) for each in found[: query.limit])
    following = cursor_of(found[query.limit - 1].begins_ms, found[query.limit - 1].appointment_id) if len(found) > query.limit else None
    return write(Appointments(appointments=shown, next=following))


@blueprint.post("/appointments", responses={"201": AppointmentShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.MEET_AGENT)
def book_appointment(body: Wish) -> Response:
    """Take a slot: a call-back, a talk at the branch, a visit. Two customers never have one slot, whoever asks at one moment."""
    with the_system().database.write() as tx:
        person_id, begins_ms = the_principal().person_id, _milliseconds(body.begins_at)
        booked = booking.book(tx, person_id, body.agent_id, body.kind, begins_ms, body.topic, the_customer())
        shown = _shown(tx, booked)
    return write(shown, 201)


@blueprint.get("/appointments/<string:appointment_id>", responses={"200": AppointmentShown, **problems(401, 403, 404)})
@needs(Action.READ_OWN)
def show_appointment(path: AppointmentPath) -> Response:
    """Show one of the customer's appointments."""
    with the_system().database.read() as tx:
        return write(_shown(tx, booking.own(tx, the_principal().person_id, path.appointment_id)))


@blueprint.post(
    "/appointments/<string:appointment_id>/cancellation",
    responses={"200": AppointmentShown, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
)
@needs(Action.MEET_AGENT)
def cancel_appointment(path: AppointmentPath) -> Response:
    """Give a slot back before it begins."""
    with refusing_what_is_stale(), the_system().database.write() as tx:
        person_id = the_principal().person_id
        cancelled = booking.cancel(tx, person_id, path.appointment_id, the_customer(), _version_seen(tx, path.appointment_id))
        shown = _shown(tx, cancelled)
    return write(shown)


@blueprint.post(
    "/appointments/<string:appointment_id>/move",
    responses={"200": AppointmentShown, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
)
@needs(Action.MEET_AGENT)
def move_appointment(path: AppointmentPath, body: OtherSlot) -> Response:
    """Bring an appointment to another slot of the same agent: it has the one or the other, never none and never both."""
    with refusing_what_is_stale(), the_system().database.write() as tx:
        version, begins_ms = _version_seen(tx, path.appointment_id), _milliseconds(body.begins_at)
        moved = booking.move(tx, the_principal().person_id, path.appointment_id, begins_ms, the_customer(), version)
        shown = _shown(tx, moved)
    return write(shown)


@blueprint.post(
    "/appointments/<string:appointment_id>/rating", responses={"200": RatingTaken, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.MEET_AGENT)
def rate_appointment(path: AppointmentPath, body: Rating) -> Response:
    """Rate an appointment that is over, once."""
    return _rate(path.appointment_id, body)


@blueprint.get("/agent-contacts", responses={"200": Contacts, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def list_contacts(query: PageQuery) -> Response:
    """List what agents wrote down of calls and visits, the latest first."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    with the_system().database.read() as tx:
        found = agent_meetings.contacts_of(tx, the_principal().person_id, query.limit + 1, after)
        shown = tuple(_contact(tx, each) for each in found[: query.limit])
    following = cursor_of(found[query.limit - 1].at_ms, found[query.limit - 1].contact_id) if len(found) > query.limit else None
    return write(Contacts(contacts=shown, next=following))


@blueprint.post(
    "/agent-contacts/<string:contact_id>/erasure", responses={"200": ContactShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.MEET_AGENT)
def erase_contact(path: ContactPath) -> Response:
    """Destroy what an agent wrote in a contact; that there was one stays."""
    with the_system().database.write() as tx:
        shown = _contact(tx, meeting.erase_note(tx, the_principal().person_id, path.contact_id, the_customer()))
    return write(shown)


@blueprint.post(
    "/agent-contacts/<string:contact_id>/rating", responses={"200": RatingTaken, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.MEET_AGENT)
def rate_contact(path: ContactPath, body: Rating) -> Response:
    """Rate a call or a visit, once."""
    return _rate(path.contact_id, body)


def _rate(about_id: str, body: Rating) -> Response:
    with the_system().database.write() as tx:
        meeting.rate(tx, the_principal().person_id, about_id, body.stars, body.comment, the_customer())
    return write(RatingTaken(about_id=about_id, stars=body.stars))


def _milliseconds(moment: Moment) -> int:
    return int(moment.timestamp() * 1000)


def _version_seen(tx: Transaction, appointment_id: str) -> int | None:
    """Give the version of the appointment whose ETag the sender named; None without an If-Match."""
    if not request.if_match:
        return None
    known = booking.own(tx, the_principal().person_id, appointment_id)
    check_unchanged(_shown(tx, known))
    return known.version


def _shown(tx: Transaction, each: Appointment) -> AppointmentShown:
    known = registry.find_agent(tx, each.agent_id)
    return appointment_shown(
        each, known.name if known else "", agent_meetings.rated_among(tx, (each.appointment_id,)).get(each.appointment_id)
    )


def _contact(tx: Transaction, each: Contact) -> ContactShown:
    known, rated = registry.find_agent(tx, each.agent_id), agent_meetings.rated_among(tx, (each.contact_id,))
    return contact_shown(each, known.name if known else "", rated.get(each.contact_id))
