"""What was watched of the risk model, once a period: see adjudicator/watching.py."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class Figures:
    """The figures of one period, by the last day of it."""

    kind: str  # day, week, month
    until: date
    figures: dict[str, Any]


def last_days(tx: Transaction) -> dict[str, date]:
    """Give the last day of the newest period of each kind."""
    w = t.risk_watch.c
    return {row.kind: row.until for row in tx.connection.execute(select(w.kind, func.max(w.until).label("until")).group_by(w.kind))}


def add_figures(tx: Transaction, figures: Figures) -> None:
    """Keep the figures of a period; where another process was faster, its figures stay."""
    row = {"kind": figures.kind, "until": figures.until, "figures_json": json.dumps(figures.figures), "written_ms": tx.now_ms()}
    insert: Any = sqlite_insert if tx.is_sqlite else postgres_insert  # each dialect has a class of its own
    tx.connection.execute(insert(t.risk_watch).values(row).on_conflict_do_nothing())


def list_figures(tx: Transaction, kind: str, limit: int) -> tuple[Figures, ...]:
    """List the newest periods of a kind, the newest first."""
    w = t.risk_watch.c
    statement = select(w.kind, w.until, w.figures_json).where(w.kind == kind).order_by(w.until.desc()).limit(limit)
    return tuple(Figures(row.kind, row.until, json.loads(row.figures_json)) for row in tx.connection.execute(statement))
