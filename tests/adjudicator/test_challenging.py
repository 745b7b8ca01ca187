"""A model in the shadow scores what was scored; one that sleeps, fails or lies loses its word, and no claim knows of it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from adjudicator import challenging
from adjudicator.challenging import Challenger, Shadow, load_challenger
from adjudicator.story import tell
from domain.errors import ModelError
from domain.risk import FeatureRow
from domain.states import ClaimState
from riskmodel.cold_start import COLD_START
from riskmodel.model import RiskModel, load_model
from tests.adjudicator.test_together import submitted
from tests.adjudicator.world import World

LIMIT_MS = 200
OTHER = replace(load_model(COLD_START), trees=None, model_hash="c" * 64)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Odd(RiskModel):
    """The other model, asked through a function of the test."""

    ask: Callable[[], float | None]  # None: the word of the model itself

    def probability(self, row: FeatureRow) -> float:
        told = self.ask()
        return super().probability(row) if told is None else told


def odd(ask: Callable[[], float | None]) -> RiskModel:
    made = Odd(OTHER.manifest, OTHER.scorecard, None, OTHER.model_hash)
    object.__setattr__(made, "ask", ask)  # frozen as it is
    return made


def fails(error: Exception) -> Callable[[], float | None]:
    def ask() -> float | None:
        raise error

    return ask


def paid(world: World, number: int) -> str:
    """Let a claim come in and be paid."""
    (claim_id,) = submitted(world, range(number, number + 1))
    world.run()
    assert tell(world.system, claim_id).claim.state is ClaimState.PAID
    return claim_id


def said(world: World) -> dict[str, float | None]:
    """Give what a challenger said, by claim."""
    with world.system.database.read() as tx:
        found = tx.connection.execute(text("SELECT claim_id, challenger_hash, challenger_probability FROM risk_row"))
        told = {claim_id: (model_hash, probability) for claim_id, model_hash, probability in found}
    assert {model_hash for model_hash, _ in told.values()} <= {None, OTHER.model_hash}
    return {claim_id: probability for claim_id, (_, probability) in told.items()}


def look(world: World, challenger: Challenger) -> int:
    return challenger.look(world.system.database, LIMIT_MS)


def test_the_word_of_the_shadow_is_kept_once_the_claim_is_on_its_way_and_changes_nothing(world: World) -> None:
    challenger = Challenger(OTHER)
    claim_id = paid(replace(world, system=replace(world.system, challenger=challenger)), 1)
    assert said(world) == {claim_id: None}
    before = tell(world.system, claim_id)
    assert look(world, challenger) == 1
    assert said(world)[claim_id] is not None
    assert tell(world.system, claim_id) == before
    assert before.adjudication and before.adjudication.score
    assert before.adjudication.score.model_hash == world.system.risk_model.model_hash
    assert look(world, challenger) == 0


@pytest.fixture
def hanging() -> Iterator[tuple[Challenger, threading.Event]]:
    """A challenger that is asked and does not come back before the test ends, and what tells that it was asked."""
    asked, ends = threading.Event(), threading.Event()

    def ask() -> float | None:
        asked.set()
        ends.wait(30)
        return None

    yield Challenger(odd(ask)), asked
    ends.set()


def test_claims_are_paid_while_a_challenger_hangs(world: World, hanging: tuple[Challenger, threading.Event]) -> None:
    challenger, asked = hanging
    first = paid(world, 1)
    with Shadow(challenger, world.system.database, LIMIT_MS, every_seconds=0.01):
        assert asked.wait(10)
        second = paid(replace(world, system=replace(world.system, challenger=challenger)), 2)
        assert said(world) == {first: None, second: None}


def test_a_process_ends_although_its_challenger_hangs(
    world: World, hanging: tuple[Challenger, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenging, "_SECONDS_TO_END", 0.05)
    challenger, asked = hanging
    paid(world, 1)
    with Shadow(challenger, world.system.database, LIMIT_MS, every_seconds=0.01):
        assert asked.wait(10)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5


def taking(milliseconds: float) -> tuple[Challenger, Clock]:
    """A challenger that takes so long for a score."""
    clock = Clock()

    def ask() -> float | None:
        clock.seconds += milliseconds / 1_000
        return None

    return Challenger(odd(ask), clock=clock), clock


def test_a_word_that_takes_the_limit_counts_and_one_that_takes_more_does_not(world: World) -> None:
    claim_id = paid(world, 1)
    late, _ = taking(LIMIT_MS + 1)
    assert look(world, late) == 0
    assert said(world) == {claim_id: None}
    assert "took 201 ms" in late.fault
    in_time, _ = taking(LIMIT_MS)
    assert look(world, in_time) == 1
    assert in_time.fault == ""


@pytest.mark.parametrize(
    ("ask", "fault"),
    [
        (fails(ModelError("broken", "mend it")), "broken | mend it"),
        (fails(MemoryError()), "MemoryError while it scored"),
        (fails(ValueError("of a person")), "ValueError while it scored"),
        (lambda: float("nan"), "its word is no probability: nan"),
        (lambda: 1.01, "its word is no probability: 1.01"),
    ],
)
def test_a_challenger_that_fails_holds_up_no_claim_and_is_told_of_once(
    world: World, caplog: pytest.LogCaptureFixture, ask: Callable[[], float | None], fault: str
) -> None:
    clock = Clock()
    challenger = Challenger(odd(ask), clock=clock)
    world = replace(world, system=replace(world.system, challenger=challenger))
    with caplog.at_level(logging.WARNING, "adjudicator.challenging"):
        for number in (1, 2, 3):
            paid(world, number)
            assert look(world, challenger) == 0
            clock.seconds += 60
    assert challenger.fault.startswith(fault)
    assert len(caplog.records) == 1
    assert set(said(world).values()) == {None}


def test_after_a_failure_it_rests_a_minute_and_goes_on_behind_that_claim(world: World) -> None:
    clock, asked = Clock(), list[float | None]()

    def ask() -> float | None:
        asked.append(None)
        if len(asked) == 1:
            raise ModelError("the feature row lacks something", "")
        return None

    challenger = Challenger(odd(ask), clock=clock)
    first, second = paid(world, 1), paid(world, 2)
    assert look(world, challenger) == 0
    clock.seconds += 59.9
    assert look(world, challenger) == 0
    assert len(asked) == 1
    clock.seconds += 0.1
    assert look(world, challenger) == 1
    assert challenger.fault == ""
    told = said(world)
    assert (told[first] is None, told[second] is None) in ((True, False), (False, True))  # of one millisecond, either comes first
    assert look(world, challenger) == 0
    assert len(asked) == 2


def test_a_slow_one_is_asked_a_second_at_once_and_forgets_nobody(world: World) -> None:
    challenger, _ = taking(180)
    submitted(world, range(8))
    world.run()
    assert [look(world, challenger) for _ in range(3)] == [6, 2, 0]
    assert None not in said(world).values()


def test_a_row_that_comes_to_be_seen_after_later_ones_is_asked_too(world: World) -> None:
    challenger = Challenger(OTHER)
    first = paid(world, 1)
    assert look(world, challenger) == 1
    with world.system.database.write() as tx:  # as one whose transaction took half a minute: it is of before, and was not there
        tx.connection.execute(text("UPDATE risk_row SET created_ms = created_ms - 30000, challenger_hash = NULL"))
    assert look(world, challenger) == 1
    assert said(world)[first] is not None


def test_what_two_processes_are_asked_is_written_once(world: World) -> None:
    paid(world, 1)
    assert look(world, Challenger(OTHER)) == 1
    again = Challenger(replace(OTHER, model_hash="d" * 64))
    assert look(world, again) == 0
    said(world)  # of the first one still


def test_erased_claims_and_those_of_days_ago_are_not_asked(world: World) -> None:
    for number in (1, 2):
        paid(world, number)
    with world.system.database.write() as tx:
        first, second = tx.connection.execute(text("SELECT claim_id FROM risk_row ORDER BY claim_id")).scalars()
        tx.connection.execute(text("UPDATE risk_row SET features_json = '{}' WHERE claim_id = :id"), {"id": first})
        tx.connection.execute(text("UPDATE risk_row SET created_ms = created_ms - 86460000 WHERE claim_id = :id"), {"id": second})
    assert look(world, Challenger(OTHER)) == 0


def test_a_folder_that_cannot_be_loaded_is_told_of_and_stops_nothing(tmp_path: Path, world: World) -> None:
    challenger = load_challenger(tmp_path / "nowhere")
    assert challenger and challenger.model is None
    assert "nowhere" in challenger.fault
    paid(world, 1)
    assert look(world, challenger) == 0
    assert load_challenger(None) is None
    loaded = load_challenger(COLD_START)
    assert loaded and loaded.model and loaded.fault == ""
