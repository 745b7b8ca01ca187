"""Resumable uploads after tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, expiration, termination.

A part is written when its request has come whole. What broke off is asked for by HEAD and goes on from there; a claim, or
documents of one, then name the uploads by their numbers.
"""

import base64
import binascii
from email.utils import formatdate

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field
from werkzeug.exceptions import BadRequest, PreconditionFailed, UnsupportedMediaType

from adjudicator.uploading import begin_upload
from api.answers.upload import UploadStands, upload_stands
from api.context import the_asker, the_system
from api.endpoints.openapi import BEARER, UPLOADS, problems
from api.endpoints.uploads import plain_name
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from storage import uploads
from storage.uploads import Upload

VERSION, PART = "1.0.0", "application/offset+octet-stream"
blueprint = APIBlueprint("tus", __name__, url_prefix="/v1/uploads", abp_tags=[UPLOADS], abp_security=BEARER)
_BODY = {"requestBody": {"required": True, "content": {PART: {"schema": {"type": "string", "format": "binary"}}}}}


class UploadPath(BaseModel):
    """Which upload."""

    upload_id: str = Field(max_length=32)


class TusHeaders(BaseModel):
    """What every call but OPTIONS says."""

    tus_resumable: str = Field("", alias="Tus-Resumable", json_schema_extra={"enum": ["1.0.0"]})


class CreationHeaders(TusHeaders):
    """How large the file will be, and its name."""

    upload_length: int = Field(alias="Upload-Length", ge=0, description="bytes of the whole file")
    upload_metadata: str = Field("", alias="Upload-Metadata", max_length=2000, description="filename and its base64, after tus")


class PartHeaders(TusHeaders):
    """Where a part begins."""

    upload_offset: int = Field(alias="Upload-Offset", ge=0, description="the byte at which this part begins")


@blueprint.after_request
def _say_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    if request.method == "OPTIONS" or response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = "creation,expiration,termination"
        response.headers["Tus-Max-Size"] = str(the_system().limits.max_file_bytes)
    return response


@blueprint.post("", responses={"201": UploadStands, **problems(400, 401, 403, 409, 412, 413, 422, 429)})
@needs(Action.UPLOAD)
def create_upload(header: CreationHeaders) -> Response:
    """Begin to send a file: `Location` is where its parts go."""
    _check_version(header)
    upload = begin_upload(the_system(), the_asker(), _file_name(header.upload_metadata), header.upload_length)
    response = _stands(upload, write(upload_stands(upload), 201))
    response.headers["Location"] = f"/v1/uploads/{upload.upload_id}"
    return response


@blueprint.get("/<string:upload_id>", responses={"200": UploadStands, **problems(401, 403, 404)})
@needs(Action.UPLOAD)
def read_upload(path: UploadPath) -> Response:
    """Ask how much of a file is there, by GET or HEAD; go on from `Upload-Offset`."""
    with the_system().database.read() as tx:
        upload = uploads.get(tx, the_asker(), path.upload_id)
    return _stands(upload, write(upload_stands(upload)))


@blueprint.patch(
    "/<string:upload_id>",
    responses={"204": {"description": "the part is there"}, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
    openapi_extensions=_BODY,
)
@needs(Action.UPLOAD)
def send_part(path: UploadPath, header: PartHeaders) -> Response:
    """Send the next part, which begins at `Upload-Offset`; 409 when the file stands elsewhere."""
    _check_version(header)
    if request.mimetype != PART:
        raise UnsupportedMediaType(f"a part is {PART}, not {request.mimetype or 'a body without Content-Type'}")
    content = request.get_data()
    with the_system().database.write() as tx:
        upload = uploads.append(tx, the_asker(), path.upload_id, header.upload_offset, content)
    return _stands(upload, Response(status=204))


@blueprint.delete("/<string:upload_id>", responses={"204": {"description": "it is forgotten"}, **problems(401, 403, 404, 412)})
@needs(Action.UPLOAD)
def end_upload(path: UploadPath, header: TusHeaders) -> Response:
    """Forget a file with all its bytes."""
    _check_version(header)
    with the_system().database.write() as tx:
        uploads.drop(tx, [uploads.get(tx, the_asker(), path.upload_id, lock=True).upload_id])
    return Response(status=204)


def _check_version(header: TusHeaders) -> None:
    if header.tus_resumable != VERSION:
        raise PreconditionFailed(f"Tus-Resumable is {header.tus_resumable or 'missing'}; this server speaks {VERSION}")


def _stands(upload: Upload, response: Response) -> Response:
    response.headers["Upload-Offset"] = str(upload.received_bytes)
    response.headers["Upload-Length"] = str(upload.size_bytes)
    response.headers["Upload-Expires"] = formatdate(upload.expires_ms / 1000, usegmt=True)
    return response


def _file_name(metadata: str) -> str:
    """Read the name out of Upload-Metadata: pairs of a key and its base64, apart by commas."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return plain_name(base64.b64decode(value, validate=True).decode())
            except (binascii.Error, UnicodeDecodeError) as error:
                raise BadRequest("Upload-Metadata: the value of filename is no base64 of UTF-8") from error
    return ""
