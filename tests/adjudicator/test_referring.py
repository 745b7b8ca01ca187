"""Handing a claim on: whose turn it is shows in queues, nobody is locked out, clocks run on."""

import pytest

from adjudicator import referring, review
from adjudicator.intake import submit
from adjudicator.reopening import Ground, reopen
from adjudicator.story import tell
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.states import ClaimState
from storage import access, referrals
from storage.access import Staff
from storage.queue import QueueQuery, count_claims, list_claims
from tests.adjudicator.world import ACTUARY, ADJUSTER, SENIOR, World, id_card, invoice, notice, summary

COLLEAGUE = Staff("chen", "陈", "adjuster", 5_000_000)


@pytest.fixture
def reviewed(world: World) -> tuple[World, str]:
    strict = world.with_limits(straight_through_fen=0)
    with strict.system.database.write() as tx:
        for each in (ADJUSTER, SENIOR, COLLEAGUE, ACTUARY):
            access.save_staff_of_provider(tx, each, each.user_name)
    receipt = submit(strict.system, notice(files=strict.files(invoice(), summary(), id_card())))
    strict.run()
    return strict, receipt.claim_id


def version(world: World, claim_id: str) -> int:
    return tell(world.system, claim_id).claim.version


def handed_to(world: World, staff: Staff) -> int:
    query = QueueQuery(handed_to=(staff.user_name, staff.role))
    with world.system.database.read() as tx:
        assert len(list_claims(tx, query)) == count_claims(tx, query)
        return count_claims(tx, query)


def test_a_claim_handed_to_a_colleague_is_theirs_alone_in_the_queue_and_clocks_run_on(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    before = tell(world.system, claim_id).clocks
    review.refer(world.system, claim_id, version(world, claim_id), ADJUSTER, "user:chen", "请看发票")
    assert (handed_to(world, COLLEAGUE), handed_to(world, ADJUSTER), handed_to(world, SENIOR)) == (1, 0, 0)
    assert tell(world.system, claim_id).clocks == before


def test_a_claim_handed_to_a_role_is_of_everybody_who_has_it(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    review.refer(world.system, claim_id, version(world, claim_id), SENIOR, "role:adjuster", "按条款")
    assert (handed_to(world, COLLEAGUE), handed_to(world, ADJUSTER), handed_to(world, SENIOR)) == (1, 1, 0)


def test_an_escalated_claim_goes_to_the_seniors_and_whoever_may_still_decides_it(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    review.escalate(world.system, claim_id, version(world, claim_id), ADJUSTER, "超出权限")
    assert handed_to(world, SENIOR) == 1
    review.approve(world.system, claim_id, version(world, claim_id), ADJUSTER, "")
    world.run()
    assert tell(world.system, claim_id).claim.state is ClaimState.PAID


@pytest.mark.parametrize("to", ["user:lin", "user:suan", "user:nobody", "role:actuary", "role:", "", "chen"])
def test_it_goes_to_nobody_who_handles_no_claims_and_not_to_oneself(reviewed: tuple[World, str], to: str) -> None:
    world, claim_id = reviewed
    with pytest.raises(InputError):
        review.refer(world.system, claim_id, version(world, claim_id), ADJUSTER, to, "请看")


def test_handing_on_needs_a_word_and_a_role(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    with pytest.raises(InputError):
        review.refer(world.system, claim_id, version(world, claim_id), ADJUSTER, "user:chen", " ")
    with pytest.raises(NotAllowedError):
        review.refer(world.system, claim_id, version(world, claim_id), ACTUARY, "user:chen", "请看")
    with pytest.raises(ConflictError):
        review.escalate(world.system, claim_id, version(world, claim_id), SENIOR, "请看")


def test_handing_back_gives_it_to_everybody(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    review.refer(world.system, claim_id, version(world, claim_id), ADJUSTER, "user:chen", "请看")
    referring.hand_back(world.system.database, claim_id, COLLEAGUE)
    assert handed_to(world, COLLEAGUE) == 0
    with pytest.raises(ConflictError):
        referring.hand_back(world.system.database, claim_id, COLLEAGUE)


def test_a_reopened_claim_is_handed_to_nobody_any_more(reviewed: tuple[World, str]) -> None:
    world, claim_id = reviewed
    review.refer(world.system, claim_id, version(world, claim_id), ADJUSTER, "user:chen", "请看")
    review.approve(world.system, claim_id, version(world, claim_id), SENIOR, "")
    world.run()
    reopen(world.system, claim_id, version(world, claim_id), SENIOR, "有误", Ground.ERROR)
    with world.system.database.read() as tx:
        assert referrals.find(tx, claim_id) is None
    assert handed_to(world, COLLEAGUE) == 0
