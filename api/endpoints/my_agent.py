"""What a customer does with agents: choose one, let them see more or less, see who was responsible when."""

from typing import Annotated, Literal

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from agent import choosing, consenting
from agent.contact import agents_of
from api.answers.customer import OwnAgents, own_agent
from api.answers.meetings import (
    AgentChosen,
    AgentHistory,
    Consents,
    ConsentShown,
    agent_period,
    consent_shown,
)
from api.channels.fields import Payload, PolicyNumbers
from api.context import the_customer, the_principal, the_system
from api.endpoints.agents import AgentId
from api.endpoints.openapi import AGENTS, BEARER, problems
from api.endpoints.write import check_unchanged, write
from api.guard import needs
from api.paging import PageQuery, cursor_of, page_of, place_of
from api.permissions import Action
from domain.agent import ConsentScope
from domain.errors import NotFoundError
from storage import consents, registry

blueprint = APIBlueprint("my_agent", __name__, url_prefix="/v1/me", abp_tags=[AGENTS], abp_security=BEARER)
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,16}$")]


class Choice(Payload):
    """Which agent is to look after one's policies: all of which one is policyholder, or those that are named."""

    agent_id: AgentId
    policy_numbers: PolicyNumbers = ()
    wording_version: Version = Field(description="of the words of scope `change` that the customer agreed to")


class ConsentGiven(Payload):
    """What an agent may see."""

    agent_id: AgentId
    scope: Literal["claims", "health"]
    wording_version: Version = Field(description="of the words of this scope that the customer agreed to")


class PolicyPath(BaseModel):
    """Which policy."""

    policy_number: str = Field(max_length=32)


class ConsentPath(BaseModel):
    """Which consent."""

    consent_id: str = Field(max_length=32)


@blueprint.post("/agent-choices", responses={"200": AgentChosen, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)})
@needs(Action.CHOOSE_AGENT)
def choose_agent(body: Choice) -> Response:
    """Choose who looks after one's policies, from this moment on: the agent before sees nothing any more."""
    person_id = the_principal().person_id
    with the_system().database.write() as tx:
        if request.if_match:
            policies = registry.policies_of(tx, person_id)
            known = agents_of(tx, policies)
            check_unchanged(OwnAgents(agents=tuple(own_agent(each, policies) for each in known), next=None))
        changed = choosing.choose(tx, person_id, body.agent_id, body.policy_numbers, body.wording_version, the_customer())
    return write(AgentChosen(agent_id=body.agent_id, policy_numbers=changed))


@blueprint.get("/policies/<string:policy_number>/agents", responses={"200": AgentHistory, **problems(401, 403, 404, 422)})
@needs(Action.READ_OWN)
def list_periods(path: PolicyPath, query: PageQuery) -> Response:
    """List who looked after one of the customer's policies from when to when."""
    with the_system().database.read() as tx:
        mine = {each.policy_number: each for each in registry.policies_of(tx, the_principal().person_id)}
        if path.policy_number not in mine:
            raise NotFoundError(f"no policy {path.policy_number}", "GET /v1/me/policies lists yours")
        periods = choosing.history(tx, mine[path.policy_number])
        names = {each: registry.find_agent(tx, each) for each in {period.agent_id for period in periods}}
    shown, following = page_of(periods, query, lambda each: f"{each.from_ms} {each.agent_id}")
    told = ((each, names[each.agent_id]) for each in shown)
    return write(AgentHistory(periods=tuple(agent_period(each, known.name if known else "") for each, known in told), next=following))


@blueprint.get("/agent-consents", responses={"200": Consents, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def list_consents(query: PageQuery) -> Response:
    """List what the customer let agents see, from when to when and by which words."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    with the_system().database.read() as tx:
        found = consents.consents_of(tx, the_principal().person_id, query.limit + 1, after)
    shown = found[: query.limit]
    following = cursor_of(shown[-1].given_ms, shown[-1].consent_id) if len(found) > query.limit else None
    return write(Consents(consents=tuple(map(consent_shown, shown)), next=following))


@blueprint.post("/agent-consents", responses={"200": ConsentShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.CONSENT_TO_AGENT)
def give_consent(body: ConsentGiven) -> Response:
    """Let the agent who looks after one's policies see more, from this moment on; health is asked for by itself."""
    with the_system().database.write() as tx:
        scope, person_id = ConsentScope(body.scope), the_principal().person_id
        given = consenting.give(tx, person_id, body.agent_id, scope, body.wording_version, the_customer())
    return write(consent_shown(given))


@blueprint.post(
    "/agent-consents/<string:consent_id>/withdrawal", responses={"200": ConsentShown, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.CONSENT_TO_AGENT)
def withdraw_consent(path: ConsentPath) -> Response:
    """Take a consent back: from this moment on the agent sees nothing of it."""
    with the_system().database.write() as tx:
        ended = consenting.withdraw(tx, the_principal().person_id, path.consent_id, the_customer())
    return write(consent_shown(ended))
