"""Writes an answer as JSON, with its entity tag."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed

from api.answers.base import Answer
from domain.errors import StaleVersionError


def write(answer: Answer, status: int = 200) -> Response:
    """Give an answer its status; Chinese stays readable. A look at what is still the same is answered by 304."""
    response = Response(answer.model_dump_json(), status, mimetype="application/json")
    if request.method in ("GET", "HEAD"):
        response.add_etag()
        response.make_conditional(request)
    return response


def check_unchanged(now: Answer) -> None:
    """Refuse a change that was based on something older, where the sender named it with If-Match.

    Raises:
        PreconditionFailed: what is there now has another tag.
    """
    shown = Response(now.model_dump_json())
    shown.add_etag()
    if not request.if_match.contains(shown.get_etag()[0] or ""):
        raise _has_changed()


@contextmanager
def refusing_what_is_stale() -> Iterator[None]:
    """Tell what a transaction found to have changed since the look before it in the words of If-Match."""
    try:
        yield
    except StaleVersionError as error:
        raise _has_changed() from error


def _has_changed() -> PreconditionFailed:
    return PreconditionFailed("it has changed since you looked: its ETag is another now")
