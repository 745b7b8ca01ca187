"""What was worked out for a claim and what was decided, with everything needed to replay it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, and_, delete, insert, or_, select, update

from domain.allocation import LineAllocation
from domain.assessment import FAMILY, AccumulatorKey, Assessment, Outcome
from domain.decision import Actor, DecisionKind, Route
from domain.element import Element
from domain.finding import Finding
from domain.risk import FeatureRow, RiskScore
from storage import tables as t
from storage.codec import canonical_json, from_json, to_json
from storage.database import Transaction


@dataclass(frozen=True)
class SharedCost:
    """One cost of several payers: what was charged, and what those who are not our policies paid of it."""

    charged_fen: int
    paid_by_others_fen: int


@dataclass(frozen=True)
class PolicyAssessment:
    """One policy's answer, with the elements it was worked out from, and the cost it was coordinated over, if it was.

    `base_hash` names the medical base that its book was read with; it is "" where the answer is older than the keeping of bases.
    """

    policy_number: str
    elements: tuple[Element, ...]
    assessment: Assessment
    shared_cost: SharedCost | None = None
    base_hash: str = ""


@dataclass(frozen=True)
class Adjudication:
    """Everything the engines said about a claim in one round: rules, lines, findings, risk, route."""

    policies: tuple[PolicyAssessment, ...]
    lines: tuple[LineAllocation, ...]
    findings: tuple[Finding, ...]
    score: RiskScore
    route: Route

    @property
    def proposed_fen(self) -> int:
        """What the rules would pay in all."""
        return sum(each.assessment.total_fen for each in self.policies)

    @property
    def waived_fen(self) -> int:
        """The premiums that the rules waive in all; they are not paid out."""
        return sum(each.assessment.waived_fen for each in self.policies)


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom, and why."""

    claim_id: str
    round: int
    kind: DecisionKind
    amount_fen: int
    reason: str
    clause: str
    actor: str
    actor_role: str
    inputs_json: str
    decided_ms: int


def save_adjudication(tx: Transaction, claim_id: str, round_: int, done: Adjudication) -> None:
    """Keep the newest adjudication of a round; the audit chain remembers that there were earlier ones."""
    a = t.adjudication.c
    tx.connection.execute(delete(t.adjudication).where(a.claim_id == claim_id, a.round == round_))
    tx.connection.execute(
        insert(t.adjudication).values(
            claim_id=claim_id,
            round=round_,
            policies_json=to_json(done.policies, tuple[PolicyAssessment, ...]),
            allocation_json=to_json(done.lines, tuple[LineAllocation, ...]),
            findings_json=to_json(done.findings, tuple[Finding, ...]),
            score_json=to_json(done.score, RiskScore),
            route_json=to_json(done.route, Route),
            proposed_fen=done.proposed_fen,
            expected_loss_fen=done.score.expected_loss_fen,
            created_ms=tx.now_ms(),
        )
    )


def find_adjudication(tx: Transaction, claim_id: str, round_: int) -> Adjudication | None:
    """Give what the engines said in a round, or None when they have not spoken yet."""
    a = t.adjudication.c
    row = tx.connection.execute(select(t.adjudication).where(a.claim_id == claim_id, a.round == round_)).one_or_none()
    if row is None:
        return None
    return Adjudication(
        policies=from_json(row.policies_json, tuple[PolicyAssessment, ...]),
        lines=from_json(row.allocation_json, tuple[LineAllocation, ...]),
        findings=from_json(row.findings_json, tuple[Finding, ...]),
        score=from_json(row.score_json, RiskScore),
        route=from_json(row.route_json, Route),
    )


def save_risk_row(tx: Transaction, claim_id: str, round_: int, row: FeatureRow, score: RiskScore, audit_inclusion: float) -> None:
    """Keep the feature row as it was at scoring: training reads these, so nothing leaks back from the future."""
    r = t.risk_row.c
    tx.connection.execute(delete(t.risk_row).where(r.claim_id == claim_id, r.round == round_))
    tx.connection.execute(
        insert(t.risk_row).values(
            claim_id=claim_id,
            round=round_,
            features_json=json.dumps(row),  # NaN stands for a missing value; it never leaves this column
            probability=score.probability,
            model_hash=score.model_hash,
            audit_inclusion=audit_inclusion,
            created_ms=tx.now_ms(),
        )
    )


def save_decision(
    tx: Transaction,
    claim_id: str,
    round_: int,
    kind: DecisionKind,
    amount_fen: int,
    actor: Actor,
    reason: str,
    clause: str,
    inputs: dict[str, Any],
) -> None:
    """Write a decision; there is one a round, and it is never changed."""
    tx.connection.execute(
        insert(t.decision).values(
            claim_id=claim_id,
            round=round_,
            kind=kind,
            amount_fen=amount_fen,
            reason=reason,
            clause=clause,
            actor=actor.name,
            actor_role=actor.role,
            inputs_json=canonical_json(inputs),
            decided_ms=tx.now_ms(),
        )
    )


def find_decision(tx: Transaction, claim_id: str, round_: int) -> Decision | None:
    """Give the decision of a round, or None."""
    d = t.decision.c
    row = tx.connection.execute(select(t.decision).where(d.claim_id == claim_id, d.round == round_)).one_or_none()
    return Decision(**{**row._mapping, "kind": DecisionKind(row.kind)}) if row else None


def find_kind(tx: Transaction, claim_id: str, round_: int) -> DecisionKind | None:
    """Give the kind of a round's decision alone: a decision holds everything it was made from, which is long."""
    d = t.decision.c
    kind = tx.connection.execute(select(d.kind).where(d.claim_id == claim_id, d.round == round_)).scalar_one_or_none()
    return DecisionKind(kind) if kind else None


def decisions_of(tx: Transaction, claim_id: str) -> tuple[Decision, ...]:
    """List a claim's decisions, the oldest first; the last one stands."""
    d = t.decision.c
    rows = tx.connection.execute(select(t.decision).where(d.claim_id == claim_id).order_by(d.round))
    return tuple(Decision(**{**row._mapping, "kind": DecisionKind(row.kind)}) for row in rows)


def accumulators_of(tx: Transaction, policy_number: str, *, without_claim: str = "") -> dict[AccumulatorKey, Fraction]:
    """Sum what decided claims have used of a policy's limits and deductibles, exactly.

    What a later decision of the same claim took the place of does not count.
    Of the accounts of a family (每: 家庭), what was used under any of its policies of the same product counts.
    Lock the policy first (`registry.find_policies(lock=True)`) when the answer decides about money.
    """
    a = t.accumulator_use.c
    used: dict[AccumulatorKey, Fraction] = {}
    of_family = and_(a.period.startswith(FAMILY + " "), a.policy_number.in_(_family_of(policy_number)))
    mine = or_(a.policy_number == policy_number, of_family)
    rows = tx.connection.execute(select(a.name, a.period, a.used).where(mine, a.claim_id != without_claim, a.superseded_by.is_(None)))
    for name, period, amount in rows:
        key = AccumulatorKey(name, period)
        used[key] = used.get(key, Fraction(0)) + Fraction(amount)
    return used


def _family_of(policy_number: str) -> Select[tuple[str]]:
    own, other = t.policy.alias("own"), t.policy.alias("other")
    same = and_(other.c.family_id == own.c.family_id, other.c.product == own.c.product)
    return select(other.c.policy_number).join(own, same).where(own.c.policy_number == policy_number, own.c.family_id != "")


def supersede_uses(tx: Transaction, claim_id: str, round_: int) -> None:
    """Let what earlier rounds of a claim used count no more, because a round is decided anew; the rows stay, and say by which round."""
    a = t.accumulator_use.c
    tx.connection.execute(
        update(t.accumulator_use).where(a.claim_id == claim_id, a.round < round_, a.superseded_by.is_(None)).values(superseded_by=round_)
    )


def save_accumulator_uses(
    tx: Transaction, claim_id: str, round_: int, policies: tuple[PolicyAssessment, ...], paid: Mapping[str, Fraction] | None = None
) -> None:
    """Book what a decided claim uses of its policies' limits and deductibles.

    `paid` tells for each policy which part of what it proposes is paid, from 0 to 1; without it, all of it is. An account that
    counts payouts is used by what is paid; deductibles, days and occurrences are used up whole (docs/adr/0015).
    """
    for each in policies:
        booked: dict[AccumulatorKey, Fraction] = {}
        part = Fraction(1) if paid is None else paid.get(each.policy_number, Fraction(0))
        for result in each.assessment.results:
            for use in result.uses if result.outcome is Outcome.PAYABLE else ():
                used = use.used_now * part if use.counts_payout and not result.is_waived else use.used_now
                booked[use.key] = booked.get(use.key, Fraction(0)) + used
        for key, used_now in booked.items():
            if used_now:
                tx.connection.execute(
                    insert(t.accumulator_use).values(
                        policy_number=each.policy_number,
                        name=key.name,
                        period=key.period,
                        claim_id=claim_id,
                        round=round_,
                        used=str(used_now),
                    )
                )
