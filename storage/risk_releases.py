"""Models that two people put in force: one proposes, another approves; rows are only added."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from domain.decision import Actor
from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Release:
    """One signature under a model: `proposal` is None for the first, and names it for the second."""

    seq: int
    proposal: int | None
    model_hash: str
    folder: str
    comparison_json: str
    reason: str
    actor: str
    actor_role: str
    signed_ms: int


def add_release(
    tx: Transaction, model_hash: str, folder: str, comparison_json: str, reason: str, actor: Actor, proposal: int | None = None
) -> None:
    """Write a signature; a proposal is approved once."""
    row = {"proposal": proposal, "model_hash": model_hash, "folder": folder, "comparison_json": comparison_json, "reason": reason}
    signed = {"actor": actor.name, "actor_role": actor.role, "signed_ms": tx.now_ms()}
    tx.connection.execute(insert(t.risk_release).values({**row, **signed}))


def releases(tx: Transaction) -> tuple[Release, ...]:
    """List all signatures in the order they were given."""
    return tuple(Release(**row._mapping) for row in tx.connection.execute(select(t.risk_release).order_by(t.risk_release.c.seq)))


def in_force(tx: Transaction) -> Release | None:
    """Give the newest approval; None while nobody promoted anything."""
    return next((each for each in reversed(releases(tx)) if each.proposal is not None), None)


def waiting(tx: Transaction, model_hash: str) -> Release | None:
    """Give the newest proposal of a model that nobody approved, if nothing was proposed or approved since."""
    last = next(reversed(releases(tx)), None)
    return last if last and last.proposal is None and last.model_hash == model_hash else None
