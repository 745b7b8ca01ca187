"""`claim …`: everything about one claim; take up again what was given up."""

import json

import typer

from adjudicator.settings import read_config
from adjudicator.story import tell
from adjudicator.story_text import story_json, story_text
from adjudicator.worker import retry
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import plug_together
from domain.decision import Actor

commands = typer.Typer(help="Claims: show, retry.", no_args_is_help=True)


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


@commands.command("retry")
def claim_retry(claim_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Take up again what was given up for a claim, after its cause was mended."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        stages = retry(plant.system, claim_id, Actor("command line", "operator"))
    console.print(f"{claim_id}: {', '.join(stages)} will be tried again by the next worker")
