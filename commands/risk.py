"""`risk …`: score the facts of a claim."""

import json
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.risk_words import score_json
from adjudicator.serving import load_in_force
from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console, warnings
from commands.plant import database_of, shipped, url_of
from domain.errors import InputError
from domain.json_text import read_json
from domain.money import format_fen
from domain.risk import SYNTHETIC
from riskmodel.facts import parse_facts
from riskmodel.model import RiskModel, load_model
from storage import risk_releases

_FILE = "sqlite:///"

commands = typer.Typer(help="Risk: score.", no_args_is_help=True)


@commands.command("score")
def risk_score(
    facts: Annotated[Path, typer.Argument(help="A JSON file of facts; see docs/actuaries.md.")],
    folder: Annotated[Path | None, typer.Option("--model", help="Score by this model's folder, and not by the one in force.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score the facts of a claim, with reasons, by the model in force: the one that was promoted last, else that of the settings."""
    model, whence = (load_model(folder), f"of {folder}") if folder else _in_force(config)
    try:
        content = read_json(facts.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{facts} is no JSON file: {error}", "docs/actuaries.md shows one") from error
    if not isinstance(content, dict):
        raise InputError(f"{facts} is JSON, but no object of facts", "docs/actuaries.md shows one")
    given = parse_facts(content)
    score = model.score(given, given.payable_fen or given.claimed_fen)
    if as_json:
        points = {"points": round(model.points(score.probability), 1)} if score.evidence == SYNTHETIC else {}
        print(json.dumps(points | score_json(score) | {"model_from": whence}, ensure_ascii=False, indent=2))
        return
    if score.evidence == SYNTHETIC:  # points of experts: nobody has counted how often they are right
        told = f"{model.points(score.probability):+.0f} points   band {score.band}   evidence {score.evidence}, so no probability"
    else:
        at_stake = f"expected loss {format_fen(score.expected_loss_fen)}   evidence {score.evidence}"
        told = f"probability {score.probability:.3f}   band {score.band}   {at_stake}"
    console.print(told)
    console.print(f"  by model {model.model_hash[:12]}, {whence}")
    for reason in score.reasons:
        console.print(f"  {reason.points:+6.1f}  {reason.text}")


def _in_force(config: Path) -> tuple[RiskModel, str]:
    """Load the model that scores claims now, and tell why it is that one; a database that is not there yet is not made."""
    settings, home = read_config(config), config.resolve().parent
    default, url = shipped(settings.risk_model, home), url_of(settings, home)
    if url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists():
        return load_model(default), f"of {config.name}: none was promoted"
    with database_of(config) as database:
        serving = load_in_force(database, default)
        with database.read() as tx:
            release = risk_releases.in_force(tx)
    if serving.fault:
        warnings.print(f"warning: what was promoted last does not score: {serving.fault}", soft_wrap=True)
        return serving.model, "which goes on while the one promoted last cannot be loaded"
    return serving.model, f"promoted with {release.seq}" if release else f"of {config.name}: none was promoted"
