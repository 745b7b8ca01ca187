"""Takes the files out of a multipart request."""

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from domain.claim import UploadedFile


def read_files(request: Request) -> tuple[UploadedFile, ...]:
    """Give every part named `files`, in the order they were sent; their names and types are only what the sender claims.

    Raises:
        UnsupportedMediaType: the request is no multipart/form-data.
    """
    check_multipart(request)
    return tuple(
        UploadedFile(name=_plain_name(each.filename or ""), content=each.stream.read(), claimed_media_type=each.mimetype or "")
        for each in request.files.getlist("files")
    )


def check_multipart(request: Request) -> None:
    """Refuse a body of another kind; `UnsupportedMediaType` as in `read_files`."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(f"this endpoint takes multipart/form-data, not {request.mimetype or 'a body without Content-Type'}")


def _plain_name(name: str) -> str:
    """Keep the last part of a path and only printable characters: a name is shown, never opened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:255]
