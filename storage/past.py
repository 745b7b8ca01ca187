"""Decided claims as a simulation reads them: what each policy's answer was made from, insured by insured, and no more.

Whoever follows the limits of a policy from claim to claim needs all claims of one insured, in the order of their
decisions, and only one insured at a time. Amounts and traces stay in the database.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select

from domain.assessment import AccumulatorKey
from domain.decision import DecisionKind
from storage import tables as t
from storage.codec import from_json
from storage.database import Transaction


@dataclass(frozen=True)
class PastPolicy:
    """One policy of a decided claim; `used` is None where the decision is older than the storing of it."""

    policy_number: str
    product: str
    plan: str
    elements: dict[str, Any]  # as they are stored
    used: dict[AccumulatorKey, Fraction] | None


@dataclass(frozen=True)
class PastClaim:
    """One decision of a claim."""

    insured_id: str
    claim_id: str
    kind: DecisionKind
    decided_ms: int
    policies: tuple[PastPolicy, ...]


@dataclass(frozen=True)
class Page:
    """The decisions of some insureds; `last` is where the next page begins after, None where there is none."""

    insureds: tuple[tuple[PastClaim, ...], ...]
    last: str | None


@dataclass(frozen=True)
class _Plan:
    product: str
    plan: str


@dataclass(frozen=True)
class _Head:
    """What is read of a stored `PolicyAssessment`."""

    policy_number: str
    assessment: _Plan


def count_past(tx: Transaction, since_ms: int, until_ms: int) -> int:
    """Count the decisions of a stretch of time; its end is not part of it."""
    d = t.decision.c
    chosen = (d.decided_ms >= since_ms, d.decided_ms < until_ms, _stands(until_ms))
    statement = select(func.count()).select_from(t.decision).where(*chosen)
    return int(tx.connection.execute(statement).scalar_one())


def read_page(tx: Transaction, since_ms: int, until_ms: int, after: str, insureds: int) -> Page:
    """Read the next insureds after one, and their decisions in a stretch of time; those without any are passed over.

    Both databases find the claims of a span of insureds by its index, so that a page costs the same wherever it begins.
    """
    c, d, a = t.claim.c, t.decision.c, t.adjudication.c
    span = select(c.insured_id).where(c.insured_id > after).distinct().order_by(c.insured_id).limit(insureds)
    ids = list(tx.connection.execute(span).scalars())
    if not ids:
        return Page((), None)
    statement: Select[Any] = (
        select(c.insured_id, d.claim_id, d.kind, d.decided_ms, d.inputs_json, a.policies_json)
        .select_from(t.claim)
        .join(t.decision, d.claim_id == c.claim_id)
        .join(t.adjudication, and_(a.claim_id == d.claim_id, a.round == d.round))
        .where(c.insured_id > after, c.insured_id <= ids[-1], d.decided_ms >= since_ms, d.decided_ms < until_ms)
        .where(_stands(until_ms))
        .order_by(c.insured_id, d.decided_ms, d.claim_id, d.round)
    )
    found: dict[str, list[PastClaim]] = {}
    for row in tx.connection.execute(statement):
        found.setdefault(row.insured_id, []).append(_claim_of(row))
    return Page(tuple(map(tuple, found.values())), ids[-1])


def _stands(until_ms: int) -> ColumnElement[bool]:
    """Leave out what was decided anew before the end of the stretch: its limits and its money were taken back."""
    d, later = t.decision.c, t.decision.alias("later")
    return ~exists().where(later.c.claim_id == d.claim_id, later.c.round > d.round, later.c.decided_ms < until_ms)


def _claim_of(row: Row[Any]) -> PastClaim:
    inputs = json.loads(row.inputs_json)
    used = inputs.get("used", {})
    policies = tuple(
        PastPolicy(
            each.policy_number,
            each.assessment.product,
            each.assessment.plan,
            inputs["elements"][each.policy_number],
            _read_used(used.get(each.policy_number)),
        )
        for each in from_json(row.policies_json, tuple[_Head, ...])
    )
    return PastClaim(row.insured_id, row.claim_id, DecisionKind(row.kind), row.decided_ms, policies)


def _read_used(stored: list[list[str]] | None) -> dict[AccumulatorKey, Fraction] | None:
    return None if stored is None else {AccumulatorKey(name, period): Fraction(amount) for name, period, amount in stored}
