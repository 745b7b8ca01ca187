"""Clocks (时限): one row for each promise a claim has, with its pause and the reason for it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Update, and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class ClockRecord:
    """One promise: due at `due_ms` unless paused; met at `met_ms`; people are warned at `warn_ms`, and were at `warned_ms`."""

    claim_id: str
    kind: str
    started_ms: int
    due_ms: int
    paused_ms: int | None
    pause_reason: str
    met_ms: int | None
    warn_ms: int | None = None
    warned_ms: int | None = None
    breached_ms: int | None = None


_WARN_AT = 5  # people are warned when one part in so many is left


def _new_clock(insert: Any) -> Any:  # each dialect has a class of its own
    names = ("claim_id", "kind", "started_ms", "due_ms", "warn_ms", "pause_reason", "met_ms")
    return insert(t.clock).values({name: bindparam(name) for name in names})


def _anew(statement: Any) -> Any:
    new = {name: statement.excluded[name] for name in ("started_ms", "due_ms", "warn_ms", "pause_reason")}
    set_ = new | dict.fromkeys(("paused_ms", "met_ms", "warned_ms", "breached_ms"))
    return statement.on_conflict_do_update(index_elements=["claim_id", "kind"], set_=set_)


# Written once: building a statement anew for every claim costs more than running it. By whether it is for SQLite.
_NEW = {is_sqlite: _new_clock(sqlite_insert if is_sqlite else postgres_insert) for is_sqlite in (True, False)}
_START = {each: _NEW[each].on_conflict_do_nothing(index_elements=["claim_id", "kind"]) for each in _NEW}
_RESTART = {each: _anew(_NEW[each]) for each in _NEW}
_IT = (t.clock.c.claim_id == bindparam("of_claim"), t.clock.c.kind == bindparam("of_kind"))
_LATER_BY = bindparam("now", type_=BigInteger) - t.clock.c.paused_ms
_RESUME = (
    update(t.clock)
    .where(*_IT, t.clock.c.paused_ms.is_not(None))
    .values(due_ms=t.clock.c.due_ms + _LATER_BY, warn_ms=t.clock.c.warn_ms + _LATER_BY, paused_ms=None, pause_reason="")
)

_RUNNING = (t.clock.c.claim_id == t.claim.c.claim_id, t.clock.c.met_ms.is_(None), t.clock.c.paused_ms.is_(None))
_NEAREST = select(func.min(t.clock.c.due_ms)).where(*_RUNNING).scalar_subquery()
_NOTE_URGENCY = update(t.claim).where(t.claim.c.claim_id == bindparam("of_claim")).values(urgency_ms=func.coalesce(_NEAREST, t.NO_CLOCK_MS))


def _changed(tx: Transaction, claim_id: str) -> None:
    """Keep the claim's nearest running clock with the claim, where the queue is ordered by it."""
    tx.last((claim_id, "urgency"), _NOTE_URGENCY, {"of_claim": claim_id})


def start_clock(tx: Transaction, claim_id: str, kind: str, within_ms: int, *, is_met: bool = False) -> None:
    """Start a clock, unless the claim has it already; one of a promise that is kept in the same moment is met."""
    tx.later(claim_id, _START[tx.is_sqlite], _row(tx, claim_id, kind, within_ms) | {"met_ms": tx.now_ms() if is_met else None})
    _changed(tx, claim_id)


def restart_clock(tx: Transaction, claim_id: str, kind: str, within_ms: int) -> None:
    """Start a clock, from the beginning if the claim has it already; what became of it before stands in the audit trail."""
    tx.later(claim_id, _RESTART[tx.is_sqlite], _row(tx, claim_id, kind, within_ms))
    _changed(tx, claim_id)


def _row(tx: Transaction, claim_id: str, kind: str, within_ms: int) -> dict[str, Any]:
    now = tx.now_ms()
    moments = {"started_ms": now, "due_ms": now + within_ms, "warn_ms": now + within_ms - within_ms // _WARN_AT}
    return {"claim_id": claim_id, "kind": kind, **moments, "pause_reason": "", "met_ms": None}


def clocks_of(tx: Transaction, claim_id: str) -> tuple[ClockRecord, ...]:
    """List a claim's clocks, the nearest due first."""
    return tuple(ClockRecord(**row._mapping) for row in tx.find(_OF_CLAIM, {"of_claim": claim_id}))


_OF_CLAIM = select(t.clock).where(t.clock.c.claim_id == bindparam("of_claim")).order_by(t.clock.c.due_ms)


def meet_clock(tx: Transaction, claim_id: str, kind: str) -> None:
    """Write that a promise was kept, or at least done with, now."""
    meet_clocks(tx, claim_id, (kind,))


def pause_clock(tx: Transaction, claim_id: str, kind: str, reason: str) -> None:
    """Stop a running clock, because the next move is somebody else's."""
    c = t.clock.c
    running = (c.claim_id == claim_id, c.kind == kind, c.paused_ms.is_(None), c.met_ms.is_(None))
    tx.connection.execute(update(t.clock).where(*running).values(paused_ms=tx.now_ms(), pause_reason=reason))
    _changed(tx, claim_id)


def resume_clock(tx: Transaction, claim_id: str, kind: str) -> None:
    """Let a paused clock run on; what was paused is added to its due time, and to the time of its warning."""
    tx.later(claim_id, _RESUME, {"of_claim": claim_id, "of_kind": kind, "now": tx.now_ms()})
    _changed(tx, claim_id)


def meet_clocks(tx: Transaction, claim_id: str, kinds: tuple[str, ...], *, resume: bool = False) -> None:
    """Write that promises were kept, or at least done with, now; those that stand still run on first if `resume` is asked for."""
    tx.later(claim_id, _meeting(kinds, resume=resume), {"of_claim": claim_id, "now": tx.now_ms()})
    _changed(tx, claim_id)


@cache
def _meeting(kinds: tuple[str, ...], *, resume: bool) -> Update:
    c = t.clock.c
    chosen = update(t.clock).where(c.claim_id == bindparam("of_claim"), c.kind.in_([literal_column(f"'{each}'") for each in kinds]))
    now = bindparam("now", type_=BigInteger)
    if not resume:
        return chosen.where(c.met_ms.is_(None)).values(met_ms=now)
    stood = func.coalesce(now - c.paused_ms, 0)
    on = {"due_ms": c.due_ms + stood, "warn_ms": c.warn_ms + stood, "paused_ms": None, "pause_reason": ""}
    return chosen.values(**on, met_ms=func.coalesce(c.met_ms, now))


class Mark(StrEnum):
    """What people are told of a clock, once each: the column that remembers it."""

    WARNED = "warned_ms"  # little time is left
    BREACHED = "breached_ms"  # it was missed


def unmarked_clocks(tx: Transaction, mark: Mark, limit: int) -> tuple[tuple[str, str], ...]:
    """List the running clocks that people are to be told of, as claim and kind, the most urgent first."""
    c = t.clock.c
    found = select(c.claim_id, c.kind).where(*_to_mark(mark, tx.now_ms())).order_by(c.warn_ms).limit(limit)
    return tuple((row.claim_id, row.kind) for row in tx.connection.execute(found))


def has_unmarked(tx: Transaction) -> bool:
    """Tell whether people are to be told of any clock now; a look that locks nothing."""
    c, now = t.clock.c, tx.now_ms()
    to_mark = or_(*(and_(*_to_mark(mark, now)) for mark in Mark))
    # The first three conditions once more, outside: a planner takes the partial index only for what stands on its own.
    found = select(c.claim_id).where(c.met_ms.is_(None), c.paused_ms.is_(None), c.warn_ms <= now, to_mark).limit(1)
    return tx.connection.execute(found).first() is not None


def mark_clock(tx: Transaction, claim_id: str, kind: str, mark: Mark) -> ClockRecord | None:
    """Remember that people are told of a clock; None when it was met, paused or told of meanwhile. Lock the claim first."""
    c, now = t.clock.c, tx.now_ms()
    change = update(t.clock).where(c.claim_id == claim_id, c.kind == kind, *_to_mark(mark, now)).values({mark.value: now})
    row = tx.connection.execute(change.returning(*c)).one_or_none()
    return ClockRecord(**row._mapping) if row else None


def _to_mark(mark: Mark, now: int) -> tuple[ColumnElement[bool], ...]:
    c = t.clock.c
    moment = c.warn_ms if mark is Mark.WARNED else c.due_ms
    return (c.met_ms.is_(None), c.paused_ms.is_(None), c.warn_ms <= now, moment <= now, c[mark.value].is_(None))


@dataclass(frozen=True)
class ClockCounts:
    """How many running clocks there are, of how many too little is left, and how many were missed."""

    running: int
    at_risk: int
    breached: int


def count_clocks(tx: Transaction) -> ClockCounts:
    """Count the clocks that run now."""
    c, now = t.clock.c, tx.now_ms()
    is_running = (c.met_ms.is_(None), c.paused_ms.is_(None))
    counted = select(func.count(), func.count().filter(c.warn_ms <= now, c.due_ms > now), func.count().filter(c.due_ms <= now)).where(
        *is_running
    )
    return ClockCounts(*tx.connection.execute(counted).one())
