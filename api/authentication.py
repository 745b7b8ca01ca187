"""Finds out who is asking: a bearer token names a channel or a customer, a session names a member of staff."""

import time

from flask import Request, session

from adjudicator.system import System
from api.permissions import Principal, Role
from domain.errors import NotAuthenticatedError
from storage.access import find_api_client, find_customer, find_staff

SESSION_STAFF, SESSION_SINCE = "staff", "since"
SESSION_SECONDS = 10 * 3600  # a working day: then the password is asked for again, however busy the session was


def authenticate(request: Request, system: System) -> Principal:
    """Give who is asking.

    Raises:
        NotAuthenticatedError: nobody we know, or no longer.
    """
    if "Authorization" in request.headers:
        return _of_bearer(request, system)
    return _of_session(system)


def _of_bearer(request: Request, system: System) -> Principal:
    authorization = request.authorization
    token = authorization.token if authorization and authorization.type == "bearer" else None
    if not token:
        raise NotAuthenticatedError("the Authorization header holds no bearer token", "send 'Authorization: Bearer <secret>'")
    with system.database.read() as tx:
        client = find_api_client(tx, token)
        if client:
            return Principal(Role(client.role), client.client_id, hospital_id=client.hospital_id or "")
        person_id = find_customer(tx, token)
    if person_id is None:
        raise NotAuthenticatedError(
            "this bearer token is unknown or has run out",
            "channels use their client secret; customers get a token at POST /v1/customer-tokens",
        )
    return Principal(Role.CUSTOMER, "customer", person_id=person_id)


def _of_session(system: System) -> Principal:
    user_name = session.get(SESSION_STAFF)
    is_fresh = time.time() - float(session.get(SESSION_SINCE, 0)) < SESSION_SECONDS
    if user_name and is_fresh:
        with system.database.read() as tx:
            staff = find_staff(tx, user_name)
        if staff:
            return Principal(Role(staff.role), staff.user_name, staff=staff)
    raise NotAuthenticatedError("nobody is logged in", "send a bearer token, or log in at /login")
