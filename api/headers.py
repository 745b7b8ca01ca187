"""What every answer carries: a request id, a strict content security policy, and one line in the log."""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from api.context import the_settings
from storage.ids import new_id

_log, _security = logging.getLogger("api.requests"), logging.getLogger("api.security")
_REFUSALS = (401, 403, 429)  # told with who and from where: somebody may be trying doors
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def install_headers(app: Flask) -> None:
    """Give every request an id and a nonce before, and every answer its headers after."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.context_processor(lambda: {"nonce": g.get("nonce", "")})


def _begin() -> None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if _REQUEST_ID.fullmatch(sent) else new_id("R")
    g.nonce = secrets.token_urlsafe(16)
    g.begun = time.perf_counter()


def _finish(response: Response) -> Response:
    set_header = response.headers.setdefault
    set_header("X-Request-Id", g.get("request_id", "-"))
    set_header("Content-Security-Policy", _policy(g.get("nonce", "")))
    set_header("X-Content-Type-Options", "nosniff")
    set_header("X-Frame-Options", "DENY")
    set_header("Referrer-Policy", "same-origin")
    set_header("Cross-Origin-Opener-Policy", "same-origin")
    set_header("Cross-Origin-Resource-Policy", "same-origin")
    set_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure or the_settings().secure_cookies:  # behind a proxy that does HTTPS
        set_header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if not (request.endpoint or "").endswith("static"):
        set_header("Cache-Control", "no-store")
    rule = request.url_rule.rule if request.url_rule else "(none)"  # the rule, not the path: a query may hold an ID number
    elapsed_ms = round((time.perf_counter() - g.begun) * 1000) if "begun" in g else 0
    _log.info("%s %s %d %d ms %s", request.method, rule, response.status_code, elapsed_ms, g.get("request_id", "-"))
    if response.status_code in _REFUSALS:
        asker = f"{g.principal.role}:{g.principal.name}" if "principal" in g else "nobody known"
        told = (request.method, rule, response.status_code, asker, request.remote_addr, g.get("request_id", "-"))
        _security.warning("refused: %s %s %d asked by %s from %s %s", *told)
    return response


def _policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",  # of scripts that make their own sheets: the editor
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
