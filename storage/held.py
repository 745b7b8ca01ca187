"""Claims that a transaction holds: their rows are read once, locked, and written once, when it ends or somebody looks.

Whoever moves a claim, learns something about it or adds to its audit chain changes the row that is held.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Update, bindparam, select, update

from domain.errors import NotFoundError
from storage import tables as t
from storage.database import HeldClaim, Transaction

_LOCK = select(t.claim).where(t.claim.c.claim_id.in_(bindparam("of_claims", expanding=True))).order_by(t.claim.c.claim_id).with_for_update()
_WRITES: dict[
    tuple[str, ...], Update
] = {}  # by the columns that change: there are few such sets, and building one costs more than running it


def hold(tx: Transaction, claim_ids: Iterable[str]) -> None:
    """Lock claims, in the order of their ids, so that no two transactions wait each for the other; ids of no claim are passed over."""
    if wanted := sorted(set(claim_ids) - tx.held.keys()):
        for row in tx.find_bare(_LOCK, {"of_claims": wanted}):
            tx.held[row.claim_id] = HeldClaim(dict(row._mapping))


def held_claim(tx: Transaction, claim_id: str) -> HeldClaim:
    """Give a claim's row, locked until the transaction ends.

    Raises:
        NotFoundError: no claim of that id.
    """
    if claim_id not in tx.held:
        hold(tx, (claim_id,))
    if claim_id not in tx.held:
        raise NotFoundError(f"no claim {claim_id}", "look the number up in the queue, or in the answer to the submission")
    return tx.held[claim_id]


def change(tx: Transaction, claim_id: str, values: dict[str, Any]) -> None:
    """Change columns of a claim; raises as `held_claim` does."""
    held = held_claim(tx, claim_id)
    held.row.update(values)
    held.record = None
    if not held.changed and _prepare not in tx.before_look:
        tx.before_look.append(_prepare)
    held.changed.update(values)


def _prepare(tx: Transaction) -> None:
    """Let the changed rows be written, in the order of their ids."""
    for claim_id in sorted(tx.held):
        held = tx.held[claim_id]
        if held.changed:
            columns = tuple(sorted(held.changed))
            tx.later(
                ("claim row", claim_id), _write_of(columns), {"of_claim": claim_id, **{f"new_{name}": held.row[name] for name in columns}}
            )
            held.changed.clear()


def _write_of(columns: tuple[str, ...]) -> Update:
    if columns not in _WRITES:
        values = {name: bindparam(f"new_{name}", type_=t.claim.c[name].type) for name in columns}
        _WRITES[columns] = update(t.claim).where(t.claim.c.claim_id == bindparam("of_claim")).values(values)
    return _WRITES[columns]


def let_go(tx: Transaction, claim_id: str) -> None:
    """Read a claim's row again when it is next asked for, because a statement of another room of this house changed it."""
    tx.held.pop(claim_id, None)
