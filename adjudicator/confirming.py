"""What becomes of a hospital's pre-settlement (预结算): confirmed when the patient has paid their share, cancelled, or run out.

A pre-settlement is decided: it uses limits and is booked, so that no other claim can use the same limit meanwhile. Only its
order waits. Taking it back is a decision of its own, in a new round, that gives nothing (docs/adr/0021).
"""

from adjudicator import clocks
from adjudicator.decide import SYSTEM, release, take_back
from adjudicator.payees import was_settled
from adjudicator.same_loss import join_reports
from adjudicator.telling import notify
from adjudicator.withdrawing import withdraw_claim
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError
from domain.money import format_fen
from domain.states import CLAIM_MOVES, ClaimState, PaymentState
from storage import audit, decisions, payouts, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.payouts import IN_FLIGHT

EXPIRED = "医院未在期限内确认，预结算自动撤销"
_STANDS = (ClaimState.DECIDED, ClaimState.PRESETTLED, ClaimState.PAYING, ClaimState.PAID, ClaimState.CLOSED)


def confirm(tx: Transaction, claim: ClaimRecord, actor: Actor) -> None:
    """Order what was pre-settled, and tell the customer; a settlement that is confirmed already stays as it is.

    Raises:
        ConflictError: it was cancelled or never settled, or a person has decided it anew.
    """
    if claim.state is ClaimState.PRESETTLED:
        audit.append(tx, claim.claim_id, actor, "settlement.confirmed", {})
        clocks.confirmed(tx, claim.claim_id)
        release(tx, claim, actor)
        join_reports(tx, claim, actor)
        return
    kind = decisions.find_kind(tx, claim.claim_id, claim.round)
    if claim.round == 1 and kind is not None and claim.state in _STANDS and was_settled(tx, claim):
        return
    told = f"claim {claim.claim_id} is {claim.state}" + (" and was cancelled" if kind is DecisionKind.CANCELLED else "")
    raise ConflictError(f"{told}: there is no pre-settlement to confirm", "pre-settle the bill under a new number")


def cancel(tx: Transaction, claim: ClaimRecord, actor: Actor, reason: str) -> None:
    """Take a settlement back: its limits are free again, its ledger entries reversed, its order called off; again: it stays as it is.

    What was paid already is to be given back by the hospital. A bill that was not settled and is with people is withdrawn.

    Raises:
        ConflictError: its payment is on the way; or people have decided the claim, for the patient, or taken it up again.
    """
    kind = decisions.find_kind(tx, claim.claim_id, claim.round)
    if kind is DecisionKind.CANCELLED or claim.state is ClaimState.WITHDRAWN:
        return
    if kind is None and claim.round == 1 and ClaimState.WITHDRAWN in CLAIM_MOVES[claim.state]:
        withdraw_claim(tx, claim, actor, reason)
        return
    if claim.round > 1 or claim.state not in _STANDS or not was_settled(tx, claim):
        taken = "taken up again after it was settled" if was_settled(tx, claim) else "not settled, and decided for the patient"
        told = f"claim {claim.claim_id} was {taken}, and is {claim.state}"
        raise ConflictError(told, "call the insurer: a person has it")
    _call_off(tx, claim, actor)
    act = "settlement.expired" if actor == SYSTEM else "settlement.cancelled"
    audit.append(tx, claim.claim_id, actor, act, {"reason": audit.Said(reason)})
    owed_fen = take_back(tx, claim, actor, reason)
    if owed_fen:
        audit.append(tx, claim.claim_id, actor, "settlement.recoverable", {"amount_fen": owed_fen})
    if claim.state is not ClaimState.PRESETTLED:  # before the confirmation the customer was told nothing
        notify(tx, claim, "settlement_cancelled", "直付结算已撤销", _body(claim, owed_fen))


def expire(tx: Transaction, claim: ClaimRecord) -> None:
    """Take a pre-settlement back whose hospital did not confirm it in time; one that was confirmed meanwhile stays."""
    if claim.state is ClaimState.PRESETTLED:
        cancel(tx, claim, SYSTEM, EXPIRED)


def _call_off(tx: Transaction, claim: ClaimRecord, actor: Actor) -> None:
    """Call off an order that the bank has not been asked for.

    Raises:
        ConflictError: it has.
    """
    for each in payouts.payouts_of(tx, claim.claim_id):
        if each.state is PaymentState.ORDERED and payouts.call_off(tx, each.idempotency_key, "called off: the settlement was cancelled"):
            audit.append(tx, claim.claim_id, actor, "payment.called_off", {"key": each.idempotency_key, "amount_fen": each.amount_fen})
        elif each.state in IN_FLIGHT:
            told = f"the payment of claim {claim.claim_id} is on its way to the hospital"
            raise ConflictError(told, "cancel again when the bank has confirmed it, in some minutes")
    tasks.drop(tx, claim.claim_id)


def _body(claim: ClaimRecord, owed_fen: int) -> str:
    back = f"保险公司已付给医院的 {format_fen(owed_fen)} 元由医院退回保险公司，与您无关。" if owed_fen else ""
    told = f"案件 {claim.claim_id}：{claim.reporter_name}已撤销本次住院的直付结算，保险公司不再支付该笔费用，已用的限额和免赔额已全部恢复。"
    return f"{told}{back}您与医院结清费用后，可凭票据另行申请理赔。"
