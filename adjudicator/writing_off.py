"""Writing off (核销): a receivable that will not come is given up. Up to one's authority alone, above it with a second person.

It ends our asking and is told to nobody; a later decision that owes something takes it up again first (owing.set_off).
"""

from adjudicator.owing import recoverable_fen, take_in
from adjudicator.people import DECIDERS, actor_of, check_role
from adjudicator.recovering import check_authority, check_settled
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.money import format_fen
from storage import audit, claims, recoveries
from storage.access import Staff
from storage.database import Database, Transaction
from storage.ledger import Account
from storage.recoveries import WriteOff


def write_off_event(made: WriteOff) -> str:
    """Name the ledger's event of a write-off."""
    return f"write-off {made.claim_id}/{made.number}"


def write_off(database: Database, claim_id: str, amount_fen: int | None, staff: Staff, reason: str) -> bool:
    """Give a receivable up, the whole of it without an amount; False when it waits for a second person.

    Raises:
        NotAllowedError: a role that decides nothing.
        InputError: no reason, or no amount.
        ConflictError: nothing or less is owed, or the claim is being decided anew.
    """
    check_role(staff, DECIDERS)
    if not reason.strip():
        raise InputError("a write-off needs a reason", "write what was tried, and why nothing will come", field="reason")
    if amount_fen is not None and amount_fen <= 0:
        raise InputError(f"{format_fen(amount_fen)} is no amount to write off", "give one of 0.01 or more", field="amount")
    with database.write() as tx:
        owed = _owed(tx, claim_id)
        wanted = owed if amount_fen is None else amount_fen
        _check_owed(claim_id, wanted, owed)
        made = recoveries.propose_write_off(tx, claim_id, wanted, staff.user_name)
        is_enough = wanted <= staff.authority_fen
        told = {"amount_fen": wanted, "reason": audit.Said(reason.strip())}
        audit.append(tx, claim_id, actor_of(staff), "write_off.booked" if is_enough else "write_off.proposed", told)
        if is_enough:
            _book(tx, made, None)
        return is_enough


def sign_write_off(database: Database, claim_id: str, staff: Staff) -> int:
    """Sign a write-off as its second person, with the authority for it; gives its amount, in fen.

    Raises:
        NotAllowedError: the same person proposed it, or beyond the authority, or a role that decides nothing.
        ConflictError: none waits, or less is owed by now.
    """
    check_role(staff, DECIDERS)
    with database.write() as tx:
        owed = _owed(tx, claim_id)
        made = next((each for each in recoveries.write_offs_of(tx, [claim_id]) if each.booked_ms is None), None)
        if made is None:
            raise ConflictError(f"no write-off of claim {claim_id} waits for a signature", "`claim owed` lists those that do")
        if made.proposed_by == staff.user_name:
            raise NotAllowedError(f"{staff.user_name} proposed this write-off and may not sign it, too", "a second person must sign")
        check_authority(staff, made.amount_fen)
        _check_owed(claim_id, made.amount_fen, owed)
        audit.append(tx, claim_id, actor_of(staff), "write_off.booked", {"amount_fen": made.amount_fen, "proposed_by": made.proposed_by})
        _book(tx, made, staff.user_name)
        return made.amount_fen


def _owed(tx: Transaction, claim_id: str) -> int:
    check_settled(claims.get_claim(tx, claim_id, lock=True))
    return recoverable_fen(tx, claim_id)


def _check_owed(claim_id: str, wanted_fen: int, owed_fen: int) -> None:
    if not 0 < wanted_fen <= owed_fen:
        told = f"claim {claim_id} owes {format_fen(owed_fen)}, and {format_fen(wanted_fen)} is to be written off"
        raise ConflictError(told, "propose what is still owed, or less")


def _book(tx: Transaction, made: WriteOff, signed_by: str | None) -> None:
    take_in(tx, made.claim_id, Account.CLAIMS_WRITTEN_OFF, made.amount_fen, write_off_event(made))
    recoveries.note_booked(tx, made, signed_by)
