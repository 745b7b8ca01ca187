"""A model is put in force by two people, with proof that it ranks better or a reason; how it is taken over, test_serving.py tells."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adjudicator import promoting
from adjudicator.promoting import promote
from adjudicator.serving import ServingModel, load_in_force
from domain.errors import ConflictError, NotAllowedError
from riskmodel.artefact import POLICY
from riskmodel.cold_start import COLD_START
from riskmodel.evaluation.measures import Figure
from riskmodel.model import load_model
from riskmodel.simulate import simulate_rows
from riskmodel.training.comparing import Comparison, compare
from riskmodel.training.snapshots import Learnable, Snapshot
from storage.access import Staff
from storage.database import Database
from storage.risk_releases import releases

FIRST, SECOND = Staff("suan", "算", "actuary", 0), Staff("jing", "精", "actuary", 0)
WHY = "复核成本下降"


def claims(count: int = 600, since: date = date(2026, 1, 1)) -> list[Learnable]:
    """Simulated claims; for the machinery alone, no figure of theirs means anything."""
    drawn = simulate_rows(count, seed=9)
    return [Learnable(Snapshot(f"C{n}", since + timedelta(days=n // 10), each.row, 1), each.is_fraud) for n, each in enumerate(drawn)]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The shipped model without its trees' policy: other bytes, so another model."""
    folder = Path(shutil.copytree(COLD_START, tmp_path / "other"))
    rewrite(folder, name="other")
    return folder


def rewrite(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), encoding="utf-8")


def test_a_model_is_in_force_after_the_second_signature_and_not_before(database: Database, other: Path) -> None:
    first = promote(database, COLD_START, other, FIRST, WHY)
    assert not first.is_in_force
    assert load_in_force(database, COLD_START).model.model_hash == load_model(COLD_START).model_hash
    assert promote(database, COLD_START, other, SECOND).is_in_force
    assert load_in_force(database, COLD_START).model.model_hash == load_model(other).model_hash
    with database.read() as tx:
        assert [(each.actor, each.proposal) for each in releases(tx)] == [("suan", None), ("jing", releases(tx)[0].seq)]


def test_one_person_does_not_sign_twice_and_only_actuaries_sign(database: Database, other: Path) -> None:
    with pytest.raises(NotAllowedError):
        promote(database, COLD_START, other, Staff("gao", "高", "senior_adjuster", 1), WHY)
    promote(database, COLD_START, other, FIRST, WHY)
    with pytest.raises(NotAllowedError, match="second person"):
        promote(database, COLD_START, other, FIRST, WHY)


def test_without_proof_the_first_signature_takes_a_reason(database: Database, other: Path) -> None:
    with pytest.raises(ConflictError, match="nothing proves that the model ranks better: on 0 claims"):
        promote(database, COLD_START, other, FIRST)


def test_with_proof_it_takes_none(database: Database, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = claims()
    manifest = json.loads((COLD_START / "manifest.json").read_text(encoding="utf-8"))
    worse = replace(load_model(COLD_START), trees=None)
    worse = replace(worse, scorecard=replace(worse.scorecard, bands={"hospital_grade": worse.scorecard.bands["hospital_grade"]}))
    assert manifest["evidence"] == "synthetic"
    monkeypatch.setattr(promoting, "load_in_force", lambda database, default: ServingModel(replace(worse, model_hash="w")))
    monkeypatch.setattr(promoting, "claims_known", lambda tx: known)
    done = promote(database, COLD_START, other, FIRST)
    assert done.comparison is not None
    assert done.comparison.is_better


def test_what_was_put_in_force_must_still_stand_in_its_folder(database: Database, other: Path) -> None:
    for staff in (FIRST, SECOND):
        promote(database, COLD_START, other, staff, WHY)
    rewrite(other, name="changed")
    assert "was put in force" in load_in_force(database, COLD_START).fault
    with pytest.raises(ConflictError, match="in force already"):
        rewrite(other, name="other")
        promote(database, COLD_START, other, FIRST, WHY)


def test_another_policy_is_another_model(other: Path) -> None:
    before = load_model(COLD_START)
    assert json.loads(before.texts[POLICY])["medium"] == before.policy.medium == 0.08
    assert load_model(other).model_hash != before.model_hash


def test_a_comparison_sees_only_claims_that_neither_model_learnt_from() -> None:
    champion = load_model(COLD_START)
    learnt = replace(champion, manifest=replace(champion.manifest, trained_on={"as_of": "2026-01-31"}))
    known = claims()
    compared = compare(champion, learnt, known)
    assert compared.claims == sum(each.snapshot.scored_on > date(2026, 1, 31) for each in known)
    assert compared.gain is None or compared.gain.value == 0
    assert not compared.is_better


def test_nine_frauds_are_too_few_to_compare_by() -> None:
    champion = load_model(COLD_START)
    known = claims()
    frauds = [each for each in known if each.is_fraud]
    others = [each for each in known if not each.is_fraud]
    assert compare(champion, champion, others + frauds[:9]).gain is None
    assert compare(champion, champion, others + frauds[:10]).gain is not None


@pytest.mark.parametrize(
    ("gain", "verdict"),
    [
        (Figure(0.05, 0.01, 0.09), "the model ranks better"),
        (Figure(0.05, -0.01, 0.1), "nothing proves that the model ranks better"),
        (Figure(-0.05, -0.09, -0.01), "the model ranks worse"),
    ],
)
def test_a_comparison_says_better_worse_or_that_nothing_is_proven(gain: Figure, verdict: str) -> None:
    assert promoting.tell_comparison(Comparison(300, 12, gain)).startswith(f"{verdict}: ")
