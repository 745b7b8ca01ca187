"""Withdrawal (撤案): before a decision, who claimed may take the claim back; nothing was owed, so nothing is booked.

Its papers are free again: on another claim of the same insured they count as a note, not as a doubt (adjudicator/duplicates.py).
"""

from adjudicator import clocks
from adjudicator.pending import check_none_pending, let_fall
from adjudicator.people import HANDLERS, actor_of, check_role, check_version
from adjudicator.system import System
from adjudicator.telling import notify
from domain.decision import Actor
from domain.errors import ConflictError, InputError
from domain.states import CLAIM_MOVES, ClaimState
from storage import audit, claims, tasks
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction


def withdraw(system: System, claim_id: str, actor: Actor, reason: str = "", *, version: int | None = None) -> None:
    """Withdraw a claim, as the customer asks through the app or the hotline; with a version, only while the claim has that.

    Raises:
        NotFoundError: no such claim.
        ConflictError: it is decided, or was decided before.
        StaleVersionError: it has another version.
    """
    with system.database.write() as tx:
        withdraw_claim(tx, check_version(tx, claims.get_claim(tx, claim_id, lock=True), version), actor, reason)


def withdraw_for(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> None:
    """Withdraw a claim for a customer who asked for it in another way; raises as `withdraw` does, and as `people.take_claim`."""
    check_role(staff, HANDLERS)
    if not reason.strip():
        raise InputError("withdrawing for a customer needs a reason", "write who asked for it, and how", field="reason")
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        check_none_pending(tx, claim_id)
        withdraw_claim(tx, claim, actor_of(staff), reason)


def check_undecided(claim: ClaimRecord, to: ClaimState) -> None:
    """Make sure that a claim was never decided, and may still leave the path.

    Raises:
        ConflictError: it was.
    """
    if claim.round > 1 or to not in CLAIM_MOVES[claim.state]:
        told = f"claim {claim.claim_id} is {claim.state} in round {claim.round}"
        raise ConflictError(told, "only a claim that was never decided is withdrawn or merged; a decision is changed by reopening")


def withdraw_claim(tx: Transaction, claim: ClaimRecord, actor: Actor, reason: str) -> None:
    """Withdraw a claim that is locked; raises as `withdraw` does."""
    check_undecided(claim, ClaimState.WITHDRAWN)
    let_fall(tx, claim.claim_id, "the claim was withdrawn")
    claims.move(tx, claim.claim_id, ClaimState.WITHDRAWN, actor, {"reason": audit.Said(reason)})
    tasks.drop(tx, claim.claim_id)
    clocks.withdrawn(tx, claim.claim_id)
    body = f"您的案件 {claim.claim_id} 已按您的申请撤回，我们没有作出赔付决定。同一事故您以后仍可以重新申请，资料可再次使用。"
    notify(tx, claim, "withdrawn", "案件已撤回", body)
