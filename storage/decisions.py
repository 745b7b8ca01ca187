"""What was worked out for a claim and what was decided, with everything needed to replay it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, Table, and_, bindparam, case, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

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
    score: RiskScore | None  # None: the model failed or was too slow, and the claim is with people
    route: Route

    @property
    def proposed_fen(self) -> int:
        """What the rules would pay in all."""
        return sum(each.assessment.total_fen for each in self.policies)

    @property
    def waived_fen(self) -> int:
        """The premiums that the rules waive in all; they are not paid out."""
        return sum(each.assessment.waived_fen for each in self.policies)

    @property
    def stake_fen(self) -> int:
        """What may be lost on the claim: the expected loss, or without a score all that the rules would pay."""
        return self.score.expected_loss_fen if self.score else self.proposed_fen


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
    row = {
        "claim_id": claim_id,
        "round": round_,
        "policies_json": to_json(done.policies, tuple[PolicyAssessment, ...]),
        "allocation_json": to_json(done.lines, tuple[LineAllocation, ...]),
        "findings_json": to_json(done.findings, tuple[Finding, ...]),
        "score_json": to_json(done.score, _SCORE),
        "route_json": to_json(done.route, Route),
        "proposed_fen": done.proposed_fen,
        "expected_loss_fen": done.stake_fen,
        "created_ms": tx.now_ms(),
    }
    tx.later(claim_id, _SAVE_ADJUDICATION[tx.is_sqlite], row)
    tx.last((claim_id, "worked out"), _NOTE_WORKED_OUT, {"of_claim": claim_id, "stake": done.stake_fen, "proposed": done.proposed_fen})


def _saving(table: Table, insert: Any) -> Any:  # each dialect has a class of its own
    statement, key = insert(table), ["claim_id", "round"]
    return statement.on_conflict_do_update(
        index_elements=key, set_={each.name: each for each in statement.excluded if each.name not in key}
    )


def _keeping_the_first(insert: Any) -> Any:
    """What a round was first scored by stays: a later row would hold what people found and corrected in the meantime."""
    statement = insert(t.risk_row)
    return statement.on_conflict_do_update(index_elements=["claim_id", "round"], set_={"known_json": statement.excluded.known_json})


# Written once: building a statement anew for every claim costs more than running it. By whether it is for SQLite.
_SCORE: Any = RiskScore | None
_INSERTS = {True: sqlite_insert, False: postgres_insert}
_SAVE_ADJUDICATION = {is_sqlite: _saving(t.adjudication, insert) for is_sqlite, insert in _INSERTS.items()}
_SAVE_RISK_ROW = {is_sqlite: _keeping_the_first(insert) for is_sqlite, insert in _INSERTS.items()}
_DECIDE, _USE = insert(t.decision), insert(t.accumulator_use)
_NOTE_WORKED_OUT = (
    update(t.claim)
    .where(t.claim.c.claim_id == bindparam("of_claim"))
    .values(
        stake_fen=bindparam("stake"),
        worth_fen=bindparam("proposed"),
        completeness=case((t.claim.c.completeness == t.NOTHING_SAID, t.NOTHING_ASKED), else_=t.claim.c.completeness),
    )
)
_NOTE_DECIDED = update(t.claim).where(t.claim.c.claim_id == bindparam("of_claim")).values(worth_fen=bindparam("amount"))


def find_adjudication(tx: Transaction, claim_id: str, round_: int) -> Adjudication | None:
    """Give what the engines said in a round, or None when they have not spoken yet."""
    row = next(iter(tx.find(_ADJUDICATION, {"of_claim": claim_id, "of_round": round_})), None)
    if row is None:
        return None
    return Adjudication(
        policies=from_json(row.policies_json, tuple[PolicyAssessment, ...]),
        lines=from_json(row.allocation_json, tuple[LineAllocation, ...]),
        findings=from_json(row.findings_json, tuple[Finding, ...]),
        score=from_json(row.score_json, _SCORE),
        route=from_json(row.route_json, Route),
    )


@dataclass(frozen=True)
class Scoring:
    """What a score was made from, kept for training: the feature row, what the entities were, the odds of a random audit."""

    row: FeatureRow
    audit_inclusion: float
    known_json: str
    audit_drawn: bool | None = None  # None: it goes to people anyway


def save_risk_row(tx: Transaction, claim_id: str, round_: int, scoring: Scoring, score: RiskScore | None) -> None:
    """Keep the feature row as it was when the round was first scored: training reads these, so nothing leaks back from the future.

    A row that no model scored names none: training reads it like any other, and no model is watched by it. The challenger's
    word comes later (adjudicator/challenging.py).
    """
    kept = {
        "claim_id": claim_id,
        "round": round_,
        "features_json": json.dumps(scoring.row),  # NaN stands for a missing value; it never leaves this column
        "probability": score.probability if score else 0.0,
        "model_hash": score.model_hash if score else "",
        "audit_inclusion": scoring.audit_inclusion,
        "created_ms": tx.now_ms(),
        "known_json": scoring.known_json,
        "audit_drawn": scoring.audit_drawn,
    }
    tx.later(claim_id, _SAVE_RISK_ROW[tx.is_sqlite], kept)


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
    proposed_fen: int | None = None,
) -> None:
    """Write a decision; there is one a round, and it is never changed.

    `proposed_fen` is what the rules had worked out; without it, it stands in the adjudication of the round alone.
    """
    row = {
        "claim_id": claim_id,
        "round": round_,
        "kind": kind,
        "amount_fen": amount_fen,
        "reason": reason,
        "clause": clause,
        "actor": actor.name,
        "actor_role": actor.role,
        "inputs_json": canonical_json(inputs),
        "decided_ms": tx.now_ms(),
        "proposed_fen": proposed_fen,
    }
    tx.later(claim_id, _DECIDE, row)
    tx.last((claim_id, "decided"), _NOTE_DECIDED, {"of_claim": claim_id, "amount": amount_fen})
    tx.forget_one(("decision kinds", claim_id))


def find_decision(tx: Transaction, claim_id: str, round_: int) -> Decision | None:
    """Give the decision of a round, or None."""
    row = next(iter(tx.find(_DECISION, {"of_claim": claim_id, "of_round": round_})), None)
    return decision_of(row) if row else None


_ADJUDICATION = select(t.adjudication).where(
    t.adjudication.c.claim_id == bindparam("of_claim"), t.adjudication.c.round == bindparam("of_round")
)
_DECISION = select(t.decision).where(t.decision.c.claim_id == bindparam("of_claim"), t.decision.c.round == bindparam("of_round"))


def find_kind(tx: Transaction, claim_id: str, round_: int) -> DecisionKind | None:
    """Give the kind of a round's decision alone: a decision holds everything it was made from, which is long."""
    if not tx.knows(("decision kinds", claim_id)):
        return _kinds(tx, [claim_id])[claim_id].get(round_)
    kinds: dict[int, DecisionKind] = tx.known(("decision kinds", claim_id))
    return kinds.get(round_)


def look_ahead_kinds(tx: Transaction, claim_ids: Collection[str]) -> None:
    """Read the kinds of the decisions of several claims, for those who ask for one claim's after another; lock the claims first."""
    for claim_id, kinds in _kinds(tx, claim_ids).items():
        tx.learn(("decision kinds", claim_id), kinds)


def _kinds(tx: Transaction, claim_ids: Collection[str]) -> dict[str, dict[int, DecisionKind]]:
    found: dict[str, dict[int, DecisionKind]] = {each: {} for each in claim_ids}
    for claim_id, round_, kind in tx.find(_KINDS, {"of_claims": list(claim_ids)}):
        found[claim_id][round_] = DecisionKind(kind)
    return found


_KINDS = select(t.decision.c.claim_id, t.decision.c.round, t.decision.c.kind).where(
    t.decision.c.claim_id.in_(bindparam("of_claims", expanding=True))
)


def decisions_of(tx: Transaction, claim_id: str) -> tuple[Decision, ...]:
    """List a claim's decisions, the oldest first; the last one stands."""
    d = t.decision.c
    rows = tx.connection.execute(select(t.decision).where(d.claim_id == claim_id).order_by(d.round))
    return tuple(decision_of(row) for row in rows)


def decision_of(row: Row[Any]) -> Decision:
    """Give a row of `decision` as a value."""
    made = (row.claim_id, row.round, DecisionKind(row.kind), row.amount_fen, row.reason, row.clause)
    return Decision(*made, row.actor, row.actor_role, row.inputs_json, row.decided_ms)


def accumulators_of(tx: Transaction, policy_number: str, *, without_claim: str = "") -> dict[AccumulatorKey, Fraction]:
    """Sum what decided claims have used of a policy's limits and deductibles, exactly.

    What a later decision of the same claim took the place of does not count.
    Of the accounts of a family (每: 家庭), what was used under any of its policies of the same product counts.
    Lock the policy first (`registry.find_policies(lock=True)`) when the answer decides about money.
    """
    alone = ("uses alone", policy_number)
    key = alone if tx.knows(alone) else ("uses", policy_number)
    uses = tx.once(key, lambda: tuple(tx.find(_USES, {"of_policy": policy_number, "family": f"{FAMILY} %"})))
    used: dict[AccumulatorKey, Fraction] = {}
    for claim_id, name, period, amount in uses:
        if claim_id != without_claim:
            account = AccumulatorKey(name, period)
            used[account] = used.get(account, Fraction(0)) + Fraction(amount)
    return used


def look_ahead(tx: Transaction, policy_numbers: Collection[str]) -> None:
    """Read what is used of several policies that share with nobody, for those who ask for one after another; lock them first."""
    found: dict[str, list[Any]] = {each: [] for each in policy_numbers}
    for policy_number, *use in tx.find(_USES_OF_MANY, {"of_policies": list(policy_numbers)}):
        found[policy_number].append(use)
    for policy_number, uses in found.items():
        tx.learn(("uses alone", policy_number), tuple(uses))


def _uses() -> Select[Any]:
    a, own, other = t.accumulator_use.c, t.policy.alias("own"), t.policy.alias("other")
    same = and_(other.c.family_id == own.c.family_id, other.c.product == own.c.product)
    mine = own.c.policy_number == bindparam("of_policy")
    family = select(other.c.policy_number).join(own, same).where(mine, own.c.family_id != "")
    of_family = and_(a.period.like(bindparam("family")), a.policy_number.in_(family))
    counting = or_(a.policy_number == bindparam("of_policy"), of_family)
    return select(a.claim_id, a.name, a.period, a.used).where(counting, a.superseded_by.is_(None))


_USES = _uses()
_USES_OF_MANY = select(*(t.accumulator_use.c[name] for name in ("policy_number", "claim_id", "name", "period", "used"))).where(
    t.accumulator_use.c.policy_number.in_(bindparam("of_policies", expanding=True)), t.accumulator_use.c.superseded_by.is_(None)
)


def supersede_uses(tx: Transaction, claim_id: str, round_: int) -> None:
    """Let what earlier rounds of a claim used count no more, because a round is decided anew; the rows stay, and say by which round."""
    a = t.accumulator_use.c
    tx.connection.execute(
        update(t.accumulator_use).where(a.claim_id == claim_id, a.round < round_, a.superseded_by.is_(None)).values(superseded_by=round_)
    )
    tx.forget("uses", "uses alone")


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
                key_row = {"policy_number": each.policy_number, "name": key.name, "period": key.period}
                tx.later(claim_id, _USE, {**key_row, "claim_id": claim_id, "round": round_, "used": str(used_now)})
        tx.forget_one(("uses alone", each.policy_number))
    tx.forget("uses")  # of any policy: it may be of the family
