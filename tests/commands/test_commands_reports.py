"""`report understand`: what a sentence tells, for people and for programs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.line import command_line
from domain.errors import InputError

HOME = Path(__file__).parents[2]
SAID = "我爸昨天下午因为阑尾炎住院做了手术"


def run(config: Path, *words: str) -> str:
    done = CliRunner().invoke(command_line(), ["report", "understand", *words, "--config", str(config)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text((HOME / "config.yaml").read_text())
    return path


def test_people_read_the_values_their_places_and_the_next_question(config: Path) -> None:
    told = run(config, SAID, "--at", "2026-11-22T09:30")
    assert "2026年11月21日（周六）  「昨天下午」 2–6" in told
    assert "急性阑尾炎（K35）" in told
    assert "→ 请问在哪家医院治疗的？" in told


def test_programs_read_the_answer_of_the_api(config: Path) -> None:
    told = json.loads(run(config, SAID, "--at", "2026-11-22T09:30", "--json"))
    assert told["claim"] == {"loss_date": "2026-11-21", "loss_cause": "疾病", "narrative": SAID}


def test_further_words_answer_the_questions(config: Path) -> None:
    told = json.loads(run(config, "住院了", "是我妈", "前天", "--at", "2026-11-22T09:30", "--json"))
    assert (told["relation"], told["claim"]["loss_date"], told["question"]["slot"]) == ("母亲", "2026-11-20", "cause")


def test_a_moment_that_is_none_is_refused_with_the_way_out(config: Path) -> None:
    with pytest.raises(InputError, match="2026-11-22T09:30"):
        run(config, SAID, "--at", "gestern")
