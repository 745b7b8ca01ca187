"""Writes an answer as JSON."""

from flask import Response

from api.answers.base import Answer


def write(answer: Answer, status: int = 200) -> Response:
    """Give an answer its status; Chinese stays readable."""
    return Response(answer.model_dump_json(), status, mimetype="application/json")
