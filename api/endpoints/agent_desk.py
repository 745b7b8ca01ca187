"""The platform of the agents: what one of them sees of customers who consented, what is arranged with them, links to their card.

The platform says which agent it speaks for, as it does when one reports a claim.
"""

from typing import Annotated, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import AfterValidator, Field, StringConstraints

from adjudicator.china_time import today
from adjudicator.premium_todos import premium_todos
from agent import booking, meeting, seeing, sharing
from agent.finding import card_of
from api.answers.meetings import (
    AgentAppointment,
    AgentAppointments,
    CardLinks,
    CardLinkShown,
    ContactRecorded,
    Customers,
    agent_appointment,
    card_link,
    contact_recorded,
    customer_shown,
)
from api.channels.fields import Moment, Payload, PolicyNumber, clean_text
from api.context import the_principal, the_system
from api.endpoints.agents import AgentPath
from api.endpoints.openapi import AGENTS, BEARER, problems
from api.endpoints.write import write
from api.guard import needs
from api.paging import PageQuery, cursor_of, page_of, place_of
from api.permissions import Action
from domain.agent import Appointment, AppointmentState, MeetingKind
from domain.china import DAY_MS
from domain.decision import Actor
from storage import appointments, card_links, registry
from storage.database import Transaction

blueprint = APIBlueprint("agent_desk", __name__, url_prefix="/v1/agents", abp_tags=[AGENTS], abp_security=BEARER)
SHOWN_BACK_MS = 7 * DAY_MS


class Outcome(Payload):
    """What became of an appointment."""

    outcome: Literal["done", "no_show"]


class NewContact(Payload):
    """A call or a visit to the policyholder of a policy that the agent looks after."""

    policy_number: PolicyNumber
    kind: MeetingKind
    at: Moment
    note: Annotated[str, StringConstraints(max_length=500), AfterValidator(clean_text)] = ""


class NewLink(Payload):
    """For how long a link opens."""

    days: int = Field(30, ge=1, le=sharing.MOST_DAYS)


class AgentAppointmentPath(AgentPath):
    """Which appointment of which agent."""

    appointment_id: str = Field(max_length=32)


class LinkPath(AgentPath):
    """Which link of which agent."""

    link_id: str = Field(max_length=32)


@blueprint.get("/<string:agent_id>/customers", responses={"200": Customers, **problems(401, 403, 404, 422)})
@needs(Action.SERVE_CUSTOMERS)
def list_customers(path: AgentPath, query: PageQuery) -> Response:
    """List the agent's customers who consented, with open claims and what is to be done; asked anew at every look."""
    place = place_of(query.cursor, str)
    with the_system().database.read() as tx:
        card_of(tx, path.agent_id)
        day = today(tx)
        found = seeing.customers_of(tx, path.agent_id, day, query.limit + 1, str(place[0]) if place else "")
        shown = found[: query.limit]
        premiums = premium_todos(the_system(), tx, shown, day)
    following = cursor_of(shown[-1].person_id) if len(found) > query.limit else None
    told = tuple(customer_shown(each, premiums.get(each.person_id, ())) for each in shown)
    return write(Customers(customers=told, next=following))


@blueprint.get("/<string:agent_id>/appointments", responses={"200": AgentAppointments, **problems(401, 403, 404, 422)})
@needs(Action.SERVE_CUSTOMERS)
def list_agent_appointments(path: AgentPath, query: PageQuery) -> Response:
    """List the agent's appointments of the last week and those to come, the earliest first."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    with the_system().database.read() as tx:
        card_of(tx, path.agent_id)
        found = appointments.of_agent(tx, path.agent_id, tx.now_ms() - SHOWN_BACK_MS, query.limit + 1, after)
        shown = tuple(_shown(tx, each) for each in found[: query.limit])
    following = cursor_of(found[query.limit - 1].begins_ms, found[query.limit - 1].appointment_id) if len(found) > query.limit else None
    return write(AgentAppointments(appointments=shown, next=following))


@blueprint.post(
    "/<string:agent_id>/appointments/<string:appointment_id>/outcome",
    responses={"200": AgentAppointment, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
@needs(Action.SERVE_CUSTOMERS)
def tell_outcome(path: AgentAppointmentPath, body: Outcome) -> Response:
    """Tell that a customer was met, or did not come."""
    with the_system().database.write() as tx:
        known = booking.conclude(tx, path.agent_id, path.appointment_id, AppointmentState(body.outcome), _speaking_for(path.agent_id))
        shown = _shown(tx, known)
    return write(shown)


@blueprint.post("/<string:agent_id>/contacts", responses={"201": ContactRecorded, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.SERVE_CUSTOMERS)
def record_contact(path: AgentPath, body: NewContact) -> Response:
    """Write down a call or a visit; the customer reads it, and may have its words destroyed."""
    with the_system().database.write() as tx:
        holder = seeing.holder_of(tx, path.agent_id, body.policy_number)
        at_ms, actor = int(body.at.timestamp() * 1000), _speaking_for(path.agent_id)
        made = meeting.record(tx, path.agent_id, holder.person_id, body.kind, at_ms, body.note, actor)
    return write(contact_recorded(made), 201)


@blueprint.get("/<string:agent_id>/card-links", responses={"200": CardLinks, **problems(401, 403, 404, 422)})
@needs(Action.SERVE_CUSTOMERS)
def list_links(path: AgentPath, query: PageQuery) -> Response:
    """List the links to the agent's card that still open, the latest first."""
    with the_system().database.read() as tx:
        card_of(tx, path.agent_id)
        found = tuple(card_link(each, sharing.token_of(tx, each)) for each in card_links.links_of(tx, path.agent_id))
    shown, following = page_of(found, query, lambda each: each.link_id)
    return write(CardLinks(links=shown, next=following))


@blueprint.post("/<string:agent_id>/card-links", responses={"201": CardLinkShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.SERVE_CUSTOMERS)
def make_link(path: AgentPath, body: NewLink) -> Response:
    """Make a link under which anybody sees the agent's card, and nothing else, for some days."""
    with the_system().database.write() as tx:
        made, token = sharing.share(tx, path.agent_id, body.days, _speaking_for(path.agent_id))
    return write(card_link(made, token), 201)


@blueprint.post(
    "/<string:agent_id>/card-links/<string:link_id>/revocation",
    responses={"200": CardLinkShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
@needs(Action.SERVE_CUSTOMERS)
def take_link_back(path: LinkPath) -> Response:
    """Take a link back: it leads nowhere from this moment on."""
    with the_system().database.write() as tx:
        link = sharing.take_back(tx, path.agent_id, path.link_id, _speaking_for(path.agent_id))
        shown = card_link(link, sharing.token_of(tx, link))
    return write(shown)


def _speaking_for(agent_id: str) -> Actor:
    return Actor(f"{the_principal().name}:{agent_id}"[:64], the_principal().role)


def _shown(tx: Transaction, each: Appointment) -> AgentAppointment:
    customer = registry.find_person(tx, each.person_id)
    return agent_appointment(each, customer.name if customer else "")
