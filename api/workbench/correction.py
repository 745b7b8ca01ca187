"""Correcting a field in place: rules and risk speak again at once, and the page tells what that changes in money."""

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.correcting import correct_field, preview_correction
from adjudicator.story import ClaimStory, tell
from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.problems import problem_of
from api.workbench.form_text import plain_text
from api.workbench.language import plainly, say, title_of
from api.workbench.refusal import refuse
from api.workbench.words import BANDS_ZH, QUEUES_ZH
from domain.errors import MingbaiError, NotAllowedError, NotFoundError, StaleVersionError
from domain.money import format_fen
from storage.decisions import Adjudication
from storage.documents import find_document

blueprint = Blueprint("correction", __name__)


@blueprint.post("/documents/<document_id>/fields/<field_name>")
@needs(Action.CORRECT_FIELD)
def correct(document_id: str, field_name: str) -> BaseResponse:
    """Write what a person read, unless somebody else changed the claim in the meantime."""
    system, staff = the_system(), the_principal().staff
    before = tell(system, _claim_id_of(document_id))
    claim_id = before.claim.claim_id
    text, is_preview = plain_text(request.form, "text", 500), request.headers.get("X-Preview") == "yes"
    try:
        if staff is None:
            raise NotAllowedError("only staff correct fields", "log in")
        if request.form.get("version", "") != str(before.claim.version):
            raise StaleVersionError(f"claim {claim_id} changed after this page was made", "reload the page")
        if is_preview:
            return jsonify(words=_difference_ahead(before, preview_correction(system, document_id, field_name, text, staff)), refused=False)
        correct_field(system, document_id, field_name, text, staff)
    except MingbaiError as error:
        problem = problem_of(error)  # of a preview it is the answer: what saving would say
        return (
            jsonify(words=f"{title_of(problem)} {plainly(problem.detail)}", refused=True)
            if is_preview
            else refuse(tell(system, claim_id), error)
        )
    flash(_difference(before, tell(system, claim_id)))
    return redirect(url_for("workbench.claim.show", claim_id=claim_id, _anchor=f"document-{document_id}"))


def _claim_id_of(document_id: str) -> str:
    with the_system().database.read() as tx:
        record = find_document(tx, document_id)
    if record is None:
        raise NotFoundError(f"no document {document_id}", "reload the claim")
    return record.claim_id


def _difference_ahead(before: ClaimStory, then: Adjudication) -> str:
    """Tell what saving would change: money, risk, and whose turn it would be."""
    now = before.adjudication
    told = [_change(say("理算金额"), format_fen(now.proposed_fen) if now else "—", format_fen(then.proposed_fen))]
    if now:
        told += [
            _change(say("风险"), _band(now), _band(then)) if _band(now) != _band(then) else "",
            _change(say("分流"), say(QUEUES_ZH[now.route.queue]), say(QUEUES_ZH[then.route.queue]))
            if now.route.queue != then.route.queue
            else "",
        ]
    return say("；").join(each for each in told if each)


def _band(done: Adjudication) -> str:
    return say(BANDS_ZH[done.score.band]) if done.score else say("未评分")


def _change(what: str, old: str, new: str) -> str:
    return say("{what}不变：{amount}", what=what, amount=new) if old == new else f"{what} {old} → {new}"


def _difference(before: ClaimStory, after: ClaimStory) -> str:
    old_fen, new_fen = (each.adjudication.proposed_fen if each.adjudication else 0 for each in (before, after))
    if old_fen == new_fen:
        return say("已更正并重新理算，金额不变：{amount}。", amount=format_fen(new_fen))
    return say("已更正并重新理算：{before} → {after}。", before=format_fen(old_fen), after=format_fen(new_fen))
