"""Handing a claim on: refer (转交) to a colleague or to a role, escalate (上报) to who may decide more. Clocks run on.

Nobody is locked out by it: whoever may decide still may. It says whose turn it is: their queue shows it, and those of
others pass it over when they go on to the next claim.
"""

from adjudicator.people import HANDLERS, actor_of, check_role, take_claim
from adjudicator.system import System
from domain.errors import ConflictError, InputError
from storage import access, audit, claims, desk, referrals
from storage.access import Staff
from storage.database import Database, Transaction
from storage.referrals import Referral
from storage.verdicts import Outcome, Wanted

SENIOR = "senior_adjuster"


def refer(_system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Hand a claim to a colleague (`user:zhou`) or to a role (`role:investigator`), with a word for them.

    Raises:
        InputError: no word, nobody of that name who handles claims, or oneself.
    """
    kind, _, name = (wanted.items[0] if wanted.items else "").partition(":")
    to_user, to_role = (name, "") if kind == "user" else ("", name)
    if kind == "user":
        colleague = access.find_staff(tx, name)
        if colleague is None or colleague.role not in HANDLERS:
            raise InputError(f"{name} handles no claims here", "choose a colleague or a role of the list", field="to")
        if name == staff.user_name:
            raise InputError("a claim is not handed to oneself", "set it aside, or choose a colleague", field="to")
    elif kind != "role" or name not in HANDLERS:
        raise InputError(f"{name!r} is nobody to hand a claim to", "choose a colleague or a role of the list", field="to")
    _hand(tx, claim_id, version, staff, wanted.reason, to_user=to_user, to_role=to_role)
    return Outcome()


def escalate(_system: System, tx: Transaction, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Outcome:
    """Hand a claim to the senior adjusters, because it is beyond one's authority or needs another look.

    Raises:
        ConflictError: by a senior adjuster, who refers it to a colleague.
    """
    if staff.role == SENIOR:
        raise ConflictError("there is nobody above a senior adjuster", "refer it to a colleague with more authority, by name")
    _hand(tx, claim_id, version, staff, wanted.reason, to_role=SENIOR, is_escalation=True)
    return Outcome()


def hand_back(database: Database, claim_id: str, staff: Staff) -> None:
    """Give a claim back to everybody: by whoever handed it on, or whom it was handed to.

    Raises:
        ConflictError: it was handed to nobody.
    """
    check_role(staff, HANDLERS)
    with database.write() as tx:
        claims.get_claim(tx, claim_id, lock=True)
        if referrals.find(tx, claim_id) is None:
            raise ConflictError(f"claim {claim_id} is handed to nobody", "nothing to do")
        referrals.drop(tx, claim_id)
        audit.append(tx, claim_id, actor_of(staff), "claim.handed_back", {})
        claims.note_facts(tx, claim_id)


def _hand(
    tx: Transaction,
    claim_id: str,
    version: int,
    staff: Staff,
    words: str,
    *,
    to_user: str = "",
    to_role: str = "",
    is_escalation: bool = False,
) -> None:
    if not words.strip():
        raise InputError("handing a claim on needs a word", "write what is to be decided, and what you found", field="reason")
    claim = take_claim(tx, claim_id, version, staff, HANDLERS)
    referrals.refer(tx, Referral(claim_id, claim.round, to_user, to_role, is_escalation, staff.user_name, tx.now_ms()))
    told = {"to": to_user or to_role, "reason": audit.Said(words.strip())}
    audit.append(tx, claim_id, actor_of(staff), "claim.escalated" if is_escalation else "claim.referred", told)
    if to_user:
        desk.mention(tx, claim_id, to_user, staff.user_name)
    desk.leave(tx, claim_id, staff.user_name)
    claims.note_facts(tx, claim_id)
