"""`serve`, `worker`, `doctor`: run the system, or say what it lacks."""

import time

import typer

from adjudicator.settings import read_config
from commands.collecting import collect_rarely
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import plug_together, set_up_logging
from commands.serving import serving, wait_for_stop
from setup import doctor


def serve_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve the API and the workbench, with workers, until Ctrl-C."""
    set_up_logging()
    with serving(read_config(config), config.resolve().parent) as (plant, url):
        collect_rarely()
        console.print(f"Mingbai 明白 is at {url}   (Ctrl-C stops it)")
        wait_for_stop(plant.stopping)
        time.sleep(plant.config.server.drain_seconds)


def worker_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Do the stages of claims, beside a server on the same database, until Ctrl-C."""
    set_up_logging()
    with plug_together(read_config(config), config.resolve().parent) as plant, plant.working(), plant.shadowing():
        collect_rarely()
        console.print(f"{plant.config.workers} workers are at work   (Ctrl-C stops them)")
        wait_for_stop(plant.stopping)


def doctor_command(as_json: JsonOption = False) -> None:
    """Say what this machine lacks, and the command that mends it."""
    raise typer.Exit(doctor.main(["--json"] if as_json else []))
