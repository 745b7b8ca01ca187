"""Reopening (重新立案): a decided claim is decided anew: after an appeal (申诉), an error (差错), or new evidence (新证据).

The earlier decision stands until the new one takes its place (adjudicator/decide.py): papers, ledger and used limits stay
as they are. A reopened claim never decides itself, and nobody decides it who decided it before.
"""

from enum import StrEnum

from adjudicator import clocks
from adjudicator.four_eyes import decided_before
from adjudicator.payees import NOBODY, is_hospitals
from adjudicator.people import DECIDERS, actor_of, check_role, check_version
from adjudicator.system import System
from adjudicator.telling import notify
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.states import ClaimState
from storage import audit, claims, decisions, erasure
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction


class Ground(StrEnum):
    """Why a claim is taken up again."""

    APPEAL = "appeal"  # 申诉: the customer does not agree
    ERROR = "error"  # 差错: the mistake is ours
    NEW_EVIDENCE = "new_evidence"  # 新证据: papers that nobody had


GROUNDS_ZH = {Ground.APPEAL: "申诉", Ground.ERROR: "差错", Ground.NEW_EVIDENCE: "新证据"}
WAITING = (ClaimState.NEEDS_SUPPLEMENT, ClaimState.REOPENED)  # for papers of the customer
_DECIDED = (ClaimState.PAID, ClaimState.CLOSED)


def reopen(system: System, claim_id: str, version: int, staff: Staff, reason: str, ground: Ground) -> None:
    """Take a decided claim up again. On new evidence it waits for the papers, otherwise for people; who decides works it out anew.

    Raises:
        NotAllowedError: a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        ConflictError: the claim is not decided, or its payment is still under way; it was erased; or it is a hospital's settlement that was
            cancelled.
    """
    check_role(staff, DECIDERS)
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        _take_up(tx, claim, actor_of(staff), reason, ground)


def appeal(system: System, claim_id: str, actor: Actor, reason: str, *, brings_papers: bool = False, version: int | None = None) -> None:
    """Take a customer's appeal (申诉): the claim goes to people, or takes papers first when the customer brings any.

    With a version, only while the claim has that.

    Raises:
        InputError: no reason.
        ConflictError: the claim is not decided, or its payment is still under way.
        StaleVersionError: it has another version.
    """
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        _take_up(tx, claim, actor, reason, Ground.NEW_EVIDENCE if brings_papers else Ground.APPEAL)


def stop_waiting(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> None:
    """Take a claim to people although the papers it waits for did not come; raises as `reopen` does."""
    check_role(staff, DECIDERS)
    if not reason.strip():
        raise InputError("ending the wait for papers needs a reason", "write what the customer said", field="reason")
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        if claim.state not in WAITING:
            raise ConflictError(f"claim {claim_id} is {claim.state} and waits for no papers", "reload the page")
        claims.move(tx, claim_id, ClaimState.IN_REVIEW, actor_of(staff), {"reason": audit.Said(reason)})
        clocks.papers_arrived(tx, claim_id)


def go_on_after_advance(tx: Transaction, claim: ClaimRecord, actor: Actor) -> None:
    """Give a claim of which a part was paid in advance back to people: what was worked out before lies before them."""
    _begin_round(tx, claim, actor, {"ground": "advance"})
    claims.move(tx, claim.claim_id, ClaimState.IN_REVIEW, actor)


def check_four_eyes(tx: Transaction, claim: ClaimRecord, staff: Staff) -> None:
    """Make sure that nobody decides anew what they decided before; who advanced a part may decide on the rest.

    Raises:
        NotAllowedError: they did.
    """
    if round_ := decided_before(tx, claim).get(staff.user_name):
        told = f"claim {claim.claim_id} was decided by {staff.user_name} in round {round_}"
        raise NotAllowedError(told, "a reopened claim is decided by somebody else: hand it to a colleague")


def _begin_round(tx: Transaction, claim: ClaimRecord, actor: Actor, told: dict[str, object]) -> None:
    """Begin a new round; what was worked out in the last one is where people begin."""
    done = decisions.find_adjudication(tx, claim.claim_id, claim.round)
    claims.move(tx, claim.claim_id, ClaimState.REOPENED, actor, told)
    claims.begin_round(tx, claim.claim_id)
    if done:
        decisions.save_adjudication(tx, claim.claim_id, claim.round + 1, done)


def _take_up(tx: Transaction, claim: ClaimRecord, actor: Actor, reason: str, ground: Ground) -> None:
    if not reason.strip():
        raise InputError("reopening a claim needs a reason", "write what is to be decided anew, and why", field="reason")
    if claim.state not in _DECIDED:
        told = f"claim {claim.claim_id} is {claim.state}"
        raise ConflictError(told, "only a claim that is paid or closed is reopened; one whose payment bounced needs an account first")
    if erasure.erased_ms(tx, claim.claim_id):
        raise ConflictError(f"claim {claim.claim_id} was erased", "its papers are gone for good: nothing of it is printed or decided anew")
    if decisions.find_kind(tx, claim.claim_id, claim.round) is DecisionKind.CANCELLED:
        told = f"the settlement of claim {claim.claim_id} was taken back, and with it the bill it was decided from"
        raise ConflictError(told, "the patient claims anew with the hospital's invoice; the hospital settles under a new number")
    waits = ground is Ground.NEW_EVIDENCE and claim.settlement_json is None  # a hospital's settlement has no papers to add to
    _begin_round(tx, claim, actor, {"ground": ground, "reason": audit.Said(reason)})
    clocks.reopened(tx, claim.claim_id)
    if claim.settlement_json is not None and is_hospitals(tx, claim, claim.payee or NOBODY):
        claims.set_payee(tx, claim.claim_id, NOBODY)  # the hospital has got what it was told: what is added is the insured's
    if waits:
        clocks.papers_asked(tx, claim.claim_id)
    else:
        claims.move(tx, claim.claim_id, ClaimState.IN_REVIEW, actor)
    next_step = "请补交新的资料，收到后我们重新审核" if waits else "我们将由另一位理赔员重新审核"
    body = f"您的案件 {claim.claim_id} 因{GROUNDS_ZH[ground]}重新受理，{next_step}。此前的决定在新的决定作出之前继续有效。"
    notify(tx, claims.get_claim(tx, claim.claim_id), "reopened", "案件已重新受理", body)
