"""`staff …`, `client …`, `channel …`: who may come in."""

import secrets
from typing import Annotated

import typer

from api.permissions import Action, Role, may
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import database_of
from domain.errors import InputError, NotFoundError
from domain.money import parse_fen
from storage import access, agents, registry
from storage.access import ApiClient, Staff
from storage.database import Transaction

staff_commands = typer.Typer(help="People who log in to the workbench: add, leave.", no_args_is_help=True)
channel_commands = typer.Typer(help="Credentials of calling systems: add, rotate, end, list.", no_args_is_help=True)
client_commands = typer.Typer(help="Systems that call the API: add.", no_args_is_help=True)

CLIENT_ROLES = ("app", "wechat", "website", "counter", "agent", "hotline", "hospital")


@staff_commands.command("add")
def staff_add(
    user_name: str,
    role: Annotated[str, typer.Option(help="hotline_agent, field_agent, adjuster, senior_adjuster, investigator, actuary or operator")],
    display_name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    agent_id: Annotated[str, typer.Option(help="Of a field_agent: which agent they are.")] = "",
    authority: Annotated[str, typer.Option(help="元; the most they may decide alone.")] = "0",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a member of staff, or replace everything about one."""
    roles = ("hotline_agent", "field_agent", "adjuster", "senior_adjuster", "investigator", "actuary", "operator")
    if role not in roles:
        raise InputError(f"there is no role {role!r}", "use one of " + ", ".join(roles))
    if not 12 <= len(password) <= 128:
        raise InputError(f"the password has {len(password)} characters", "use 12 to 128: several words are easy to keep in mind")
    if (role == "field_agent") is not bool(agent_id):
        raise InputError(
            f"role {role} with agent {agent_id or '(none)'} does not fit", "name --agent-id of a field_agent, and of nobody else"
        )
    with database_of(config) as database, database.write() as tx:
        if agent_id and agents.find_card(tx, agent_id) is None:
            raise NotFoundError(f"no agent {agent_id} with a card", "bring it in first: python app.py data import FILE")
        access.save_staff(tx, Staff(user_name, display_name or user_name, role, parse_fen(authority)), password)
        if agent_id:
            agents.save_login(tx, user_name, agent_id)
    console.print(f"{user_name} may log in as {role}, deciding up to {authority} 元 alone")


@staff_commands.command("leave")
def staff_leave(user_name: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Shut somebody out at once: their sessions end, and neither a password nor the identity provider lets them in."""
    with database_of(config) as database, database.write() as tx:
        if not access.shut_out(tx, user_name):
            raise NotFoundError(f"nobody logs in as {user_name}", "check the name")
    console.print(f"{user_name} is out. To let them in again with a password: python app.py staff add {user_name} --role …")


@client_commands.command("add")
def client_add(
    client_id: str,
    role: Annotated[str, typer.Option(help=" | ".join(CLIENT_ROLES))],
    hospital_id: Annotated[str, typer.Option(help="Whose settlements a hospital client may send.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a system that calls the API with one lasting secret, for trying out; print the secret once. Better: channel add."""
    _check_client(role, hospital_id, "")
    secret = secrets.token_urlsafe(32)
    with database_of(config) as database, database.write() as tx:
        _save_client(tx, ApiClient(client_id, role, hospital_id or None), secret)
    console.print(f"secret of {client_id}, shown this once: {secret}", markup=False)


@channel_commands.command("add")
def channel_add(
    client_id: str,
    role: Annotated[str, typer.Option(help=" | ".join(CLIENT_ROLES))],
    hospital_id: Annotated[str, typer.Option(help="Whose settlements a hospital channel may send.")] = "",
    scope: Annotated[str, typer.Option(help="Actions it may have, apart by spaces; nothing: all of its role.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a system that fetches short-lived tokens with a secret (OAuth 2.0 client credentials), and print the secret once."""
    _check_client(role, hospital_id, scope)
    with database_of(config) as database, database.write() as tx:
        _save_client(tx, ApiClient(client_id, role, hospital_id or None, scope))
        access.end_channel(tx, client_id)
        secret = access.add_channel_secret(tx, client_id, earlier_end_ms=0)
    _print_secret(client_id, secret)


@channel_commands.command("rotate")
def channel_rotate(
    client_id: str,
    overlap_hours: Annotated[int, typer.Option(min=0, help="How long the earlier secret still fetches tokens.")] = 24,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Make a new secret for a channel; the earlier one goes on for a while, so that nothing stops in between."""
    with database_of(config) as database, database.write() as tx:
        _known_channel(tx, client_id)
        secret = access.add_channel_secret(tx, client_id, earlier_end_ms=overlap_hours * 3_600_000)
    _print_secret(client_id, secret)
    console.print(f"the earlier secret ends in {overlap_hours} hours; tokens that were fetched with it end within 15 minutes after")


@channel_commands.command("end")
def channel_end(client_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Take every secret and every token from a channel at once: one that was stolen, or that nobody uses any more."""
    with database_of(config) as database, database.write() as tx:
        _known_channel(tx, client_id)
        access.end_channel(tx, client_id)
    console.print(f"{client_id} is out. To let it in again: python app.py channel rotate {client_id}")


@channel_commands.command("list")
def channel_list(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the calling systems, and how old their secrets are."""
    with database_of(config) as database, database.read() as tx:
        for each in access.list_channels(tx):
            age = f"{(tx.now_ms() - each.newest_ms) // 86_400_000} days old" if each.newest_ms else "fetches no tokens"
            bound = each.client.hospital_id or ""
            may_do = each.client.scope or "all actions"
            told = f"{each.client.client_id}  {each.client.role} {bound}  {each.secrets} secret(s), {age}  {may_do}"
            console.print(told, markup=False)


def _check_client(role: str, hospital_id: str, scope: str) -> None:
    if role not in CLIENT_ROLES or (role == "hospital") != bool(hospital_id):
        told = f"role {role!r} with hospital {hospital_id!r} does not fit"
        raise InputError(told, f"use one of {', '.join(CLIENT_ROLES)}; hospital with --hospital-id")
    most = sorted(action for action in Action if may(Role(role), action))
    strange = [each for each in scope.split() if each not in most]
    if strange:
        raise InputError(f"the role {role} has no action {strange[0]}", "use some of: " + " ".join(most))


def _save_client(tx: Transaction, client: ApiClient, secret: str = "") -> None:
    if client.hospital_id and registry.find_hospital(tx, client.hospital_id) is None:
        raise NotFoundError(f"no hospital {client.hospital_id}", "bring it in first: python app.py data import FILE")
    access.save_api_client(tx, client, secret)


def _known_channel(tx: Transaction, client_id: str) -> None:
    if access.find_channel(tx, client_id) is None:
        raise NotFoundError(f"no channel {client_id}", "python app.py channel list names them; channel add makes one")


def _print_secret(client_id: str, secret: str) -> None:
    console.print(f"client_id {client_id}\nclient_secret, shown this once: {secret}\nit fetches tokens at POST /oauth/token", markup=False)
