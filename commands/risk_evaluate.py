"""`risk evaluate`: how well fraud can be found in one's own labelled claims, by an honest protocol."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from commands.options import JsonOption, console, warnings
from domain.errors import InputError
from riskmodel.evaluation.extract import Extract, read_extract
from riskmodel.evaluation.measures import Figure
from riskmodel.evaluation.periods import named_columns
from riskmodel.evaluation.protocol import Evaluation, Examined, Question, count_steps, evaluate
from riskmodel.evaluation.report import to_mapping

commands = typer.Typer()


@commands.command("evaluate")
def risk_evaluate(
    csv: Annotated[Path, typer.Option("--csv", help="A CSV file, one claim a line; the first line names the columns.")],
    label: Annotated[str, typer.Option("--label", help="The column that says fraud or not: 1/0, Yes/No; -1 and empty are dropped.")],
    time: Annotated[list[str] | None, typer.Option("--time", help="When a claim happened; Year,Month for two columns.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="A column to leave out; repeat it, or part by commas.")] = None,
    amount: Annotated[str | None, typer.Option("--amount", help="What is at stake: tells the money captured.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=1_000_000, help="The same seed gives the same figures.")] = 1,
    repeats: Annotated[int, typer.Option("--repeats", min=1, max=20, help="How often the five folds are dealt.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Examine your own labelled claims: AUC, average precision, recall by review share, calibration, warnings of leakage."""
    extract = read_extract(csv)
    question = Question(label, _columns(extract, time), _columns(extract, exclude), amount, seed, repeats)
    if label in (*question.exclude, *question.time, amount):
        raise InputError(f"{label} is the label", "do not name it for anything else as well", field=label)
    told = TextColumn("growing trees"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*told, console=warnings, transient=True, disable=not warnings.is_terminal) as progress:
        task = progress.add_task("", total=count_steps(question))
        answer = evaluate(extract, question, lambda: progress.advance(task))
    if as_json:
        print(json.dumps(to_mapping(answer), ensure_ascii=False, indent=2))
    else:
        console.print(_table(answer))


def _columns(extract: Extract, given: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in given or [] for name in named_columns(extract, each)))


def _table(answer: Evaluation) -> Group:
    table = Table(title=f"{answer.claims} claims, {answer.frauds} of them fraud")
    table.add_column("figure")
    table.add_column("cross-validated", justify="right")
    if answer.forward:
        table.add_column(f"forward, from {answer.forward.since}", justify="right")
    columns = [_lines(each) for each in (answer.cross_validated, answer.forward) if each]
    for name in columns[0]:
        table.add_row(name, *(column[name] for column in columns))
    return Group(table, *(f"warning: {each}" for each in answer.warnings))


def _lines(examined: Examined) -> dict[str, str]:
    lines: dict[str, str] = {}
    for name, figure in examined.figures.items():
        words = name.replace("_", " ")
        if isinstance(figure, Figure):
            lines[words] = _tell(figure)
        else:
            lines |= {f"{words} {share}": _tell(each) for share, each in figure.items()}
    return lines


def _tell(figure: Figure) -> str:
    return f"{figure.value:.3f}  ({figure.low:.3f}–{figure.high:.3f})"
