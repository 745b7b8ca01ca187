"""The past, page by page: every insured once, their decisions in order, and only those of the stretch."""

import json
from fractions import Fraction

import pytest

from bench.workload.history import fill
from domain.decision import Actor, DecisionKind
from storage import decisions
from storage.database import Database
from storage.past import PastClaim, count_past, read_page

FOREVER = (0, 10**15)


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database, 60)
    return database


def pages(database: Database, insureds: int, after: str = "", stretch: tuple[int, int] = FOREVER) -> list[tuple[PastClaim, ...]]:
    found: list[tuple[PastClaim, ...]] = []
    at: str | None = after
    with database.read() as tx:
        while at is not None:
            page = read_page(tx, *stretch, at, insureds)
            found += page.insureds
            at = page.last
    return found


def test_every_decision_is_read_once_whatever_the_size_of_a_page(filled: Database) -> None:
    with filled.read() as tx:
        assert count_past(tx, *FOREVER) == 60
    whole = pages(filled, 1_000)
    assert sum(map(len, whole)) == 60
    assert pages(filled, 1) == pages(filled, 7) == whole


def test_the_claims_of_an_insured_stand_together_in_the_order_of_their_decisions(filled: Database) -> None:
    whole = pages(filled, 10)
    assert all(len({claim.insured_id for claim in claims}) == 1 for claims in whole)
    assert [claims[0].insured_id for claims in whole] == sorted({claims[0].insured_id for claims in whole})
    assert all(list(claims) == sorted(claims, key=lambda claim: claim.decided_ms) for claims in whole)
    assert max(map(len, whole)) > 1


def test_reading_goes_on_after_an_insured(filled: Database) -> None:
    whole = pages(filled, 10)
    assert pages(filled, 10, after=whole[4][0].insured_id) == whole[5:]


def test_a_stretch_begins_with_its_first_millisecond_and_ends_before_its_last(filled: Database) -> None:
    moments = sorted(claim.decided_ms for claims in pages(filled, 10) for claim in claims)
    inside = [claim.decided_ms for claims in pages(filled, 10, stretch=(moments[10], moments[20])) for claim in claims]
    assert sorted(inside) == moments[10:20]
    with filled.read() as tx:
        assert count_past(tx, moments[10], moments[20]) == 10


def test_what_the_rules_were_asked_with_is_read_back(filled: Database) -> None:
    first, second, *_ = next(claims for claims in pages(filled, 10) if len(claims) > 1)
    (policy,) = first.policies
    assert (policy.product, policy.used) == ("anxin-inpatient", {})
    assert policy.plan in ("标准版", "尊享版")
    assert policy.elements["保单生效日"]
    assert first.kind in DecisionKind
    used = second.policies[0].used
    assert used is not None
    assert all(isinstance(amount, Fraction) for amount in used.values())


def test_insureds_without_a_decision_in_the_stretch_are_passed_over(filled: Database) -> None:
    assert pages(filled, 3, stretch=(0, 1)) == []


def test_what_was_decided_anew_in_the_stretch_is_not_the_past(filled: Database) -> None:
    claim = pages(filled, 10)[0][0]
    with filled.write() as tx:
        earlier = decisions.find_decision(tx, claim.claim_id, 1)
        done = decisions.find_adjudication(tx, claim.claim_id, 1)
        assert earlier is not None and done is not None
        decisions.save_adjudication(tx, claim.claim_id, 2, done)
        anew = json.loads(earlier.inputs_json)
        decisions.save_decision(tx, claim.claim_id, 2, DecisionKind.DECLINE, 0, Actor("li", "adjuster"), "复核", "第七条", anew)
        now = tx.now_ms()
    found = [each for claims in pages(filled, 10) for each in claims]
    assert [each.kind for each in found if each.claim_id == claim.claim_id] == [DecisionKind.DECLINE]
    before = [each.kind for claims in pages(filled, 10, stretch=(0, now)) for each in claims if each.claim_id == claim.claim_id]
    assert before == ([claim.kind] if claim.decided_ms < now else [])
    with filled.read() as tx:
        assert count_past(tx, *FOREVER) == len(found) == 60
