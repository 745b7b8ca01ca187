"""Hospital direct settlement (理赔直付): at discharge the hospital asks, and is answered at once what the customer still owes.

The hospital states the bill instead of sending papers. Whatever is not clean is not settled: the customer
pays, and a person looks at the claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from adjudicator.costs import Bills, Costs
from adjudicator.event_claims import owner_of
from adjudicator.evidence import Evidence
from adjudicator.intake import find_insured
from adjudicator.judging import judge_now
from adjudicator.system import System
from domain.allocation import LineAllocation
from domain.claim import Channel, LossCause, Payee, PersonClue
from domain.decision import Actor, Queue
from domain.document import InvoiceLine
from domain.errors import ConflictError, InputError, KeyReusedError, NotFoundError
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.policy import Hospital, Policy
from domain.states import ClaimState
from entitlement.rights import may_settle_directly
from policy.cover import in_force
from storage import claims, decisions, registry
from storage.claims import ClaimRecord
from storage.codec import from_json, sha256_of, to_json
from storage.database import Transaction
from storage.ids import new_id


@dataclass(frozen=True)
class BillLine:
    """One item of the hospital's bill."""

    name: str
    list_class: str  # 甲 | 乙 | 丙, "" when the hospital does not say
    amount_fen: int


@dataclass(frozen=True)
class SettlementRequest:
    """What a hospital states at discharge. `total_fen` is what the patient owes; what social insurance pays of it is told apart."""

    external_ref: str
    hospital_id: str
    insured: PersonClue
    admission_date: date
    discharge_date: date
    diagnosis_icd10: str
    loss_cause: LossCause
    total_fen: int
    social_insurance_paid_fen: int
    lines: tuple[BillLine, ...]


@dataclass(frozen=True)
class SettlementAnswer:
    """What the cashier needs: the insurer's part, the customer's part, and why."""

    claim_id: str
    state: ClaimState
    bill_fen: int
    insurer_fen: int
    customer_fen: int
    lines: tuple[LineAllocation, ...]
    explanation: str
    is_new: bool


def settle(system: System, request: SettlementRequest) -> SettlementAnswer:
    """Settle a bill, once for each number of the hospital; the same request again gives the same answer.

    Raises:
        InputError: lines that do not sum to the total, or dates out of order.
        NotFoundError: no such hospital or insured, or none of their policies settles directly.
        KeyReusedError: the number came before with another bill.
    """
    _check(request)
    request_hash = system.database.cipher.index(sha256_of(to_json(request, SettlementRequest)))
    with system.database.write() as tx:
        known = claims.find_by_key(tx, Channel.HOSPITAL, request.external_ref)
        if known is None:
            claim_id = _settle_now(system, tx, request, request_hash)
        elif known.request_hash != request_hash:
            raise KeyReusedError(
                f"the number {request.external_ref} was used for claim {known.claim_id} with another bill",
                "use a new number for a new bill",
            )
        else:
            claim_id = known.claim_id
        answer = _answer(tx, claims.get_claim(tx, claim_id), request, is_new=known is None)
    system.wake()
    return answer


def _check(request: SettlementRequest) -> None:
    total = sum(line.amount_fen for line in request.lines)
    if total != request.total_fen:
        told = f"the lines sum to {format_fen(total)}, the bill says {format_fen(request.total_fen)}"
        raise InputError(told, "send every line of the bill, and the total they sum to", field="bill/total")
    if request.social_insurance_paid_fen > request.total_fen:
        raise InputError(
            "social insurance cannot have paid more than the bill", "send its share of this bill", field="bill/social_insurance_paid"
        )
    if request.discharge_date < request.admission_date:
        told = f"the discharge on {request.discharge_date} is before the admission on {request.admission_date}"
        raise InputError(told, "check both dates", field="discharge_date")


def _settle_now(system: System, tx: Transaction, request: SettlementRequest, request_hash: str) -> str:
    hospital = registry.find_hospital(tx, request.hospital_id)
    if hospital is None:
        raise NotFoundError(f"no hospital {request.hospital_id}", "use the number from the direct settlement agreement")
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
        raise ConflictError(f"the number {request.external_ref} is being settled at this moment", "ask again with the same number")
    claims.move(tx, new.claim_id, ClaimState.READING, actor)
    claim = claims.get_claim(tx, new.claim_id, lock=True)
    judge_now(system, tx, claim, evidence_of(request, hospital))
    return new.claim_id


def _direct_policies(tx: Transaction, person_id: str, hospital: Hospital, on: date) -> Sequence[Policy]:
    fitting = [each for each in in_force(registry.policies_insuring(tx, person_id), on) if may_settle_directly(each, hospital)]
    if not fitting:
        raise NotFoundError(
            f"no policy of this person settles directly with {hospital.name} on {on}",
            "let the customer pay and claim through the app or the hotline",
        )
    return fitting


def evidence_of(request: SettlementRequest, hospital: Hospital) -> Evidence:
    """State a hospital's bill as the evidence that papers would have given."""
    source = f"{hospital.name} 直付结算单"
    costs = Costs(
        request.total_fen,
        request.social_insurance_paid_fen,
        True if request.social_insurance_paid_fen else None,
        tuple(InvoiceLine(line.name, line.amount_fen, line.list_class) for line in request.lines),
        source,
    )
    return Evidence(
        hospital=hospital,
        admission_date=request.admission_date,
        discharge_date=request.discharge_date,
        inpatient_days=(request.discharge_date - request.admission_date).days,
        diagnosis_icd10=request.diagnosis_icd10,
        bills=Bills(costs, costs, None),
        sources=dict.fromkeys(("admission_date", "inpatient_days", "diagnosis_icd10", "costs"), source) | {"hospital": "医院库"},
    )


def settlement_evidence(tx: Transaction, claim: ClaimRecord) -> Evidence:
    """Give a settled claim's evidence again, from what the hospital stated then."""
    request = from_json(claim.settlement_json or "", SettlementRequest)
    hospital = registry.find_hospital(tx, request.hospital_id)
    if hospital is None:
        raise NotFoundError(f"no hospital {request.hospital_id}", "import the medical base again")
    note = Finding("claim.direct_settlement", Severity.NOTE, "由医院在出院时直接结算，未交纸质资料")
    return replace(evidence_of(request, hospital), findings=(note,))


def _answer(tx: Transaction, claim: ClaimRecord, request: SettlementRequest, *, is_new: bool) -> SettlementAnswer:
    done = decisions.find_adjudication(tx, claim.claim_id, 1)  # what was told at discharge: a bill is settled once
    owed_fen = request.total_fen - request.social_insurance_paid_fen
    settled = done is not None and done.route.queue is Queue.STRAIGHT_THROUGH
    insurer_fen = done.proposed_fen if done and settled else 0
    if settled:
        told = f"账单 {format_fen(request.total_fen)} 元，医保支付 {format_fen(request.social_insurance_paid_fen)} 元，"
        told += f"保险公司支付 {format_fen(insurer_fen)} 元，个人支付 {format_fen(owed_fen - insurer_fen)} 元"
    else:  # why is for the insurer's people: a cashier is not told of doubts about a patient
        told = f"本次不能直接结算，请客户先行支付；案件 {claim.claim_id} 已转人工处理，结果将通知客户"
    return SettlementAnswer(
        claim.claim_id,
        claim.state,
        request.total_fen,
        insurer_fen,
        owed_fen - insurer_fen,
        done.lines if done and settled else (),
        told,
        is_new,
    )
