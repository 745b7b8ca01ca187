"""What a customer sees of their own, and the token with which they see it."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.china_time import today
from adjudicator.intake import find_insured
from agent.contact import agents_of
from api.answers.customer import (
    CustomerToken,
    OwnAgents,
    OwnClaims,
    OwnEntitlements,
    own_agent,
    own_claim,
    own_entitlement,
)
from api.channels.app import InsuredPerson
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, CUSTOMER, problems
from api.endpoints.write import write
from api.guard import needs
from api.paging import PageQuery, cursor_of, page_of, place_of
from api.permissions import Action
from domain.claim import PersonClue
from domain.identity import mask_name
from entitlement.rights import open_entitlements
from storage.claims import claims_of
from storage.registry import policies_of
from storage.tokens import issue_customer_token

blueprint = APIBlueprint("customer", __name__, url_prefix="/v1", abp_tags=[CUSTOMER], abp_security=BEARER)


@blueprint.post("/customer-tokens", responses={"200": CustomerToken, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.ISSUE_CUSTOMER_TOKEN)
def make_token(body: InsuredPerson) -> Response:
    """Give a token for a customer whom the insurer's app has proven; it runs out after an hour."""
    with the_system().database.write() as tx:
        person = find_insured(tx, PersonClue(id_number=body.id_number))
        token = issue_customer_token(tx, person.person_id)
    return write(CustomerToken(token=token, customer=mask_name(person.name)))


@blueprint.get("/me/claims", responses={"200": OwnClaims, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_claims(query: PageQuery) -> Response:
    """List the customer's claims, newest first, page by page."""
    place = place_of(query.cursor, int, str)
    after = (int(place[0]), str(place[1])) if place else None
    with the_system().database.read() as tx:
        found = claims_of(tx, the_principal().person_id, query.limit + 1, after=after)
    shown = found[: query.limit]
    following = cursor_of(shown[-1].created_ms, shown[-1].claim_id) if len(found) > query.limit else None
    return write(OwnClaims(claims=tuple(map(own_claim, shown)), next=following))


@blueprint.get("/me/entitlements", responses={"200": OwnEntitlements, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_entitlements(query: PageQuery) -> Response:
    """List the services that the customer's policies still bring today."""
    with the_system().database.read() as tx:
        day = today(tx)
        policies = policies_of(tx, the_principal().person_id)
        found = open_entitlements(tx, policies, day)
    shown, following = page_of(found, query, lambda each: f"{each.policy_number} {each.code}")
    return write(OwnEntitlements(entitlements=tuple(map(own_entitlement, shown)), next=following))


@blueprint.get("/me/agent", responses={"200": OwnAgents, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_agents(query: PageQuery) -> Response:
    """List who looks after the customer's policies."""
    with the_system().database.read() as tx:
        policies = policies_of(tx, the_principal().person_id)
        found = agents_of(tx, policies)
    shown, following = page_of(found, query, lambda each: each.agent_id)
    return write(OwnAgents(agents=tuple(own_agent(each, policies) for each in shown), next=following))
