"""A decided claim as the past tells it: what each policy's answer was made from, and what it was. For replay.

A simulation, which needs all of them but not their answers, reads `storage.past`.
"""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, and_, select

from domain.assessment import AccumulatorKey, Assessment
from domain.decision import DecisionKind
from storage import tables as t
from storage.codec import from_json
from storage.database import Transaction
from storage.decisions import PolicyAssessment, SharedCost


@dataclass(frozen=True)
class DecidedPolicy:
    """One policy of a decided claim; `used` is None, `base_hash` "" where the decision is older than the storing of it."""

    policy_number: str
    book_hash: str
    base_hash: str
    elements: dict[str, Any]
    used: dict[AccumulatorKey, Fraction] | None
    assessment: Assessment
    shared_cost: SharedCost | None  # what the claim's payers were coordinated over; None where there was nothing to share


@dataclass(frozen=True)
class DecidedClaim:
    """A decision with everything its rules answered from."""

    claim_id: str
    round: int
    kind: DecisionKind
    amount_fen: int
    decided_ms: int
    loss_date: date | None
    policies: tuple[DecidedPolicy, ...]


def find_decided(tx: Transaction, claim_id: str) -> DecidedClaim | None:
    """Give the newest decision of a claim, or None."""
    d = t.decision.c
    row = tx.connection.execute(_decided().where(d.claim_id == claim_id).order_by(d.round.desc()).limit(1)).one_or_none()
    return _claim_of(row) if row else None


def _decided() -> Select[Any]:
    d, c, a = t.decision.c, t.claim.c, t.adjudication.c
    return (
        select(d.claim_id, d.round, d.kind, d.amount_fen, d.decided_ms, d.inputs_json, a.policies_json, c.loss_date)
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
            inputs.get("bases", {}).get(each.policy_number, ""),
            inputs["elements"][each.policy_number],
            _read_used(used.get(each.policy_number)),
            each.assessment,
            each.shared_cost,
        )
        for each in answers
    )
    return DecidedClaim(row.claim_id, row.round, DecisionKind(row.kind), row.amount_fen, row.decided_ms, row.loss_date, policies)


def _read_used(stored: list[list[str]] | None) -> dict[AccumulatorKey, Fraction] | None:
    return None if stored is None else {AccumulatorKey(name, period): Fraction(amount) for name, period, amount in stored}
