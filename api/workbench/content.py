"""The bytes of a document for its page: pictures are drawn, everything else is only given as a download."""

from flask import Blueprint, Response

from adjudicator.paper_files import bytes_of
from adjudicator.viewing import note_view
from api.context import actor_of_staff, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.document_view import SHOWN_INLINE
from domain.errors import NotFoundError
from storage.documents import find_document
from storage.erasure import erased_ms

blueprint = Blueprint("content", __name__)


@blueprint.get("/documents/<document_id>/content")
@needs(Action.VIEW_DOCUMENT)
def show(document_id: str) -> Response:
    """Give a document's bytes, decrypted; the browser may keep them for itself, and must believe our media type."""
    system = the_system()
    with system.database.read() as tx:
        record = find_document(tx, document_id)
        is_erased = record is not None and erased_ms(tx, record.claim_id) is not None
    if record is None:
        raise NotFoundError(f"no document {document_id}", "reload the claim")
    if is_erased:
        raise NotFoundError(f"claim {record.claim_id} was erased", "its papers and letters are gone for good")
    note_view(system, record.claim_id, actor_of_staff())
    return give_bytes(bytes_of(system, [record])[record.sha256], record.media_type, document_id)


def give_bytes(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a stored file: a picture is drawn, anything else is given as a download."""
    is_inline = media_type in SHOWN_INLINE
    response = Response(content, mimetype=media_type if is_inline else "application/octet-stream")
    response.headers["Content-Disposition"] = "inline" if is_inline else f'attachment; filename="{name}{_ending(media_type)}"'
    response.headers["Cache-Control"] = "private, max-age=600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _ending(media_type: str) -> str:
    return {"application/pdf": ".pdf", "application/xml": ".xml", "application/ofd": ".ofd", "image/tiff": ".tif"}.get(media_type, ".bin")
