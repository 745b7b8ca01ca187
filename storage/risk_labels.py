"""Labels (风险结论): what people found a claim to be, and since when that is known. The last one recorded stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from domain.decision import Actor
from storage import tables as t
from storage.database import Transaction
from storage.entities import note_finding


@dataclass(frozen=True)
class Label:
    """What somebody found: `known_on` is the day in China on which it was known."""

    claim_id: str
    is_fraud: bool
    known_on: date
    actor: str = ""
    recorded_ms: int = 0


def add_label(tx: Transaction, claim_id: str, is_fraud: bool, known_on: date, actor: Actor) -> None:
    """Record what a claim turned out to be; its entities count it from now on. Lock the claim first."""
    before = find_label(tx, claim_id)
    row = {"claim_id": claim_id, "is_fraud": is_fraud, "known_on": known_on}
    signed = {"actor": actor.name, "actor_role": actor.role, "recorded_ms": tx.now_ms()}
    tx.connection.execute(insert(t.risk_label).values({**row, **signed}))
    change = int(is_fraud) - int(before is not None and before.is_fraud)
    if change:
        note_finding(tx, claim_id, change)


def find_label(tx: Transaction, claim_id: str) -> Label | None:
    """Give the label that stands, or None."""
    return next((each for each in reversed(labels_of(tx, claim_id))), None)


def labels_of(tx: Transaction, claim_id: str) -> tuple[Label, ...]:
    """List the labels of a claim in the order they were recorded."""
    statement = _LABELS.where(t.risk_label.c.claim_id == claim_id)
    return tuple(Label(*row) for row in tx.connection.execute(statement))


def iter_labels(tx: Transaction) -> Iterator[Label]:
    """Give every label in the order they were recorded."""
    return (Label(*row) for row in tx.connection.execute(_LABELS))


_LABELS = select(*(t.risk_label.c[name] for name in ("claim_id", "is_fraud", "known_on", "actor", "recorded_ms"))).order_by(
    t.risk_label.c.label_id
)
