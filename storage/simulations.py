"""Simulations that pages began (模拟): how far each is, whether somebody called it off, and what it came to.

The row is the truth, not the thread that works on it: any server process shows it, and a run whose process died is told
by its silence.
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from domain.errors import NotFoundError
from storage import tables as t
from storage.database import Transaction
from storage.ids import new_id

SILENT_MS = 60_000  # a run that told nothing for so long has no process any more


class RunState(StrEnum):
    """Where a simulation is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Simulation:
    """One run over the decision history: a draft's bytes by their hash against the book that is in force."""

    simulation_id: str
    product: str
    base_book: str  # the hash of the book that it is held against
    draft_sha256: str
    since: date
    until: date
    asked_by: str
    begun_ms: int
    told_ms: int  # when it last told how far it is
    state: RunState
    done: int  # decisions that are counted
    total: int
    change_fen: int | None  # what the draft pays more, once it is done
    report_json: str | None
    error: str

    @property
    def report(self) -> dict[str, Any]:
        """What it came to; empty until it is done."""
        report: dict[str, Any] = json.loads(self.report_json or "{}")
        return report

    def is_silent(self, now_ms: int) -> bool:
        """Tell whether it runs no more although nobody ended it: its process died."""
        return self.state is RunState.RUNNING and now_ms - self.told_ms > SILENT_MS


def begin_simulation(
    tx: Transaction, product: str, base_book: str, draft_sha256: str, since: date, until: date, asked_by: str
) -> Simulation:
    """Write down that a run begins."""
    now = tx.now_ms()
    found = Simulation(
        new_id("S"), product, base_book, draft_sha256, since, until, asked_by, now, now, RunState.RUNNING, 0, 0, None, None, ""
    )
    tx.connection.execute(insert(t.book_simulation).values(**vars(found)))
    return found


def tell_progress(tx: Transaction, simulation_id: str, done: int, total: int) -> bool:
    """Write how far a run is; False when it shall stop, because somebody called it off."""
    return _change(tx, simulation_id, done=done, total=total)


def end_simulation(
    tx: Transaction,
    simulation_id: str,
    state: RunState,
    report: dict[str, Any] | None = None,
    change_fen: int | None = None,
    error: str = "",
) -> None:
    """Write how a run ended; one that was called off stays so."""
    told = json.dumps(report, ensure_ascii=False) if report is not None else None
    _change(tx, simulation_id, state=state, report_json=told, change_fen=change_fen, error=error)


def cancel_simulation(tx: Transaction, simulation_id: str) -> None:
    """Call a run off: it stops at the next insured."""
    _change(tx, simulation_id, state=RunState.CANCELLED)


def get_simulation(tx: Transaction, simulation_id: str) -> Simulation:
    """Give a run.

    Raises:
        NotFoundError: there is none.
    """
    c = t.book_simulation.c
    row = tx.connection.execute(select(t.book_simulation).where(c.simulation_id == simulation_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"no simulation {simulation_id}", "begin one on the page of a draft")
    return _simulation_of(row)


def list_simulations(tx: Transaction, product: str, limit: int = 20) -> tuple[Simulation, ...]:
    """List the newest runs of a product, newest first."""
    c = t.book_simulation.c
    statement = select(t.book_simulation).where(c.product == product).order_by(c.simulation_id.desc()).limit(limit)
    return tuple(map(_simulation_of, tx.connection.execute(statement)))


def list_running(tx: Transaction) -> tuple[Simulation, ...]:
    """List the runs of all products that nobody ended."""
    c = t.book_simulation.c
    statement = select(t.book_simulation).where(c.state == RunState.RUNNING).order_by(c.simulation_id)
    return tuple(map(_simulation_of, tx.connection.execute(statement)))


def find_whole(tx: Transaction, product: str, base_book: str, draft_sha256: str, since: date, until: date) -> Simulation | None:
    """Give the newest run of a draft against a book that was done over a stretch: by it somebody knows what the draft costs."""
    c = t.book_simulation.c
    statement = (
        select(t.book_simulation)
        .where(c.product == product, c.base_book == base_book, c.draft_sha256 == draft_sha256)
        .where(c.since == since, c.until == until, c.state == RunState.DONE)
        .order_by(c.simulation_id.desc())
        .limit(1)
    )
    row = tx.connection.execute(statement).one_or_none()
    return _simulation_of(row) if row else None


def _change(tx: Transaction, simulation_id: str, **values: object) -> bool:
    c = t.book_simulation.c
    running = (c.simulation_id == simulation_id) & (c.state == RunState.RUNNING)
    changed = tx.connection.execute(update(t.book_simulation).where(running).values(told_ms=tx.now_ms(), **values))
    return changed.rowcount == 1


def _simulation_of(row: Row[tuple[object, ...]]) -> Simulation:
    return Simulation(**{**row._mapping, "state": RunState(str(row.state))})
