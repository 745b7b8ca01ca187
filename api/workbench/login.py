"""Logging in and out. A wrong name and a wrong password are told in the same words and after the same time."""

import time
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from api.authentication import SESSION_SINCE, SESSION_STAFF
from api.context import the_settings, the_system
from api.guard import open_to_all
from api.login_limit import LIMIT_KEY, LoginLimit, limits_for
from api.workbench.form_text import plain_text
from domain.errors import OverloadedError
from storage.access import check_password

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
@open_to_all
def show() -> BaseResponse:
    """Show the log-in form."""
    return _page("", 200)


@blueprint.post("/login")
@open_to_all
def enter() -> BaseResponse:
    """Check name and password, and begin a fresh session."""
    user_name, password = plain_text(request.form, "user_name", 64), request.form.get("password", "")[:256]
    limit, limits = cast(LoginLimit, current_app.extensions[LIMIT_KEY]), limits_for(user_name, request.remote_addr or "")
    try:
        limit.check(limits)
    except OverloadedError as error:
        response = _page(f"{error.what}。{error.way_out}。", 429)
        response.headers["Retry-After"] = str(error.retry_after_seconds)
        return response
    with the_system().database.read() as tx:
        staff = check_password(tx, user_name, password)
    if staff is None:
        limit.note_failure(limits)
        return _page("用户名或密码不正确。", 401)
    session.clear()  # nothing of the time before the log-in may live on
    session[SESSION_STAFF], session[SESSION_SINCE] = staff.user_name, time.time()
    return redirect(_safe_target(request.form.get("next", "")))


@blueprint.post("/logout")
@open_to_all
def leave() -> BaseResponse:
    """End the session."""
    session.clear()
    return redirect(url_for("workbench.login.show"))


def _page(error: str, status: int) -> BaseResponse:
    target = _safe_target(request.values.get("next", ""))
    user_name = request.form.get("user_name", "")[:64]
    html = render_template("login.html", error=error, next=target, user_name=user_name, hint=the_settings().demo_hint)
    return Response(html, status)


def _safe_target(target: str) -> str:
    """Give a path of this site, or the queue: a link must not lead from our log-in to another site."""
    parts = urlsplit(target)
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if is_own and "\\" not in target and target.isprintable() else url_for("workbench.queue.show")
