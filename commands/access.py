"""`staff …`, `client …`: who may come in."""

import secrets
from typing import Annotated

import typer

from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import open_database
from domain.errors import InputError, NotFoundError
from domain.money import parse_fen
from storage import access, registry
from storage.access import ApiClient, Staff

staff_commands = typer.Typer(help="People who log in to the workbench: add.", no_args_is_help=True)
client_commands = typer.Typer(help="Systems that call the API: add.", no_args_is_help=True)


@staff_commands.command("add")
def staff_add(
    user_name: str,
    role: Annotated[str, typer.Option(help="adjuster, senior_adjuster, investigator, actuary or operator")],
    display_name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    authority: Annotated[str, typer.Option(help="元; the most they may decide alone.")] = "0",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a member of staff, or replace everything about one."""
    roles = ("adjuster", "senior_adjuster", "investigator", "actuary", "operator")
    if role not in roles:
        raise InputError(f"there is no role {role!r}", "use one of " + ", ".join(roles))
    if len(password) < 10:
        raise InputError(f"the password has {len(password)} characters", "use at least 10")
    database = open_database(read_config(config), config.resolve().parent)
    with database.write() as tx:
        access.save_staff(tx, Staff(user_name, display_name or user_name, role, parse_fen(authority)), password)
    console.print(f"{user_name} may log in as {role}, deciding up to {authority} 元 alone")


@client_commands.command("add")
def client_add(
    client_id: str,
    role: Annotated[str, typer.Option(help="app, hotline or hospital")],
    hospital_id: Annotated[str, typer.Option(help="Whose settlements a hospital client may send.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a system that calls the API, and print its secret once."""
    if role not in ("app", "hotline", "hospital") or (role == "hospital") != bool(hospital_id):
        raise InputError(f"role {role!r} with hospital {hospital_id!r} does not fit", "use app, hotline, or hospital with --hospital-id")
    secret = secrets.token_urlsafe(32)
    database = open_database(read_config(config), config.resolve().parent)
    with database.write() as tx:
        if hospital_id and registry.find_hospital(tx, hospital_id) is None:
            raise NotFoundError(f"no hospital {hospital_id}", "bring it in first: python app.py data import FILE")
        access.save_api_client(tx, ApiClient(client_id, role, hospital_id or None), secret)
    console.print(f"secret of {client_id}, shown this once: {secret}", markup=False)
