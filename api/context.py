"""What every endpoint can reach: the system, the settings, and who is asking."""

from typing import cast

from flask import current_app, g

from adjudicator.system import System
from api.permissions import Principal
from api.settings import ApiSettings

SYSTEM_KEY = "mingbai.system"
SETTINGS_KEY = "mingbai.settings"


def the_system() -> System:
    """Give the system this application serves."""
    return cast(System, current_app.extensions[SYSTEM_KEY])


def the_settings() -> ApiSettings:
    """Give the settings this application was made with."""
    return cast(ApiSettings, current_app.extensions[SETTINGS_KEY])


def the_principal() -> Principal:
    """Give who is asking; only endpoints that declared an action have one."""
    return cast(Principal, g.principal)
