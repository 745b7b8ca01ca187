"""How often the insured of a claim claimed before it: exact, from the claims themselves, of which one person has few."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage import tables as t
from storage.claims import ClaimRecord
from storage.database import Transaction

_DAY_MS = 86_400_000
_YEAR_DAYS = 365


@dataclass(frozen=True)
class Earlier:
    """The claims of an insured that came in before one of theirs, by how many days before at most."""

    earlier_claims_7d: int
    earlier_claims_30d: int
    earlier_claims_90d: int
    earlier_claims_365d: int
    earlier_claims_same_hospital: int  # within the year


def look_ahead(tx: Transaction, claims: Sequence[ClaimRecord]) -> None:
    """Find the claims of several insureds at once, for those who ask for one after another."""
    insureds = {each.insured_id for each in claims}
    since = min((each.created_ms for each in claims), default=0) - _YEAR_DAYS * _DAY_MS
    found = defaultdict(list)
    for insured_id, *claim in tx.find_bare(_CLAIMS, {"of_insureds": list(insureds), "since": since}):
        found[insured_id].append(claim)
    for each in insureds:
        tx.learn(("claims of", each), found[each])


def count_earlier(tx: Transaction, claim: ClaimRecord) -> Earlier:
    """Count what came in before a claim; one of the same millisecond did not."""
    if not tx.knows(("claims of", claim.insured_id)):
        look_ahead(tx, (claim,))
    found = tx.known(("claims of", claim.insured_id))
    ages = [(claim.created_ms - at, hospital) for other, at, hospital in found if other != claim.claim_id and at < claim.created_ms]
    week, month, quarter, year = (sum(age <= days * _DAY_MS for age, _ in ages) for days in (7, 30, 90, _YEAR_DAYS))
    there = sum(age <= _YEAR_DAYS * _DAY_MS and hospital == claim.hospital_id for age, hospital in ages) if claim.hospital_id else 0
    return Earlier(week, month, quarter, year, there)


# Written once: building a statement anew for every claim costs more than running it.
_CLAIMS = select(t.claim.c.insured_id, t.claim.c.claim_id, t.claim.c.created_ms, t.claim.c.hospital_id).where(
    t.claim.c.insured_id.in_(bindparam("of_insureds", expanding=True)), t.claim.c.created_ms >= bindparam("since")
)
