"""What the workbench's queue shows: one row a claim, ordered by the nearest clock and then by what is at stake."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from domain.states import ClaimState
from storage import tables as t
from storage.cohorts import Figure, is_of
from storage.database import Transaction
from storage.desk import is_aside
from storage.referrals import holds, is_to
from storage.verdicts import is_pending


@dataclass(frozen=True)
class QueueRow:
    """A claim as the queue shows it; `due_ms` is the nearest running clock, and may be missing."""

    claim_id: str
    version: int
    channel: str
    state: str
    insured_name: str
    loss_date: str
    proposed_fen: int | None
    expected_loss_fen: int | None
    decided_fen: int | None
    route_json: str | None
    created_ms: int
    updated_ms: int
    due_ms: int | None
    worked_by: str | None  # who has its lease
    to_user: str | None  # to whom it was handed on: by name, or by role
    to_role: str | None


class Aside(StrEnum):
    """Whether claims that wait for nobody now, set aside or with a verdict whose minute is not over, are among what is asked for."""

    ANY = "any"
    LEFT_OUT = "left_out"
    ONLY = "only"  # those that are set aside
    PENDING = "pending"  # those with a verdict


@dataclass(frozen=True)
class QueueQuery:
    """What is asked for; what is empty asks for nothing in particular. `at_least_fen` is of what was decided, else proposed."""

    states: tuple[ClaimState, ...] = ()
    search: str = ""  # the beginning of a claim number, or a whole name
    channel: str = ""
    at_least_fen: int = 0
    due_before_ms: int | None = None
    aside: Aside = Aside.ANY
    naming: str = ""  # a user name that a comment names
    handed_to: tuple[str, str] | None = None  # to whom it was handed on: a user name, or that person's role
    figure: Figure | None = None  # the claims that a figure of the dashboard counts


def list_claims(tx: Transaction, query: QueueQuery, limit: int = 200, offset: int = 0) -> tuple[QueueRow, ...]:
    """List claims, the most urgent first."""
    c, a, d, now = t.claim.c, t.adjudication.c, t.decision.c, tx.now_ms()
    due, lease = func.nullif(c.urgency_ms, t.NO_CLOCK_MS).label("due_ms"), t.claim_lease.c
    statement = (
        select(
            c.claim_id, c.version, c.channel, c.state, t.person.c.name.label("insured_name"), c.loss_date,
            a.proposed_fen, a.expected_loss_fen, d.amount_fen.label("decided_fen"), a.route_json, c.created_ms, c.updated_ms, due,
            lease.user_name.label("worked_by"), t.claim_referral.c.to_user, t.claim_referral.c.to_role,
        )
        .join(t.person, t.person.c.person_id == c.insured_id)
        .outerjoin(t.adjudication, and_(a.claim_id == c.claim_id, a.round == c.round))
        .outerjoin(t.decision, and_(d.claim_id == c.claim_id, d.round == c.round))
        .outerjoin(t.claim_lease, and_(lease.claim_id == c.claim_id, lease.until_ms > now))
        .outerjoin(t.claim_referral, holds())
        .where(*_wanted(tx, query))
        .order_by(c.urgency_ms, c.stake_fen.desc(), c.created_ms, c.claim_id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return tuple(
        QueueRow(**{**row._mapping, "loss_date": row.loss_date.isoformat() if row.loss_date else ""})
        for row in tx.connection.execute(statement)
    )


def count_claims(tx: Transaction, query: QueueQuery) -> int:
    """Count what `list_claims` would list without a limit."""
    counted: Select[Any] = select(func.count()).select_from(t.claim)
    if query.search:
        counted = counted.join(t.person, t.person.c.person_id == t.claim.c.insured_id)
    if query.at_least_fen:
        c, a, d = t.claim.c, t.adjudication.c, t.decision.c
        counted = counted.outerjoin(t.adjudication, and_(a.claim_id == c.claim_id, a.round == c.round))
        counted = counted.outerjoin(t.decision, and_(d.claim_id == c.claim_id, d.round == c.round))
    return int(tx.connection.execute(counted.where(*_wanted(tx, query))).scalar_one())


def _wanted(tx: Transaction, query: QueueQuery) -> list[ColumnElement[bool]]:
    c = t.claim.c
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(c.state.in_(query.states))
    if query.search:
        wanted.append(c.claim_id.startswith(query.search.upper(), autoescape=True) | (t.person.c.name == query.search))
    if query.channel:
        wanted.append(c.channel == query.channel)
    if query.at_least_fen:
        wanted.append(func.coalesce(t.decision.c.amount_fen, t.adjudication.c.proposed_fen) >= query.at_least_fen)
    if query.due_before_ms is not None:
        wanted.append(c.urgency_ms < query.due_before_ms)
    if query.aside is not Aside.ANY:
        wanted.append(_of_aside(tx, query.aside))
    if query.figure:
        wanted.append(is_of(query.figure, tx.now_ms()))
    if query.naming:
        m = t.claim_mention.c
        wanted.append(exists().where(m.claim_id == c.claim_id, m.user_name == query.naming))
    if query.handed_to:
        handed = select(t.claim_referral.c.claim_id).where(holds(), is_to(*query.handed_to)).correlate(t.claim)
        wanted.append(handed.exists())
    return wanted


def _of_aside(tx: Transaction, asked: Aside) -> ColumnElement[bool]:
    aside, pending, claim_id = exists().where(is_aside(tx)), exists().where(is_pending()), t.claim.c.claim_id
    if asked is Aside.LEFT_OUT:
        return ~aside & ~pending
    # That the claim is among them says the same once more: so the few are looked up among the claims, and not each claim among the few.
    if asked is Aside.ONLY:
        return claim_id.in_(select(t.claim_snooze.c.claim_id)) & aside
    return claim_id.in_(select(t.pending_verdict.c.claim_id)) & pending
