"""A draft over the claims that the database remembers, broken off and taken up again."""

from dataclasses import replace
from pathlib import Path

import pytest

from adjudicator import simulating
from adjudicator.intake import submit
from adjudicator.review import approve
from adjudicator.simulating import Stretch, run_simulation
from adjudicator.story import tell
from domain.claim import PersonClue
from domain.errors import ConflictError
from rules.loader import load_book, read_source
from rules.simulation import Draft, draft_of
from storage import registry
from tests.adjudicator.world import OTHER, SENIOR, STANDARD, World, id_card, invoice, notice, summary

ANXIN = Path("rules/book/anxin-inpatient.yaml")


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
    assert told == [(1, 2), (2, 2)]
    assert not tally.notes


def test_a_stretch_before_the_claims_holds_none(world: World, tmp_path: Path) -> None:
    _pay(world, 1)
    before = Stretch(until=simulating.FIRST_DAY)
    assert run_simulation(world.system.database, _draft(tmp_path), before).cases == 0


def test_a_run_that_is_done_leaves_no_checkpoint(world: World, tmp_path: Path) -> None:
    _pay(world, 1)
    checkpoint = tmp_path / "run.json"
    run_simulation(world.system.database, _draft(tmp_path), Stretch(), checkpoint)
    assert not checkpoint.exists()


def test_the_checkpoint_of_another_draft_is_refused(world: World, tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.json"
    checkpoint.write_text('{"key": ["a", "b", "c", "d"], "place": ["I", 1, "C", 1], "done": 1, "tally": {}}')
    with pytest.raises(ConflictError, match="another book"):
        run_simulation(world.system.database, _draft(tmp_path), Stretch(), checkpoint)
    assert checkpoint.exists()


class _BrokenOffError(Exception):
    pass


def test_a_run_that_is_killed_goes_on_where_the_last_insured_was_complete(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(world, 1)
    _pay_other(world)
    monkeypatch.setattr(simulating, "_SAVE_EVERY", 1)
    draft, checkpoint = _draft(tmp_path), tmp_path / "run.json"

    def stop(done: int, total: int) -> None:
        if done == total:
            raise _BrokenOffError

    whole = run_simulation(world.system.database, draft, Stretch())
    with pytest.raises(_BrokenOffError):
        run_simulation(world.system.database, draft, Stretch(), checkpoint, stop)
    assert checkpoint.exists()
    told: list[int] = []
    assert run_simulation(world.system.database, draft, Stretch(), checkpoint, lambda done, _: told.append(done)) == whole
    assert told == [2]


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
