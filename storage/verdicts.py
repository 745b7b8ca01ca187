"""Verdicts that wait for their minute (撤回期): what a person wants done with a claim, until it takes effect or is taken back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, select

from storage import tables as t
from storage.codec import from_json, to_json
from storage.database import Transaction


@dataclass(frozen=True)
class Wanted:
    """What a person wants done with a claim, as they typed it; an act takes of it what it needs."""

    act: str
    reason: str = ""
    amount_fen: int = 0
    clause: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What an act comes to: money that is decided, premiums that are waived; None where it decides no amount."""

    amount_fen: int | None = None
    waived_fen: int = 0


@dataclass(frozen=True)
class Pending:
    """A verdict that waits: `version` is the claim's since it was given, `due_ms` when it takes effect."""

    claim_id: str
    version: int
    wanted: Wanted
    outcome: Outcome
    user_name: str
    given_ms: int
    due_ms: int


def keep(tx: Transaction, pending: Pending) -> None:
    """Keep a verdict; one that does not hold any more gives way."""
    drop(tx, pending.claim_id)
    row = {
        "claim_id": pending.claim_id,
        "version": pending.version,
        "act": pending.wanted.act,
        "wanted_enc": tx.cipher.encrypt(to_json(pending.wanted, Wanted)),
        **vars(pending.outcome),
        "user_name": pending.user_name,
        "given_ms": pending.given_ms,
        "due_ms": pending.due_ms,
    }
    tx.connection.execute(insert(t.pending_verdict).values(**row))


def find(tx: Transaction, claim_id: str) -> Pending | None:
    """Find the verdict that waits on a claim."""
    return next((_pending(tx, row) for row in tx.find(_OF_CLAIM, {"of_claim": claim_id})), None)


def given_by(tx: Transaction, user_name: str) -> tuple[Pending, ...]:
    """List the verdicts of somebody that hold and can still be taken back, the newest first."""
    return tuple(_pending(tx, row) for row in tx.find(_GIVEN_BY, {"giver": user_name, "now": tx.now_ms()}))


def is_pending() -> ColumnElement[bool]:
    """Give the condition under which a row of `pending_verdict` still holds for its claim."""
    p, c = t.pending_verdict.c, t.claim.c
    return and_(p.claim_id == c.claim_id, p.version == c.version)


def drop(tx: Transaction, claim_id: str) -> None:
    """Forget a claim's verdict; one that has none stays as it is."""
    tx.connection.execute(delete(t.pending_verdict).where(t.pending_verdict.c.claim_id == claim_id))


_VERDICT = t.pending_verdict.c
_OF_CLAIM = select(t.pending_verdict).where(_VERDICT.claim_id == bindparam("of_claim"))
_GIVEN_BY = (
    select(t.pending_verdict)
    .join(t.claim, is_pending())
    .where(_VERDICT.user_name == bindparam("giver"), _VERDICT.due_ms > bindparam("now"))
    .order_by(_VERDICT.given_ms.desc(), _VERDICT.claim_id)
)


def _pending(tx: Transaction, row: Any) -> Pending:
    return Pending(
        row.claim_id,
        row.version,
        from_json(tx.cipher.decrypt(row.wanted_enc), Wanted),
        Outcome(row.amount_fen, row.waived_fen),
        row.user_name,
        row.given_ms,
        row.due_ms,
    )
