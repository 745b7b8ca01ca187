"""Catches every error once: machines get a problem document, people a page; the log gets no names and no numbers of persons."""

import logging
import traceback
from dataclasses import replace

from flask import Flask, Response, g, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from api.answers.fhir import MEDIA_TYPE, operation_outcome
from api.problems import Problem, add_headers, problem_of, problem_of_validation, respond
from api.workbench.language import plainly

_log = logging.getLogger(__name__)


def install_error_handlers(app: Flask) -> None:
    """Answer every error of this application in one way."""
    app.register_error_handler(Exception, _answer)


def validation_response(error: ValidationError) -> BaseResponse:
    """Answer a body that does not fit its model; flask-openapi3 calls this."""
    return _show(problem_of_validation(error))


def _answer(error: Exception) -> BaseResponse:
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 500) < 400):
        return Response.force_type(error.get_response())  # an answer that was raised to end the request early, or a redirect
    problem = problem_of_validation(error) if isinstance(error, ValidationError) else problem_of(error)
    if problem.status >= 500:
        _log.error("request %s failed: %s", g.get("request_id", "-"), _frames_of(error))
    response = _show(problem)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers(None, None):
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
    return response


def _frames_of(error: BaseException) -> str:
    """Give the kinds of an error and of its causes, with places; no messages, since a database's message quotes what was written."""
    kinds, cause = [], error
    while cause is not None:
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__  # type: ignore[assignment]
    return f"{' <- '.join(kinds)}\n{''.join(traceback.format_tb(error.__traceback__))}"


def _show(problem: Problem) -> BaseResponse:
    if request.path.startswith("/v1/fhir/"):
        outcome = Response(operation_outcome(problem), problem.status, mimetype=MEDIA_TYPE)
        add_headers(outcome, problem)
        return outcome
    if not _wants_page():
        return respond(_in_words_of_page(problem), g.get("request_id", "-"))
    if problem.status == 401:
        return redirect(url_for("workbench.login.show", next=request.full_path if request.method == "GET" else "/"))
    response = Response(render_template("problem.html", problem=problem, request_id=g.get("request_id", "-")), problem.status)
    add_headers(response, problem)
    return response


def _in_words_of_page(problem: Problem) -> Problem:
    """Tell a script of the workbench in the language of its page, since it shows what it is told; programs keep the English."""
    if not (request.blueprint or "").startswith("workbench") or not request.accept_languages:
        return problem
    return replace(problem, detail=plainly(problem.detail), way_out=plainly(problem.way_out))


def _wants_page() -> bool:
    if request.path.startswith("/v1/"):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
