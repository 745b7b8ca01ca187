"""`claim reopen | withdraw | merge`: what people do beside deciding, by the same functions as the page's."""

from typing import Annotated

import typer

from adjudicator.merging import merge
from adjudicator.reopening import Ground, reopen
from adjudicator.settings import read_config
from adjudicator.system import System
from adjudicator.withdrawing import withdraw_for
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption
from commands.plant import plug_together
from commands.rule_versions import AsOption
from commands.signing import sign_in
from domain.errors import InputError
from storage.claims import get_claim


def claim_reopen(
    claim_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="What is to be decided anew, and why.")],
    ground: Annotated[str, typer.Option("--ground", help="appeal, error, or new_evidence: then it waits for papers.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take a claim that is paid or closed up again; somebody else than before decides it."""
    if ground not in tuple(Ground):
        raise InputError(f"{ground!r} is no ground to reopen a claim", "write one of " + ", ".join(Ground), field="ground")
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.REOPEN)
        reopen(plant.system, claim_id, _version(plant.system, claim_id), staff, reason, Ground(ground))
        print(f"{claim_id}  {_state(plant.system, claim_id)}, reopened by {staff.user_name}")


def claim_withdraw(
    claim_id: str,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Who asked for it, and how.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Withdraw a claim that was never decided, for the customer who asked for it."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.WITHDRAW_FOR)
        withdraw_for(plant.system, claim_id, _version(plant.system, claim_id), staff, reason)
    print(f"{claim_id}  withdrawn by {staff.user_name}; its papers are free for another claim")


def claim_merge(
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim that is given up.")],
    as_: AsOption,
    into: Annotated[str, typer.Option("--into", help="The claim that goes on: it gets the papers.")],
    reason: Annotated[str, typer.Option("--reason", help="How it is known that both are one loss.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Merge a claim that was reported twice into another one of the same insured."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.MERGE)
        merge(plant.system, claim_id, into.strip().upper(), _version(plant.system, claim_id), staff, reason)
        print(f"{claim_id}  merged by {staff.user_name} into {into}, which is {_state(plant.system, into.strip().upper())}")


def _version(system: System, claim_id: str) -> int:
    """Give the version to act on: nobody looked at a page, so it is the one of now."""
    with system.database.read() as tx:
        return get_claim(tx, claim_id).version


def _state(system: System, claim_id: str) -> str:
    with system.database.read() as tx:
        return get_claim(tx, claim_id).state
