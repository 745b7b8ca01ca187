"""Whom a claim's money belongs to (收款人): the hospital only for what it settled with us at discharge, else the insured.

A bill that was not settled, because it was referred to people, was paid to the hospital by the patient. So was what a later
decision adds to a settled one: the hospital has got what it was told. Nothing of either may go to its account (docs/adr/0021).
"""

import json

from domain.claim import Payee
from domain.decision import DecisionKind
from domain.errors import ConflictError
from domain.money import format_fen
from domain.states import ClaimState
from storage import decisions, payouts, registry
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.decisions import Decision
from storage.payouts import IN_FLIGHT

NOBODY = Payee("", "")
_MACHINE = "system"  # the role of decide.SYSTEM, which stands above this room's floor
OF_HOSPITAL = 1  # the round in which a hospital's bill is settled: its orders go to the hospital, all later ones to the insured


def was_settled(tx: Transaction, claim: ClaimRecord) -> bool:
    """Tell whether a hospital's bill was settled with it: decided by the machine, at discharge, from what the hospital stated alone.

    It stays settled when it is decided anew, and also when it is cancelled: what the hospital got then is the hospital's debt.
    """
    if claim.settlement_json is None:
        return False
    first = decisions.find_decision(tx, claim.claim_id, OF_HOSPITAL)
    return first is not None and is_of_hospital(first)


def is_of_hospital(first: Decision) -> bool:
    """Tell whether the first decision of a hospital's bill settled it: one by people, or from papers, is the patient's."""
    return first.actor_role == _MACHINE and not json.loads(first.inputs_json)["documents"]


def hospital_part_fen(tx: Transaction, claim: ClaimRecord) -> int:
    """Tell what a hospital was promised at discharge and has not got, in fen; 0 for everything that is not settled with one."""
    if not was_settled(tx, claim) or decisions.find_kind(tx, claim.claim_id, claim.round) is DecisionKind.CANCELLED:
        return 0
    promised = decisions.find_decision(tx, claim.claim_id, OF_HOSPITAL)
    orders = payouts.payouts_of(tx, claim.claim_id)
    got = sum(each.amount_fen for each in orders if each.round == OF_HOSPITAL and each.has_moved_money)
    return max(0, promised.amount_fen - got) if promised else 0


def check_payee(tx: Transaction, claim: ClaimRecord, payee: Payee, amount_fen: int, round_: int) -> None:
    """Make sure that money which belongs to a patient does not go to the hospital they have paid.

    Raises:
        ConflictError: it would.
    """
    if not is_hospitals(tx, claim, payee) or (round_ == OF_HOSPITAL and 0 < amount_fen <= hospital_part_fen(tx, claim)):
        return
    told = f"this money of claim {claim.claim_id} was not settled with {claim.reporter_name}: the patient paid it there, and it is theirs"
    raise ConflictError(told, "give an account of the insured's, or of who is entitled to the money")


def is_hospitals(tx: Transaction, claim: ClaimRecord, payee: Payee) -> bool:
    """Tell whether an account is that of the hospital whose bill a claim is; False for a claim that is none."""
    if claim.settlement_json is None:
        return False
    hospital = registry.find_hospital(tx, claim.hospital_id or "")
    names, numbers = {claim.reporter_name}, set[str]()
    if hospital:
        names, numbers = names | {hospital.name}, {hospital.account_number}
    return payee.holder in names or payee.account_number in numbers


def tell_waiting(tx: Transaction, claim: ClaimRecord, owed_fen: int) -> str:
    """Say, in Chinese, whose account the money of a decided bill waits for; "" when nothing waits."""
    if claim.settlement_json is None or claim.state is not ClaimState.DECIDED or owed_fen <= 0:
        return ""
    if any(each.state in IN_FLIGHT for each in payouts.payouts_of(tx, claim.claim_id)):
        return ""
    if part_fen := min(owed_fen, hospital_part_fen(tx, claim)):
        return f"赔款 {format_fen(part_fen)} 元等待{claim.reporter_name}的收款账户"
    return f"赔款 {format_fen(owed_fen)} 元等待被保险人本人的收款账户"
