"""Who has looked at a claim (查阅记录): it stands in the claim's chain who saw what it holds of a person."""

from adjudicator.system import System
from domain.decision import Actor
from storage import audit

_ONCE_MS = 24 * 3_600_000  # a working day with one claim open is one look, not a thousand


def note_view(system: System, claim_id: str, viewer: Actor) -> None:
    """Write that somebody looks at a claim or its papers, once a day; called before anything of it is shown.

    Raises:
        NotFoundError: no such claim.
    """
    with system.database.read() as tx:
        if audit.has_entry(tx, claim_id, viewer.name, audit.VIEWED, tx.now_ms() - _ONCE_MS):
            return
    with system.database.write() as tx:
        audit.append(tx, claim_id, viewer, audit.VIEWED, {})
