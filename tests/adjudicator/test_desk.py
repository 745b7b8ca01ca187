"""Working side by side: a lease that renews itself and can be taken over, comments that call somebody, claims set aside."""

import pytest

from adjudicator import desk
from adjudicator.desk import LEASE_MS, MOST_DAYS_ASIDE, check_free
from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError, StaleVersionError
from storage import access, audit
from storage.access import Staff
from storage.desk import count_mentions, find_snooze
from tests.adjudicator.test_reopening import decided
from tests.adjudicator.world import ACTUARY, ADJUSTER, SENIOR, World, id_card, invoice, notice, summary

DAY_MS = 86_400_000


@pytest.fixture
def waiting(world: World) -> ClaimStory:
    """A claim that is with people, and the people."""
    with world.system.database.write() as tx:
        for each in (ADJUSTER, SENIOR, ACTUARY, Staff("same1", "同名", "adjuster", 0), Staff("same2", "同名", "adjuster", 0)):
            access.save_staff(tx, each, "correct horse battery")
    return in_review(world)


def in_review(world: World) -> ClaimStory:
    papers = world.files(invoice(90_000_000, number="9900000077"), summary(), id_card(), tag="large-")
    receipt = submit(world.system, notice("APP-LARGE", papers))
    world.run()
    story = tell(world.system, receipt.claim_id)
    assert story.claim.state == "IN_REVIEW"
    return story


def later(world: World, ms: int) -> None:
    world.system.database._ahead_ms = lambda: ms


@pytest.fixture(autouse=True)
def real_time(world: World) -> object:
    yield
    later(world, 0)


def holder(world: World, claim_id: str) -> str | None:
    with world.system.database.read() as tx:
        lease = desk.look_at(tx, claim_id, ADJUSTER).lease
    return lease.user_name if lease else None


def test_who_opens_a_claim_first_works_on_it_and_the_second_sees_who(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    first, second = desk.look_in(database, claim_id, ADJUSTER), desk.look_in(database, claim_id, SENIOR)
    assert first.lease and first.lease.user_name == ADJUSTER.user_name and first.others == ()
    assert second.lease == first.lease and second.others == ()
    assert desk.look_in(database, claim_id, ADJUSTER).others == (SENIOR.user_name,)
    with database.read() as tx:
        check_free(tx, claim_id, ADJUSTER)
        with pytest.raises(ConflictError, match=f"{ADJUSTER.user_name} works on claim"):
            check_free(tx, claim_id, SENIOR)


def test_a_lease_is_renewed_by_signs_of_life_and_free_without_them(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    since = desk.look_in(database, claim_id, ADJUSTER).lease
    later(world, LEASE_MS - 5_000)
    renewed = desk.look_in(database, claim_id, ADJUSTER).lease
    assert since and renewed and renewed.since_ms == since.since_ms and renewed.until_ms > since.until_ms
    later(world, 2 * LEASE_MS - 10_000)
    assert holder(world, claim_id) == ADJUSTER.user_name
    later(world, 2 * LEASE_MS)
    assert holder(world, claim_id) is None
    assert desk.look_in(database, claim_id, SENIOR).lease.user_name == SENIOR.user_name  # type: ignore[union-attr]


def test_taking_over_is_written_down_and_nobody_is_locked_out(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    desk.look_in(database, claim_id, ADJUSTER)
    desk.take_over(database, claim_id, SENIOR)
    assert desk.look_in(database, claim_id, ADJUSTER).lease.user_name == SENIOR.user_name  # type: ignore[union-attr]
    with database.read() as tx:
        told = [each for each in audit.entries(tx, claim_id) if each.action == "claim.taken_over"]
        assert [(each.actor, each.detail) for each in told] == [(SENIOR.user_name, {"from": ADJUSTER.user_name})]


def test_a_page_that_is_closed_frees_the_claim_and_a_decided_claim_is_nobodys(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    desk.look_in(database, claim_id, ADJUSTER)
    desk.leave(database, claim_id, SENIOR)
    assert holder(world, claim_id) == ADJUSTER.user_name
    desk.leave(database, claim_id, ADJUSTER)
    assert holder(world, claim_id) is None
    done = decided(world)
    assert desk.look_in(database, done.claim.claim_id, ADJUSTER).lease is None


def test_a_comment_stands_in_the_history_and_calls_colleagues_by_either_name(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    words = f"请看第二张发票 @{SENIOR.user_name} @{ADJUSTER.display_name}，写到 a@b.example"
    assert desk.comment(database, claim_id, ADJUSTER, words) == (SENIOR.user_name, ADJUSTER.user_name)
    (entry,) = [each for each in tell(world.system, claim_id).audit if each.action == "comment.added"]
    assert entry.detail["words"] == words and "发票" not in entry.detail_json
    with database.read() as tx:
        assert (count_mentions(tx, SENIOR.user_name), count_mentions(tx, ADJUSTER.user_name)) == (1, 0)
    desk.see(database, claim_id, SENIOR)
    with database.read() as tx:
        assert count_mentions(tx, SENIOR.user_name) == 0


@pytest.mark.parametrize("words", [" ", "字" * 2_001, "@nobody 看一下", "@同名 看一下"])
def test_a_comment_that_says_nothing_or_calls_nobody_is_refused(world: World, waiting: ClaimStory, words: str) -> None:
    with pytest.raises(InputError):
        desk.comment(world.system.database, waiting.claim.claim_id, ADJUSTER, words)


def test_who_only_reads_neither_comments_nor_works_on_a_claim(world: World, waiting: ClaimStory) -> None:
    database, claim_id = world.system.database, waiting.claim.claim_id
    for act in (
        lambda: desk.look_in(database, claim_id, ACTUARY), lambda: desk.comment(database, claim_id, ACTUARY, "看"),
        lambda: desk.take_over(database, claim_id, ACTUARY), lambda: desk.set_aside(database, claim_id, 1, ACTUARY, 1, "等"),
    ):  # fmt: skip
        with pytest.raises(NotAllowedError):
            act()
    with pytest.raises(NotFoundError):
        desk.take_over(database, "C0000000000000NO", ADJUSTER)


def test_a_claim_is_set_aside_as_long_as_its_clocks_allow_and_not_a_day_longer(world: World, waiting: ClaimStory) -> None:
    database, claim_id, version = world.system.database, waiting.claim.claim_id, waiting.claim.version
    with database.read() as tx:
        now = tx.now_ms()
    days_left = (min(each.due_ms for each in waiting.clocks if each.met_ms is None and each.paused_ms is None) - now) // DAY_MS
    assert 1 <= days_left < MOST_DAYS_ASIDE
    until = desk.set_aside(database, claim_id, version, ADJUSTER, days_left, "等医院回函")
    with database.read() as tx:
        snoozed = find_snooze(tx, claim_id)
    assert snoozed and snoozed.until_ms == until and abs(until - now - days_left * DAY_MS) < 60_000
    with pytest.raises(ConflictError, match="runs out on"):
        desk.set_aside(database, claim_id, version, ADJUSTER, days_left + 1, "等医院回函")
    desk.take_up(database, claim_id, SENIOR)
    with pytest.raises(ConflictError, match="not set aside"):
        desk.take_up(database, claim_id, SENIOR)


@pytest.mark.parametrize(("days", "reason"), [(0, "等"), (MOST_DAYS_ASIDE + 1, "等"), (1, " ")])
def test_setting_aside_needs_a_reason_and_days(world: World, waiting: ClaimStory, days: int, reason: str) -> None:
    with pytest.raises(InputError):
        desk.set_aside(world.system.database, waiting.claim.claim_id, waiting.claim.version, ADJUSTER, days, reason)


def test_an_old_page_sets_nothing_aside(world: World, waiting: ClaimStory) -> None:
    with pytest.raises(StaleVersionError):
        desk.set_aside(world.system.database, waiting.claim.claim_id, waiting.claim.version - 1, ADJUSTER, 1, "等")
