"""The claim that comes after one in the queue: what a page fetches ahead, and where a decision leads."""

from dataclasses import dataclass

from adjudicator.people import WITH_PEOPLE
from storage.access import Staff
from storage.database import Transaction
from storage.queue import Aside, QueueQuery, QueueRow, list_claims

_AMONG = 50


@dataclass(frozen=True)
class NextClaim:
    """A claim that waits for people and that nobody else works on; a page of another version is not it."""

    claim_id: str
    version: int


def next_claim(tx: Transaction, claim_id: str, staff: Staff, wanted: str = "") -> NextClaim | None:
    """Give the claim that follows one in the queue, after the last the first; `wanted` when it still waits."""
    rows = list_claims(tx, QueueQuery(WITH_PEOPLE, aside=Aside.LEFT_OUT), limit=_AMONG)
    ids = [row.claim_id for row in rows]
    place = ids.index(claim_id) + 1 if claim_id in ids else 0
    free = [row for row in (*rows[place:], *rows[:place]) if row.claim_id != claim_id and _is_free(row, staff)]
    found = next((row for row in free if row.claim_id == wanted), free[0] if free else None)
    return NextClaim(found.claim_id, found.version) if found else None


def _is_free(row: QueueRow, staff: Staff) -> bool:
    """Tell whether nobody else works on a claim, and it was handed to nobody else."""
    return row.worked_by in (None, staff.user_name) and row.to_user in (None, "", staff.user_name) and row.to_role in (None, "", staff.role)
