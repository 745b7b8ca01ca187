"""Reports in the customer's own words over HTTP: what a sentence tells, and the next question. Nothing is stored."""

from datetime import datetime

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.report_words import glossary_in
from api.answers.understanding import ReportUnderstood, report_understood
from api.channels.spoken import SpokenReport
from api.context import the_system
from api.endpoints.openapi import BEARER, REPORTS, problems
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from domain.china import CHINA
from domain.errors import InputError
from reporting.dialogue import follow

blueprint = APIBlueprint("reports", __name__, url_prefix="/v1/reports", abp_tags=[REPORTS], abp_security=BEARER)


@blueprint.post("/understand", responses={"200": ReportUnderstood, **problems(400, 401, 403, 409, 413, 415, 422)})
@needs(Action.UNDERSTAND_REPORT)
def understand_report(body: SpokenReport) -> Response:
    """Understand a report in one sentence, or the answer to the open question: send `state` back as it came."""
    system = the_system()
    with system.database.read() as tx:
        now = datetime.fromtimestamp(tx.now_ms() // 1000, CHINA)
        glossary = glossary_in(tx, system.medical_base)
    try:
        dialogue = body.to_dialogue(now)
    except ValueError as error:
        raise InputError(str(error), "send the state back as it came", field="/state/at") from error
    return write(report_understood(dialogue, follow(dialogue, glossary)))
