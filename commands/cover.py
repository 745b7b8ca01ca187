"""`cover groups`: count how similar people are covered, so that customers can be ranked among them."""

import typer

from adjudicator.covering import count_groups
from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import plug_together

commands = typer.Typer(help="Know your cover: groups.", no_args_is_help=True)


@commands.command("groups")
def cover_groups(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Count customers of each city and ten years of age anew; what was counted before is replaced when all is done."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        seen = 0
        for seen in count_groups(plant.system):
            console.print(f"{seen} people", end="\r")
        console.print(f"{seen} people are counted; groups of fewer than {plant.system.cover.least_people} are not kept")


@commands.callback()
def _group() -> None:
    """Keep the group a group: with one command typer would leave its name out."""
