"""What the bank did is written down (入账): it paid, it gave the money back (退票), or it paid late what had been given up.

The worker that sends an order comes here with the bank's answer, and the daily reconciliation with the bank's statement;
whoever comes first books it, and the other finds it booked.
"""

from adjudicator import clocks
from adjudicator.letters import write_account_wanted, write_bounce
from adjudicator.owing import payable_by_policy, payable_fen, set_off
from adjudicator.payees import hospital_part_fen
from adjudicator.reopening import go_on_after_advance
from adjudicator.telling import notify
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError, NotFoundError
from domain.states import ClaimState, PaymentState
from storage import audit, claims, decisions, ledger, payouts, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.ledger import Account
from storage.payouts import IN_FLIGHT, PayoutRecord

_OWING = (ClaimState.DECIDED, ClaimState.PAYING)
_PAID_OR_PAYING = (ClaimState.PAYING, ClaimState.PAID, ClaimState.CLOSED)


def confirm(tx: Transaction, key: str, bank_reference: str, actor: Actor) -> None:
    """Book that the bank paid an order: also one that was given up as unknown or bounced, and that it paid after all (迟到成功).

    Raises:
        NotFoundError: no order of ours has this key.
        ConflictError: it was never sent, so that the bank cannot have paid it; or it is booked already.
    """
    payout, claim = _taken(tx, key)
    claim_id = claim.claim_id
    if payout.state not in (PaymentState.SENT, PaymentState.UNKNOWN, PaymentState.BOUNCED):
        raise ConflictError(f"payment {key} is {payout.state} and cannot be confirmed", "look at the claim; `ledger reconcile` compares")
    is_late = payout.state is PaymentState.BOUNCED
    payouts.move_payout(tx, key, PaymentState.LATE if is_late else PaymentState.CONFIRMED, bank_reference=bank_reference)
    if claim.state is not ClaimState.PAYING:
        tasks.settle_dead(tx, claim_id, "pay")
    if is_late:
        _call_off(tx, claim_id, actor)
    owed = _book_payment(tx, payout)
    told = {"key": key, "amount_fen": payout.amount_fen, "bank_reference": bank_reference}
    audit.append(tx, claim_id, actor, "payment.late" if is_late else "payment.confirmed", told)
    _move_paid(tx, claim, owed, actor)


def give_back(tx: Transaction, key: str, reason: str, actor: Actor) -> None:
    """Write that the bank refused an order, or gave back what it had confirmed; the customer is asked for another account.

    The claim goes back to DECIDED, unless it is being decided anew: then the new decision pays what is owed.

    Raises:
        NotFoundError: no order of ours has this key.
        ConflictError: it was never sent.
        IllegalTransitionError: it came back before.
    """
    payout, claim = _taken(tx, key)
    claim_id = claim.claim_id
    if payout.state is PaymentState.ORDERED:
        raise ConflictError(f"payment {key} is {payout.state} and cannot have come back", "look at the claim; it was never sent")
    payouts.move_payout(tx, key, PaymentState.BOUNCED, error=reason)
    tasks.settle_dead(tx, claim_id, "pay")
    if payout.has_moved_money:
        event = _new_event(tx, claim_id, "return", key)
        ledger.reverse(tx, claim_id, _events(tx, claim_id, "payment", key)[-1], event)
        set_off(tx, claim_id, f"set-off {event}")
    told = {"key": key, "amount_fen": payout.amount_fen, "reason": audit.Said(reason)}
    audit.append(tx, claim_id, actor, "payment.returned" if payout.has_moved_money else "payment.bounced", told)
    owed = payable_fen(tx, claim_id)
    if owed > 0 and claim.state in _PAID_OR_PAYING and not _is_in_flight(tx, claim_id):
        _wait_for_account(tx, claim, owed, actor)


def _taken(tx: Transaction, key: str) -> tuple[PayoutRecord, ClaimRecord]:
    """Give an order and its claim as they are now; the claim is locked first, as by everybody who moves money."""
    found = payouts.find_by_key(tx, key)
    if found is None:
        raise NotFoundError(f"no payment {key}", "it is none of ours: ask the bank what it is")
    claim = claims.get_claim(tx, found.claim_id, lock=True)
    return payouts.find_by_key(tx, key) or found, claim


def _wait_for_account(tx: Transaction, claim: ClaimRecord, owed_fen: int, actor: Actor) -> None:
    """Let a claim wait for an account, because something is owed on it: ask the customer, unless it is the hospital's."""
    is_new = claim.settlement_json is not None and claim.payee is None  # the hospital has got its part, and the rest never had an account
    claims.move(tx, claim.claim_id, ClaimState.DECIDED, actor, {"payment": "waiting" if is_new else "bounced"})
    clocks.bounced(tx, claim.claim_id)
    if not hospital_part_fen(tx, claim):  # a hospital's account is for our people to mend
        notify(tx, claim, "payee", *(write_account_wanted if is_new else write_bounce)(claim, owed_fen))


def _book_payment(tx: Transaction, payout: PayoutRecord) -> int:
    """Book money that left the bank: against what is owed, and beyond that as something to get back. Gives what is still owed."""
    claim_id, rest = payout.claim_id, payout.amount_fen
    event = _new_event(tx, claim_id, "payment", payout.idempotency_key)
    payable = payable_by_policy(tx, claim_id)
    for policy, fen in payable.items():
        share = min(max(fen, 0), rest)
        ledger.book(tx, claim_id, policy, Account.CLAIMS_PAYABLE, Account.BANK, share, event)
        rest -= share
    if rest:
        policy = ledger.entries_of(tx, claim_id)[0].policy_number
        ledger.book(tx, claim_id, policy, Account.CLAIMS_RECOVERABLE, Account.BANK, rest, event)
    return sum(payable.values()) - (payout.amount_fen - rest)


def _move_paid(tx: Transaction, claim: ClaimRecord, owed_fen: int, actor: Actor) -> None:
    """Move a claim on when nothing of it is in flight any more."""
    claim_id = claim.claim_id
    if claim.state not in _OWING or _is_in_flight(tx, claim_id):
        return
    if claim.state is ClaimState.DECIDED:
        claims.move(tx, claim_id, ClaimState.PAYING, actor, {"payment": "late"})
    clocks.paid(tx, claim_id)
    claims.move(tx, claim_id, ClaimState.PAID, actor)
    if owed_fen > 0:
        _wait_for_account(tx, claim, owed_fen, actor)
    elif decisions.find_kind(tx, claim_id, claim.round) is DecisionKind.ADVANCE:
        go_on_after_advance(tx, claim, actor)


def _call_off(tx: Transaction, claim_id: str, actor: Actor) -> None:
    """Call off what was ordered instead of a payment that came late, as long as the bank has not been called."""
    for each in payouts.payouts_of(tx, claim_id):
        if each.state is PaymentState.ORDERED and payouts.call_off(tx, each.idempotency_key, "called off: an earlier payment came late"):
            audit.append(tx, claim_id, actor, "payment.called_off", {"key": each.idempotency_key, "amount_fen": each.amount_fen})


def _is_in_flight(tx: Transaction, claim_id: str) -> bool:
    return any(each.state in IN_FLIGHT for each in payouts.payouts_of(tx, claim_id))


def _events(tx: Transaction, claim_id: str, what: str, key: str) -> list[str]:
    """List the bookings of one kind of an order, in their order: a payment may come back, and come late again."""
    found = dict.fromkeys(each.event for each in ledger.entries_of(tx, claim_id))
    return [event for event in found if event == f"{what} {key}" or event.startswith(f"{what} {key} #")]


def _new_event(tx: Transaction, claim_id: str, what: str, key: str) -> str:
    before = len(_events(tx, claim_id, what, key))
    return f"{what} {key} #{before + 1}" if before else f"{what} {key}"
