"""Deciding (核定): a decision, the limits it uses up, the ledger entry and the payment order, all in one transaction."""

import hashlib
from dataclasses import dataclass

from adjudicator import clocks
from adjudicator.letters import write_decision
from adjudicator.telling import notify
from domain.claim import Payee
from domain.decision import Actor, DecisionKind
from domain.errors import InputError
from domain.payout import PaymentOrder
from domain.states import ClaimState
from storage import audit, claims, decisions, documents, ledger, payouts, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.decisions import Adjudication
from storage.ledger import Account

SYSTEM = Actor("mingbai", "system")


@dataclass(frozen=True)
class Verdict:
    """What is decided of a claim: how much, why, and by which clause when less than everything is paid."""

    kind: DecisionKind
    amount_fen: int
    reason: str
    clause: str = ""


def decide(tx: Transaction, claim: ClaimRecord, done: Adjudication, verdict: Verdict, actor: Actor, payee: Payee | None) -> None:
    """Carry a verdict out: from the claim's present state to DECIDED and on to PAYING or CLOSED.

    Raises:
        InputError: money is to be paid and nobody knows where to.
        IllegalTransitionError: the claim cannot be decided now.
    """
    claim_id, round_ = claim.claim_id, claim.round
    if verdict.amount_fen and payee is None:
        raise InputError(f"claim {claim_id} has no account to pay to", "ask the customer for the bank card", field="payee")
    claims.move(tx, claim_id, ClaimState.DECIDED, actor, {"kind": verdict.kind, "amount_fen": verdict.amount_fen})
    decisions.save_decision(
        tx, claim_id, round_, verdict.kind, verdict.amount_fen, actor, verdict.reason, verdict.clause, _replay_inputs(tx, claim, done)
    )
    waives = verdict.kind is not DecisionKind.DECLINE and done.waived_fen > 0
    clocks.decided(tx, claim_id, pays=verdict.amount_fen > 0, refuses=not waives)
    subject, body = write_decision(claim, done, verdict.kind, verdict.amount_fen, verdict.reason, verdict.clause)
    notify(tx, claim, "decision", subject, body)
    if verdict.kind is not DecisionKind.DECLINE:  # a nil payment uses up a deductible, too
        decisions.save_accumulator_uses(tx, claim_id, round_, done.policies)
    if verdict.amount_fen == 0 or payee is None:
        claims.move(tx, claim_id, ClaimState.CLOSED, actor)
        return
    for policy_number, amount_fen in share_by_policy(done, verdict.amount_fen):
        event = f"decision {claim_id}/{round_}"
        ledger.book(tx, claim_id, policy_number, Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, amount_fen, event)
    order = PaymentOrder(payment_key(claim_id, round_), verdict.amount_fen, payee, f"理赔款 {claim_id}")
    payouts.add_payout(tx, claim_id, round_, order)
    audit.append(tx, claim_id, actor, "payment.ordered", {"key": order.idempotency_key, "amount_fen": order.amount_fen})
    claims.move(tx, claim_id, ClaimState.PAYING, actor)
    tasks.open_task(tx, claim_id, "pay", round_)


def payment_key(claim_id: str, round_: int) -> str:
    """Make the key of a round's payment: always the same one, so that no retry is ever a second payment."""
    return hashlib.sha256(f"mingbai payment {claim_id} {round_}".encode()).hexdigest()[:40]


def share_by_policy(done: Adjudication, amount_fen: int) -> list[tuple[str, int]]:
    """Tell how much of a decided amount falls on each policy: what each would pay, in order, until it is used up.

    An amount above what the rules propose (which no one may decide today) would fall on the last policy.
    """
    shares, rest = [], amount_fen
    for place, each in enumerate(done.policies):
        is_last = place == len(done.policies) - 1
        share = rest if is_last else min(rest, each.assessment.total_fen)
        if share:
            shares.append((each.policy_number, share))
        rest -= share
    return shares


def _replay_inputs(tx: Transaction, claim: ClaimRecord, done: Adjudication) -> dict[str, object]:
    return {
        "books": {each.policy_number: each.assessment.book_hash for each in done.policies},
        "bases": {each.policy_number: each.base_hash for each in done.policies},
        "elements": {each.policy_number: {element.name: element.value for element in each.elements} for each in done.policies},
        "used": {each.policy_number: _used_before(tx, claim, each.policy_number) for each in done.policies},
        "model": done.score.model_hash,
        "documents": list(dict.fromkeys(each.sha256 for each in documents.documents_of(tx, claim.claim_id))),
        "flags": [each.code for each in done.route.flags],
    }


def _used_before(tx: Transaction, claim: ClaimRecord, policy_number: str) -> list[list[str]]:
    # The policies are locked since the claim was worked out: this is what the rules were asked with.
    used = decisions.accumulators_of(tx, policy_number, without_claim=claim.claim_id)
    return [[key.name, key.period, str(amount)] for key, amount in sorted(used.items(), key=lambda pair: (pair[0].name, pair[0].period))]
