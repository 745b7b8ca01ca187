"""Paying anew (重新支付): after the bank gave money back, a new account makes a new order, under a key of its own.

Only what the ledger says is still owed is ordered, and only while nothing of the claim is in flight: an order whose outcome
is unknown is asked about first.
"""

import re

from adjudicator.decide import order_payment
from adjudicator.owing import payable_fen
from adjudicator.people import DECIDERS, actor_of, check_role, check_version
from adjudicator.settling import give_back
from adjudicator.system import System
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.identity import is_bank_card
from domain.states import ClaimState, PaymentState
from storage import audit, claims, payouts, registry
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.payouts import IN_FLIGHT


def set_payee(system: System, claim_id: str, version: int, staff: Staff, payee: Payee) -> None:
    """Write a new account into a claim whose payment bounced, and pay what is owed there.

    Raises:
        NotAllowedError: a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        InputError: no holder or no account number.
        ConflictError: nothing bounced, or a payment is still in flight.
    """
    check_role(staff, DECIDERS)
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        _pay_to(tx, claim, payee, actor_of(staff))
    system.wake()


def give_account(system: System, claim_id: str, actor: Actor, payee: Payee, *, version: int | None = None) -> None:
    """Take a new account from the customer, in answer to the notice; it must be the insured's own (raises as `set_payee` does).

    Raises:
        NotAllowedError: somebody else's account: that is for people to judge.
        StaleVersionError: a version was named, and the claim has another one.
    """
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        if claim.settlement_json is not None:
            raise NotAllowedError("this claim is paid to the hospital", "nothing to do for the customer: we settle it with the hospital")
        insured = registry.find_person(tx, claim.insured_id)
        if insured is None or payee.holder.strip() != insured.name:
            raise NotAllowedError("the account's holder is not the insured", "give an account of the insured's own, or call the hotline")
        if not is_bank_card("".join(payee.account_number.split())):
            raise InputError("the account number is no bank card's", "check it for typing errors", field="payee")
        _pay_to(tx, claim, payee, actor)
    system.wake()


def declare_unpaid(system: System, claim_id: str, actor: Actor, reason: str) -> None:
    """Write that the bank has told, outside its protocol, that it never made a payment of unknown outcome: it may be ordered anew.

    Raises:
        InputError: no reason.
        ConflictError: no payment of the claim is of unknown outcome.
    """
    if not reason.strip():
        raise InputError("a payment is declared unpaid with the bank's word", "write who at the bank told it, and when", field="reason")
    with system.database.write() as tx:
        unknown = [each for each in payouts.payouts_of(tx, claim_id) if each.state is PaymentState.UNKNOWN]
        if not unknown:
            raise ConflictError(f"no payment of claim {claim_id} is of unknown outcome", "`claim show` tells where it stands")
        for each in unknown:
            give_back(tx, each.idempotency_key, reason, actor)


def _pay_to(tx: Transaction, claim: ClaimRecord, payee: Payee, actor: Actor) -> None:
    claim_id, payee = claim.claim_id, Payee(payee.holder.strip(), "".join(payee.account_number.split()), payee.bank_name.strip())
    if not payee.holder or not re.fullmatch(r"\d{8,32}", payee.account_number, re.ASCII):
        raise InputError("the account needs its holder and a number of 8 to 32 digits", "check both for typing errors", field="payee")
    if claim.state is not ClaimState.DECIDED:
        raise ConflictError(f"claim {claim_id} is {claim.state}: no payment of it bounced", "an account is changed after a bounce only")
    orders = payouts.payouts_of(tx, claim_id)
    flying = [each for each in orders if each.state in IN_FLIGHT]
    if flying:
        told = f"payment {flying[0].idempotency_key} of claim {claim_id} is {flying[0].state}: the money may have moved"
        raise ConflictError(told, "ask the bank first: `claim retry`, or `ledger reconcile` with its statement")
    owed = payable_fen(tx, claim_id)
    if owed <= 0:
        raise ConflictError(f"nothing is owed on claim {claim_id}", "there is nothing to pay")
    claims.set_payee(tx, claim_id, payee)
    audit.append(tx, claim_id, actor, "payee.changed", {"account_index": tx.cipher.index(payee.account_number)[:12]})
    round_ = _round_to_pay(claim, orders)
    attempt = 1 + max((each.attempt for each in orders if each.round == round_), default=0)
    order_payment(tx, claim_id, round_, owed, payee, actor, attempt)


def _round_to_pay(claim: ClaimRecord, orders: tuple[payouts.PayoutRecord, ...]) -> int:
    """Choose the round of a new order: the claim's own, unless that is paid and an earlier one came back."""
    standing = {each.round for each in orders if each.has_moved_money}
    open_rounds = [each.round for each in orders if each.round not in standing]
    return claim.round if claim.round not in standing else max(open_rounds, default=claim.round)
