"""Four eyes (双人复核): who decided a claim in an earlier round does not decide it anew. Screens ask; the decision itself refuses."""

from domain.decision import DecisionKind
from storage import decisions
from storage.claims import ClaimRecord
from storage.database import Transaction


def decided_before(tx: Transaction, claim: ClaimRecord) -> dict[str, int]:
    """Name who decided a claim in an earlier round, and so may not decide it anew, with the last round they did."""
    earlier = decisions.decisions_of(tx, claim.claim_id) if claim.round > 1 else ()
    return {each.actor: each.round for each in earlier if each.kind is not DecisionKind.ADVANCE}
