"""What people do with a claim that does not decide itself, each with the words it needs: adjudicator/acts.py tells what each may not.

A verdict takes effect when its minute is over (adjudicator/undoing.py); what is given back tells what it comes to, and when.
"""

from adjudicator.system import System
from adjudicator.undoing import Given, give
from storage.access import Staff
from storage.verdicts import Wanted


def approve(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> Given:
    """Give what the rules propose."""
    return give(system, claim_id, version, staff, Wanted("approve", reason))


def pay_part(system: System, claim_id: str, version: int, staff: Staff, amount_fen: int, reason: str) -> Given:
    """Pay less than the rules propose, for a reason that the customer will read."""
    return give(system, claim_id, version, staff, Wanted("pay_part", reason, amount_fen))


def decline(system: System, claim_id: str, version: int, staff: Staff, reason: str, clause: str) -> Given:
    """Decline a claim, citing the clause and the reason that the letter will give."""
    return give(system, claim_id, version, staff, Wanted("decline", reason, clause=clause))


def advance(system: System, claim_id: str, version: int, staff: Staff, amount_fen: int, reason: str) -> Given:
    """Pay what is certain already, `amount_fen` in all with what was paid before."""
    return give(system, claim_id, version, staff, Wanted("advance", reason, amount_fen))


def investigate(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> Given:
    """Hand a claim to the investigators."""
    return give(system, claim_id, version, staff, Wanted("investigate", reason))


def ask(system: System, claim_id: str, version: int, staff: Staff, items: tuple[str, ...]) -> Given:
    """Send the one supplement notice, with everything that is missing."""
    return give(system, claim_id, version, staff, Wanted("ask", items=items))


def refer(system: System, claim_id: str, version: int, staff: Staff, to: str, words: str) -> Given:
    """Hand a claim to a colleague (`user:…`) or to a role (`role:…`)."""
    return give(system, claim_id, version, staff, Wanted("refer", words, items=(to,)))


def escalate(system: System, claim_id: str, version: int, staff: Staff, words: str) -> Given:
    """Hand a claim to the senior adjusters."""
    return give(system, claim_id, version, staff, Wanted("escalate", words))
