"""`webhook …`: where channels are told that a claim went on."""

from typing import Annotated

import typer

from adjudicator.settings import read_config
from adjudicator.webhooks import check_url
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import database_of
from domain.china import china_minute
from domain.errors import NotFoundError
from storage import access, webhooks
from storage.database import Transaction
from storage.webhooks import Webhook

commands = typer.Typer(help="Webhooks of channels: add, rotate, end, list, log, again.", no_args_is_help=True)


@commands.command("add")
def add_command(client_id: str, url: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Tell a channel at an address whenever a claim that it may read goes on; print the secret that signs, once."""
    check_url(url, may_be_private=read_config(config).messages.webhooks_to_private)
    with database_of(config) as database, database.write() as tx:
        if access.find_channel(tx, client_id) is None:
            raise NotFoundError(f"no channel {client_id}", "python app.py channel list names them")
        made = webhooks.add_webhook(tx, client_id, url)
    console.print(f"webhook {made.webhook_id} of {client_id}\nsecret, shown this once: {made.secrets[0]}", markup=False)


@commands.command("rotate")
def rotate_command(
    webhook_id: str,
    overlap_hours: Annotated[int, typer.Option(min=0, help="How long the earlier secret signs beside the new one.")] = 24,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Make a new secret; for a while every delivery has two signatures, so that the receiver changes when it likes."""
    with database_of(config) as database, database.write() as tx:
        secret = webhooks.rotate_secret(tx, _known(tx, webhook_id), overlap_hours * 3_600_000)
    console.print(f"secret, shown this once: {secret}\nthe earlier one signs for another {overlap_hours} hours", markup=False)


@commands.command("end")
def end_command(webhook_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Tell nothing more there; what waits is given up."""
    with database_of(config) as database, database.write() as tx:
        webhooks.end_webhook(tx, _known(tx, webhook_id).webhook_id)
    console.print(f"{webhook_id} is told nothing more")


@commands.command("list")
def list_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the webhooks of all channels."""
    with database_of(config) as database, database.read() as tx:
        for each in webhooks.list_webhooks(tx):
            console.print(f"{each.webhook_id}  {each.client_id}  {each.url}  {'ended' if each.ended_ms else 'told'}", markup=False)


@commands.command("log")
def log_command(client_id: str, limit: Annotated[int, typer.Option(min=1, max=1000)] = 50, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Show the deliveries of a channel, the newest first: what was offered, and what the receiver said."""
    with database_of(config) as database, database.read() as tx:
        for each in webhooks.attempts(tx, client_id, limit):
            said = str(each.status) if each.status else each.error
            told = (china_minute(each.at_ms), each.message_id, each.claim_id, said, f"{each.elapsed_ms} ms", each.message_status)
            console.print("  ".join(told), markup=False)


@commands.command("again")
def again_command(message_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Deliver a message once more, whatever became of it."""
    with database_of(config) as database, database.write() as tx:
        if not webhooks.send_again(tx, message_id):
            raise NotFoundError(f"no delivery {message_id}", "python app.py webhook log CHANNEL names them")
    console.print(f"{message_id} is delivered again")


def _known(tx: Transaction, webhook_id: str) -> Webhook:
    found = webhooks.find_webhook(tx, webhook_id)
    if found is None:
        raise NotFoundError(f"no webhook {webhook_id}", "python app.py webhook list names them")
    return found
