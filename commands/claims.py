"""`claim …`: everything about one claim; its letters; take up again what was given up; and what other files add."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.repaying import declare_unpaid
from adjudicator.settings import read_config
from adjudicator.story import tell
from adjudicator.story_text import story_json, story_text
from adjudicator.worker import retry
from adjudicator.writing import print_now
from commands.claim_acts import claim_merge, claim_reopen, claim_withdraw
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import plug_together
from commands.recoveries import claim_demand, claim_offset, claim_owed, claim_write_off
from commands.retention import claim_erase
from domain.decision import Actor
from domain.errors import NotFoundError
from storage.letters import LetterFile

commands = typer.Typer(
    help="Claims: show, letter, retry, unpaid, reopen, withdraw, merge, owed, demand, write-off, offset, erase.", no_args_is_help=True
)
commands.command("erase")(claim_erase)
commands.command("reopen")(claim_reopen)
commands.command("withdraw")(claim_withdraw)
commands.command("merge")(claim_merge)
commands.command("owed")(claim_owed)
commands.command("demand")(claim_demand)
commands.command("write-off")(claim_write_off)
commands.command("offset")(claim_offset)


@commands.command("show")
def claim_show(claim_id: str, as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Show everything about one claim: state, documents, amounts with reasons, money, history."""
    settings, home = read_config(config), config.resolve().parent
    with plug_together(settings, home) as plant:
        story = tell(plant.system, claim_id)
    if as_json:
        print(json.dumps(story_json(story), ensure_ascii=False, default=str))
        return
    print(story_text(story))


@commands.command("letter")
def claim_letter(
    claim_id: str,
    to: Annotated[Path | None, typer.Option("--to", help="Where to write it: FILE.pdf or FILE.html.")] = None,
    letter: Annotated[str, typer.Option("--letter", help="Its number, or its kind, such as benefits; without it the newest one.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List a claim's letters, or write one of them to a file; what is not printed yet is printed first."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        files = print_now(plant.system, claim_id)
        if to is not None:
            to.write_bytes(plant.system.blobs.get(_choose(files, letter, to).sha256))
    for each in files:
        print(f"{each.letter_id}  {each.kind}  {each.format}  {each.size_bytes} bytes  sha256 {each.sha256}")


def _choose(files: Sequence[LetterFile], wanted: str, to: Path) -> LetterFile:
    fitting = [each for each in files if wanted in ("", each.letter_id, each.kind) and f".{each.format}" == to.suffix]
    if not fitting:
        known = "、".join(f"{each.kind}.{each.format}" for each in files) or "none"
        raise NotFoundError(
            f"no letter {wanted or ''}{to.suffix} of this claim; there are: {known}", "name FILE.html or FILE.pdf, and one of these"
        )
    return fitting[-1]


@commands.command("retry")
def claim_retry(claim_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Take up again what was given up for a claim, after its cause was mended."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        stages = retry(plant.system, claim_id, Actor("command line", "operator"))
    console.print(f"{claim_id}: {', '.join(stages)} will be tried again by the next worker")


@commands.command("unpaid")
def claim_unpaid(
    claim_id: str,
    reason: Annotated[str, typer.Option("--reason", help="Who at the bank told it, and when.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write that the bank never made a payment of unknown outcome, as it told you; then it may be ordered anew on the claim's page."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        declare_unpaid(plant.system, claim_id, Actor("command line", "operator"), reason)
    console.print(f"{claim_id}: the payment counts as returned; an adjuster gives the account to pay to")
