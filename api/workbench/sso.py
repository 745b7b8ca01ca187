"""Logging in by the insurer's identity provider (统一身份认证)."""

import hmac
from typing import cast

from flask import Blueprint, current_app, redirect, request, session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from api import authentication
from api.context import the_system
from api.guard import open_to_all
from api.oidc import OIDC_KEY, IdentityProvider, Question
from api.permissions import Role
from api.workbench.targets import home_of, safe_target
from domain.errors import NotAuthenticatedError
from storage.access import find_staff, save_staff_of_provider

blueprint = Blueprint("sso", __name__)
_KEPT = "sso"


@blueprint.get("/login/sso")
@open_to_all
def leave_for_provider() -> BaseResponse:
    """Send the browser to the provider."""
    address, question = _provider().ask()
    session[_KEPT] = [question.state, question.nonce, question.verifier, safe_target(request.args.get("next", ""))]
    return redirect(address)


@blueprint.get("/login/sso/callback")
@open_to_all
def come_back() -> BaseResponse:
    """Take the browser back, and begin a session for whom the provider has proven."""
    state, nonce, verifier, target = session.pop(_KEPT, None) or ("", "", "", "")
    code = request.args.get("code", "")
    if not state or not code or not hmac.compare_digest(request.args.get("state", "").encode(), state.encode()):
        raise NotAuthenticatedError("this log-in did not begin on our page, or was used already", "log in again")
    proven = _provider().prove(Question(state, nonce, verifier), code)
    with the_system().database.write() as tx:
        save_staff_of_provider(tx, proven.staff, proven.subject)
        staff = find_staff(tx, proven.staff.user_name)
    if staff is None:
        raise NotAuthenticatedError("this account is closed", "ask an administrator")
    authentication.enter(the_system(), staff.user_name)
    target = safe_target(target)
    return redirect(target if target != "/" else home_of(Role(staff.role)))


def _provider() -> IdentityProvider:
    provider = cast(IdentityProvider | None, current_app.extensions.get(OIDC_KEY))
    if provider is None:
        raise NotFound("staff log in with a password here")
    return provider
