"""A hospital asks at discharge who pays what, and is answered at once."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.settlement import settle
from api.answers.settlement import Settlement, settlement_of
from api.channels.hospital import HospitalSettlement, to_request
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, HOSPITAL, problems
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from domain.errors import NotAllowedError

blueprint = APIBlueprint("hospital", __name__, url_prefix="/v1/hospital", abp_tags=[HOSPITAL], abp_security=BEARER)


@blueprint.post("/settlements", responses={"200": Settlement, **problems(400, 401, 403, 404, 409, 415, 422, 429)})
@needs(Action.SETTLE)
def settle_bill(body: HospitalSettlement) -> Response:
    """Settle a bill: the same `external_ref` with the same content gives the same answer, and never settles twice."""
    principal = the_principal()
    if body.hospital_id != principal.hospital_id:
        raise NotAllowedError(
            f"this credential speaks for hospital {principal.hospital_id or '(none)'}, not for {body.hospital_id}",
            "send your own hospital_id, or use that hospital's credential",
        )
    return write(settlement_of(settle(the_system(), to_request(body))))
