"""A claim that is taken back, or was reported twice: no money, no limit, no promise is left of it, and its papers are free."""

import pytest

from adjudicator import review
from adjudicator.intake import submit
from adjudicator.merging import merge
from adjudicator.story import ClaimStory, tell
from adjudicator.withdrawing import withdraw, withdraw_for
from adjudicator.worker import work_once
from domain.claim import PersonClue
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotAllowedError, StaleVersionError
from domain.finding import Severity
from domain.states import ClaimState
from storage import audit, decisions, tasks
from tests.adjudicator.world import ACTUARY, ADJUSTER, OTHER, SENIOR, World, id_card, invoice, notice, summary

FULL_FEN = 1_550_000
CUSTOMER = Actor("P1", "customer")
PAPERS = (invoice(), summary(), id_card())


def sent(world: World, ref: str = "APP-1", papers: tuple[object, ...] = PAPERS, tag: str = "same", **changes: object) -> ClaimStory:
    """Send a claim in that a person will have: the same tag is the very same files."""
    files = world.files(*papers, tag=tag)  # type: ignore[arg-type]  # documents, all of them
    receipt = submit(world.system, notice(ref, files, **changes))
    world.with_limits(straight_through_fen=0).run()
    return tell(world.system, receipt.claim_id)


def told(world: World, story: ClaimStory) -> ClaimStory:
    world.with_limits(straight_through_fen=0).run()
    return tell(world.system, story.claim.claim_id)


def assert_nothing_is_left(world: World, story: ClaimStory, state: ClaimState) -> None:
    assert (story.claim.state, story.ledger, story.payouts, story.decision) == (state, (), (), None)
    assert [each.kind for each in story.clocks if each.met_ms is None] == []
    with world.system.database.read() as tx:
        assert not tasks.has_open_tasks(tx, story.claim.claim_id)
        assert audit.find_break(tx, story.claim.claim_id) is None
        if story.claim.insured_id == "P1":
            assert decisions.accumulators_of(tx, "PL1") == {}


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_claim_is_withdrawn_at_any_moment_before_its_decision(world: World, steps: int) -> None:
    strict = world.with_limits(straight_through_fen=0)
    claim_id = submit(world.system, notice(files=world.files(*PAPERS))).claim_id
    for _ in range(steps):
        work_once(strict.system)
    withdraw(world.system, claim_id, CUSTOMER)
    strict.run()
    story = tell(world.system, claim_id)
    assert_nothing_is_left(world, story, ClaimState.WITHDRAWN)
    assert story.notices[-1].kind == "withdrawn"
    assert world.bank.booked == {}


def test_a_worker_that_was_reading_a_withdrawn_claim_writes_nothing(world: World) -> None:
    claim_id = submit(world.system, notice(files=world.files(*PAPERS))).claim_id
    reader = world.reader.read_all

    def withdrawn_meanwhile(content: bytes) -> object:
        if tell(world.system, claim_id).claim.state is not ClaimState.WITHDRAWN:
            withdraw(world.system, claim_id, CUSTOMER)
        return reader(content)

    world.reader.read_all = withdrawn_meanwhile  # type: ignore[method-assign,assignment]
    world.with_limits(max_attempts=5).run()
    assert_nothing_is_left(world, tell(world.system, claim_id), ClaimState.WITHDRAWN)


def test_a_decided_claim_is_not_withdrawn(world: World) -> None:
    claim_id = submit(world.system, notice(files=world.files(*PAPERS))).claim_id
    world.run()
    with pytest.raises(ConflictError, match="reopening"):
        withdraw(world.system, claim_id, CUSTOMER)
    assert tell(world.system, claim_id).paid_fen == FULL_FEN


def test_what_was_paid_in_advance_is_not_withdrawn_from(world: World) -> None:
    story = sent(world)
    review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, 100, "先行给付")
    story = told(world, story)
    with pytest.raises(ConflictError, match="round 2"):
        withdraw(world.system, story.claim.claim_id, CUSTOMER)


def test_staff_withdraw_for_a_customer_with_a_reason_on_the_version_they_saw(world: World) -> None:
    story = sent(world)
    claim_id, version = story.claim.claim_id, story.claim.version
    with pytest.raises(NotAllowedError):
        withdraw_for(world.system, claim_id, version, ACTUARY, "客户来电")
    with pytest.raises(InputError):
        withdraw_for(world.system, claim_id, version, ADJUSTER, " ")
    with pytest.raises(StaleVersionError):
        withdraw_for(world.system, claim_id, version - 1, ADJUSTER, "客户来电")
    withdraw_for(world.system, claim_id, version, ADJUSTER, "客户来电")
    assert_nothing_is_left(world, tell(world.system, claim_id), ClaimState.WITHDRAWN)


def test_the_papers_of_a_withdrawn_claim_are_free_again(world: World) -> None:
    first = submit(world.system, notice(files=world.files(*PAPERS, tag="same"))).claim_id
    work_once(world.system)  # read, so that its papers are known
    withdraw(world.system, first, CUSTOMER)
    second = submit(world.system, notice("APP-2", world.files(*PAPERS, tag="same"))).claim_id
    world.run()
    story = tell(world.system, second)
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, FULL_FEN)  # nobody had to look
    assert story.adjudication is not None
    assert {each.severity for each in story.adjudication.findings if each.about == first} == {Severity.NOTE}


def test_the_papers_of_a_declined_claim_are_not(world: World) -> None:
    first = sent(world)
    review.decline(world.system, first.claim.claim_id, first.claim.version, ADJUSTER, "除外", "第七条")
    second = submit(world.system, notice("APP-2", world.files(*PAPERS, tag="same"))).claim_id
    world.run()
    assert tell(world.system, second).claim.state in (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)


def merged(world: World, claim: ClaimStory, into: ClaimStory) -> tuple[ClaimStory, ClaimStory]:
    merge(world.system, claim.claim.claim_id, into.claim.claim_id, claim.claim.version, SENIOR, "同一次住院")
    return told(world, claim), told(world, into)


def test_a_duplicate_gives_its_papers_to_the_claim_that_goes_on_and_leaves_nothing(world: World) -> None:
    into = sent(world, papers=(invoice(), id_card()), tag="a")
    claim = sent(world, "APP-2", (summary(),), tag="b")
    assert into.claim.state is claim.claim.state is ClaimState.NEEDS_SUPPLEMENT
    claim, into = merged(world, claim, into)
    assert_nothing_is_left(world, claim, ClaimState.DUPLICATE)
    assert (len(claim.documents), len(into.documents)) == (0, 3)
    assert into.claim.state is ClaimState.IN_REVIEW  # complete now
    review.approve(world.system, into.claim.claim_id, into.claim.version, ADJUSTER, "")
    into = told(world, into)
    assert into.paid_fen == FULL_FEN


def test_a_paper_that_both_have_stays_where_it_is(world: World) -> None:
    into = sent(world)
    claim = sent(world, "APP-2")  # the very same files
    claim, into = merged(world, claim, into)
    assert (claim.claim.state, len(claim.documents), len(into.documents)) == (ClaimState.DUPLICATE, 3, 3)
    review.approve(world.system, into.claim.claim_id, into.claim.version, ADJUSTER, "")
    assert told(world, into).paid_fen == FULL_FEN


def test_a_claim_with_people_is_worked_out_anew_with_the_papers_that_came(world: World) -> None:
    into = sent(world, papers=(invoice(), summary(), id_card()), tag="a")
    claim = sent(world, "APP-2", (invoice(200_000, 50_000, number="9900000002"), summary(), id_card()), tag="b")
    _, into = merged(world, claim, into)
    assert into.adjudication is not None and into.adjudication.proposed_fen == FULL_FEN + 150_000
    assert into.claim.state is ClaimState.IN_REVIEW


def test_papers_that_nobody_read_yet_are_read(world: World) -> None:
    into = sent(world)
    receipt = submit(world.system, notice("APP-2", world.files(invoice(200_000, 50_000, number="9900000002"), tag="b")))
    claim, into = merged(world, tell(world.system, receipt.claim_id), into)
    assert {each.state for each in into.documents} == {"EXTRACTED"}
    assert into.adjudication is not None and into.adjudication.proposed_fen == FULL_FEN + 150_000
    assert_nothing_is_left(world, claim, ClaimState.DUPLICATE)


def test_a_report_takes_the_papers_of_its_duplicate(world: World) -> None:
    into = sent(world, papers=())
    _, into = merged(world, sent(world, "APP-2"), into)
    assert (into.claim.state, len(into.documents)) == (ClaimState.IN_REVIEW, 3)


def test_a_decided_claim_is_no_duplicate_and_takes_no_further_papers(world: World) -> None:
    paid, other = sent(world), sent(world, "APP-2", (invoice(number="9900000002"), summary(), id_card()), tag="b")
    review.approve(world.system, paid.claim.claim_id, paid.claim.version, ADJUSTER, "")
    paid = told(world, paid)
    for claim, into in ((paid, other), (other, paid)):
        with pytest.raises(ConflictError, match="reopen"):
            merged(world, claim, into)
    assert (told(world, paid).paid_fen, told(world, other).claim.state) == (FULL_FEN, other.claim.state)


def test_only_two_claims_of_one_insured_are_merged(world: World) -> None:
    claim = sent(world)
    other = sent(world, "APP-2", (), insured=PersonClue(id_number=OTHER.id_number))
    for into in (claim, other):
        with pytest.raises(InputError) as refused:
            merged(world, claim, into)
        assert refused.value.field == "into"


def test_nothing_is_merged_into_a_claim_that_was_withdrawn(world: World) -> None:
    claim, into = sent(world), sent(world, "APP-2", (), tag="b")
    withdraw(world.system, into.claim.claim_id, CUSTOMER)
    with pytest.raises(ConflictError, match="WITHDRAWN"):
        merged(world, claim, into)
