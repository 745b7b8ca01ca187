"""`risk promote | policy | status`: which model is in force, and how another gets there."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.promoting import promote, tell_comparison
from adjudicator.serving import load_in_force
from adjudicator.settings import read_config
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import database_of
from commands.rule_versions import AsOption
from commands.signing import sign_in
from domain.errors import ModelError
from domain.money import format_fen, parse_fen
from riskmodel.artefact import BOOSTER, POLICY, SCORECARD, read_artefact, write_artefact
from riskmodel.model import load_model
from storage import risk_releases
from storage.risk_watch import list_figures

commands = typer.Typer()


@commands.command("promote")
def risk_promote(
    folder: Annotated[Path, typer.Argument(help="The model's folder, as `risk train` or `risk policy` wrote it.")],
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it should serve although nothing proves that it ranks better.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Sign a model: the first person proposes it, the second puts it in force, also in processes that run."""
    default = config.resolve().parent / read_config(config).risk_model
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.RELEASE_MODEL)
        done = promote(database, default, folder, staff, reason)
    if done.comparison:
        console.print(tell_comparison(done.comparison))
    told = (
        "in force; running processes take it over within seconds"
        if done.is_in_force
        else "proposed; another actuary signs the same command"
    )
    console.print(f"{done.model_hash[:12]}  {told}")


@commands.command("policy")
def risk_policy(
    folder: Annotated[Path, typer.Argument(help="The model whose policy is to be another.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write it into: a new one.")],
    review_cost: Annotated[str, typer.Option("--review-cost", help="What a review costs, in yuan; none: the score alone decides.")] = "",
    caught_share: Annotated[float | None, typer.Option("--caught-share", help="Share of a fraud's money that a review saves.")] = None,
    medium: Annotated[float | None, typer.Option("--medium", help="From which probability on a score is medium.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="From which probability on it is high.")] = None,
) -> None:
    """Write a model with another policy into a new folder; `risk promote` puts it in force."""
    if to.exists():
        raise ModelError(f"{to} is there already", "write into a new folder; a model that scored claims is kept")
    model, artefact = load_model(folder), read_artefact(folder)
    policy = replace(
        model.policy,
        medium=model.policy.medium if medium is None else medium,
        high=model.policy.high if high is None else high,
        review_cost_fen=parse_fen(review_cost) if review_cost else None,
        caught_share=model.policy.caught_share if caught_share is None else caught_share,
    )
    more = {name: text for name, text in artefact.texts.items() if name not in (SCORECARD, BOOSTER)}
    write_artefact(to, artefact.manifest, artefact.scorecard_text, artefact.booster_text, {**more, POLICY: policy.to_text()})
    try:
        written = load_model(to)
    except ModelError:
        for each in to.iterdir():
            each.unlink()
        to.rmdir()
        raise
    console.print(f"{written.model_hash[:12]}  written to {to}; risk promote {to} --as NAME puts it in force")


@commands.command("status")
def risk_status(as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Tell which model is in force, who signed it, which one waits, and what was last watched."""
    default = config.resolve().parent / read_config(config).risk_model
    with database_of(config) as database:
        serving = load_in_force(database, default)
        with database.read() as tx:
            signed = risk_releases.releases(tx)
            watched = {kind: list_figures(tx, kind, 1) for kind in ("day", "week", "month")}
    model = serving.model
    policy = model.policy
    if as_json:
        told = {
            "model": model.model_hash,
            "fault": serving.fault or None,
            "evidence": model.manifest.evidence,
            "policy": json.loads(policy.to_text()),
            "signatures": [vars(each) for each in signed],
            "watched": {kind: {"until": each.until.isoformat(), **each.figures} for kind, found in watched.items() for each in found},
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    cost = f"a review costs {format_fen(policy.review_cost_fen)}" if policy.review_cost_fen else "the score alone decides"
    bands = f"medium {policy.medium:.4g}, high {policy.high:.4g}; {cost}"
    console.print(f"{model.model_hash[:12]}  in force   evidence {model.manifest.evidence}   {bands}")
    if serving.fault:
        console.print(f"  what was put in force last cannot be taken over: {serving.fault}")
    for each in signed:
        act = "proposed" if each.proposal is None else f"approved {each.proposal}"
        console.print(f"  {each.seq} {act} {each.model_hash[:12]} by {each.actor} {each.reason}")
    for kind, found in watched.items():
        for latest in found:
            console.print(f"  {kind} until {latest.until}: {json.dumps(latest.figures, ensure_ascii=False)[:200]}")
