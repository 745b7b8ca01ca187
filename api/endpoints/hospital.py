"""A hospital asks at discharge who pays what, and is answered at once."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from adjudicator.settlement import cancel_settlement, confirm_settlement, eligible_policies, pre_settle, settle
from api.answers.settlement import Eligibility, Settlement, eligibility_of, settlement_of
from api.channels.hospital import Cancellation, Confirmation, EligibilityQuestion, HospitalSettlement, to_request
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, HOSPITAL, problems
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action, check_claim, check_own_hospital, no_such_claim
from domain.claim import PersonClue
from domain.decision import Actor
from domain.errors import NotFoundError
from storage.claims import get_claim

blueprint = APIBlueprint("hospital", __name__, url_prefix="/v1/hospital", abp_tags=[HOSPITAL], abp_security=BEARER)


class SettlementPath(BaseModel):
    """Which settlement, by its claim."""

    claim_id: str = Field(max_length=32)


@blueprint.post("/eligibility", responses={"200": Eligibility, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.SETTLE)
def ask_eligibility(body: EligibilityQuestion) -> Response:
    """Ask at admission whether a stay will settle directly, so that the patient need not pay a deposit."""
    check_own_hospital(the_principal(), body.hospital_id)
    with the_system().database.read() as tx:
        found = eligible_policies(tx, body.hospital_id, PersonClue(id_number=body.insured.id_number), body.admission_date)
    return write(eligibility_of(found))


@blueprint.post("/pre-settlements", responses={"200": Settlement, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)})
@needs(Action.SETTLE)
def pre_settle_bill(body: HospitalSettlement) -> Response:
    """Ask at discharge who pays what: the amounts are held until they are confirmed, cancelled, or run out at `confirm_by`."""
    check_own_hospital(the_principal(), body.hospital_id)
    return write(settlement_of(pre_settle(the_system(), to_request(body))))


@blueprint.post(
    "/settlements/<string:claim_id>/confirmation", responses={"200": Settlement, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.SETTLE)
def confirm_bill(path: SettlementPath, body: Confirmation) -> Response:
    """Confirm a pre-settlement after the patient has paid `customer_pays`; the insurer then pays the hospital. Again: the same answer."""
    _check_settlement(path.claim_id)
    return write(settlement_of(confirm_settlement(the_system(), path.claim_id, _actor(), body.to_fen())))


@blueprint.post(
    "/settlements/<string:claim_id>/cancellation", responses={"200": Settlement, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.SETTLE)
def cancel_bill(path: SettlementPath, body: Cancellation) -> Response:
    """Take a settlement back, confirmed or not: what it used of limits and deductibles is free again. Again: the same answer."""
    _check_settlement(path.claim_id)
    return write(settlement_of(cancel_settlement(the_system(), path.claim_id, _actor(), body.reason)))


@blueprint.post("/settlements", responses={"200": Settlement, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)})
@needs(Action.SETTLE)
def settle_bill(body: HospitalSettlement) -> Response:
    """Settle a bill at once, pre-settled and confirmed in one.

    The same `external_ref` with the same content gives the same answer, and never settles twice.
    """
    check_own_hospital(the_principal(), body.hospital_id)
    return write(settlement_of(settle(the_system(), to_request(body))))


def _actor() -> Actor:
    return Actor(the_principal().hospital_id, "hospital")


def _check_settlement(claim_id: str) -> None:
    """Refuse a claim that is no settlement of this hospital's, in the words of one that does not exist."""
    with the_system().database.read() as tx:
        try:
            claim = get_claim(tx, claim_id)
        except NotFoundError as error:
            raise no_such_claim(claim_id) from error
    check_claim(the_principal(), Action.SETTLE, claim)
