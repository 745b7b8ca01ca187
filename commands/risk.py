"""`risk …`: score the facts of a claim."""

import json
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.risk_words import score_json
from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from domain.errors import InputError
from domain.money import format_fen
from domain.risk import SYNTHETIC
from riskmodel.facts import parse_facts
from riskmodel.model import load_model

commands = typer.Typer(help="Risk: score.", no_args_is_help=True)


@commands.command("score")
def risk_score(
    facts: Annotated[Path, typer.Argument(help="A JSON file of facts; see docs/actuaries.md.")],
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score the facts of a claim, with reasons."""
    model = load_model(config.resolve().parent / read_config(config).risk_model)
    try:
        given = parse_facts(json.loads(facts.read_text()))
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(f"{facts} is no JSON file: {error}", "docs/actuaries.md shows one") from error
    score = model.score(given, given.payable_fen or given.claimed_fen)
    if as_json:
        points = {"points": round(model.points(score.probability), 1)} if score.evidence == SYNTHETIC else {}
        print(json.dumps(points | score_json(score), ensure_ascii=False, indent=2))
        return
    if score.evidence == SYNTHETIC:  # points of experts: nobody has counted how often they are right
        told = f"{model.points(score.probability):+.0f} points   band {score.band}   evidence {score.evidence}, so no probability"
    else:
        at_stake = f"expected loss {format_fen(score.expected_loss_fen)}   evidence {score.evidence}"
        told = f"probability {score.probability:.3f}   band {score.band}   {at_stake}"
    console.print(told)
    for reason in score.reasons:
        console.print(f"  {reason.points:+6.1f}  {reason.text}")
