"""Log-ins on the command line: whoever signs something proves who they are, as at the page."""

import os
import sys

import typer

from api.permissions import Action, Role, may
from domain.errors import NotAllowedError, NotAuthenticatedError
from storage import access
from storage.access import Staff
from storage.database import Database

PASSWORD_VARIABLE = "MINGBAI_PASSWORD"  # noqa: S105 - the name of a variable, no secret


def sign_in(database: Database, user_name: str, action: Action) -> Staff:
    """Give the member of staff of a log-in, once their password is proven and their role has the action.

    The password is asked for; a program sets MINGBAI_PASSWORD, or writes it as a line to standard input.

    Raises:
        NotAuthenticatedError: nobody of that name may log in, or the password is another.
        NotAllowedError: the role does not have the action.
    """
    password = _password_of(user_name)
    with database.read() as tx:
        staff = access.check_password(tx, user_name, password)
    if staff is None:
        told = f"nobody logs in as {user_name!r} with this password"
        roles = "|".join(role for role in Role if may(role, action))
        raise NotAuthenticatedError(told, f"check both; people are added with: staff add NAME --role {roles}")
    if not may(Role(staff.role), action):
        roles = ", ".join(role for role in Role if may(role, action))
        raise NotAllowedError(f"{user_name} is {staff.role}, and that role may not {action}", f"it takes one of: {roles}")
    return staff


def _password_of(user_name: str) -> str:
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt(f"Password of {user_name}", hide_input=True, err=True)
    return answer
