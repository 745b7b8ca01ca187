"""Hospital direct settlement (理赔直付): at discharge the hospital asks, and is answered at once what the customer still owes.

The hospital states the bill instead of sending papers. Whatever is not clean is not settled: the customer
pays, and a person looks at the claim. A pre-settlement (预结算) holds the answer until the hospital confirms it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from adjudicator import clocks
from adjudicator.confirming import cancel, confirm
from adjudicator.decide import SYSTEM, decide, hold
from adjudicator.event_claims import owner_of
from adjudicator.hospital_bill import SettlementRequest, check_bill, evidence_of, get_hospital
from adjudicator.intake import find_insured
from adjudicator.judging import judge_now
from adjudicator.letters import write_not_settled
from adjudicator.payees import NOBODY, was_settled
from adjudicator.system import System
from adjudicator.telling import notify
from domain.allocation import LineAllocation
from domain.claim import Channel, Payee, PersonClue
from domain.decision import Actor, DecisionKind
from domain.errors import ConflictError, KeyReusedError, NotFoundError
from domain.money import format_fen
from domain.policy import Hospital, Policy
from domain.states import ClaimState
from entitlement.rights import may_settle_directly
from policy.cover import in_force
from storage import claims, decisions, registry
from storage.claims import ClaimRecord
from storage.clocks import clocks_of
from storage.codec import from_json, sha256_of, to_json
from storage.database import Transaction
from storage.ids import new_id


class SettlementStatus(StrEnum):
    """What a hospital's settlement has come to."""

    PRE_SETTLED = "pre_settled"  # 已预结算: the amounts are held, and wait for the confirmation
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nobody confirmed it in time
    NOT_SETTLED = "not_settled"  # the patient pays, and a person looks at the claim


@dataclass(frozen=True)
class SettlementAnswer:
    """What the cashier needs: the insurer's part, the customer's part, why, and until when the hospital may confirm it."""

    claim_id: str
    state: ClaimState
    status: SettlementStatus
    confirm_by_ms: int | None
    bill_fen: int
    insurer_fen: int
    customer_fen: int
    lines: tuple[LineAllocation, ...]
    explanation: str
    is_new: bool


def settle(system: System, request: SettlementRequest) -> SettlementAnswer:
    """Settle a bill at once, without waiting for a confirmation; raises as `pre_settle` does.

    A bill that was pre-settled under the same number is confirmed by it.
    """
    return _settle_once(system, request, waits=False)


def pre_settle(system: System, request: SettlementRequest) -> SettlementAnswer:
    """Work out who pays what of a bill and hold it, once for each number of the hospital; the same request again gives the same answer.

    Raises:
        InputError: lines that do not sum to the total, or dates out of order.
        NotFoundError: no such hospital or insured, or none of their policies settles directly.
        KeyReusedError: the number came before with another bill.
    """
    return _settle_once(system, request, waits=True)


def confirm_settlement(system: System, claim_id: str, actor: Actor, customer_fen: int) -> SettlementAnswer:
    """Confirm a pre-settlement: the customer has paid `customer_fen`, and the insurer pays the rest; again, it stays confirmed.

    Raises:
        ConflictError: the customer paid another amount than was pre-settled; or it was cancelled, has run out, or was never settled.
    """
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        settled = answer_of(tx, claim, is_new=False)
        if settled.status in (SettlementStatus.PRE_SETTLED, SettlementStatus.CONFIRMED) and customer_fen != settled.customer_fen:
            told = f"the customer's part of claim {claim_id} is {format_fen(settled.customer_fen)}, and not {format_fen(customer_fen)}"
            raise ConflictError(told, "collect what was pre-settled, or cancel it")
        confirm(tx, claim, actor)
        answer = answer_of(tx, claims.get_claim(tx, claim_id), is_new=False)
    system.wake()
    return answer


def cancel_settlement(system: System, claim_id: str, actor: Actor, reason: str) -> SettlementAnswer:
    """Cancel a settlement, before or after it was confirmed; raises as `confirming.cancel` does."""
    with system.database.write() as tx:
        cancel(tx, claims.get_claim(tx, claim_id, lock=True), actor, reason)
        return answer_of(tx, claims.get_claim(tx, claim_id), is_new=False)


def _settle_once(system: System, request: SettlementRequest, *, waits: bool) -> SettlementAnswer:
    check_bill(request)
    request_hash = system.database.cipher.index(sha256_of(to_json(request, SettlementRequest)))
    with system.database.write() as tx:
        claim_id = None
        if claims.find_by_key(tx, Channel.HOSPITAL, request.external_ref) is None:
            claim_id = _settle_now(system, tx, request, request_hash, waits=waits)
        is_new = claim_id is not None
        claim = claims.get_claim(tx, claim_id) if claim_id else _the_same(tx, request, request_hash)
        if not waits and claim.state is ClaimState.PRESETTLED:
            confirm(tx, claim, _actor_of(claim))
        answer = answer_of(tx, claims.get_claim(tx, claim.claim_id), is_new=is_new)
    system.wake()
    return answer


def _the_same(tx: Transaction, request: SettlementRequest, request_hash: str) -> ClaimRecord:
    """Give the claim that a number made before, locked."""
    known = claims.find_by_key(tx, Channel.HOSPITAL, request.external_ref)
    if known is None:
        raise ConflictError(f"the number {request.external_ref} is being settled at this moment", "ask again with the same number")
    if known.request_hash not in tx.cipher.same(request_hash):
        raise KeyReusedError(
            f"the number {request.external_ref} was used for claim {known.claim_id} with another bill",
            "use a new number for a new bill",
        )
    return claims.get_claim(tx, known.claim_id, lock=True)


def _actor_of(claim: ClaimRecord) -> Actor:
    return Actor(claim.hospital_id or "", "hospital")


def eligible_policies(tx: Transaction, hospital_id: str, insured: PersonClue, on: date) -> Sequence[Policy]:
    """Tell which policies would settle directly for a stay that begins on a day; none for whoever is not insured here.

    Raises:
        NotFoundError: no such hospital.
    """
    hospital = get_hospital(tx, hospital_id)
    (person,) = registry.find_people(tx, insured) or (None,)
    return _fitting(tx, person.person_id, hospital, on) if person else ()


def _settle_now(system: System, tx: Transaction, request: SettlementRequest, request_hash: str, *, waits: bool) -> str | None:
    """Store a bill and judge it; None when the same number is stored meanwhile."""
    hospital = get_hospital(tx, request.hospital_id)
    insured = find_insured(tx, request.insured)
    policies = _direct_policies(tx, insured.person_id, hospital, request.admission_date)
    new = claims.NewClaim(
        claim_id=new_id("C"),
        channel=Channel.HOSPITAL,
        external_ref=request.external_ref,
        request_hash=request_hash,
        state=ClaimState.SUBMITTED,
        insured_id=insured.person_id,
        policy_numbers=tuple(each.policy_number for each in policies),
        loss_date=request.admission_date,
        loss_cause=request.loss_cause,
        narrative="",
        reporter_name=hospital.name,
        reporter_phone="",
        payee=Payee(hospital.name, hospital.account_number),
        device_id="",
        hospital_id=hospital.hospital_id,
        settlement_json=to_json(request, SettlementRequest),
    )
    event = owner_of(tx, insured, new)
    new = replace(new, event_code=event.code if event else None)
    actor = Actor(hospital.hospital_id, "hospital")
    if not claims.add_claim(tx, new, actor):
        return None
    claims.move(tx, new.claim_id, ClaimState.READING, actor)
    claim = claims.get_claim(tx, new.claim_id, lock=True)
    judge_now(system, tx, claim, evidence_of(request, hospital), hold if waits else decide)
    state = claims.get_claim(tx, new.claim_id).state
    if state is ClaimState.PRESETTLED:
        clocks.presettled(tx, new.claim_id, system.limits.presettlement_ms)
    elif state in (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION):
        clocks.start_complete(tx, new.claim_id)  # the bill is all the papers there are
        claims.set_payee(tx, new.claim_id, NOBODY)  # the patient pays the hospital: whatever is decided later is theirs
        claim = claims.get_claim(tx, new.claim_id)
        notify(tx, claim, "not_settled", *write_not_settled(claim))
    return new.claim_id


def _fitting(tx: Transaction, person_id: str, hospital: Hospital, on: date) -> Sequence[Policy]:
    return [each for each in in_force(registry.policies_insuring(tx, person_id), on) if may_settle_directly(each, hospital)]


def _direct_policies(tx: Transaction, person_id: str, hospital: Hospital, on: date) -> Sequence[Policy]:
    fitting = _fitting(tx, person_id, hospital, on)
    if not fitting:
        raise NotFoundError(
            f"no policy of this person settles directly with {hospital.name} on {on}",
            "let the customer pay and claim through the app or the hotline",
        )
    return fitting


def answer_of(tx: Transaction, claim: ClaimRecord, *, is_new: bool) -> SettlementAnswer:
    """Tell what a settlement has come to; the amounts are those of the discharge, as long as it stands."""
    request = from_json(claim.settlement_json or "", SettlementRequest)
    done = decisions.find_adjudication(tx, claim.claim_id, 1)  # what was told at discharge: a bill is settled once
    status = _status(tx, claim)
    stands = status in (SettlementStatus.PRE_SETTLED, SettlementStatus.CONFIRMED)
    owed_fen = request.total_fen - request.social_insurance_paid_fen
    insurer_fen = done.proposed_fen if done and stands else 0
    waiting = [each.due_ms for each in clocks_of(tx, claim.claim_id) if each.kind == clocks.CONFIRMATION and each.met_ms is None]
    return SettlementAnswer(
        claim.claim_id,
        claim.state,
        status,
        waiting[0] if waiting and status is SettlementStatus.PRE_SETTLED else None,
        request.total_fen,
        insurer_fen,
        owed_fen - insurer_fen,
        done.lines if done and stands else (),
        _tell(claim, request, status, insurer_fen),
        is_new,
    )


def _status(tx: Transaction, claim: ClaimRecord) -> SettlementStatus:
    if claim.state is ClaimState.PRESETTLED:
        return SettlementStatus.PRE_SETTLED
    if claim.state is ClaimState.WITHDRAWN:
        return SettlementStatus.CANCELLED
    last = decisions.find_decision(tx, claim.claim_id, claim.round) if claim.round > 1 else None
    if last and last.kind is DecisionKind.CANCELLED:
        return SettlementStatus.EXPIRED if last.actor_role == SYSTEM.role else SettlementStatus.CANCELLED
    return SettlementStatus.CONFIRMED if was_settled(tx, claim) else SettlementStatus.NOT_SETTLED


def _tell(claim: ClaimRecord, request: SettlementRequest, status: SettlementStatus, insurer_fen: int) -> str:
    if status is SettlementStatus.NOT_SETTLED:  # why is for the insurer's people: a cashier is not told of doubts about a patient
        return f"本次不能直接结算，请客户先行支付；案件 {claim.claim_id} 已转人工处理，结果将通知客户"
    if status is SettlementStatus.CANCELLED:
        return f"案件 {claim.claim_id} 的直付结算已撤销，保险公司不支付"
    if status is SettlementStatus.EXPIRED:
        return f"案件 {claim.claim_id} 的预结算未在期限内确认，已自动撤销，保险公司不支付；需要时请以新编号重新预结算"
    social, own_fen = request.social_insurance_paid_fen, request.total_fen - request.social_insurance_paid_fen - insurer_fen
    told = f"账单 {format_fen(request.total_fen)} 元，医保支付 {format_fen(social)} 元，"
    told += f"保险公司支付 {format_fen(insurer_fen)} 元，个人支付 {format_fen(own_fen)} 元"
    return told + ("；收妥个人部分后请确认，未确认前保险公司不付款" if status is SettlementStatus.PRE_SETTLED else "")
