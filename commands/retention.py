"""`claim erase` and `retention run`: destroy what names a person, once it need not be kept any more."""

from typing import Annotated

import typer

from adjudicator.erasing import erase, iter_due
from adjudicator.servicing_erasing import erase_transaction, iter_due_transactions
from adjudicator.settings import read_config
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import database_of, plug_together
from commands.signing import sign_in
from domain.errors import InputError, SetupError

commands = typer.Typer(help="How long claims are kept: run.", no_args_is_help=True)
AsOption = Annotated[str, typer.Option("--as", help="Who does it: a log-in of an operator. The password is asked for.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Who asked for it, by a number: it is kept for ever, so no names.")]
OrderOption = Annotated[str, typer.Option("--court-order", help="The number of an order that overrules the law's years.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only list what is due.")]


def claim_erase(
    claim_id: str, as_: AsOption, reason: ReasonOption, court_order: OrderOption = "", config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Destroy what names a person in a claim; amounts, ledger and audit trail stay. It cannot be undone."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.ERASE_CLAIM)
        erase(plant.system, claim_id, staff, reason, court_order)
    console.print(f"{claim_id} is erased; backups older than this still hold it")


@commands.command("run")
def retention_run(
    as_: Annotated[str, typer.Option("--as", help="Who does it: a log-in of an operator; a dry run needs none.")] = "",
    dry_run: DryRunOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Erase every claim and every transaction on a policy that was over `retention.years` ago and that no law keeps."""
    settings = read_config(config)
    years = settings.retention.years
    if not years:
        raise SetupError(f"{config}: retention.years is 0: claims are kept for ever", "set it to how many years after closing")
    if dry_run:
        with database_of(config) as database:
            due, signed = list(iter_due(database, years)), list(iter_due_transactions(database, years))
        for number in (*due, *signed):
            print(number)
        console.print(f"{len(due)} claims and {len(signed)} transactions are due")
        return
    if not as_:
        raise InputError(
            "nobody is named who erases", "add --as NAME, a log-in of an operator, or --dry-run to see what is due", field="as"
        )
    with plug_together(settings, config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.ERASE_CLAIM)
        done, signed_done = 0, 0
        for claim_id in iter_due(plant.system.database, years):
            erase(plant.system, claim_id, staff, f"retention.years {years}")
            done += 1
        for transaction_id in iter_due_transactions(plant.system.database, years):
            erase_transaction(plant.system, transaction_id, staff, f"retention.years {years}")
            signed_done += 1
    console.print(f"{done} claims and {signed_done} transactions are erased; backups older than this still hold them")
