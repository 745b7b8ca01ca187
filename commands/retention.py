"""`claim erase` and `retention run`: destroy what names a person, once it need not be kept any more."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from adjudicator.erasing import erase, iter_due
from adjudicator.forgetting import forget, iter_due_customers
from adjudicator.servicing_erasing import erase_transaction, iter_due_transactions
from adjudicator.settings import read_config
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, console, warnings
from commands.plant import database_of, plug_together
from commands.signing import sign_in
from domain.errors import ConflictError, InputError, SetupError

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
    """Erase claims and transactions that were over `retention.years` ago and that no law keeps; forget customers whom nothing keeps."""
    settings = read_config(config)
    years = settings.retention.years
    if not years:
        raise SetupError(f"{config}: retention.years is 0: claims are kept for ever", "set it to how many years after closing")
    if dry_run:
        with database_of(config) as database:
            claims, signed, customers = (list(each(database, years)) for each in (iter_due, iter_due_transactions, iter_due_customers))
        for number in (*claims, *signed, *customers):
            print(number)
        console.print(_told(claims, signed, customers, "due"))
        return
    if not as_:
        raise InputError(
            "nobody is named who erases", "add --as NAME, a log-in of an operator, or --dry-run to see what is due", field="as"
        )
    with plug_together(settings, config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.ERASE_CLAIM)
        system, reason = plant.system, f"retention.years {years}"
        claims = erase_each(iter_due(system.database, years), lambda each: erase(system, each, staff, reason))
        signed = erase_each(iter_due_transactions(system.database, years), lambda each: erase_transaction(system, each, staff, reason))
        customers = [each for each in iter_due_customers(system.database, years) if forget(system.database, each, staff, years)]
    console.print(f"{_told(claims, signed, customers, 'erased')}; backups older than this still hold them")


def erase_each(numbers: Iterable[str], erase_one: Callable[[str], None]) -> list[str]:
    """Erase one after the other; one that cannot be is named, and holds up no other. Gives those that were."""
    done = []
    for number in numbers:
        try:
            erase_one(number)
        except ConflictError as error:
            warnings.print(f"left as it is: {error}", markup=False, soft_wrap=True)
        else:
            done.append(number)
    return done


def _told(claims: list[str], transactions: list[str], customers: list[str], what: str) -> str:
    return f"{len(claims)} claims, {len(transactions)} transactions and what was kept of {len(customers)} customers beside are {what}"
