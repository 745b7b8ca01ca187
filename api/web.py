"""Puts the web application together: guard, headers, errors, the API's endpoints and the workbench's pages."""

from flask_openapi3.openapi import OpenAPI

from adjudicator.system import System
from api.context import SETTINGS_KEY, SYSTEM_KEY
from api.endpoints import (
    agent_desk,
    agents,
    appointments,
    channels,
    claims,
    cover,
    customer,
    fhir,
    holdings,
    hospital,
    hotline,
    letters,
    my_agent,
    reference,
    reminders,
    reports,
    service,
    servicing,
    tokens,
    tus,
    webhooks,
)
from api.endpoints.describing import complete
from api.endpoints.openapi import INFO, SECURITY_SCHEMES
from api.error_handlers import install_error_handlers, validation_response
from api.guard import install_guard
from api.headers import install_headers
from api.json_request import StrictJsonRequest
from api.login_limit import LIMIT_KEY, LoginLimit
from api.oidc import OIDC_KEY, IdentityProvider, check_oidc
from api.rate_limit import RATE_KEY, RateLimit
from api.repeating import install_repeating
from api.settings import ApiSettings
from api.workbench import workbench
from domain.errors import SetupError

_ENDPOINTS = (
    *(tokens, claims, channels, tus, letters, reports, hotline, hospital, fhir),
    *(customer, cover, holdings, reminders, servicing, webhooks, service, reference),
    *(agents, my_agent, appointments, agent_desk),
)


class MingbaiWeb(OpenAPI):
    """The application; its requests read JSON strictly."""

    request_class = StrictJsonRequest

    def generate_spec_json(self) -> None:
        """Make the OpenAPI description, once, with what holds for all endpoints."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]  # it has no types
        complete(self.spec_json)


def create_app(system: System, settings: ApiSettings) -> MingbaiWeb:
    """Make the application that serves one system: an ordinary WSGI application.

    Raises:
        SetupError: the secret key is too short to sign sessions with.
    """
    if len(settings.secret_key) < 16:
        raise SetupError("the secret key has fewer than 16 characters", 'make one: python -c "import secrets; print(secrets.token_hex())"')
    app = MingbaiWeb(
        __name__,
        info=INFO,
        security_schemes=SECURITY_SCHEMES,
        doc_ui=False,
        validation_error_callback=validation_response,
        static_folder=None,
        template_folder="workbench/templates",
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        SESSION_COOKIE_NAME="__Host-mingbai" if settings.secure_cookies else "mingbai",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[SYSTEM_KEY], app.extensions[SETTINGS_KEY], app.extensions[LIMIT_KEY] = system, settings, LoginLimit()
    app.extensions[RATE_KEY] = RateLimit(settings.rates)
    if settings.oidc:
        check_oidc(settings.oidc)
        app.extensions[OIDC_KEY] = IdentityProvider(settings.oidc)
    install_headers(app)  # before the guard: a refused request has its id too
    install_error_handlers(app)
    for each in _ENDPOINTS:
        app.register_api(each.blueprint)
    app.register_blueprint(workbench.blueprint)
    install_guard(app)
    install_repeating(app)
    return app
