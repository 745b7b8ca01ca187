"""Decided claims as the past tells them: what each policy's answer was made from, and what it was. For replay and simulation.

Claims of one insured stand together, in the order of their decisions, so that whoever follows the limits
of a policy need remember only one insured at a time.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, tuple_

from domain.assessment import AccumulatorKey, Assessment
from domain.decision import DecisionKind
from storage import tables as t
from storage.codec import from_json
from storage.database import Transaction
from storage.decisions import PolicyAssessment, SharedCost

Place = tuple[str, int, str, int]  # insured, time of decision, claim, round


@dataclass(frozen=True)
class DecidedPolicy:
    """One policy of a decided claim; `used` is None where the decision is older than the storing of it."""

    policy_number: str
    book_hash: str
    elements: dict[str, Any]
    used: dict[AccumulatorKey, Fraction] | None
    assessment: Assessment
    shared_cost: SharedCost | None  # what the claim's payers were coordinated over; None where there was nothing to share


@dataclass(frozen=True)
class DecidedClaim:
    """A decision with everything its rules answered from; `place` is where it stands in the stream."""

    claim_id: str
    round: int
    kind: DecisionKind
    amount_fen: int
    decided_ms: int
    loss_date: date | None
    policies: tuple[DecidedPolicy, ...]
    place: Place


def find_decided(tx: Transaction, claim_id: str) -> DecidedClaim | None:
    """Give the newest decision of a claim, or None."""
    d = t.decision.c
    row = tx.connection.execute(_decided().where(d.claim_id == claim_id).order_by(d.round.desc()).limit(1)).one_or_none()
    return _claim_of(row) if row else None


def count_decided(tx: Transaction, since_ms: int, until_ms: int) -> int:
    """Count the decisions of a stretch of time; its end is not part of it."""
    d = t.decision.c
    statement = select(func.count()).select_from(t.decision).where(d.decided_ms >= since_ms, d.decided_ms < until_ms)
    return int(tx.connection.execute(statement).scalar_one())


def list_decided(tx: Transaction, since_ms: int, until_ms: int, after: Place | None, limit: int) -> list[DecidedClaim]:
    """Give the next decisions after a place, at most `limit`."""
    d, c = t.decision.c, t.claim.c
    order = (c.insured_id, d.decided_ms, d.claim_id, d.round)
    statement = _decided().where(d.decided_ms >= since_ms, d.decided_ms < until_ms).order_by(*order).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(*order) > after)
    return [_claim_of(row) for row in tx.connection.execute(statement)]


def stream_decided(tx: Transaction, since_ms: int, until_ms: int, after: Place | None = None, batch: int = 500) -> Iterator[DecidedClaim]:
    """Give the decisions one by one; never more than a batch of them is in memory."""
    while found := list_decided(tx, since_ms, until_ms, after, batch):
        yield from found
        after = found[-1].place


def _decided() -> Select[Any]:
    d, c, a = t.decision.c, t.claim.c, t.adjudication.c
    return (
        select(d.claim_id, d.round, d.kind, d.amount_fen, d.decided_ms, d.inputs_json, a.policies_json, c.insured_id, c.loss_date)
        .select_from(t.decision)
        .join(t.claim, c.claim_id == d.claim_id)
        .join(t.adjudication, and_(a.claim_id == d.claim_id, a.round == d.round))
    )


def _claim_of(row: Row[Any]) -> DecidedClaim:
    inputs = json.loads(row.inputs_json)
    answers = from_json(row.policies_json, tuple[PolicyAssessment, ...])
    used = inputs.get("used", {})
    policies = tuple(
        DecidedPolicy(
            each.policy_number,
            inputs["books"][each.policy_number],
            inputs["elements"][each.policy_number],
            _read_used(used.get(each.policy_number)),
            each.assessment,
            each.shared_cost,
        )
        for each in answers
    )
    place = (row.insured_id, row.decided_ms, row.claim_id, row.round)
    return DecidedClaim(row.claim_id, row.round, DecisionKind(row.kind), row.amount_fen, row.decided_ms, row.loss_date, policies, place)


def _read_used(stored: list[list[str]] | None) -> dict[AccumulatorKey, Fraction] | None:
    return None if stored is None else {AccumulatorKey(name, period): Fraction(amount) for name, period, amount in stored}
