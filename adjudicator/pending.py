"""A verdict that waits for its minute (撤回期): while it does, nobody else acts on the claim; it falls when the claim changes.

Law of it: a verdict belongs to one version of its claim. Papers that come, a customer who withdraws, an error of ours:
whatever changes the claim lets the verdict fall, and whoever gave it is told.
"""

from adjudicator.decide import SYSTEM
from domain.china import china_moment
from domain.errors import ConflictError
from storage import audit, claims, desk, verdicts
from storage.database import Transaction
from storage.verdicts import Pending


def find_pending(tx: Transaction, claim_id: str) -> Pending | None:
    """Find the verdict that waits on a claim, and holds: one that was overtaken by a change of the claim is none."""
    pending = verdicts.find(tx, claim_id)
    return pending if pending and pending.version == claims.get_claim(tx, claim_id).version else None


def check_none_pending(tx: Transaction, claim_id: str) -> None:
    """Make sure that no verdict waits on a claim.

    Raises:
        ConflictError: one does.
    """
    if pending := find_pending(tx, claim_id):
        told = f"{pending.user_name} decided claim {claim_id} ({pending.wanted.act}); it takes effect at {china_moment(pending.due_ms)}"
        raise ConflictError(told, "let them take it back within that time, or wait for it")


def let_fall(tx: Transaction, claim_id: str, why: str) -> None:
    """Drop the verdict that waits on a claim, if one does, and tell whoever gave it; the claim must be locked."""
    pending = verdicts.find(tx, claim_id)
    if pending is None:
        return
    verdicts.drop(tx, claim_id)
    audit.append(tx, claim_id, SYSTEM, "verdict.fell", {"act": pending.wanted.act, "by": pending.user_name, "why": why})
    desk.mention(tx, claim_id, pending.user_name, SYSTEM.name)
    claims.note_facts(tx, claim_id)
