"""Clocks (时限): one row for each promise a claim has, with its pause and the reason for it."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class ClockRecord:
    """One promise: due at `due_ms` unless paused; met at `met_ms`."""

    claim_id: str
    kind: str
    started_ms: int
    due_ms: int
    paused_ms: int | None
    pause_reason: str
    met_ms: int | None


def start_clock(tx: Transaction, claim_id: str, kind: str, within_ms: int) -> None:
    """Start a clock, unless the claim has it already."""
    now = tx.now_ms()
    insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    statement = insert(t.clock).values(claim_id=claim_id, kind=kind, started_ms=now, due_ms=now + within_ms, pause_reason="")
    tx.connection.execute(statement.on_conflict_do_nothing(index_elements=["claim_id", "kind"]))


def clocks_of(tx: Transaction, claim_id: str) -> tuple[ClockRecord, ...]:
    """List a claim's clocks, the nearest due first."""
    rows = tx.connection.execute(select(t.clock).where(t.clock.c.claim_id == claim_id).order_by(t.clock.c.due_ms))
    return tuple(ClockRecord(**row._mapping) for row in rows)


def pause_clock(tx: Transaction, claim_id: str, kind: str, reason: str) -> None:
    """Stop a running clock, because the next move is somebody else's."""
    c = t.clock.c
    running = (c.claim_id == claim_id, c.kind == kind, c.paused_ms.is_(None), c.met_ms.is_(None))
    tx.connection.execute(update(t.clock).where(*running).values(paused_ms=tx.now_ms(), pause_reason=reason))


def resume_clock(tx: Transaction, claim_id: str, kind: str) -> None:
    """Let a paused clock run on; what was paused is added to its due time."""
    c = t.clock.c
    tx.connection.execute(
        update(t.clock)
        .where(c.claim_id == claim_id, c.kind == kind, c.paused_ms.is_not(None))
        .values(due_ms=c.due_ms + tx.now_ms() - c.paused_ms, paused_ms=None, pause_reason="")
    )


def meet_clock(tx: Transaction, claim_id: str, kind: str) -> None:
    """Write that a promise was kept, or at least done with, now."""
    c = t.clock.c
    tx.connection.execute(update(t.clock).where(c.claim_id == claim_id, c.kind == kind, c.met_ms.is_(None)).values(met_ms=tx.now_ms()))
