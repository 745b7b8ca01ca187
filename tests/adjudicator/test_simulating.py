"""A draft over the claims that the database remembers, broken off and taken up again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adjudicator import simulating
from adjudicator.intake import submit
from adjudicator.review import approve
from adjudicator.simulating import Stretch, run_simulation
from adjudicator.story import tell
from bench.workload.history import fill
from domain.china import china_day
from domain.claim import PersonClue
from domain.errors import ConflictError
from rules.loader import load_book, read_source
from rules.simulation import Draft, draft_of
from rules.simulation_report import rows_of_changes
from storage import registry
from storage.database import Database
from storage.past import read_page
from tests.adjudicator.world import OTHER, SENIOR, STANDARD, World, id_card, invoice, notice, summary

ANXIN = Path("rules/book/anxin-inpatient.yaml")


class _BrokenOffError(Exception):
    pass


def _pay(world: World, number: int) -> None:
    submit(world.system, notice(f"APP-{number}", world.files(invoice(number=f"990000000{number}"), summary(), id_card(), tag=f"{number}")))
    world.run()


def _draft(tmp_path: Path) -> Draft:
    path = tmp_path / ANXIN.name
    path.write_text(ANXIN.read_text().replace("日津贴额: 100元/天", "日津贴额: 120元/天", 1))
    return draft_of(load_book(ANXIN), read_source(ANXIN), load_book(path), read_source(path))


def test_the_base_pays_what_was_paid_and_the_draft_what_it_says(world: World, tmp_path: Path) -> None:
    for number in range(2):
        _pay(world, number)
    told: list[tuple[int, int]] = []
    tally = run_simulation(world.system.database, _draft(tmp_path), Stretch(), advance=lambda done, total: told.append((done, total)))
    # the first claim pays after the deductible, the second without; five days of allowance each
    assert tally.total.before_fen == 1_500_000 + 2_500_000 + 2 * 50_000
    assert tally.total.change_fen == 2 * 5 * 2_000
    assert told == [(0, 2), (2, 2)]  # both are one insured's
    assert not tally.notes


def test_a_stretch_before_the_claims_holds_none(world: World, tmp_path: Path) -> None:
    _pay(world, 1)
    before = Stretch(until=simulating.FIRST_DAY)
    assert run_simulation(world.system.database, _draft(tmp_path), before).cases == 0


def test_a_day_begins_at_midnight_in_china() -> None:
    since, until = Stretch(date(2026, 2, 1), date(2026, 2, 1)).limits_ms
    assert datetime.fromtimestamp(since / 1000, UTC) == datetime(2026, 1, 31, 16, tzinfo=UTC)
    assert until - since == 86_400_000
    assert china_day(since) == date(2026, 2, 1)
    assert china_day(since - 1) == date(2026, 1, 31)


def test_a_run_that_is_done_leaves_no_checkpoint(world: World, tmp_path: Path) -> None:
    _pay(world, 1)
    checkpoint = tmp_path / "run.json"
    run_simulation(world.system.database, _draft(tmp_path), Stretch(), checkpoint)
    assert not checkpoint.exists()


def test_the_checkpoint_of_another_draft_is_refused(world: World, tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.json"
    checkpoint.write_text('{"key": ["a", "", "b", "", "c", "d"], "after": "I1", "done": 1, "tally": {}}')
    with pytest.raises(ConflictError, match="another book"):
        run_simulation(world.system.database, _draft(tmp_path), Stretch(), checkpoint)
    assert checkpoint.exists()


def test_a_run_that_is_killed_goes_on_where_the_last_insured_was_complete(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(world, 1)
    _pay_other(world)
    monkeypatch.setattr(simulating, "_SAVE_EVERY", 1)
    draft, checkpoint = _draft(tmp_path), tmp_path / "run.json"

    whole = run_simulation(world.system.database, draft, Stretch())
    with pytest.raises(_BrokenOffError):
        run_simulation(world.system.database, draft, Stretch(), checkpoint, _stopping_at(0))
    assert checkpoint.exists()
    told: list[int] = []
    assert run_simulation(world.system.database, draft, Stretch(), checkpoint, lambda done, _: told.append(done)) == whole
    assert told == [1, 2]


def _pay_other(world: World) -> None:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [replace(STANDARD, policy_number="PL9", insured_id=OTHER.person_id, policyholder_id=OTHER.person_id)])
    papers = (invoice(number="9900000009", payer_name=OTHER.name), summary(patient_name=OTHER.name), id_card(OTHER))
    clue = PersonClue(id_number=OTHER.id_number)
    receipt = submit(world.system, notice("APP-9", world.files(*papers, tag="9"), insured=clue))
    world.run()
    story = tell(world.system, receipt.claim_id)
    if story.decision is None:
        approve(world.system, receipt.claim_id, story.claim.version, SENIOR, "核实")


def test_the_figures_of_a_made_up_history_add_up_and_do_not_depend_on_where_the_run_was_broken_off(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 120)
    monkeypatch.setattr(simulating, "_SAVE_EVERY", 7)
    monkeypatch.setattr(simulating, "_PAGE", 9)
    draft, checkpoint = _draft(tmp_path), tmp_path / "run.json"
    whole = run_simulation(database, draft, Stretch())
    assert whole.cases == 120
    assert sum(line.change_fen for _, line in rows_of_changes(draft, whole)) == whole.total.change_fen != 0
    breaks = 0
    for stop_at in range(10, 170, 40):
        try:
            assert run_simulation(database, draft, Stretch(), checkpoint, _stopping_at(stop_at)) == whole
        except _BrokenOffError:
            breaks += 1
    assert breaks == 3
    assert not checkpoint.exists()


def _stopping_at(limit: int) -> Callable[[int, int], None]:
    def stop(done: int, _total: int) -> None:
        if done > limit:
            raise _BrokenOffError

    return stop


def test_a_decision_made_after_the_run_was_broken_off_is_not_counted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 30)
    monkeypatch.setattr(simulating, "_SAVE_EVERY", 1)
    draft, checkpoint = _draft(tmp_path), tmp_path / "run.json"
    with pytest.raises(_BrokenOffError):
        run_simulation(database, draft, Stretch(), checkpoint, _stopping_at(5))
    stored = json.loads(checkpoint.read_text())
    last = _newest_decision_ms(database)
    checkpoint.write_text(json.dumps({**stored, "until_ms": last}))  # as if the newest had been made since
    tally = run_simulation(database, draft, Stretch(), checkpoint)
    assert tally.cases == 29


def _newest_decision_ms(database: Database) -> int:
    with database.read() as tx:
        return max(claim.decided_ms for claims in read_page(tx, 0, 10**15, "", 10_000).insureds for claim in claims)
