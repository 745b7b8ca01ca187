"""A hospital's bill (直付结算单): what it states at discharge instead of sending papers, and the evidence that this is."""

from dataclasses import dataclass, replace
from datetime import date

from adjudicator.costs import Bills, Costs
from adjudicator.evidence import Evidence
from domain.claim import LossCause, PersonClue
from domain.document import InvoiceLine
from domain.errors import InputError, NotFoundError
from domain.finding import Finding, Severity
from domain.money import format_fen
from domain.policy import Hospital
from storage import registry
from storage.claims import ClaimRecord
from storage.codec import from_json
from storage.database import Transaction


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


def check_bill(request: SettlementRequest) -> None:
    """Make sure that a bill adds up.

    Raises:
        InputError: lines that do not sum to the total, social insurance that paid more, or dates out of order.
    """
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


def get_hospital(tx: Transaction, hospital_id: str) -> Hospital:
    """Give a hospital of the agreement.

    Raises:
        NotFoundError: no such hospital.
    """
    hospital = registry.find_hospital(tx, hospital_id)
    if hospital is None:
        raise NotFoundError(f"no hospital {hospital_id}", "use the number from the direct settlement agreement")
    return hospital


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
