"""Finds out who is asking: a bearer token names a channel or a customer, a session names a member of staff."""

import logging

from flask import Request, request, session

from adjudicator.system import System
from api.context import the_settings
from api.permissions import Principal, Role, scope_of
from domain.errors import NotAuthenticatedError
from storage.access import find_api_client, find_staff
from storage.tokens import begin_session, end_session, find_channel_token, find_customer, find_session, note_session

_log = logging.getLogger("api.security")
_LOG_IN = "log_in"  # where the session's cookie has the token of the log-in


def authenticate(asked: Request, system: System) -> Principal:
    """Give who is asking.

    Raises:
        NotAuthenticatedError: nobody we know, or no longer.
    """
    if "Authorization" in asked.headers:
        return _of_bearer(asked, system)
    return _of_session(system)


def _of_bearer(asked: Request, system: System) -> Principal:
    authorization = asked.authorization
    token = authorization.token if authorization and authorization.type == "bearer" else None
    if not token:
        raise NotAuthenticatedError("the Authorization header holds no bearer token", "send 'Authorization: Bearer <token>'")
    with system.database.read() as tx:
        client = find_channel_token(tx, token) or (find_api_client(tx, token) if the_settings().static_secrets else None)
        if client:
            return Principal(Role(client.role), client.client_id, hospital_id=client.hospital_id or "", scope=scope_of(client.scope))
        person_id = find_customer(tx, token)
    if person_id is None:
        raise NotAuthenticatedError(
            "this bearer token is unknown or has run out",
            "channels fetch one at POST /oauth/token; customers get theirs at POST /v1/customer-tokens",
        )
    return Principal(Role.CUSTOMER, "customer", person_id=person_id)


def _of_session(system: System) -> Principal:
    token = str(session.get(_LOG_IN, ""))
    if token:
        with system.database.read() as tx:
            log_in = find_session(tx, token)
            staff = find_staff(tx, log_in.user_name) if log_in else None
        if log_in and staff:
            if log_in.is_to_note:
                with system.database.write() as tx:
                    note_session(tx, token)
            return Principal(Role(staff.role), staff.user_name, staff=staff)
    raise NotAuthenticatedError("nobody is logged in", "send a bearer token, or log in at /login")


def enter(system: System, user_name: str) -> None:
    """Begin a fresh session for somebody who was proven: nothing of the time before may live on."""
    leave(system)
    _log.info("log-in of %s from %s", user_name, request.remote_addr)
    with system.database.write() as tx:
        session[_LOG_IN] = begin_session(tx, user_name)


def leave(system: System) -> None:
    """End the session, also for a copy of its cookie."""
    token = str(session.get(_LOG_IN, ""))
    session.clear()
    if token:
        with system.database.write() as tx:
            end_session(tx, token)
