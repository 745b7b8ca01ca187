"""Logging in and out. A wrong name and a wrong password are told in the same words and after the same time."""

from typing import cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from api import authentication
from api.context import the_settings, the_system
from api.guard import open_to_all
from api.login_limit import LIMIT_KEY, LoginLimit, limits_for
from api.permissions import Role
from api.workbench.form_text import plain_text
from api.workbench.language import plainly, say
from api.workbench.targets import home_of, safe_target
from domain.errors import OverloadedError
from storage.access import check_password

blueprint = Blueprint("login", __name__)
_MOST_CHARACTERS = 128  # of a password: longer ones are refused, never cut


@blueprint.get("/login")
@open_to_all
def show() -> BaseResponse:
    """Show the log-in form."""
    return _page("", 200)


@blueprint.post("/login")
@open_to_all
def enter() -> BaseResponse:
    """Check name and password, and begin a fresh session."""
    if _by_provider_only():
        return _page(say("请使用统一身份认证登录。"), 403)
    user_name, password = plain_text(request.form, "user_name", 64), request.form.get("password", "")
    limit, limits = cast(LoginLimit, current_app.extensions[LIMIT_KEY]), limits_for(user_name, request.remote_addr or "")
    try:
        limit.check(limits)
    except OverloadedError as error:
        response = _page(say("{what}。{way_out}。", what=plainly(error.what), way_out=plainly(error.way_out)), 429)
        response.headers["Retry-After"] = str(error.retry_after_seconds)
        return response
    with the_system().database.read() as tx:
        staff = check_password(tx, user_name, password if len(password) <= _MOST_CHARACTERS else "")
    if staff is None:
        limit.note_failure(limits)
        return _page(say("用户名或密码不正确。"), 401)
    authentication.enter(the_system(), staff.user_name)
    target = safe_target(request.form.get("next", ""))
    return redirect(target if target != "/" else home_of(Role(staff.role)))


@blueprint.post("/logout")
@open_to_all
def leave() -> BaseResponse:
    """End the session."""
    authentication.leave(the_system())
    return redirect(url_for("workbench.login.show"))


def _page(error: str, status: int) -> BaseResponse:
    target = safe_target(request.values.get("next", ""))
    user_name = request.form.get("user_name", "")[:64]
    told = {"hint": the_settings().demo_hint, "has_provider": the_settings().oidc is not None, "has_password": not _by_provider_only()}
    return Response(render_template("login.html", error=error, next=target, user_name=user_name, **told), status)


def _by_provider_only() -> bool:
    oidc = the_settings().oidc
    return oidc is not None and oidc.only
