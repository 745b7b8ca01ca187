"""Tokens for channels by OAuth 2.0 client credentials (RFC 6749, 4.4), and their end (RFC 7009). Errors are told as RFC 6749 says."""

from typing import Any, cast

from flask import Response, current_app, jsonify, request
from flask_openapi3.blueprint import APIBlueprint

from api.context import the_system
from api.endpoints.openapi import TOKENS
from api.guard import open_to_all
from api.login_limit import LIMIT_KEY, LoginLimit, limits_for
from api.permissions import Action, Role, may, scope_of
from domain.errors import MingbaiError
from storage.access import ApiClient, check_channel_secret
from storage.tokens import CHANNEL_TOKEN_MS, issue_channel_token, revoke

blueprint = APIBlueprint("tokens", __name__, url_prefix="/oauth", abp_tags=[TOKENS], abp_security=[{"client": []}, {}])
_MOST_BYTES = 16_384
_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
    "required": ["error"],
}
_TOKEN = {
    "type": "object",
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "seconds"},
        "scope": {"type": "string", "description": "the actions that the token may have"},
    },
    "required": ["access_token", "token_type", "expires_in", "scope"],
}
_CREDENTIAL = {"client_id": {"type": "string"}, "client_secret": {"type": "string", "format": "password"}}


def _form(required: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {**fields, **_CREDENTIAL}, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


def _answers(told: Any, *statuses: int) -> Any:
    error = {"content": {"application/json": {"schema": _ERROR}}}
    return {"200": told, **{str(status): error for status in statuses}}


class _Refused(Exception):  # noqa: N818 - the error's name is told by its code
    """What RFC 6749, 5.2 answers."""

    def __init__(self, status: int, code: str, told: str, retry_after_seconds: int = 0) -> None:
        super().__init__(told)
        self.status, self.code, self.told, self.retry_after_seconds = status, code, told, retry_after_seconds


@blueprint.post(
    "/token",
    responses=_answers({"content": {"application/json": {"schema": _TOKEN}}}, 400, 401),
    openapi_extensions=_form(("grant_type",), grant_type={"const": "client_credentials"}, scope={"type": "string"}),
)
@open_to_all
def fetch_token() -> Response:
    """Fetch a token for a quarter of an hour. The channel proves itself by HTTP Basic or by client_id and client_secret in the form."""
    try:
        client = _proven_client()
        if request.form.get("grant_type") != "client_credentials":
            raise _Refused(400, "unsupported_grant_type", "grant_type is client_credentials")
        scope = _granted(client, request.form.get("scope", ""))
    except _Refused as refused:
        return _refusal(refused)
    with the_system().database.write() as tx:
        token = issue_channel_token(tx, client.client_id, scope)
    return jsonify(access_token=token, token_type="Bearer", expires_in=CHANNEL_TOKEN_MS // 1000, scope=scope)  # noqa: S106 - a kind


@blueprint.post("/revoke", responses=_answers({}, 400, 401), openapi_extensions=_form(("token",), token={"type": "string"}))
@open_to_all
def end_token() -> Response:
    """End a token of this channel, or a customer's; one that is unknown is no error."""
    try:
        client = _proven_client()
        token = request.form.get("token", "")
        if not token:
            raise _Refused(400, "invalid_request", "there is no token in the form")
    except _Refused as refused:
        return _refusal(refused)
    with the_system().database.write() as tx:
        revoke(tx, token, client.client_id, may_end_customers=may(Role(client.role), Action.ISSUE_CUSTOMER_TOKEN))
    return Response(status=200)


def _proven_client() -> ApiClient:
    """Give the channel that asks.

    Raises:
        _Refused: its id and secret are not there, twice there, or wrong; or too many were wrong.
    """
    if request.mimetype != "application/x-www-form-urlencoded" or (request.content_length or 0) > _MOST_BYTES:
        raise _Refused(400, "invalid_request", "send a form: application/x-www-form-urlencoded, at most 16 KB")
    if any(len(request.form.getlist(name)) > 1 for name in request.form):
        raise _Refused(400, "invalid_request", "a name stands twice in the form")
    basic, in_form = request.authorization, "client_secret" in request.form
    if basic is not None and in_form:
        raise _Refused(400, "invalid_request", "send the secret once: by HTTP Basic, or in the form")
    told = (basic.username, basic.password) if basic is not None and basic.type == "basic" else ()
    client_id, secret = told or (request.form.get("client_id"), request.form.get("client_secret"))
    if not client_id or not secret:
        raise _Refused(401, "invalid_client", "send client_id and client_secret, by HTTP Basic or in the form")
    return _checked(client_id[:64].replace("\x00", ""), secret[:256])


def _checked(client_id: str, secret: str) -> ApiClient:
    limit, limits = cast(LoginLimit, current_app.extensions[LIMIT_KEY]), limits_for(f"channel {client_id}", request.remote_addr or "")
    try:
        limit.check(limits)
    except MingbaiError as error:
        wait = getattr(error, "retry_after_seconds", 60)
        raise _Refused(429, "slow_down", f"too many wrong secrets: wait {wait} s", wait) from error
    with the_system().database.read() as tx:
        client = check_channel_secret(tx, client_id, secret)
    if client is None:
        limit.note_failure(limits)
        raise _Refused(401, "invalid_client", "the channel or its secret is not known")
    return client


def _granted(client: ApiClient, wanted: str) -> str:
    """Give the actions of a token: those that were asked for, else all that the channel may have.

    Raises:
        _Refused: one of them is no action, or not one of this channel.
    """
    most = {each for each in Action if may(Role(client.role), each) and each in (scope_of(client.scope) or {each})}
    try:
        asked = scope_of(wanted) or most
    except ValueError:
        asked = frozenset()
    if not asked or not asked <= most:
        raise _Refused(400, "invalid_scope", f"this channel may have: {' '.join(sorted(most))}")
    return " ".join(sorted(asked))


def _refusal(refused: _Refused) -> Response:
    response = jsonify(error=refused.code, error_description=refused.told)
    response.status_code = refused.status
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="mingbai"'
    if refused.retry_after_seconds:
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
    return response
