"""See everything (通查询): a customer's policies with their state, what they paid and got, and what is due, as of any day."""

from datetime import date
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from agent.contact import agents_of
from api.answers.customer import OwnPolicies, OwnPolicyDetail, own_policy, own_policy_detail
from api.answers.holdings import FigureRows, HistoryShown, OwnOverview, figure_rows, history, line_of, overview
from api.channels.fields import Payload
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, CUSTOMER, problems
from api.endpoints.write import write
from api.guard import needs
from api.owned import check_day, check_owned, owned_on, policy_on, responsibilities_on
from api.paging import PageQuery, page_of
from api.permissions import Action
from domain.contract import Holding, PolicyState
from entitlement.figures import Kind, figures_of
from entitlement.history import months_of
from policy.bases import shipped_bases
from storage.database import Transaction
from storage.registry import find_person

blueprint = APIBlueprint("holdings", __name__, url_prefix="/v1", abp_tags=[CUSTOMER], abp_security=BEARER)
_AS_OF = "the day in China that is asked about; today when left out, and no later one"


class DayQuery(Payload):
    """As of which day."""

    as_of: date | None = Field(None, description=_AS_OF)


class DayPageQuery(PageQuery):
    """As of which day, and which page."""

    as_of: date | None = Field(None, description=_AS_OF)


class PoliciesQuery(DayPageQuery):
    """Which policies."""

    line: Literal["life", "property", "unknown"] | None = None
    state: PolicyState | None = None
    my_part: Literal["policyholder", "insured"] | None = None


class PolicyPath(BaseModel):
    """Which policy."""

    policy_number: str = Field(max_length=32)


class KindPath(BaseModel):
    """Which figure."""

    kind: Kind


@blueprint.get("/me/overview", responses={"200": OwnOverview, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_overview(query: DayQuery) -> Response:
    """Show how many policies are in which state, and the nine figures over all of them."""
    with the_system().database.read() as tx:
        day = check_day(tx, query.as_of)
        holdings = owned_on(tx, the_principal().person_id, day)
    return write(overview(day, holdings, [figure for each in holdings for figure in figures_of(each, shipped_bases())]))


@blueprint.get("/me/policies", responses={"200": OwnPolicies, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_policies(query: PoliciesQuery) -> Response:
    """List the policies, life and property, in which the customer is insured or policyholder, page by page."""
    person_id = the_principal().person_id
    with the_system().database.read() as tx:
        day = check_day(tx, query.as_of)
        found = [each for each in owned_on(tx, person_id, day) if _is_wanted(each, query, person_id)]
    shown, following = page_of(found, query, lambda each: each.policy.policy_number)
    return write(OwnPolicies(as_of=day, policies=tuple(own_policy(each, person_id) for each in shown), next=following))


@blueprint.get("/me/policies/<string:policy_number>", responses={"200": OwnPolicyDetail, **problems(401, 403, 404, 422)})
@needs(Action.READ_OWN)
def my_policy(path: PolicyPath, query: DayQuery) -> Response:
    """Show everything of one policy: state, contract, who is who, what it covers, its figures, its agent."""
    person_id, system = the_principal().person_id, the_system()
    with system.database.read() as tx:
        day = check_day(tx, query.as_of)
        check_owned(tx, person_id, path.policy_number, "GET /v1/me/policies lists yours")
        holding = policy_on(tx, path.policy_number, day)
        names = tuple(_name_of(tx, each) for each in (holding.policy.policyholder_id, holding.policy.insured_id))
        agent = next(iter(agents_of(tx, (holding.policy,))), None)
        covered = responsibilities_on(tx, holding, day)
    figures = figures_of(holding, shipped_bases())
    return write(own_policy_detail(holding, person_id, (names[0], names[1]), covered, figures, agent))


@blueprint.get("/me/figures/<string:kind>", responses={"200": FigureRows, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_figure(path: KindPath, query: DayPageQuery) -> Response:
    """Show one of the nine figures policy by policy, each with what it is made of; the total is over all policies."""
    with the_system().database.read() as tx:
        day = check_day(tx, query.as_of)
        holdings = owned_on(tx, the_principal().person_id, day)
    every = [(each, figure) for each in holdings for figure in figures_of(each, shipped_bases()) if figure.kind is path.kind]
    telling = [row for row in every if row[1].amount_fen != 0]
    shown, following = page_of(telling, query, lambda row: row[1].policy_number)
    return write(figure_rows(day, path.kind, [figure for _, figure in every], shown, following))


@blueprint.get("/me/history", responses={"200": HistoryShown, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_history(query: DayPageQuery) -> Response:
    """Show what moved on the customer's policies, newest month first; a page is so many months."""
    with the_system().database.read() as tx:
        day = check_day(tx, query.as_of)
        months = months_of(owned_on(tx, the_principal().person_id, day))
    shown, following = page_of(months, query, lambda each: each.month)
    return write(history(day, shown, following))


def _is_wanted(holding: Holding, query: PoliciesQuery, person_id: str) -> bool:
    mine = {"policyholder": holding.policy.policyholder_id, "insured": holding.policy.insured_id}
    return (
        query.line in (None, line_of(holding))
        and query.state in (None, holding.standing.state)
        and (query.my_part is None or mine[query.my_part] == person_id)
    )


def _name_of(tx: Transaction, person_id: str) -> str:
    person = find_person(tx, person_id)
    return person.name if person else ""
