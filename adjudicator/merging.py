"""Merging duplicates (重复报案): one loss that was reported twice becomes one claim; the other's papers go over to it.

A paper that the remaining claim has already (the same bytes) stays where it is. What goes over is read if it was not, and
the remaining claim is worked out anew: by its path when papers are still to be read, else before the person who has it.
"""

from adjudicator import clocks
from adjudicator.pending import check_none_pending
from adjudicator.people import DECIDERS, WITH_PEOPLE, actor_of, check_role, check_version, work_again
from adjudicator.system import System
from adjudicator.telling import notify
from adjudicator.withdrawing import check_undecided
from domain.decision import Actor
from domain.errors import ConflictError, InputError
from domain.states import ClaimState, DocumentState
from storage import audit, claims, documents, tasks
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction

_WAITING = (ClaimState.REPORTED, ClaimState.NEEDS_SUPPLEMENT, ClaimState.REOPENED)  # for papers


def merge(system: System, claim_id: str, into_id: str, version: int, staff: Staff, reason: str) -> None:
    """Mark a claim as a duplicate of another of the same insured, and give its papers to that one.

    Raises:
        NotAllowedError: a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        NotFoundError: no such claim.
        InputError: it is the same claim, or another insured's.
        ConflictError: the claim was decided; or the other one cannot take papers now.
    """
    check_role(staff, DECIDERS)
    with system.database.write() as tx:
        for each in sorted({claim_id, into_id}):  # in one order, so that two people never wait for each other
            claims.get_claim(tx, each, lock=True)
        claim, into = claims.get_claim(tx, claim_id), claims.get_claim(tx, into_id)
        check_version(tx, claim, version)
        for each in (claim_id, into_id):
            check_none_pending(tx, each)
        _check_pair(claim, into)
        check_undecided(claim, ClaimState.DUPLICATE)
        actor = actor_of(staff)
        moved = documents.move_documents(tx, claim_id, into_id)
        claims.move(tx, claim_id, ClaimState.DUPLICATE, actor, {"into": into_id, "reason": audit.Said(reason), "count": len(moved)})
        tasks.drop(tx, claim_id)
        clocks.withdrawn(tx, claim_id)
        notify(tx, claim, "merged", "重复报案已合并", f"您的案件 {claim_id} 与案件 {into_id} 为同一事故，已合并处理，请以后者为准。")
        if moved:
            audit.append(tx, into_id, actor, "documents.merged", {"from": claim_id, "documents": list(moved), "count": len(moved)})
            _go_on(system, tx, into, actor)
    system.wake()


def _check_pair(claim: ClaimRecord, into: ClaimRecord) -> None:
    if claim.claim_id == into.claim_id:
        raise InputError(f"claim {claim.claim_id} is no duplicate of itself", "give the number of the other claim", field="into")
    if claim.insured_id != into.insured_id:
        raise InputError(f"claim {into.claim_id} is another insured's", "only claims of one insured are merged", field="into")
    if into.state in (ClaimState.WITHDRAWN, ClaimState.DUPLICATE):
        raise ConflictError(f"claim {into.claim_id} is {into.state}", "merge into the claim that goes on")


def _go_on(system: System, tx: Transaction, into: ClaimRecord, actor: Actor) -> None:
    """Let the remaining claim take the papers in, as far as its state lets it."""
    claim_id = into.claim_id
    unread = any(each.state is DocumentState.RECEIVED for each in documents.documents_of(tx, claim_id))
    if into.state in _WAITING:
        if into.state is ClaimState.REPORTED:
            claims.move(tx, claim_id, ClaimState.SUBMITTED, actor)
        clocks.start_decision(tx, claim_id)
        clocks.papers_arrived(tx, claim_id)
        tasks.open_task(tx, claim_id, "read", into.round)
    elif into.state in WITH_PEOPLE and not unread:
        work_again(system, tx, claims.get_claim(tx, claim_id), actor)
    elif into.state is ClaimState.IN_REVIEW:
        claims.move(tx, claim_id, ClaimState.READING, actor)
        tasks.open_task(tx, claim_id, "read", into.round)
    else:
        told = f"claim {claim_id} is {into.state} and cannot take papers now"
        raise ConflictError(told, "while it is read, wait a moment; once it is decided, reopen it on new evidence first")
