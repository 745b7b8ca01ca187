"""Takes the claim and its files out of a request: JSON alone, or multipart."""

from collections.abc import Sequence
from typing import Any

from flask import Request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from adjudicator.uploading import take_uploads
from api.context import the_asker, the_system
from api.json_request import read_json_object
from domain.claim import UploadedFile


def read_files(request: Request) -> tuple[UploadedFile, ...]:
    """Give every part named `files`, in the order they were sent; their names and types are only what the sender claims.

    Raises:
        UnsupportedMediaType: the request is no multipart/form-data.
    """
    check_multipart(request)
    return tuple(
        UploadedFile(name=plain_name(each.filename or ""), content=each.stream.read(), claimed_media_type=each.mimetype or "")
        for each in request.files.getlist("files")
    )


def read_submission() -> tuple[dict[str, Any], tuple[UploadedFile, ...]]:
    """Give the claim of this request as JSON, and its files.

    Raises:
        UnsupportedMediaType: neither JSON nor multipart/form-data.
        BadRequest: no part named claim, or no JSON in it.
    """
    if request.is_json:
        return request.get_json(), ()
    check_multipart(request)
    part = request.form.get("claim") or _text_of_file_part()
    if not part:
        raise BadRequest("there is no part named claim; it holds the claim as JSON, beside the parts named files")
    return read_json_object(part, "the part claim"), read_files(request)


def _text_of_file_part() -> bytes:
    """Some clients send the JSON part with a file name, which makes it a file to the framework."""
    sent = request.files.get("claim")
    return sent.stream.read() if sent else b""


def read_uploads(named: Sequence[str]) -> tuple[UploadedFile, ...]:
    """Give the files that came in parts before, in the order they are named."""
    return take_uploads(the_system(), the_asker(), tuple(dict.fromkeys(named))) if named else ()


def check_multipart(request: Request) -> None:
    """Refuse a body of another kind; `UnsupportedMediaType` as in `read_files`."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(f"this endpoint takes multipart/form-data, not {request.mimetype or 'a body without Content-Type'}")


def plain_name(name: str) -> str:
    """Make a name safe to show: keep the last part of a path and only printable characters: a name is shown, never opened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:255]
