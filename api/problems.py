"""Every error as an RFC 9457 problem document: one table from error to status, titles in English and Chinese."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from domain import errors as e

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """What a class of errors becomes over HTTP."""

    status: int
    title: str
    title_zh: str


# The nearest class of an error's own line of descent counts. What is missing here is our fault, and becomes a bare 500.
KINDS: Mapping[type[e.MingbaiError], Kind] = {
    e.InputError: Kind(422, "What was sent cannot be taken", "提交的内容有误"),
    e.UnreadableFileError: Kind(422, "A file cannot be read", "文件无法读取"),
    e.FileTooLargeError: Kind(413, "Too large", "文件过大"),
    e.PasswordProtectedError: Kind(422, "A file is locked with a password", "文件设有密码"),
    e.AmountError: Kind(422, "An amount cannot be taken", "金额有误"),
    e.NotFoundError: Kind(404, "Not found", "没有找到"),
    e.ConflictError: Kind(409, "Not possible any more", "当前不能这样做"),
    e.KeyReusedError: Kind(409, "This reference came before with another body", "同一编号的内容不一致"),
    e.CallInProgressError: Kind(409, "The same call is being done", "相同的请求正在处理"),
    e.StaleVersionError: Kind(409, "Somebody else saved first", "已被他人先行保存"),
    e.IllegalTransitionError: Kind(409, "Not possible in this state", "当前状态不允许这样做"),
    e.NotAuthenticatedError: Kind(401, "Not logged in", "尚未登录"),
    e.NotAllowedError: Kind(403, "Not allowed", "没有权限"),
    e.OverloadedError: Kind(429, "Too many requests", "请求过多，请稍后再试"),
    e.UnavailableError: Kind(503, "Not available at this moment", "系统暂时不可用，请稍后再试"),
}

_UNEXPECTED = Kind(500, "Something went wrong on our side", "系统出了差错")

# The framework's own refusals: status -> (code, title in Chinese, way out)
HTTP_KINDS: Mapping[int, tuple[str, str, str]] = {
    400: ("input.malformed", "请求格式有误", "see /openapi.json for what this endpoint takes"),
    404: ("not_found", "没有找到", "see /openapi.json for the endpoints there are"),
    405: ("http.method_not_allowed", "不支持这种请求方式", "use one of the methods in the Allow header"),
    412: ("precondition_failed", "内容已有变化", "read it again, and decide whether you still want this"),
    413: (e.FileTooLargeError.code, "文件过大", "send fewer or smaller files in one request; more can be added afterwards"),
    415: ("http.unsupported_media_type", "不支持这种内容类型", "set the Content-Type the endpoint takes: see /openapi.json"),
}


@dataclass(frozen=True)
class FieldProblem:
    """One field that cannot be taken: where (a JSON pointer), what was there, what is wrong, what to do."""

    field: str
    value: str
    detail: str
    way_out: str


@dataclass(frozen=True)
class Problem:
    """An error, ready to be shown as JSON or as a page."""

    code: str
    status: int
    title: str
    title_zh: str
    detail: str
    way_out: str = ""
    field: str = ""
    advice_zh: str = ""  # the way out in the customer's words, where there are such
    errors: tuple[FieldProblem, ...] = ()
    retry_after_seconds: int | None = None


def problem_of(error: Exception) -> Problem:
    """Turn any error into a problem; an unexpected one tells nothing of our insides."""
    if isinstance(error, e.MingbaiError):
        kind = next((KINDS[each] for each in type(error).__mro__ if each in KINDS), None)
        if kind:
            return _of_mingbai(error, kind)
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        return _of_http(error, error.code)
    return Problem(
        "error", 500, _UNEXPECTED.title, _UNEXPECTED.title_zh, "we could not finish this request", "try again, and tell us the request_id"
    )


def _of_mingbai(error: e.MingbaiError, kind: Kind) -> Problem:
    field, advice_zh = (error.field, error.advice_zh) if isinstance(error, e.InputError) else ("", "")
    retry = error.retry_after_seconds if isinstance(error, e.OverloadedError | e.CallInProgressError | e.UnavailableError) else None
    return Problem(
        error.code, kind.status, kind.title, kind.title_zh, error.what, error.way_out, field, advice_zh, retry_after_seconds=retry
    )


def _of_http(error: HTTPException, status: int) -> Problem:
    code, title_zh, way_out = HTTP_KINDS.get(status, (f"http.{status}", "请求无法完成", ""))
    return Problem(code, status, error.name, title_zh, error.description or error.name, way_out)


def problem_of_validation(error: ValidationError) -> Problem:
    """Name every field that does not fit, the first one foremost."""
    found = tuple(_field_problem(each) for each in error.errors(include_url=False))
    kind, first = KINDS[e.InputError], found[0]
    return Problem(e.InputError.code, kind.status, kind.title, kind.title_zh, first.detail, first.way_out, first.field, errors=found)


def _field_problem(found: Mapping[str, object]) -> FieldProblem:
    place, context = found["loc"], found.get("ctx")
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place) if isinstance(place, tuple) else ""
    way_out = str(context["way_out"]) if isinstance(context, dict) and "way_out" in context else _WAYS_OUT.get(str(found["type"]), "")
    return FieldProblem(
        pointer,
        "" if found["type"] == "missing" else _shown(found["input"]),
        f"{pointer or 'the body'}: {found['msg']}",
        way_out or "see /openapi.json for the form of this field",
    )


_WAYS_OUT = {
    "missing": "add this field",
    "extra_forbidden": "leave this field out, or mend its name",
    "string_too_long": "shorten it",
    "string_type": "send a JSON string",
    "list_type": "send a JSON array",
    "too_long": "send fewer entries",
}


def _shown(value: object) -> str:
    """Show a value briefly; what is no text or number is named by its kind in JSON, since it may hold a whole person."""
    if isinstance(value, str | int | float | bool):
        return str(value)[:60]
    return "null" if value is None else "array" if isinstance(value, list | tuple) else "object"


def respond(problem: Problem, request_id: str) -> Response:
    """Write a problem as application/problem+json."""
    body: dict[str, object] = {
        "type": f"urn:mingbai:{problem.code}",
        "title": problem.title,
        "title_zh": problem.title_zh,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id,
    }
    if problem.way_out:
        body["way_out"] = problem.way_out
    if problem.advice_zh:
        body["advice_zh"] = problem.advice_zh
    if problem.field:
        body["field"] = "/" + problem.field.removeprefix("/")  # a JSON pointer, whoever named it
    if problem.errors:
        body["errors"] = [vars(each) for each in problem.errors]
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")  # an echoed value may hold half a character
    response = Response(content, problem.status, mimetype=MEDIA_TYPE)
    add_headers(response, problem)
    return response


def page_with(page: str, problem: Problem | None) -> Response:
    """Answer with a page, and with the status and headers of the problem that stands on it, if one does."""
    response = Response(page, problem.status if problem else 200)
    if problem:
        add_headers(response, problem)
    return response


def add_headers(response: Response, problem: Problem) -> None:
    """Add what HTTP itself wants to say about a problem."""
    if problem.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="mingbai"'
