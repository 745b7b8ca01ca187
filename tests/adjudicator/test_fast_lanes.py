"""The fast lanes: a critical illness within one working day and first in the queue. The limit of straight-through: test_path.py."""

from dataclasses import replace
from datetime import datetime

import pytest

from adjudicator.clocks import CRITICAL_ILLNESS_DECISION
from adjudicator.story import ClaimStory
from domain.china import china_minute
from domain.document import DocumentClass
from domain.states import ClaimState
from storage.database import Database
from storage.queue import QueueQuery, list_claims
from tests.adjudicator.claiming import certificate, claimed, pathology, policy
from tests.adjudicator.world import STANDARD, World, id_card, invoice, paper, summary

MULTI = policy("zhongji-multi", "多次版", 期交保费=1_200_000, 剩余期数=15)


def at(world: World, moment: str) -> World:
    """The same world on a virtual clock that shows a moment in China."""
    url, cipher = world.system.database.engine.url.render_as_string(hide_password=False), world.system.database.cipher
    wanted = int(datetime.fromisoformat(f"{moment}+08:00").timestamp() * 1000)
    with world.system.database.read() as tx:
        ahead = wanted - tx.now_ms()
    return replace(world, system=replace(world.system, database=Database(url, cipher, lambda: ahead)))


def due(story: ClaimStory) -> str | None:
    """When the decision of a critical illness is due, to the minute in China."""
    found = [each.due_ms for each in story.clocks if each.kind == CRITICAL_ILLNESS_DECISION]
    return china_minute(found[0]) if found else None


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-19T15:00", "2026-11-20 15:00"),  # Thursday
        ("2026-11-20T15:00", "2026-11-23 15:00"),  # Friday
        ("2026-09-30T15:00", "2026-10-08 15:00"),  # before the National Day week
    ],
)
def test_a_pathology_report_is_decided_within_one_working_day(world: World, moment: str, end: str) -> None:
    papers = (pathology("C50.9"), certificate("C50.9"), id_card())
    story = claimed(at(world.with_limits(straight_through_fen=0), moment), MULTI, *papers, loss_date=None)
    assert (story.claim.state, due(story)) == (ClaimState.IN_REVIEW, end)


def test_a_claim_under_critical_illness_cover_alone_is_in_the_lane_without_pathology(world: World) -> None:
    imaging = paper(DocumentClass.IMAGING_REPORT, patient_name="李示安")
    story = claimed(world, MULTI, imaging, certificate("D05.1"), id_card(), loss_date=None)
    assert (story.claim.state, due(story) is not None) == (ClaimState.IN_REVIEW, True)


def test_a_stay_under_cover_of_costs_is_not_in_the_lane(world: World) -> None:
    assert due(claimed(world, STANDARD, invoice(), summary(), id_card())) is None


def test_the_lane_stands_first_in_the_queue(world: World) -> None:
    strict = world.with_limits(straight_through_fen=0)
    ordinary = claimed(strict, STANDARD, invoice(), summary(), id_card(), ref="APP-1")
    urgent = claimed(strict, MULTI, pathology("C50.9"), certificate("C50.9"), id_card(), ref="APP-2", loss_date=None)
    with world.system.database.read() as tx:
        queue = [each.claim_id for each in list_claims(tx, QueueQuery((ClaimState.IN_REVIEW,)))]
    assert queue == [urgent.claim.claim_id, ordinary.claim.claim_id]
