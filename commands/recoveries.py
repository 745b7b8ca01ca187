"""`claim owed | demand | write-off | offset`, `ledger receive`: getting back what was paid too much."""

import json
from datetime import datetime, timedelta
from typing import Annotated

import typer

from adjudicator.arranging import arrange, cancel
from adjudicator.china_time import today
from adjudicator.people import actor_of
from adjudicator.recovering import ask_back, list_owing, receive
from adjudicator.settings import read_config
from adjudicator.writing_off import sign_write_off, write_off
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from commands.plant import database_of, plug_together
from commands.rule_versions import AsOption
from commands.signing import sign_in
from domain.errors import ConflictError, InputError
from domain.money import format_fen, parse_fen
from storage.recoveries import Receipt

_AMOUNT = "元, such as 120.00"


def claim_owed(as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the claims on which something is to be given back: how much, since when, when it was asked for."""
    with database_of(config) as database:
        found = list_owing(database)
    if as_json:
        print(json.dumps([vars(each) for each in found], ensure_ascii=False, default=str))
        return
    for each in found:
        waiting = f"  write-off of {format_fen(each.write_off_fen)} waits for a signature" if each.write_off_fen else ""
        print(f"{each.claim_id}  {format_fen(each.amount_fen)}  since {each.since}  asked {each.asked or 'never'}{waiting}")
    print(f"{len(found)} claims, {format_fen(sum(each.amount_fen for each in found))} in all")


def claim_demand(
    claim_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it was too much, for the customer to read.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Ask the customer, by a notice and a letter, to give back what was paid too much."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        ask_back(plant.system, claim_id, sign_in(plant.system.database, as_, Action.COLLECT), reason)
    print(f"{claim_id}  the customer is asked; the letter follows: claim letter {claim_id}")


def claim_write_off(
    claim_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="What was tried, and why nothing will come.")] = "",
    amount: Annotated[str, typer.Option("--amount", help=f"{_AMOUNT}; without it all that is owed.")] = "",
    sign: Annotated[bool, typer.Option("--sign", help="Sign, as the second person, the write-off that waits.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Give up what a claim owes: up to your authority alone, above it a second person signs."""
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.WRITE_OFF)
        if sign:
            print(f"{claim_id}  {format_fen(sign_write_off(database, claim_id, staff))} written off, signed by {staff.user_name}")
        elif write_off(database, claim_id, parse_fen(amount) if amount else None, staff, reason):
            print(f"{claim_id}  written off by {staff.user_name}")
        else:
            print(f"{claim_id}  beyond your authority, waits for a second person: claim write-off {claim_id} --sign --as NAME")


def claim_offset(
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim that is to be paid less; it is with people.")],
    as_: AsOption,
    owing: Annotated[str, typer.Option("--from", help="The claim that owes.")] = "",
    amount: Annotated[str, typer.Option("--amount", help=f"{_AMOUNT}; at most what is owed.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, and how the customer was told.")] = "",
    agreed: Annotated[bool, typer.Option("--agreed", help="The customer agreed in writing.")] = False,
    call_off: Annotated[bool, typer.Option("--cancel", help="Call off what was arranged.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Have a claim's decision pay less, because the same insured owes something on another claim."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.OFFSET)
        if call_off:
            cancel(plant.system, claim_id, staff)
            print(f"{claim_id}  will be paid in full")
            return
        if not owing or not amount:
            raise InputError("an offset needs the claim that owes, and an amount", "add --from CLAIM --amount 元", field="from")
        arrange(plant.system, claim_id, owing, parse_fen(amount), staff, reason, agreed=agreed)
    print(f"{claim_id}  its decision will pay {amount} less, for what {owing} owes; nothing has moved yet")


def ledger_receive(
    claim_id: str,
    as_: AsOption,
    amount: Annotated[str, typer.Option("--amount", help=_AMOUNT)],
    reference: Annotated[str, typer.Option("--reference", help="The bank's own number of the incoming payment.")],
    day: Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="The statement's day; default: yesterday.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Book money that a customer gave back, once however often it is told."""
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.BOOK_RECEIPT)
        with database.write() as tx:
            on = day.date() if day else today(tx) - timedelta(days=1)
            if on > today(tx):
                raise ConflictError(f"{on} is still to come", "give the day of the statement's line")
            is_new = receive(tx, Receipt(reference, claim_id, parse_fen(amount), on, staff.user_name), actor_of(staff))
    print(f"{claim_id}  {amount} {'booked' if is_new else 'was booked before: nothing changes'}")
