"""`risk train`: a model from the stored feature rows and what people found the claims to be."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adjudicator.china_time import today
from commands.options import DEFAULT_CONFIG, ConfigOption, console, warnings
from commands.plant import database_of
from commands.risk_labels import read_register
from domain.errors import InputError, ModelError
from domain.money import parse_fen
from riskmodel.cold_start import ARTEFACTS
from riskmodel.evaluation.measures import Figure
from riskmodel.training.run import STEPS, Assignment, train
from riskmodel.training.snapshots import Finding, Snapshot, learnable_on, together
from storage.risk_labels import iter_labels
from storage.risk_rows import iter_first_rows

_FIRST_YEAR, _MOST_DAYS = 2_000, 3_650

commands = typer.Typer()


@commands.command("train")
def risk_train(
    as_of: Annotated[str, typer.Option("--as-of", help="Nothing that was known after this day is learnt, such as 2026-06-30.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write the model into: a new one.")],
    findings: Annotated[
        Path | None, typer.Option("--findings", help="More than was recorded: a CSV file with claim_id,is_fraud,known_on.")
    ] = None,
    label_delay: Annotated[str, typer.Option("--label-delay", help="How long findings take: younger claims are not learnt from.")] = "60d",
    seed: Annotated[int, typer.Option("--seed", min=0, max=1_000_000, help="The same seed gives the same bytes.")] = 1,
    review_cost: Annotated[
        str, typer.Option("--review-cost", help="What a review costs, in yuan: then a claim is looked at where that is worth it.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Train a model on stored feature rows; nothing is computed from today, and the same rows give the same bytes."""
    day, delay_days, cost_fen = _day(as_of), _days(label_delay), parse_fen(review_cost) if review_cost else None
    if to.exists() and any(to.iterdir() if to.is_dir() else [to]):
        raise ModelError(f"{to} is there already", "train into a new folder; a model that scored claims is kept")
    more = read_register(findings) if findings else {}
    with database_of(config) as database, database.read() as tx:
        if day > today(tx):
            ahead = f"--as-of {as_of} lies ahead: claims that nobody had time to look into would count as honest"
            raise InputError(ahead, f"give {today(tx)} or an earlier day", field="as_of")
        register = together((each.claim_id, Finding(each.is_fraud, each.known_on)) for each in iter_labels(tx))
        for claim_id, found in more.items():
            register.setdefault(claim_id, []).extend(found)
        rows = [Snapshot(*each) for each in iter_first_rows(tx)]
    claims = learnable_on(day, delay_days, rows, register)
    scorecard = (ARTEFACTS / "scorecard.yaml").read_text(encoding="utf-8")
    told = TextColumn("growing trees"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*told, console=warnings, transient=True, disable=not warnings.is_terminal) as progress:
        task = progress.add_task("", total=STEPS)
        assignment = Assignment(to.name, day.isoformat(), delay_days, seed, cost_fen)
        trained = train(claims, assignment, scorecard, to, lambda: progress.advance(task))
    for name in ("auc", "average_precision"):
        figure = trained.figures[name]
        if isinstance(figure, Figure):
            console.print(f"{name.replace('_', ' ')} forward in time {figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})")
    what = "trees upon the scorecard" if trained.with_trees else "the scorecard alone"
    console.print(f"{what}, written to {to}; risk promote {to} --as NAME puts it in force")
    for each in (*trained.warnings, *_strangers(more, rows)):
        warnings.print(f"warning: {each}", soft_wrap=True)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year < _FIRST_YEAR:
        raise InputError(f"--as-of {text} is no day that claims were scored on", "write it like 2026-06-30", field="as_of")
    return day


def _days(text: str) -> int:
    number = text.removesuffix("d")
    if not number.isdecimal() or int(number) > _MOST_DAYS:
        raise InputError(f"--label-delay {text} is no number of days up to {_MOST_DAYS}", "write it like 60d", field="label_delay")
    return int(number)


def _strangers(given: Mapping[str, object], rows: Sequence[Snapshot]) -> list[str]:
    """Tell of findings about claims that have no stored row: they taught nothing."""
    known = {each.claim_id for each in rows}
    unknown = [claim_id for claim_id in given if claim_id not in known]
    return [f"{len(unknown)} of {len(given)} claims of the findings were never scored here, such as {unknown[0]}"] if unknown else []
