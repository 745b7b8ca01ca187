"""Forms carry a token of the session: a form that another site made cannot be sent in an adjuster's name."""

import hmac
import secrets

from flask import request, session

from domain.errors import NotAllowedError

_KEY = "csrf"


def form_token() -> str:
    """Give the session's token, made on first use."""
    if _KEY not in session:
        session[_KEY] = secrets.token_urlsafe(24)
    return str(session[_KEY])


def check_form() -> None:
    """Refuse a form without the session's token.

    Raises:
        NotAllowedError: the token is missing or another one.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    sent = request.form.get(_KEY, "") or request.headers.get("X-CSRF-Token", "")
    if not (session.get(_KEY) and hmac.compare_digest(sent.encode(), str(session[_KEY]).encode())):
        raise NotAllowedError("this form has expired, or was not sent from one of our pages", "go back, reload the page, and send it again")
