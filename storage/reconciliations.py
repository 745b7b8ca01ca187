"""What the daily comparison with the bank's statement (对账) came to: kept for good, one row a run."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from domain.finding import Finding
from storage import tables as t
from storage.codec import from_json, to_json
from storage.database import Transaction


@dataclass(frozen=True)
class Reconciliation:
    """One comparison: what agreed, and a finding for each difference."""

    day: date
    source: str
    statement_sha256: str
    matched: int
    matched_fen: int
    findings: tuple[Finding, ...]
    actor: str
    done_ms: int


def save_reconciliation(tx: Transaction, done: Reconciliation) -> None:
    """Keep a run; rows are never changed, so that what was known on a day stays known."""
    values = {name: value for name, value in vars(done).items() if name != "findings"}
    found = {"findings_json": to_json(done.findings, tuple[Finding, ...]), "differences": len(done.findings)}
    tx.connection.execute(insert(t.reconciliation).values(**values, **found))


def last_reconciliation(tx: Transaction, day: date | None = None) -> Reconciliation | None:
    """Give the newest run, of one day or of any; None when there was none."""
    r = t.reconciliation.c
    newest = select(t.reconciliation).order_by(r.reconciliation_id.desc()).limit(1)
    row = tx.connection.execute(newest if day is None else newest.where(r.day == day)).one_or_none()
    if row is None:
        return None
    found = from_json(row.findings_json, tuple[Finding, ...])
    return Reconciliation(row.day, row.source, row.statement_sha256, row.matched, row.matched_fen, found, row.actor, row.done_ms)
