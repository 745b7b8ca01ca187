"""`risk label`: what a claim turned out to be, recorded by a person, one at a time or from a register."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.concluding import conclude_investigation
from adjudicator.settings import read_config
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import plug_together
from commands.rule_versions import AsOption
from commands.signing import sign_in
from domain.errors import InputError
from riskmodel.training.snapshots import Finding, parse_findings

commands = typer.Typer()


@commands.command("label")
def risk_label(
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="What was found out, and how.")],
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim; or --csv for many.")] = "",
    fraud: Annotated[bool | None, typer.Option("--fraud/--cleared", help="What was found.")] = None,
    known_on: Annotated[str, typer.Option("--known-on", help="Since when that is known, such as 2026-06-30; today without it.")] = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="A register: a CSV file with claim_id,is_fraud,known_on.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Record whether claims were fraud: models learn from it. It decides nothing."""
    findings = _findings(claim_id, fraud, known_on, csv)
    with plug_together(read_config(config), config.resolve().parent) as plant:
        staff = sign_in(plant.system.database, as_, Action.CONCLUDE)
        for each, known in findings:
            on = known.known_on if known.known_on != date.min else None
            conclude_investigation(plant.system, each, staff, known.is_fraud, reason, known_on=on)
    told = sum(known.is_fraud for _, known in findings)
    console.print(f"{len(findings)} findings recorded by {as_}: {told} fraud, {len(findings) - told} cleared")


def _findings(claim_id: str, fraud: bool | None, known_on: str, csv: Path | None) -> list[tuple[str, Finding]]:
    if bool(claim_id) == bool(csv) or (claim_id and fraud is None):
        raise InputError("it takes a claim with --fraud or --cleared, or --csv", "risk label C… --fraud --reason … --as NAME")
    if csv:
        return [(each, known) for each, found in read_register(csv).items() for known in found]
    try:
        day = date.fromisoformat(known_on) if known_on else date.min
    except ValueError:
        raise InputError(f"--known-on {known_on} is no day", "write it like 2026-06-30", field="known_on") from None
    return [(claim_id.strip().upper(), Finding(bool(fraud), day))]


def read_register(path: Path) -> dict[str, list[Finding]]:
    """Read a register of findings.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return parse_findings(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", "give a CSV file in UTF-8 with claim_id,is_fraud,known_on") from error
