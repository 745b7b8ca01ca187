"""The door of every endpoint: it declares the action it is, or that it is open to all; the guard checks before anything is read."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest

from api.authentication import authenticate
from api.context import the_system
from api.permissions import Action, check_allowed
from api.rate_limit import RATE_KEY, RateLimit
from domain.errors import NotAuthenticatedError

_View = TypeVar("_View", bound=Callable[..., Any])
_DECLARED = "mingbai_action"
_OPEN = "open to all"


def needs(action: Action) -> Callable[[_View], _View]:
    """Declare that an endpoint is this action; stands directly above the function."""

    def declare(view: _View) -> _View:
        view.__dict__[_DECLARED] = action
        return view

    return declare


def open_to_all(view: _View) -> _View:
    """Declare that an endpoint asks for no log-in."""
    view.__dict__[_DECLARED] = _OPEN
    return view


def install_guard(app: Flask) -> None:
    """Check every request before its body is read; an endpoint that declared nothing never starts.

    Raises:
        RuntimeError: an endpoint without a declaration: a mistake of ours, found when the application is made.
    """
    undeclared = [name for name, view in app.view_functions.items() if not name.endswith("static") and _declared(view) is None]
    if undeclared:
        raise RuntimeError(f"these endpoints declare neither @needs nor @open_to_all: {', '.join(undeclared)}")
    app.before_request(_check)


def _check() -> None:
    if "\x00" in request.path or b"%00" in request.query_string:
        raise BadRequest("the address holds a NUL character")  # PostgreSQL takes none, and no number of ours has one
    if request.endpoint is None or request.endpoint.endswith("static"):
        return
    action, limit = _declared(current_app.view_functions[request.endpoint]), cast(RateLimit, current_app.extensions[RATE_KEY])
    if not isinstance(action, Action):
        limit.of_stranger(request)
        return
    try:
        g.principal = authenticate(request, the_system())
    except NotAuthenticatedError:
        limit.of_stranger(request)  # whoever tries out credentials is slowed down before the next look at the database
        raise
    limit.of_principal(g.principal)
    check_allowed(g.principal, action)


def _declared(view: Callable[..., Any]) -> Action | str | None:
    return getattr(view, "__dict__", {}).get(_DECLARED)
