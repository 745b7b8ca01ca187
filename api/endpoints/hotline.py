"""The telephone desk over HTTP: find the caller, take the report."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.china_time import today
from adjudicator.intake import submit
from api.answers.caller import Callers, caller_found, open_claim
from api.answers.customer import own_policy
from api.answers.receipt import ClaimReceipt, receipt_of
from api.channels.hotline import Caller, HotlineReport, to_notice
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, HOTLINE, problems
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from domain.decision import Actor
from policy.holdings import holdings_of_person
from storage import look_ups
from storage.claims import claims_of
from storage.clocks import clocks_of
from storage.registry import find_people

blueprint = APIBlueprint("hotline", __name__, url_prefix="/v1/hotline", abp_tags=[HOTLINE], abp_security=BEARER)


@blueprint.post("/reports", responses={"202": ClaimReceipt, "200": ClaimReceipt, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)})
@needs(Action.REPORT_BY_PHONE)
def take_report(body: HotlineReport) -> Response:
    """Report a loss while the caller tells it; the papers may follow later."""
    receipt = submit(the_system(), to_notice(body))
    return write(receipt_of(receipt), 202 if receipt.is_new else 200)


@blueprint.post("/callers", responses={"200": Callers, **problems(400, 401, 403, 409, 413, 415, 422)})
@needs(Action.FIND_CALLER)
def find_callers(body: Caller) -> Response:
    """Find who is calling: by ID number, by policy number, or by name and birth date. A POST, so that no log of addresses holds them.

    Who looked for whom stands in a trail of its own.
    """
    principal, terms = the_principal(), the_system().terms
    with the_system().database.write() as tx:
        day, people = today(tx), find_people(tx, body.to_clue())
        look_ups.note(tx, Actor(principal.name, principal.role), body.kind, tuple(each.person_id for each in people))
        found = tuple(
            caller_found(
                person,
                tuple(own_policy(each, person.person_id) for each in holdings_of_person(tx, person.person_id, terms, day)),
                tuple(open_claim(each, clocks_of(tx, each.claim_id)) for each in claims_of(tx, person.person_id)),
            )
            for person in people
        )
    return write(Callers(callers=found))
