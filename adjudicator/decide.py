"""Deciding (核定): a decision, the limits it uses up, the ledger entries and the payment order, all in one transaction.

A claim that is decided anew (a later round) takes the earlier decision back first: its uses of limits count no more, its
ledger entries are reversed, and only what was not paid yet is paid. What was paid too much becomes a receivable
(应收追偿款); money is never sent the other way.
"""

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction

from adjudicator import clocks
from adjudicator.letters import tell_difference, tell_payee, write_account_wanted, write_decision
from adjudicator.offsetting import book_offset
from adjudicator.owing import paid_fen, payable_fen, recoverable_fen, set_off
from adjudicator.payees import check_payee, hospital_part_fen, is_hospitals
from adjudicator.telling import notify
from domain.claim import Payee
from domain.decision import GIVES_NOTHING, Actor, DecisionKind
from domain.errors import ConflictError, InputError
from domain.payout import PaymentOrder
from domain.states import ClaimState
from storage import audit, claims, decisions, documents, ledger, payouts, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.decisions import Adjudication
from storage.ledger import Account
from storage.recoveries import ArrangedOffset

SYSTEM = Actor("mingbai", "system")


@dataclass(frozen=True)
class Verdict:
    """What is decided of a claim: how much, why, and by which clause when less than everything is paid."""

    kind: DecisionKind
    amount_fen: int
    reason: str
    clause: str = ""


def decide(
    tx: Transaction,
    claim: ClaimRecord,
    done: Adjudication,
    verdict: Verdict,
    actor: Actor,
    payee: Payee | None,
    offset: ArrangedOffset | None = None,
) -> None:
    """Carry a verdict out: from the claim's present state to DECIDED and on to PAYING, or to CLOSED when there is nothing to pay.

    `offset`, which only people arrange, makes the payment smaller by what another claim of the insured owes. What a hospital's bill
    brings beyond what was settled with the hospital waits in DECIDED for the insured's account when nobody has given one.

    Raises:
        InputError: money is to be paid and nobody knows where to, on a claim that is no hospital's bill.
        IllegalTransitionError: the claim cannot be decided now.
    """
    before_fen = paid_fen(tx, claim.claim_id) if claim.round > 1 else 0
    booked_fen = _book(tx, claim, done, verdict)
    due_fen = booked_fen - (book_offset(tx, claim, offset, booked_fen, actor) if offset else 0)
    if due_fen and payee is None and claim.settlement_json is None:
        raise InputError(f"claim {claim.claim_id} has no account to pay to", "ask the customer for the bank card", field="payee")
    _move(tx, claim, verdict, actor)
    _write(tx, claim, done, verdict, actor)
    payee = _entitled(tx, claim, payee)
    told = tell_difference(before_fen, booked_fen, recoverable_fen(tx, claim.claim_id)) if claim.round > 1 else ""
    if claim.settlement_json and due_fen:
        told = tell_payee(payee, claim.reporter_name if hospital_part_fen(tx, claim) else "") + told
    _announce(tx, claim, done, verdict, pays=due_fen > 0, added=told)
    _pay_or_wait(tx, claim, due_fen, payee, actor)


def hold(tx: Transaction, claim: ClaimRecord, done: Adjudication, verdict: Verdict, actor: Actor, payee: Payee | None) -> None:
    """Decide as `decide` does, to PRESETTLED: limits are used and the ledger is booked, but nobody is told and nothing is ordered yet."""
    if payee is None:
        raise InputError(f"claim {claim.claim_id} has no account to pay to", "write the hospital's account into the medical base")
    _book(tx, claim, done, verdict)
    _move(tx, claim, verdict, actor)
    _write(tx, claim, done, verdict, actor)
    claims.move(tx, claim.claim_id, ClaimState.PRESETTLED, actor)


def release(tx: Transaction, claim: ClaimRecord, actor: Actor) -> None:
    """Tell and order what `hold` decided: the amount is the one that was held, whatever happened since.

    Raises:
        ConflictError: nothing is held.
    """
    done, held = decisions.find_adjudication(tx, claim.claim_id, claim.round), decisions.find_decision(tx, claim.claim_id, claim.round)
    if claim.state is not ClaimState.PRESETTLED or done is None or held is None:
        raise ConflictError(f"claim {claim.claim_id} is {claim.state}: nothing of it waits for a word", "look at where it stands")
    due_fen = payable_fen(tx, claim.claim_id)
    told = tell_payee(claim.payee) if due_fen else ""
    _announce(tx, claim, done, Verdict(held.kind, held.amount_fen, held.reason, held.clause), pays=due_fen > 0, added=told)
    _pay_or_wait(tx, claim, due_fen, claim.payee, actor)


def take_back(tx: Transaction, claim: ClaimRecord, actor: Actor, reason: str) -> int:
    """Decide in a new round that nothing is given, and close: limits count no more, the ledger is reversed; gives what is to come back.

    Nothing of the claim may be in flight. The new decision has the older one's inputs: there was nothing new to work out.
    """
    done, last = decisions.find_adjudication(tx, claim.claim_id, claim.round), decisions.find_decision(tx, claim.claim_id, claim.round)
    if done is None or last is None:
        raise ConflictError(f"claim {claim.claim_id} was not decided in round {claim.round}", "withdraw it")
    claims.begin_round(tx, claim.claim_id)
    claim = claims.get_claim(tx, claim.claim_id)
    verdict = Verdict(DecisionKind.CANCELLED, 0, reason)
    _book(tx, claim, done, verdict)
    decisions.save_adjudication(tx, claim.claim_id, claim.round, done)
    if claim.state is not ClaimState.DECIDED:  # one whose payment bounced is there already
        _move(tx, claim, verdict, actor)
    _write(tx, claim, done, verdict, actor, inputs=json.loads(last.inputs_json))
    clocks.withdrawn(tx, claim.claim_id)
    claims.move(tx, claim.claim_id, ClaimState.CLOSED, actor)
    return recoverable_fen(tx, claim.claim_id)


def _move(tx: Transaction, claim: ClaimRecord, verdict: Verdict, actor: Actor) -> None:
    claims.move(tx, claim.claim_id, ClaimState.DECIDED, actor, {"kind": verdict.kind, "amount_fen": verdict.amount_fen})


def _write(
    tx: Transaction, claim: ClaimRecord, done: Adjudication, verdict: Verdict, actor: Actor, inputs: dict[str, object] | None = None
) -> None:
    """Write a decision down, with everything it was made from and the limits it uses up."""
    claim_id, round_ = claim.claim_id, claim.round
    inputs = inputs or _replay_inputs(tx, claim, done)
    told = (verdict.kind, verdict.amount_fen, actor, verdict.reason, verdict.clause)
    decisions.save_decision(tx, claim_id, round_, *told, inputs, done.proposed_fen)
    if verdict.kind not in GIVES_NOTHING:  # a nil payment uses up a deductible, too
        decisions.save_accumulator_uses(tx, claim_id, round_, done.policies, parts_paid(done, verdict.amount_fen))


def _announce(tx: Transaction, claim: ClaimRecord, done: Adjudication, verdict: Verdict, *, pays: bool, added: str = "") -> None:
    """Start the clock of what is owed now, and tell the customer."""
    if verdict.kind is DecisionKind.ADVANCE:
        clocks.advanced(tx, claim.claim_id)
    else:
        waives = verdict.kind is not DecisionKind.DECLINE and done.waived_fen > 0
        clocks.decided(tx, claim.claim_id, pays=pays, refuses=verdict.amount_fen == 0 and not waives)
    subject, body = write_decision(claim, done, verdict.kind, verdict.amount_fen, verdict.reason, verdict.clause)
    notify(tx, claim, "decision", subject, body + added)


def _entitled(tx: Transaction, claim: ClaimRecord, payee: Payee | None) -> Payee | None:
    """Give the account that a decision pays to; None while nobody knows it, as when a hospital's own money came back."""
    if claim.settlement_json is None or payee is None:
        return payee
    if claim.round > 1 and hospital_part_fen(tx, claim):
        return None
    is_theirs = is_hospitals(tx, claim, payee)
    return payee if not is_theirs or hospital_part_fen(tx, claim) else None


def _pay_or_wait(tx: Transaction, claim: ClaimRecord, due_fen: int, payee: Payee | None, actor: Actor) -> None:
    if due_fen == 0:
        claims.move(tx, claim.claim_id, ClaimState.CLOSED, actor)
    elif payee is not None:
        order_payment(tx, claim, claim.round, due_fen, payee, actor)
    elif not hospital_part_fen(tx, claim):  # a hospital's account is for our people to mend
        notify(tx, claim, "payee", *write_account_wanted(claim, due_fen))


def order_payment(tx: Transaction, claim: ClaimRecord, round_: int, amount_fen: int, payee: Payee, actor: Actor, attempt: int = 1) -> None:
    """Write the order that pays what is owed of a decided claim, and ask for it to be sent; raises as `payees.check_payee` does."""
    claim_id = claim.claim_id
    check_payee(tx, claim, payee, amount_fen, round_)
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
        "model": done.score.model_hash if done.score else None,
        "documents": list(dict.fromkeys(each.sha256 for each in documents.documents_of(tx, claim.claim_id))),
        "flags": [each.code for each in done.route.flags],
    }


def _used_before(tx: Transaction, claim: ClaimRecord, policy_number: str) -> list[list[str]]:
    # The policies are locked since the claim was worked out: this is what the rules were asked with.
    used = decisions.accumulators_of(tx, policy_number, without_claim=claim.claim_id)
    return [[key.name, key.period, str(amount)] for key, amount in sorted(used.items(), key=lambda pair: (pair[0].name, pair[0].period))]
