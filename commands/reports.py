"""`report …`: what a report in one sentence tells."""

import json
from datetime import datetime
from typing import Annotated

import typer

from adjudicator.report_words import glossary_in
from adjudicator.settings import read_config
from api.answers.understanding import report_understood
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import database_of, medical_base_of
from domain.china import CHINA
from domain.errors import InputError
from domain.report import Reading
from reporting.dialogue import Dialogue, Standing, follow
from reporting.questions import words_of

commands = typer.Typer(help="Reports in the customer's own words.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """A group of one command so far: its name is asked for."""


@commands.command("understand")
def report_understand(
    said: Annotated[list[str], typer.Argument(help="What the customer said; then the answers to the questions, in their order.")],
    at: Annotated[str, typer.Option("--at", help="The moment of reporting in China, such as 2026-11-22T09:30; without it now.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Tell who, when, what and where a report names, and the next question. Nothing is stored."""
    settings, home = read_config(config), config.resolve().parent
    with database_of(config) as database, database.read() as tx:
        glossary = glossary_in(tx, medical_base_of(settings, home))
    dialogue = Dialogue(_moment(at)).say(said[0])
    for answer in said[1:]:
        question = follow(dialogue, glossary).question
        dialogue = dialogue.say(answer, question.slot if question else None)
    standing = follow(dialogue, glossary)
    if as_json:
        print(json.dumps(report_understood(dialogue, standing).model_dump(mode="json"), ensure_ascii=False))
        return
    _print(standing)


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(CHINA)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError as error:
        raise InputError(f"--at {text} is no moment", "write it as 2026-11-22T09:30") from error


def _print(standing: Standing) -> None:
    for reading in standing.understanding.readings:
        console.print(_line(reading))
    for reading in standing.understanding.doubts:
        console.print(f"? {_line(reading)}")
    if standing.question:
        choices = "".join(f"\n   {number} {each.text}" for number, each in enumerate(standing.question.choices, 1))
        console.print(f"→ {standing.question.text}{choices}")


def _line(reading: Reading) -> str:
    return f"{reading.slot:<17} {words_of(reading.value)}  「{reading.text}」 {reading.start}–{reading.end}  {reading.confidence:.2f}"
