"""Reads a JSON body strictly: an object, no name twice, no NaN, not nested without end; a mistake is named with its place."""

import json
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from domain.json_text import read_json


class StrictJsonRequest(Request):
    """A request whose `get_json` never guesses: the framework's own reading takes malformed JSON for an empty body."""

    max_form_parts = 200

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002 - the base class's signature
        """Give the body's JSON object.

        Raises:
            UnsupportedMediaType: the body is not declared as JSON.
            BadRequest: it is no JSON object.
        """
        if not self.is_json:
            raise UnsupportedMediaType(f"this endpoint takes application/json, not {self.mimetype or 'a body without Content-Type'}")
        return read_json_object(self.get_data(), "the body")


def read_json_object(content: bytes | str, what: str, *, exact: bool = False) -> dict[str, Any]:
    """Read a JSON object; `exact` gives numbers with a point as decimals.

    Raises:
        BadRequest: malformed, or something else than an object; says where.
    """
    try:
        value = read_json(content, exact=exact)
    except json.JSONDecodeError as error:
        raise BadRequest(f"{what} is no JSON: {error.msg} at line {error.lineno} column {error.colno}") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is no JSON: byte {error.start} is not UTF-8") from error
    except ValueError as error:
        raise BadRequest(f"{what} is no JSON we take: {str(error)[:200]}") from error
    if not isinstance(value, dict):
        raise BadRequest(f"{what} is JSON, but no object: send {{…}}")
    return value
