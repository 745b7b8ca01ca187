"""A claim that is decided anew: the earlier decision is taken back, only the difference moves, and limits count once."""

from fractions import Fraction

import pytest

from adjudicator import review
from adjudicator.intake import add_files, submit
from adjudicator.owing import payable_fen, recoverable_fen
from adjudicator.reopening import Ground, appeal, reopen, stop_waiting
from adjudicator.story import ClaimStory, tell
from domain.assessment import AccumulatorKey
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError, InputError, NotAllowedError, StaleVersionError
from domain.states import ClaimState
from storage import audit, decisions
from storage import tables as t
from storage.access import Staff
from storage.ledger import Account, balances
from tests.adjudicator.world import ACTUARY, ADJUSTER, SENIOR, World, id_card, invoice, notice, summary

FULL_FEN = 1_550_000  # what the rules propose for the usual claim
THIRD = Staff("he", "何", "senior_adjuster", 50_000_000)
CUSTOMER = Actor("P1", "customer")


def decided(world: World, pay_fen: int | None = None) -> ClaimStory:
    """Give a claim that a person decided, and the bank paid: in part when an amount is given, else declined for 0, or in full."""
    strict = world.with_limits(straight_through_fen=0)
    receipt = submit(strict.system, notice(files=world.files(invoice(), summary(), id_card())))
    strict.run()
    story = tell(world.system, receipt.claim_id)
    decide(world, story, pay_fen, ADJUSTER)
    return after(world, story)


def decide(world: World, story: ClaimStory, pay_fen: int | None, staff: Staff = SENIOR) -> None:
    claim_id, version = story.claim.claim_id, story.claim.version
    if pay_fen is None:
        review.approve(world.system, claim_id, version, staff, "")
    elif pay_fen == 0:
        review.decline(world.system, claim_id, version, staff, "不属于责任范围", "第七条")
    else:
        review.pay_part(world.system, claim_id, version, staff, pay_fen, "部分费用与本次疾病无关")


def after(world: World, story: ClaimStory) -> ClaimStory:
    world.run()
    return tell(world.system, story.claim.claim_id)


def reopened(world: World, story: ClaimStory, ground: Ground = Ground.ERROR) -> ClaimStory:
    reopen(world.system, story.claim.claim_id, story.claim.version, SENIOR, "核定有误", ground)
    return tell(world.system, story.claim.claim_id)


def owed(world: World, story: ClaimStory) -> tuple[int, int]:
    with world.system.database.read() as tx:
        return payable_fen(tx, story.claim.claim_id), recoverable_fen(tx, story.claim.claim_id)


def used(world: World) -> dict[AccumulatorKey, Fraction]:
    with world.system.database.read() as tx:
        return decisions.accumulators_of(tx, "PL1")


def expense(world: World) -> int:
    with world.system.database.read() as tx:
        return balances(tx)[Account.CLAIMS_EXPENSE]


@pytest.mark.parametrize("ground", [Ground.APPEAL, Ground.ERROR])
def test_a_reopened_claim_begins_a_round_with_its_papers_and_promises_anew(world: World, ground: Ground) -> None:
    before = decided(world)
    story = reopened(world, before, ground)
    assert (story.claim.state, story.claim.round) == (ClaimState.IN_REVIEW, 2)
    assert [each.document_id for each in story.documents] == [each.document_id for each in before.documents]
    assert {each.kind for each in story.clocks if each.met_ms is None} == {"decision", "advance"}
    assert (story.decision, story.paid_fen) == (None, FULL_FEN)  # what was paid stays paid


@pytest.mark.parametrize(("first", "then", "paid"), [
    (FULL_FEN - 1, None, 1), (1, None, FULL_FEN - 1), (0, None, FULL_FEN), (0, 1, 1), (500_000, 500_001, 1),
])  # fmt: skip
def test_a_higher_decision_pays_the_difference(world: World, first: int, then: int | None, paid: int) -> None:
    story = reopened(world, decided(world, first))
    decide(world, story, then)
    story = after(world, story)
    assert story.claim.state is ClaimState.PAID
    assert [each.amount_fen for each in world.bank.booked.values()] == [each for each in (first, paid) if each]
    assert (story.paid_fen, expense(world), owed(world, story)) == (first + paid, first + paid, (0, 0))
    assert story.notices[-1].body.endswith(f"本次补付 {paid / 100:,.2f} 元。")


@pytest.mark.parametrize(("first", "then", "over"), [(None, FULL_FEN - 1, 1), (None, 1, FULL_FEN - 1), (None, 0, FULL_FEN), (2, 1, 1)])
def test_a_lower_decision_books_a_receivable_and_sends_nothing(world: World, first: int | None, then: int, over: int) -> None:
    story = reopened(world, decided(world, first))
    decide(world, story, then)
    story = after(world, story)
    assert story.claim.state is ClaimState.CLOSED
    assert len(world.bank.booked) == 1
    assert (expense(world), owed(world, story)) == (then, (0, over))


def test_the_same_decision_moves_nothing_and_writes_a_letter(world: World) -> None:
    story = reopened(world, decided(world), Ground.APPEAL)
    decide(world, story, None)
    story = after(world, story)
    assert (story.claim.state, story.paid_fen, owed(world, story)) == (ClaimState.CLOSED, FULL_FEN, (0, 0))
    assert len(world.bank.booked) == 1
    assert story.notices[-1].body.endswith("本次无需补付。")


def test_what_was_paid_too_much_is_set_off_against_what_a_third_decision_owes(world: World) -> None:
    story = reopened(world, decided(world, 1_000_000))
    decide(world, story, 400_000)  # 6,000.00 too much
    story = reopened(world, after(world, story))
    review.approve(world.system, story.claim.claim_id, story.claim.version, THIRD, "")
    story = after(world, story)
    assert (story.paid_fen, expense(world), owed(world, story)) == (FULL_FEN, FULL_FEN, (0, 0))
    assert [each.amount_fen for each in world.bank.booked.values()] == [1_000_000, FULL_FEN - 1_000_000]


def test_the_ledger_tells_reversal_and_decision_one_after_the_other(world: World) -> None:
    story = reopened(world, decided(world, 400_000))
    decide(world, story, None)
    claim_id, story = story.claim.claim_id, after(world, story)
    first, second = (each.idempotency_key for each in story.payouts)
    assert [(each.event, each.debit_account, each.credit_account, each.amount_fen) for each in story.ledger] == [
        (f"decision {claim_id}/1", "claims_expense", "claims_payable", 400_000),
        (f"payment {first}", "claims_payable", "bank", 400_000),
        (f"reversal of decision {claim_id}/1", "claims_payable", "claims_expense", 400_000),
        (f"decision {claim_id}/2", "claims_expense", "claims_payable", FULL_FEN),
        (f"payment {second}", "claims_payable", "bank", FULL_FEN - 400_000),
    ]


def test_limits_are_used_by_the_decision_that_stands(world: World) -> None:
    story = decided(world)
    whole = used(world)
    story = reopened(world, story)
    assert used(world) == whole  # until the new decision
    decide(world, story, 0)
    assert used(world) == {}
    story = reopened(world, after(world, story))
    review.approve(world.system, story.claim.claim_id, story.claim.version, THIRD, "")
    assert used(world) == whole
    with world.system.database.read() as tx:  # the history stays
        rows = tx.connection.execute(t.accumulator_use.select().where(t.accumulator_use.c.superseded_by.is_not(None))).all()
    assert {(row.round, row.superseded_by) for row in rows} == {(1, 2)}


def test_a_reopened_claim_is_worked_out_without_its_own_earlier_uses(world: World) -> None:
    story = reopened(world, decided(world))
    decide(world, story, None)
    story = after(world, story)
    assert story.decision is not None and story.decision.amount_fen == FULL_FEN  # its deductible is its own again


def test_nobody_decides_anew_what_they_decided_before(world: World) -> None:
    story = reopened(world, decided(world))
    for pay_fen in (None, 1, 0):
        with pytest.raises(NotAllowedError, match="decided by lin in round 1"):
            decide(world, story, pay_fen, ADJUSTER)
    decide(world, story, None, SENIOR)


def test_a_reopened_claim_never_decides_itself(world: World) -> None:
    receipt = submit(world.system, notice(files=world.files(invoice(), summary(), id_card())))
    world.run()
    story = tell(world.system, receipt.claim_id)
    assert story.decision is not None and story.decision.actor_role == "system"
    appeal(world.system, receipt.claim_id, CUSTOMER, "还有一份资料", brings_papers=True)
    assert tell(world.system, receipt.claim_id).claim.state is ClaimState.REOPENED
    add_files(world.system, receipt.claim_id, world.files(summary(), tag="new"), CUSTOMER)
    story = after(world, story)
    assert (story.claim.state, story.claim.round, story.decision) == (ClaimState.IN_REVIEW, 2, None)


def test_a_claim_that_waits_for_new_evidence_does_not_run_out_of_time(world: World) -> None:
    story = reopened(world, decided(world), Ground.NEW_EVIDENCE)
    assert story.claim.state is ClaimState.REOPENED
    assert {each.kind for each in story.clocks if each.paused_ms} == {"decision", "advance"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_appeal_needs_a_reason(world: World, reason: str) -> None:
    story = decided(world)
    with pytest.raises(InputError) as refused:
        appeal(world.system, story.claim.claim_id, CUSTOMER, reason)
    assert refused.value.field == "reason"


def test_only_a_decided_claim_is_reopened_by_who_may_on_the_version_they_saw(world: World) -> None:
    story = decided(world)
    with pytest.raises(NotAllowedError, match="actuary"):
        reopen(world.system, story.claim.claim_id, story.claim.version, ACTUARY, "x", Ground.ERROR)
    with pytest.raises(StaleVersionError):
        reopen(world.system, story.claim.claim_id, story.claim.version - 1, SENIOR, "x", Ground.ERROR)
    story = reopened(world, story)
    with pytest.raises(ConflictError, match="only a claim that is paid or closed"):
        appeal(world.system, story.claim.claim_id, CUSTOMER, "不同意")


def test_the_chain_of_a_reopened_claim_holds(world: World) -> None:
    story = reopened(world, decided(world))
    decide(world, story, 1)
    story = after(world, story)
    with world.system.database.read() as tx:
        assert audit.find_break(tx, story.claim.claim_id) is None


def in_review(world: World) -> ClaimStory:
    strict = world.with_limits(straight_through_fen=0)
    receipt = submit(strict.system, notice(files=world.files(invoice(), summary(), id_card())))
    strict.run()
    return tell(world.system, receipt.claim_id)


@pytest.mark.parametrize("amount_fen", [1, FULL_FEN])
def test_an_advance_pays_what_is_certain_and_the_decision_the_rest(world: World, amount_fen: int) -> None:
    story = in_review(world)
    review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, amount_fen, "已确定部分先行给付")
    story = after(world, story)
    assert (story.claim.state, story.claim.round, story.paid_fen) == (ClaimState.IN_REVIEW, 2, amount_fen)
    assert [each.kind for each in story.clocks if each.met_ms is None] == ["decision"]
    assert story.adjudication is not None
    review.approve(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, "")  # who advanced may decide on the rest
    story = after(world, story)
    assert (story.paid_fen, expense(world), owed(world, story)) == (FULL_FEN, FULL_FEN, (0, 0))
    with world.system.database.read() as tx:
        kinds = [each.kind for each in decisions.decisions_of(tx, story.claim.claim_id)]
    assert kinds == [DecisionKind.ADVANCE, DecisionKind.PAY_FULL]


@pytest.mark.parametrize("amount_fen", [0, FULL_FEN + 1])
def test_an_advance_lies_between_nothing_and_what_is_certain(world: World, amount_fen: int) -> None:
    story = in_review(world)
    with pytest.raises(InputError) as refused:
        review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, amount_fen, "先行给付")
    assert refused.value.field == "amount"


def test_a_second_advance_goes_beyond_the_first(world: World) -> None:
    story = in_review(world)
    review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, 100, "先行给付")
    story = after(world, story)
    with pytest.raises(InputError, match=r"1\.00 paid before"):
        review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, 100, "先行给付")
    review.advance(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, 101, "先行给付")
    assert after(world, story).paid_fen == 101
    assert [each.amount_fen for each in world.bank.booked.values()] == [100, 1]


@pytest.mark.parametrize(
    ("pay_fen", "part"), [(None, Fraction(1)), (1, Fraction(1, FULL_FEN)), (FULL_FEN - 1, Fraction(FULL_FEN - 1, FULL_FEN))]
)
def test_a_limit_is_used_by_what_is_paid_and_a_deductible_by_what_was_borne(world: World, pay_fen: int | None, part: Fraction) -> None:
    story = decided(world, pay_fen)
    assert story.adjudication is not None
    uses = [use for each in story.adjudication.policies for result in each.assessment.results for use in result.uses]
    expected = {use.key: use.used_now * (part if use.counts_payout else 1) for use in uses}
    assert used(world) == {key: amount for key, amount in expected.items() if amount}
    assert {use.counts_payout for use in uses if use.used_now} == {True, False}


def test_a_claim_whose_new_evidence_never_comes_goes_to_people_and_its_time_runs_on(world: World) -> None:
    story = reopened(world, decided(world), Ground.NEW_EVIDENCE)
    with pytest.raises(InputError):
        stop_waiting(world.system, story.claim.claim_id, story.claim.version, SENIOR, " ")
    stop_waiting(world.system, story.claim.claim_id, story.claim.version, SENIOR, "客户表示没有新资料")
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.claim.round) == (ClaimState.IN_REVIEW, 2)
    assert [each.kind for each in story.clocks if each.paused_ms] == []
    with pytest.raises(ConflictError):
        stop_waiting(world.system, story.claim.claim_id, story.claim.version, SENIOR, "再次")
