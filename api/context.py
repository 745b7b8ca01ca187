"""What every endpoint can reach: the system, the settings, and who is asking."""

from typing import cast

from flask import current_app, g

from adjudicator.system import System
from api.permissions import Principal, Role
from api.settings import ApiSettings
from domain.decision import Actor
from storage.access import Staff

SYSTEM_KEY = "mingbai.system"
SETTINGS_KEY = "mingbai.settings"


def the_system() -> System:
    """Give the system this application serves."""
    return cast(System, current_app.extensions[SYSTEM_KEY])


def the_settings() -> ApiSettings:
    """Give the settings this application was made with."""
    return cast(ApiSettings, current_app.extensions[SETTINGS_KEY])


def actor_of_staff() -> Actor:
    """Give the member of staff who is asking, as whoever acts is written down."""
    return Actor(the_principal().name, the_principal().role)


def the_staff() -> Staff:
    """Give the member of staff who is asking; only endpoints whose action belongs to staff have one."""
    staff = the_principal().staff
    if staff is None:
        raise RuntimeError("an endpoint of staff was reached by somebody else: the permission table is wrong")
    return staff


def the_customer() -> Actor:
    """Give the customer who is asking, as whoever acts is written down."""
    return Actor(the_principal().person_id, the_principal().role)


def the_principal() -> Principal:
    """Give who is asking; only endpoints that declared an action have one."""
    return cast(Principal, g.principal)


def the_asker() -> str:
    """Name who is asking, for what belongs to them: a channel, or one customer."""
    principal = the_principal()
    return f"{principal.role}:{principal.person_id if principal.role is Role.CUSTOMER else principal.name}"
