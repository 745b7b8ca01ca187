"""Attachments on the claim page: putting one there, and giving its bytes."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.attaching import attach
from adjudicator.story import tell
from adjudicator.viewing import note_view
from api.context import actor_of_staff, the_staff, the_system
from api.endpoints.uploads import plain_name
from api.guard import needs
from api.permissions import Action
from api.workbench.content import give_bytes
from api.workbench.language import say
from api.workbench.refusal import refuse
from domain.claim import UploadedFile
from domain.errors import MingbaiError, NotFoundError
from storage import attachments

blueprint = Blueprint("attachment", __name__)


@blueprint.post("/claims/<claim_id>/attachments")
@needs(Action.WORK_ON)
def add(claim_id: str) -> BaseResponse:
    """Put files beside the claim."""
    files = tuple(UploadedFile(plain_name(each.filename), each.read()) for each in request.files.getlist("files") if each.filename)
    try:
        problems = attach(the_system(), claim_id, the_staff(), files)
    except MingbaiError as error:
        return refuse(tell(the_system(), claim_id), error)
    left_out = "".join(say("{name} 打不开，未附上。", name=each.file_name) for each in problems)
    flash(say("已附上 {count} 份。", count=len(files) - len(problems)) + left_out)
    return redirect(url_for("workbench.claim.show", claim_id=claim_id, _anchor="attachments"))


@blueprint.get("/attachments/<attachment_id>/content")
@needs(Action.VIEW_DOCUMENT)
def show(attachment_id: str) -> Response:
    """Give an attachment's bytes, as those of a document are given."""
    system = the_system()
    with system.database.read() as tx:
        found = attachments.find(tx, attachment_id)
    if found is None:
        raise NotFoundError(f"no attachment {attachment_id}", "reload the claim")
    note_view(system, found.claim_id, actor_of_staff())
    return give_bytes(system.blobs.get(found.sha256), found.media_type, attachment_id)
