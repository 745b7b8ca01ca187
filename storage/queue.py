"""What the workbench's queue shows: one row a claim, ordered by the nearest clock and then by what is at stake."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from domain.states import ClaimState
from storage import tables as t
from storage.database import Transaction


@dataclass(frozen=True)
class QueueRow:
    """A claim as the queue shows it; `due_ms` is the nearest running clock, and may be missing."""

    claim_id: str
    channel: str
    state: str
    insured_name: str
    loss_date: str
    proposed_fen: int | None
    expected_loss_fen: int | None
    decided_fen: int | None
    route_json: str | None
    created_ms: int
    due_ms: int | None


def list_claims(tx: Transaction, states: tuple[ClaimState, ...] = (), search: str = "", limit: int = 200) -> tuple[QueueRow, ...]:
    """List claims: only some states when any are named, only what begins with a claim number or equals a name when searched."""
    c, a, d, k = t.claim.c, t.adjudication.c, t.decision.c, t.clock.c
    due = (
        select(func.min(k.due_ms))
        .where(k.claim_id == c.claim_id, k.met_ms.is_(None), k.paused_ms.is_(None))
        .scalar_subquery()
        .label("due_ms")
    )
    statement = (
        select(
            c.claim_id, c.channel, c.state, t.person.c.name.label("insured_name"), c.loss_date,
            a.proposed_fen, a.expected_loss_fen, d.amount_fen.label("decided_fen"), a.route_json, c.created_ms, due,
        )
        .join(t.person, t.person.c.person_id == c.insured_id)
        .outerjoin(t.adjudication, and_(a.claim_id == c.claim_id, a.round == c.round))
        .outerjoin(t.decision, and_(d.claim_id == c.claim_id, d.round == c.round))
    )  # fmt: skip
    if states:
        statement = statement.where(c.state.in_(states))
    if search:
        statement = statement.where(c.claim_id.startswith(search.upper(), autoescape=True) | (t.person.c.name == search))
    statement = statement.order_by(due.asc().nulls_last(), func.coalesce(a.expected_loss_fen, 0).desc(), c.created_ms).limit(limit)
    return tuple(
        QueueRow(**{**row._mapping, "loss_date": row.loss_date.isoformat() if row.loss_date else ""})
        for row in tx.connection.execute(statement)
    )
