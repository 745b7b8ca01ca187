"""What people do with a claim that does not decide itself: approve, pay in part, decline, advance, ask, investigate;
hand it on (adjudicator/referring.py).

Each act works within its caller's transaction and tells what it comes to. Every act names the version of the claim it was
decided on; when somebody else saved in between, nothing happens. When an act takes effect: adjudicator/undoing.py.
"""

from collections.abc import Callable

from adjudicator import clocks
from adjudicator.adjudicate import Worked
from adjudicator.decide import Verdict, decide
from adjudicator.letters import tell_given, write_supplement
from adjudicator.offsetting import lock_with_owing
from adjudicator.owing import paid_fen
from adjudicator.people import HANDLERS, actor_of, take_claim, work_again
from adjudicator.referring import escalate, refer
from adjudicator.reopening import check_four_eyes
from adjudicator.system import System
from adjudicator.telling import notify
from domain.decision import DecisionKind
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.states import ClaimState
from storage import audit, claims, notices
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.verdicts import Outcome, Wanted


def approve(system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Give what the rules propose, money and waived premiums, worked out anew with the limits as they are now.

    Raises:
        NotAllowedError: beyond the authority, or a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        ConflictError: the claim is with nobody, a verdict waits on it, or the rules cannot tell an amount yet.
    """
    offset = lock_with_owing(tx, claim_id)
    claim, worked = _work_to_decide(system, tx, claim_id, version, staff)
    amount_fen, waived_fen = worked.adjudication.proposed_fen, worked.adjudication.waived_fen
    _check_authority(staff, amount_fen + waived_fen)
    if amount_fen == waived_fen == 0:
        raise ConflictError(
            f"the rules propose nothing for claim {claim_id}", "decline it with a clause, ask for papers, or correct a field"
        )
    verdict = Verdict(DecisionKind.PAY_FULL, amount_fen, wanted.reason or f"人工审核通过，按条款{tell_given(amount_fen, waived_fen)}")
    decide(tx, claims.get_claim(tx, claim_id), worked.adjudication, verdict, actor_of(staff), claim.payee, offset)
    return Outcome(amount_fen, waived_fen)


def pay_part(system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Pay less than the rules propose, for a reason that the customer will read; raises as `approve` does."""
    if not wanted.reason.strip():
        raise InputError("a part payment needs a reason", "write what is not paid, and why", field="reason")
    offset = lock_with_owing(tx, claim_id)
    claim, worked = _work_to_decide(system, tx, claim_id, version, staff)
    proposed = worked.adjudication.proposed_fen
    if not 0 < wanted.amount_fen < proposed:
        told = f"{format_fen(wanted.amount_fen)} is not between 0.01 and what the rules propose, {format_fen(proposed)}"
        raise InputError(told, "approve it in full, decline it, or give an amount in between", field="amount")
    _check_authority(staff, wanted.amount_fen)
    verdict = Verdict(DecisionKind.PAY_PART, wanted.amount_fen, wanted.reason)
    decide(tx, claims.get_claim(tx, claim_id), worked.adjudication, verdict, actor_of(staff), claim.payee, offset)
    return Outcome(wanted.amount_fen)


def decline(system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Decline a claim, citing the clause and the reason that the letter will give; raises as `approve` does."""
    for name, text in (("clause", wanted.clause), ("reason", wanted.reason)):
        if not text.strip():
            raise InputError(f"declining needs a {name}", "the letter of refusal must give both the clause and the reason", field=name)
    claim, worked = _work_to_decide(system, tx, claim_id, version, staff)
    _check_authority(staff, worked.adjudication.proposed_fen)
    verdict = Verdict(DecisionKind.DECLINE, 0, wanted.reason, wanted.clause)
    decide(tx, claims.get_claim(tx, claim_id), worked.adjudication, verdict, actor_of(staff), claim.payee)
    return Outcome(0)


def advance(system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Pay what is certain already (先行给付, art. 25): an amount in all, with what was paid before; the claim stays with people.

    The decision that follows pays only the rest. Raises as `approve` does.
    """
    if not wanted.reason.strip():
        raise InputError("an advance needs a reason", "write what is certain, and what is still open", field="reason")
    claim, worked = _work_to_decide(system, tx, claim_id, version, staff)
    amount_fen, proposed, paid = wanted.amount_fen, worked.adjudication.proposed_fen, paid_fen(tx, claim_id)
    if not paid < amount_fen <= proposed:
        told = f"{format_fen(amount_fen)} is not above the {format_fen(paid)} paid before, and up to the {format_fen(proposed)} proposed"
        raise InputError(told, "give an amount in between; what is not certain waits for the decision", field="amount")
    _check_authority(staff, amount_fen)
    verdict = Verdict(DecisionKind.ADVANCE, amount_fen, wanted.reason)
    decide(tx, claims.get_claim(tx, claim_id), worked.adjudication, verdict, actor_of(staff), claim.payee)
    return Outcome(amount_fen)


def investigate(_system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Hand a claim to the investigators."""
    take_claim(tx, claim_id, version, staff, HANDLERS)
    claims.move(tx, claim_id, ClaimState.IN_INVESTIGATION, actor_of(staff), {"reason": audit.Said(wanted.reason)})
    return Outcome()


def ask(_system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Send the one supplement notice, with everything that is missing.

    Raises:
        InputError: nothing is asked for.
        ConflictError: the one notice went out before.
    """
    gaps = tuple(Finding("document.asked", Severity.BLOCK, each.strip(), "请补交") for each in wanted.items if each.strip())
    if not gaps:
        raise InputError("nothing is asked for", "write what the customer must send, one item a line", field="items")
    claim = take_claim(tx, claim_id, version, staff, HANDLERS)
    if any(each.kind == "supplement" and each.round == claim.round for each in notices.notices_of(tx, claim_id)):
        raise ConflictError(
            f"the one supplement notice of claim {claim_id} went out before", "decide with what is there, or call the customer"
        )
    claims.move(tx, claim_id, ClaimState.NEEDS_SUPPLEMENT, actor_of(staff), {"gaps": len(gaps)})
    subject, body = write_supplement(claim, gaps)
    notify(tx, claim, "supplement", subject, body, gaps)
    clocks.papers_asked(tx, claim_id)
    return Outcome()


def _work_to_decide(system: System, tx: Transaction, claim_id: str, version: int, staff: Staff) -> tuple[ClaimRecord, Worked]:
    """Take a claim that somebody wants to decide, and work it out with the limits as they are now."""
    claim = take_claim(tx, claim_id, version, staff)
    check_four_eyes(tx, claim, staff)
    return claim, work_again(system, tx, claim, actor_of(staff))


def _check_authority(staff: Staff, amount_fen: int) -> None:
    if amount_fen > staff.authority_fen:
        told = f"{format_fen(amount_fen)} is beyond the authority of {staff.user_name}, {format_fen(staff.authority_fen)}"
        raise NotAllowedError(told, "hand it to somebody with more authority")


Act = Callable[[System, Transaction, str, int, Staff, Wanted], Outcome]
ACTS: dict[str, Act] = {each.__name__: each for each in (approve, pay_part, decline, advance, investigate, ask, refer, escalate)}
