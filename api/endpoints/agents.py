"""Finding an agent (联专员): who is near and well spoken of, their card, when they are free; and the card that a link leads to."""

from typing import Annotated

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from adjudicator.china_time import today
from agent.booking import free_slots as find_slots
from agent.finding import card_of, nearest, of_city
from agent.sharing import open_card
from agent.wordings import current
from api.answers.agents import (
    AgentDetail,
    AgentsFound,
    FreeSlots,
    SharedCard,
    Wordings,
    agent_detail,
    agent_found,
    free_slots,
    shared_card,
    wording_shown,
)
from api.channels.fields import Day, Payload
from api.context import the_system
from api.endpoints.openapi import AGENTS, BEARER, problems
from api.endpoints.write import write
from api.guard import needs, open_to_all
from api.paging import PageQuery, cursor_of, page_of, place_of
from api.permissions import Action
from domain.agent import SLOT_MINUTES, ConsentScope
from domain.errors import InputError
from domain.places import Datum, position_of
from storage.agents import Wanted

blueprint = APIBlueprint("agents", __name__, url_prefix="/v1", abp_tags=[AGENTS], abp_security=BEARER)
AgentId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]


class AgentPath(BaseModel):
    """Which agent."""

    agent_id: str = Field(max_length=32)


class Near(PageQuery):
    """Whom to look for: around a position, or in a city by its 行政区划代码."""

    latitude: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    datum: Datum = Field(Datum.WGS84, description="how positions are stated, in the question and in the answer; a Chinese map: gcj02")
    region_code: str = Field("", pattern=r"^(\d{4}|\d{6}|\d{12})?$", description="only those who serve this city")
    language: str = Field("", pattern=r"^([a-z]{2,3})?$", description="only those who speak it: zh, yue, en, sgn …")
    accepting: bool = Field(True, description="only those who take new customers")


class CardQuery(Payload):
    """How the branch's position is stated."""

    datum: Datum = Datum.WGS84


class SlotQuery(Payload):
    """Of which days slots are wanted."""

    first_day: Day = Field(description="in China")
    days: int = Field(7, ge=1, le=14)


class TokenPath(BaseModel):
    """Which link."""

    token: str = Field(max_length=128)


@blueprint.get("/agents", responses={"200": AgentsFound, **problems(401, 403, 422)})
@needs(Action.FIND_AGENT)
def find_agents(query: Near) -> Response:
    """Find agents near a position, a star weighing as much as two kilometres; or in a city, the best standing first."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    wanted = Wanted(query.region_code[:4], query.language, query.accepting)
    if (query.latitude is None) is not (query.longitude is None):
        raise InputError("a position is a latitude and a longitude", "send both, or a region_code alone", field="latitude")
    with the_system().database.read() as tx:
        day = today(tx)
        if query.latitude is not None and query.longitude is not None:
            found = nearest(tx, position_of(query.latitude, query.longitude, query.datum), wanted, after, query.limit + 1)
        elif wanted.city_code:
            found = of_city(tx, wanted, after, query.limit + 1)
        else:
            raise InputError("neither a position nor a region is there", "send latitude and longitude, or region_code", field="latitude")
    shown = found[: query.limit]
    following = cursor_of(shown[-1].weight, shown[-1].card.agent_id) if len(found) > query.limit else None
    return write(AgentsFound(agents=tuple(agent_found(each, day, query.datum) for each in shown), next=following))


@blueprint.get("/agents/<string:agent_id>", responses={"200": AgentDetail, **problems(401, 403, 404, 422)})
@needs(Action.FIND_AGENT)
def show_agent(path: AgentPath, query: CardQuery) -> Response:
    """Give an agent's card."""
    with the_system().database.read() as tx:
        return write(agent_detail(card_of(tx, path.agent_id), today(tx), query.datum))


@blueprint.get("/agents/<string:agent_id>/slots", responses={"200": FreeSlots, **problems(401, 403, 404, 422)})
@needs(Action.FIND_AGENT)
def list_slots(path: AgentPath, query: SlotQuery) -> Response:
    """List when an agent is free on some days: half-hour slots of their hours in China, none on holidays they do not work."""
    with the_system().database.read() as tx:
        return write(free_slots(path.agent_id, SLOT_MINUTES, find_slots(tx, path.agent_id, query.first_day, query.days)))


@blueprint.get("/consent-wordings", responses={"200": Wordings, **problems(401, 403, 422)})
@needs(Action.FIND_AGENT)
def list_wordings(query: PageQuery) -> Response:
    """List the words that customers agree to, in the versions that are asked for now."""
    shown, following = page_of(tuple(map(current, ConsentScope)), query, lambda each: each.scope)
    return write(Wordings(wordings=tuple(map(wording_shown, shown)), next=following))


@blueprint.get("/agent-cards/<string:token>", responses={"200": SharedCard, **problems(404)}, security=[])
@open_to_all
def show_shared_card(path: TokenPath) -> Response:
    """Give the card that a link leads to, to whoever has the link."""
    with the_system().database.read() as tx:
        return write(shared_card(open_card(tx, path.token), today(tx)))
