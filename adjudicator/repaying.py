"""Paying to an account that was given later (重新支付): the bank gave money back, or a hospital's bill turned out to be the patient's.

A new account makes a new order, under a key of its own. Only what the ledger says is still owed is ordered, and only while nothing
of the claim is in flight: an order whose outcome is unknown is asked about first. A bill that people still have takes the account
and pays nothing yet.
"""

import re

from adjudicator.decide import order_payment
from adjudicator.owing import payable_fen
from adjudicator.payees import OF_HOSPITAL, check_payee, hospital_part_fen
from adjudicator.people import DECIDERS, WITH_PEOPLE, actor_of, check_role, check_version
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


def set_payee(system: System, claim_id: str, version: int, staff: Staff, payee: Payee, reason: str) -> None:
    """Write a new account into a claim that waits for one, and pay what is owed there; `reason` stays in the audit chain.

    Raises:
        NotAllowedError: a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        InputError: no reason, no holder or no account number.
        ConflictError: nothing waits for an account, or a payment is still in flight; or the money is the patient's and the account
            the hospital's.
    """
    check_role(staff, DECIDERS)
    if not reason.strip():
        raise InputError("an account is changed for a reason", "write who gave it, and how it was checked", field="reason")
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        _pay_to(tx, claim, payee, actor_of(staff), reason.strip())
    system.wake()


def give_account(system: System, claim_id: str, actor: Actor, payee: Payee, *, version: int | None = None) -> None:
    """Take a new account from the customer, in answer to the notice; it must be the insured's own (raises as `set_payee` does).

    Raises:
        NotAllowedError: somebody else's account: that is for people to judge; or what is owed is the hospital's.
        StaleVersionError: a version was named, and the claim has another one.
    """
    with system.database.write() as tx:
        claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
        if hospital_part_fen(tx, claim):
            told = f"claim {claim_id} is paid to {claim.reporter_name}, which settled it with us"
            raise NotAllowedError(told, "nothing to do for the customer: we settle it with the hospital")
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


def _pay_to(tx: Transaction, claim: ClaimRecord, payee: Payee, actor: Actor, reason: str = "") -> None:
    """Write an account into a claim; what is owed to whom it belongs to is ordered at once."""
    claim_id, payee = claim.claim_id, Payee(payee.holder.strip(), "".join(payee.account_number.split()), payee.bank_name.strip())
    if not payee.holder or not re.fullmatch(r"\d{8,32}", payee.account_number, re.ASCII):
        raise InputError("the account needs its holder and a number of 8 to 32 digits", "check both for typing errors", field="payee")
    if claim.settlement_json is not None and claim.state in WITH_PEOPLE:
        check_payee(tx, claim, payee, 0, claim.round)
        _write_payee(tx, claim, payee, actor, reason)
        return
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
    hospital_fen = min(owed, hospital_part_fen(tx, claim))
    if hospital_fen:
        _check_names(claim, payee)
    round_ = OF_HOSPITAL if hospital_fen else _round_to_pay(claim, orders)
    _write_payee(tx, claim, payee, actor, reason, keeps=not hospital_fen or claim.round == OF_HOSPITAL)
    attempt = 1 + max((each.attempt for each in orders if each.round == round_), default=0)
    order_payment(tx, claim, round_, hospital_fen or owed, payee, actor, attempt)


def _check_names(claim: ClaimRecord, payee: Payee) -> None:
    """Make sure that what a hospital is owed goes to it.

    Raises:
        ConflictError: the account is another one's.
    """
    if payee.holder != claim.reporter_name:
        told = f"claim {claim.claim_id} was settled with {claim.reporter_name}, and {payee.holder} is another holder"
        raise ConflictError(told, "give the hospital's account; if the patient has paid it, the hospital cancels first")


def _write_payee(tx: Transaction, claim: ClaimRecord, payee: Payee, actor: Actor, reason: str, *, keeps: bool = True) -> None:
    if keeps:  # not a hospital's in a later round: what is paid after that is the insured's
        claims.set_payee(tx, claim.claim_id, payee)
    told: dict[str, object] = {"account_index": tx.cipher.index(payee.account_number)[:12]}
    audit.append(tx, claim.claim_id, actor, "payee.changed", told | ({"reason": audit.Said(reason)} if reason else {}))


def _round_to_pay(claim: ClaimRecord, orders: tuple[payouts.PayoutRecord, ...]) -> int:
    """Choose the round of a new order: the claim's own, unless that is paid and an earlier one came back."""
    standing = {each.round for each in orders if each.has_moved_money}
    open_rounds = [each.round for each in orders if each.round not in standing]
    return claim.round if claim.round not in standing else max(open_rounds, default=claim.round)
