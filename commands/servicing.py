"""`servicing …`: items that can be done with policies, what waits for a person, what was signed on a policy."""

from pathlib import Path
from typing import Annotated

import typer

from adjudicator.people import actor_of
from adjudicator.servicing_erasing import erase_transaction
from adjudicator.settings import read_config
from adjudicator.system import System
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption
from commands.plant import database_of, plug_together
from commands.signing import sign_in
from domain.china import china_minute
from domain.errors import ConflictError
from policy.item_file import load_servicing, read_servicing_item
from policy.transacting import doing
from policy.transacting.quoting import hash_of
from storage import servicing, servicing_orders
from storage.database import Transaction
from storage.servicing import ServicingRecord

commands = typer.Typer(help="Transactions on policies: check, waiting, approve, refuse, signed, verify.", no_args_is_help=True)
OrderOption = Annotated[str, typer.Option("--court-order", help="The number of an order that overrules the law's years.")]
AsOption = Annotated[str, typer.Option("--as", help="Your log-in; the password is asked for.")]
_SHOWN = 100


@commands.command("check")
def servicing_check(file: Annotated[Path | None, typer.Argument(help="An item's file; default: all that are shipped.")] = None) -> None:
    """Check the file of an item; a mistake is told with its line and the way out."""
    items = {file.stem: read_servicing_item(file)} if file else load_servicing()
    for item in items.values():
        way = "straight through" if item.is_straight_through else f"a person, {item.working_days} working days"
        print(f"{item.code:24} {item.name_zh}  {way}")


@commands.command("waiting")
def servicing_waiting(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List what was signed and waits for a person, what is due first."""
    with database_of(config) as database, database.read() as tx:
        for each in servicing.waiting_for_a_person(tx, _SHOWN):
            due = china_minute(each.due_ms) if each.due_ms else ""
            print(f"{each.transaction_id}  {each.item:20} {each.policy_number:16} due {due}")


@commands.command("approve")
def servicing_approve(transaction_id: str, as_: AsOption, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Let a transaction through whose papers you have seen; it counts from today."""
    print(_decide(config, transaction_id, as_, ""))


@commands.command("refuse")
def servicing_refuse(
    transaction_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Why; the customer reads it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Refuse a transaction; nothing moves."""
    print(_decide(config, transaction_id, as_, reason, is_approved=False))


def _decide(config: Path, transaction_id: str, as_: str, reason: str, *, is_approved: bool = True) -> str:
    with plug_together(read_config(config), config.resolve().parent) as plant:
        system: System = plant.system
        staff = sign_in(system.database, as_, Action.DECIDE_SERVICING)
        with system.database.write() as tx:
            record = doing.decide(tx, system.shelf, transaction_id, actor_of(staff), is_approved=is_approved, reason=reason)
    return f"{transaction_id}  {record.state}"


@commands.command("erase")
def servicing_erase(
    transaction_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Who asked for it, by a number: it is kept for ever, so no names.")],
    court_order: OrderOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Destroy what a customer wrote in a transaction, once no law keeps it; entries and signature stay."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        erase_transaction(plant.system, transaction_id, sign_in(plant.system.database, as_, Action.ERASE_CLAIM), reason, court_order)
    print(f"{transaction_id} is erased; backups older than this still hold it")


@commands.command("signed")
def servicing_signed(policy_number: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List what was signed on a policy, newest first, with what became of its money."""
    with database_of(config) as database, database.read() as tx:
        for each in servicing.of_policy(tx, policy_number):
            signed = china_minute(each.signed_ms) if each.signed_ms else ""
            money = ", ".join(f"{order.direction} {order.state}" for order in servicing_orders.of_transaction(tx, each.transaction_id))
            print(f"{each.transaction_id}  {signed}  {each.item:20} {each.state:8} {money}")


@commands.command("verify")
def servicing_verify(transaction_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Prove an electronic signature: the text is the one that was signed, and the record stands as it was written."""
    with database_of(config) as database, database.read() as tx:
        print(_proven(tx, servicing.find(tx, transaction_id)))


def _proven(tx: Transaction, record: ServicingRecord) -> str:
    signature = servicing.find_signature(tx, record.transaction_id)
    if signature is None:
        raise ConflictError(f"transaction {record.transaction_id} was never signed", "it is a quote")
    if not record.text:
        raise ConflictError(f"transaction {record.transaction_id} was erased", "its hash and its entries are all that is left")
    if hash_of(record.text) != signature.text_sha256:
        raise ConflictError("the text is not the one that was signed", "restore it from a copy, and find out who changed it")
    if not servicing.is_sealed(tx, signature):
        raise ConflictError("the seal does not fit the record of the signature", "restore it from a copy, and find out who changed it")
    return f"{record.transaction_id}  signed {china_minute(signature.signed_ms)} by {signature.level} {signature.proof}: whole"
