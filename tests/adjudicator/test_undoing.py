"""A verdict takes effect a minute after it was given, not before; until then whoever gave it takes it back, and nobody else acts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from adjudicator import concluding, correcting, desk, merging, review, undoing, withdrawing
from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from adjudicator.system import System
from adjudicator.worker import drain, work_once
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotAllowedError, StaleVersionError
from domain.states import ClaimState
from storage import access, audit, tasks, verdicts
from storage.access import Staff
from storage.database import Transaction
from storage.desk import count_mentions
from tests.adjudicator.world import ADJUSTER, OTHER, SENIOR, World, id_card, invoice, notice, summary

PROPOSED_FEN, MINUTE_MS = 1_550_000, 60_000
COLLEAGUE = Staff("chen", "陈", "adjuster", 5_000_000)


@dataclass
class Desk:
    """A world whose clock is turned by hand, with one claim that waits for a person."""

    world: World
    claim_id: str
    ahead_ms: int = 0

    @property
    def system(self) -> System:
        return self.world.system

    def story(self) -> ClaimStory:
        return tell(self.system, self.claim_id)

    def version(self) -> int:
        return self.story().claim.version

    def pass_ms(self, milliseconds: int) -> None:
        """Let time go by, and let the workers do what became due."""
        self.ahead_ms += milliseconds
        drain(self.system)

    def approve(self, staff: Staff = ADJUSTER) -> undoing.Given:
        return review.approve(self.system, self.claim_id, self.version(), staff, "")

    def actions(self) -> list[str]:
        with self.system.database.read() as tx:
            return [each.action for each in audit.entries(tx, self.claim_id)]


@pytest.fixture
def reviewed(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A claim of 15,500.00 before a person; time stands still, so that a millisecond before the end can be tried."""
    strict = world.with_limits(straight_through_fen=0, undo_ms=MINUTE_MS)
    with strict.system.database.write() as tx:
        began = tx.now_ms()
        for each in (ADJUSTER, SENIOR, COLLEAGUE):
            access.save_staff(tx, each, "a long enough password")
    made = Desk(strict, "")
    monkeypatch.setattr(Transaction, "now_ms", lambda _tx: began + made.ahead_ms)
    made.claim_id = submit(strict.system, notice(files=strict.files(invoice(), summary(), id_card()))).claim_id
    strict.run()
    return made


@pytest.mark.parametrize(
    ("after_ms", "state", "paid_fen"), [(MINUTE_MS - 1, ClaimState.IN_REVIEW, 0), (MINUTE_MS, ClaimState.PAID, PROPOSED_FEN)]
)
def test_money_moves_when_the_minute_is_over_and_not_a_millisecond_before(
    reviewed: Desk, after_ms: int, state: ClaimState, paid_fen: int
) -> None:
    given = reviewed.approve()
    assert given.outcome.amount_fen == PROPOSED_FEN
    reviewed.pass_ms(after_ms)
    story = reviewed.story()
    assert (story.claim.state, story.paid_fen) == (state, paid_fen)
    assert bool(story.ledger) is bool(paid_fen)


def test_what_is_taken_back_never_happens(reviewed: Desk) -> None:
    reviewed.approve()
    reviewed.pass_ms(MINUTE_MS - 1)
    assert undoing.undo(reviewed.system, reviewed.claim_id, ADJUSTER).act == "approve"
    reviewed.pass_ms(10 * MINUTE_MS)
    story = reviewed.story()
    assert (story.claim.state, story.decision, story.ledger) == (ClaimState.IN_REVIEW, None, ())
    assert [each for each in reviewed.actions() if each.startswith("verdict")] == ["verdict.given", "verdict.undone"]


def test_a_minute_later_it_is_final_even_when_no_worker_came_yet(reviewed: Desk) -> None:
    reviewed.approve()
    reviewed.ahead_ms += MINUTE_MS
    with pytest.raises(ConflictError, match="taken back"):
        undoing.undo(reviewed.system, reviewed.claim_id, ADJUSTER)


def test_only_whoever_decided_takes_it_back(reviewed: Desk) -> None:
    reviewed.approve()
    with pytest.raises(NotAllowedError, match="lin decided"):
        undoing.undo(reviewed.system, reviewed.claim_id, SENIOR)


def _correct(each: Desk) -> None:
    document = each.story().documents[0].document_id
    correcting.correct_field(each.system, document, "total_fen", "1.00", SENIOR)


OTHERS: dict[str, Callable[[Desk], object]] = {
    "approve": lambda each: each.approve(COLLEAGUE),
    "approve twice": lambda each: each.approve(ADJUSTER),
    "ask": lambda each: review.ask(each.system, each.claim_id, each.version(), COLLEAGUE, ("病历",)),
    "correct": _correct,
    "set aside": lambda each: desk.set_aside(each.system.database, each.claim_id, each.version(), COLLEAGUE, 1, "等"),
    "conclude": lambda each: concluding.conclude_investigation(each.system, each.claim_id, SENIOR, False, "查过"),
    "withdraw for": lambda each: withdrawing.withdraw_for(each.system, each.claim_id, each.version(), COLLEAGUE, "来电"),
    "merge": lambda each: merging.merge(each.system, each.claim_id, each.claim_id, each.version(), COLLEAGUE, "同一事故"),
}


@pytest.mark.parametrize("act", OTHERS.values(), ids=OTHERS.keys())
def test_nobody_acts_on_a_claim_while_a_verdict_waits(reviewed: Desk, act: Callable[[Desk], object]) -> None:
    reviewed.approve()
    before = reviewed.version()
    with pytest.raises(ConflictError, match="lin decided claim"):
        act(reviewed)
    assert reviewed.version() == before
    reviewed.pass_ms(MINUTE_MS)
    assert reviewed.story().paid_fen == PROPOSED_FEN


def test_what_stands_against_a_verdict_is_told_at_once_and_nothing_is_kept(reviewed: Desk) -> None:
    before = reviewed.actions()
    for act in (
        lambda: review.pay_part(reviewed.system, reviewed.claim_id, reviewed.version(), SENIOR, PROPOSED_FEN, "部分"),
        lambda: review.decline(reviewed.system, reviewed.claim_id, reviewed.version(), SENIOR, "无关", ""),
        lambda: review.ask(reviewed.system, reviewed.claim_id, reviewed.version(), SENIOR, ()),
    ):
        with pytest.raises(InputError):
            act()
    with pytest.raises(NotAllowedError):
        reviewed.approve(replace(ADJUSTER, authority_fen=PROPOSED_FEN - 1))
    with pytest.raises(StaleVersionError):
        review.approve(reviewed.system, reviewed.claim_id, reviewed.version() - 1, ADJUSTER, "")
    assert reviewed.actions() == before


DEFERRED: dict[str, tuple[Callable[[Desk], object], ClaimState]] = {
    "part": (lambda e: review.pay_part(e.system, e.claim_id, e.version(), ADJUSTER, 100, "部分"), ClaimState.PAID),
    "decline": (lambda e: review.decline(e.system, e.claim_id, e.version(), ADJUSTER, "无关", "第七条"), ClaimState.CLOSED),
    "ask": (lambda e: review.ask(e.system, e.claim_id, e.version(), ADJUSTER, ("病历",)), ClaimState.NEEDS_SUPPLEMENT),
    "investigate": (lambda e: review.investigate(e.system, e.claim_id, e.version(), ADJUSTER, "查"), ClaimState.IN_INVESTIGATION),
}


@pytest.mark.parametrize(("act", "state"), DEFERRED.values(), ids=DEFERRED.keys())
def test_every_verdict_waits_for_its_minute(reviewed: Desk, act: Callable[[Desk], object], state: ClaimState) -> None:
    notices = len(reviewed.story().notices)
    act(reviewed)
    reviewed.pass_ms(MINUTE_MS - 1)
    assert (reviewed.story().claim.state, len(reviewed.story().notices)) == (ClaimState.IN_REVIEW, notices)
    reviewed.pass_ms(1)
    assert reviewed.story().claim.state is state


def test_a_claim_that_the_customer_withdraws_is_not_decided(reviewed: Desk) -> None:
    reviewed.approve()
    withdrawing.withdraw(reviewed.system, reviewed.claim_id, Actor("app", "app"), "不申请了")
    reviewed.pass_ms(MINUTE_MS)
    assert reviewed.story().claim.state is ClaimState.WITHDRAWN
    assert "verdict.fell" in reviewed.actions()


def _leave(each: Desk) -> None:
    with each.system.database.write() as tx:
        access.shut_out(tx, ADJUSTER.user_name)


def _lose_authority(each: Desk) -> None:
    with each.system.database.write() as tx:
        access.save_staff(tx, replace(ADJUSTER, authority_fen=PROPOSED_FEN - 1), "a long enough password")


def _use_the_limit(each: Desk) -> None:
    with each.system.database.write() as tx:
        pending = verdicts.find(tx, each.claim_id)
        assert pending is not None
        verdicts.keep(tx, replace(pending, outcome=verdicts.Outcome(PROPOSED_FEN + 1)))


def _change(each: Desk) -> None:
    from storage import claims

    with each.system.database.write() as tx:
        claims.note_facts(tx, each.claim_id, loss_date=date(2025, 8, 14))


@pytest.mark.parametrize("meanwhile", [_leave, _lose_authority, _use_the_limit, _change], ids=lambda each: each.__name__[1:])
def test_a_verdict_falls_when_it_would_not_be_the_same_any_more(reviewed: Desk, meanwhile: Callable[[Desk], None]) -> None:
    reviewed.approve()
    meanwhile(reviewed)
    reviewed.pass_ms(MINUTE_MS)
    story = reviewed.story()
    assert (story.claim.state, story.decision, story.ledger) == (ClaimState.IN_REVIEW, None, ())
    assert reviewed.actions()[-1] == "verdict.fell"
    with reviewed.system.database.read() as tx:
        assert count_mentions(tx, ADJUSTER.user_name) == 1
        assert verdicts.find(tx, reviewed.claim_id) is None
    assert reviewed.approve(SENIOR).due_ms is not None


def test_a_verdict_after_an_undone_one_has_a_minute_of_its_own(reviewed: Desk) -> None:
    reviewed.approve()
    reviewed.pass_ms(MINUTE_MS // 2)
    undoing.undo(reviewed.system, reviewed.claim_id, ADJUSTER)
    review.decline(reviewed.system, reviewed.claim_id, reviewed.version(), ADJUSTER, "无关", "第七条")
    reviewed.pass_ms(MINUTE_MS - 1)
    assert reviewed.story().claim.state is ClaimState.IN_REVIEW
    reviewed.pass_ms(1)
    story = reviewed.story()
    assert story.decision is not None and (story.decision.kind, story.paid_fen) == ("decline", 0)


def test_a_worker_that_is_killed_while_it_carries_out_loses_and_repeats_nothing(reviewed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.approve()
    reviewed.ahead_ms += MINUTE_MS
    finish = tasks.finish

    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("adjudicator.undoing.tasks.finish", die)
    with pytest.raises(SystemExit):
        work_once(reviewed.system)
    monkeypatch.setattr("adjudicator.undoing.tasks.finish", finish)
    assert reviewed.story().ledger == ()
    reviewed.pass_ms(reviewed.system.limits.lease_ms)
    story = reviewed.story()
    assert (story.paid_fen, len(story.payouts)) == (PROPOSED_FEN, 1)


def test_a_verdict_that_cannot_be_carried_out_for_an_error_of_ours_gives_the_claim_back(
    reviewed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.approve()

    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("adjudicator.undoing._who", fail)
    for _ in range(reviewed.system.limits.max_attempts):
        reviewed.pass_ms(2 * MINUTE_MS)
    story = reviewed.story()
    assert (story.claim.state, "RuntimeError" in story.error) == (ClaimState.IN_REVIEW, True)
    monkeypatch.undo()
    with reviewed.system.database.read() as tx:
        assert verdicts.find(tx, reviewed.claim_id) is None


def test_a_stranger_s_words_stay_sealed(reviewed: Desk) -> None:
    review.decline(reviewed.system, reviewed.claim_id, reviewed.version(), ADJUSTER, f"与{OTHER.name}无关", "第七条")
    with reviewed.system.database.read() as tx:
        stored = tx.connection.exec_driver_sql("SELECT wanted_enc FROM pending_verdict").scalar_one()
    assert OTHER.name.encode() not in bytes(stored)
