"""Arranging an offset (抵销): staff decide that the payout of a claim is to be made smaller by what another one owes, within the law."""

from datetime import timedelta

from adjudicator.china_time import today
from adjudicator.offsetting import LAW, check_is_debtor
from adjudicator.owing import recoverable_fen
from adjudicator.payees import was_settled
from adjudicator.pending import check_none_pending
from adjudicator.people import DECIDERS, actor_of, check_role, check_with_people
from adjudicator.recovering import DAYS_TO_REPAY, check_authority, check_settled, last_asked
from adjudicator.system import System
from domain.china import china_day
from domain.errors import ConflictError, InputError
from domain.money import format_fen
from storage import audit, claims, recoveries
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.recoveries import ArrangedOffset

_YEARS_OF_A_DEBT = 3  # 民法典 art. 188; each notice begins them anew (art. 195)


def arrange(system: System, claim_id: str, owing_id: str, amount_fen: int, staff: Staff, reason: str, *, agreed: bool = False) -> None:
    """Have the decision of a claim, which is with people, pay `amount_fen` less because another one owes it. Nothing moves before.

    `agreed`: the customer agreed in writing (民法典 art. 569), and need not have been asked to pay back first.

    Raises:
        NotAllowedError: a role that decides nothing, or beyond the authority.
        InputError: no reason, no amount, the same claim, or another insured's.
        ConflictError: the claim is not with people; the other owes less, or is being decided anew; the debt is not due yet, or too old;
            somebody else than the insured is paid.
    """
    check_role(staff, DECIDERS)
    if not reason.strip():
        raise InputError("an offset needs a reason", "write why it is set off, and how the customer was told", field="reason")
    if amount_fen <= 0:
        raise InputError(f"{format_fen(amount_fen)} is no amount to set off", "give one of 0.01 or more", field="amount")
    check_authority(staff, amount_fen)
    with system.database.write() as tx:
        for each in sorted({claim_id, owing_id}):
            claims.get_claim(tx, each, lock=True)
        claim, owing = claims.get_claim(tx, claim_id), claims.get_claim(tx, owing_id)
        if claim_id == owing_id or claim.insured_id != owing.insured_id:
            told = f"claims {claim_id} and {owing_id} are not two claims of one insured"
            raise InputError(told, "only what the same person owes on another claim is set off", field="from")
        check_with_people(claim)
        check_none_pending(tx, claim_id)
        check_is_debtor(tx, claim)
        _check_debt(tx, owing, amount_fen, agreed)
        recoveries.arrange_offset(tx, ArrangedOffset(claim_id, claim.round, owing_id, amount_fen, staff.user_name))
        claims.note_facts(tx, claim_id)  # a decision that was made on the page before must not go through
        told_in_audit = {"amount_fen": amount_fen, "reason": audit.Said(reason.strip()), "agreed": agreed}
        for each, other in ((claim_id, owing_id), (owing_id, claim_id)):
            audit.append(tx, each, actor_of(staff), "offset.arranged", {**told_in_audit, "claim": other})


def cancel(system: System, claim_id: str, staff: Staff) -> None:
    """Call off an offset that is not booked yet.

    Raises:
        NotAllowedError: a role that decides nothing.
        ConflictError: none was arranged, or the claim is decided.
    """
    check_role(staff, DECIDERS)
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        check_with_people(claim)
        if not recoveries.drop_offset(tx, claim_id, claim.round):
            raise ConflictError(f"no offset is arranged for claim {claim_id}", "nothing to do")
        claims.note_facts(tx, claim_id)
        audit.append(tx, claim_id, actor_of(staff), "offset.cancelled", {})


def _check_debt(tx: Transaction, owing: ClaimRecord, amount_fen: int, agreed: bool) -> None:
    check_settled(owing)
    if was_settled(tx, owing):
        told = f"claim {owing.claim_id} was paid to the hospital {owing.reporter_name}: the insured owes nothing on it"
        raise ConflictError(told, "settle it with the hospital")
    owed = recoverable_fen(tx, owing.claim_id)
    if amount_fen > owed:
        told = f"claim {owing.claim_id} owes {format_fen(owed)}, and not {format_fen(amount_fen)}"
        raise ConflictError(told, "give what is owed, or less")
    if agreed:
        return
    asked = last_asked(tx, owing.claim_id)
    if asked is None:
        told = f"the customer was not asked to pay back what claim {owing.claim_id} owes"
        raise ConflictError(told, f"ask first: claim demand {owing.claim_id}; or have their agreement in writing: --agreed")
    day, due = today(tx), china_day(asked) + timedelta(days=DAYS_TO_REPAY)
    if day <= due:
        raise ConflictError(
            f"claim {owing.claim_id} may be paid back until {due} ({LAW})", "wait, or have their agreement in writing: --agreed"
        )
    if (day - due).days > _YEARS_OF_A_DEBT * 365:
        told = f"claim {owing.claim_id} was asked for on {china_day(asked)}, more than {_YEARS_OF_A_DEBT} years ago (民法典 art. 188)"
        raise ConflictError(told, "have their agreement in writing (--agreed), or write it off")
