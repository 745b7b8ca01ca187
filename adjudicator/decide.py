"""Deciding (核定): a decision, the limits it uses up, the ledger entries and the payment order, all in one transaction.

A claim that is decided anew (a later round) takes the earlier decision back first: its uses of limits count no more, its
ledger entries are reversed, and only what was not paid yet is paid. What was paid too much becomes a receivable
(应收追偿款); money is never sent the other way.
"""

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from adjudicator import clocks
from adjudicator.letters import tell_difference, write_decision
from adjudicator.owing import recoverable_fen, set_off
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
    """Carry a verdict out: from the claim's present state to DECIDED and on to PAYING, or to CLOSED when there is nothing to pay.

    Raises:
        InputError: money is to be paid and nobody knows where to.
        IllegalTransitionError: the claim cannot be decided now.
    """
    claim_id, round_ = claim.claim_id, claim.round
    due_fen = _book(tx, claim, done, verdict)
    if due_fen and payee is None:
        raise InputError(f"claim {claim_id} has no account to pay to", "ask the customer for the bank card", field="payee")
    claims.move(tx, claim_id, ClaimState.DECIDED, actor, {"kind": verdict.kind, "amount_fen": verdict.amount_fen})
    decisions.save_decision(
        tx, claim_id, round_, verdict.kind, verdict.amount_fen, actor, verdict.reason, verdict.clause, _replay_inputs(tx, claim, done)
    )
    waives = verdict.kind is not DecisionKind.DECLINE and done.waived_fen > 0
    refuses = verdict.amount_fen == 0 and not waives
    if verdict.kind is DecisionKind.ADVANCE:
        clocks.advanced(tx, claim_id)
    else:
        clocks.decided(tx, claim_id, pays=due_fen > 0, refuses=refuses)
    subject, body = write_decision(claim, done, verdict.kind, verdict.amount_fen, verdict.reason, verdict.clause)
    if round_ > 1:
        body += tell_difference(verdict.amount_fen, due_fen, recoverable_fen(tx, claim_id))
    notify(tx, claim, "decision", subject, body)
    if verdict.kind is not DecisionKind.DECLINE:  # a nil payment uses up a deductible, too
        decisions.save_accumulator_uses(tx, claim_id, round_, done.policies, parts_paid(done, verdict.amount_fen))
    if due_fen == 0 or payee is None:
        claims.move(tx, claim_id, ClaimState.CLOSED, actor)
        return
    order_payment(tx, claim_id, round_, due_fen, payee, actor)


def order_payment(tx: Transaction, claim_id: str, round_: int, amount_fen: int, payee: Payee, actor: Actor, attempt: int = 1) -> None:
    """Write the order that pays what is owed of a decided claim, and ask for it to be sent."""
    order = PaymentOrder(payment_key(claim_id, round_, attempt), amount_fen, payee, f"理赔款 {claim_id}")
    payouts.add_payout(tx, claim_id, round_, order, attempt)
    audit.append(tx, claim_id, actor, "payment.ordered", {"key": order.idempotency_key, "amount_fen": order.amount_fen})
    claims.move(tx, claim_id, ClaimState.PAYING, actor)
    tasks.open_task(tx, claim_id, "pay", round_)


def payment_key(claim_id: str, round_: int, attempt: int = 1) -> str:
    """Make the key of an attempt to pay a round's decision: always the same one, so that no retry is ever a second payment."""
    again = f" {attempt}" if attempt > 1 else ""
    return hashlib.sha256(f"mingbai payment {claim_id} {round_}{again}".encode()).hexdigest()[:40]


def _book(tx: Transaction, claim: ClaimRecord, done: Adjudication, verdict: Verdict) -> int:
    """Book a decision, after taking back the one that stood before it; gives what is still to be paid, in fen."""
    claim_id, round_ = claim.claim_id, claim.round
    if round_ > 1:
        decisions.supersede_uses(tx, claim_id, round_)
        for earlier in decisions.decisions_of(tx, claim_id)[-1:]:
            event = decision_event(claim_id, earlier.round)
            ledger.reverse(tx, claim_id, event, f"reversal of {event}")
    for policy_number, amount_fen in share_by_policy(done, verdict.amount_fen):
        event = decision_event(claim_id, round_)
        ledger.book(tx, claim_id, policy_number, Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, amount_fen, event)
    return verdict.amount_fen if round_ == 1 else set_off(tx, claim_id, f"set-off {claim_id}/{round_}")


def decision_event(claim_id: str, round_: int) -> str:
    """Name the ledger's event of a decision."""
    return f"decision {claim_id}/{round_}"


def parts_paid(done: Adjudication, amount_fen: int) -> dict[str, Fraction] | None:
    """Tell which part of each policy's proposal is paid; None when the whole of it is."""
    if amount_fen == done.proposed_fen:
        return None
    proposed = {each.policy_number: each.assessment.total_fen for each in done.policies}
    shares = dict(share_by_policy(done, amount_fen))
    return {number: Fraction(shares.get(number, 0), fen) if fen else Fraction(1) for number, fen in proposed.items()}


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
