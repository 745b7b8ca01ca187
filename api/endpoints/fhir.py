"""HL7 FHIR R4 for hospitals and partners: `Claim/$submit`, and what it came to as `ClaimResponse` and `ExplanationOfBenefit`."""

from typing import Any

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from adjudicator.settlement import SettlementAnswer, answer_of, pre_settle, settle
from adjudicator.story import tell
from api.answers.fhir import MEDIA_TYPE, claim_response, explanation_of_benefit
from api.channels.fhir import to_bill
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, FHIR, outcomes
from api.guard import needs
from api.json_request import read_json_object
from api.permissions import Action, check_claim, check_own_hospital, no_such_claim
from domain.errors import NotFoundError
from domain.identity import mask_name
from domain.states import ClaimState
from storage.claims import ClaimRecord, get_claim

blueprint = APIBlueprint("fhir", __name__, url_prefix="/v1/fhir", abp_tags=[FHIR], abp_security=BEARER)
_RESOURCE: dict[str, Any] = {"type": "object", "properties": {"resourceType": {"type": "string"}}, "required": ["resourceType"]}
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _RESOURCE}, "application/json": {"schema": _RESOURCE}}}
}
_ANSWER: Any = {"200": {"description": "OK", "content": {MEDIA_TYPE: {"schema": _RESOURCE}}}}


class FhirPath(BaseModel):
    """Which resource, by the claim's number."""

    claim_id: str = Field(max_length=32)


@blueprint.post("/Claim/$submit", responses={**_ANSWER, **outcomes(400, 401, 403, 404, 409, 413, 415, 422, 429)}, openapi_extensions=_BODY)
@needs(Action.SETTLE)
def submit_fhir_claim() -> Response:
    """Send a hospital's bill as a FHIR `Claim`: `use` predetermination pre-settles, claim settles; the answer is a `ClaimResponse`."""
    request.get_json()  # refuses another content type, a name twice, and NaN; amounts are then read without a float in between
    bill = to_bill(read_json_object(request.get_data(), "the body", exact=True))
    check_own_hospital(the_principal(), bill.request.hospital_id)
    take = pre_settle if bill.waits else settle
    return _respond(take(the_system(), bill.request), waits=bill.waits)


@blueprint.get("/ClaimResponse/<string:claim_id>", responses={**_ANSWER, **outcomes(401, 403, 404)})
@needs(Action.SETTLE)
def read_claim_response(path: FhirPath) -> Response:
    """Ask again what a bill came to."""
    claim = _claim(path.claim_id, Action.SETTLE)
    with the_system().database.read() as tx:
        answer = answer_of(tx, claim, is_new=False)
    return _respond(answer, waits=claim.state is ClaimState.PRESETTLED)


@blueprint.get("/ExplanationOfBenefit/<string:claim_id>", responses={**_ANSWER, **outcomes(401, 403, 404)})
@needs(Action.READ_STATUS)
def read_explanation_of_benefit(path: FhirPath) -> Response:
    """Ask what was decided of a claim, line by line."""
    claim = _claim(path.claim_id, Action.READ_STATUS)
    story = tell(the_system(), claim.claim_id)
    return Response(explanation_of_benefit(story, mask_name(story.insured.name)), mimetype=MEDIA_TYPE)


def _respond(answer: SettlementAnswer, *, waits: bool) -> Response:
    story = tell(the_system(), answer.claim_id)
    hospital = story.hospital.name if story.hospital else ""
    told = claim_response(answer, mask_name(story.insured.name), hospital, story.claim.created_ms, waits=waits)
    return Response(told, mimetype=MEDIA_TYPE)


def _claim(claim_id: str, action: Action) -> ClaimRecord:
    with the_system().database.read() as tx:
        try:
            claim = get_claim(tx, claim_id)
        except NotFoundError as error:
            raise no_such_claim(claim_id) from error
    check_claim(the_principal(), action, claim)
    return claim
