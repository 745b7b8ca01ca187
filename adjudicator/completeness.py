"""Completeness (资料齐全性): what a claim still lacks, all of it at once (Insurance Law art. 22, 及时一次性通知)."""

from collections.abc import Collection, Sequence

from adjudicator.papers import is_outpatient, of_class
from domain.claim import LossCause, Payee
from domain.document import CLASS_NAMES_ZH, DocumentClass
from domain.finding import Finding, Severity
from domain.states import DocumentState
from storage.documents import DocumentRecord

_INPATIENT = (DocumentClass.MEDICAL_INVOICE, DocumentClass.DISCHARGE_SUMMARY, DocumentClass.ID_CARD)
_VISIT = (DocumentClass.MEDICAL_INVOICE, DocumentClass.ID_CARD)
_CRITICAL_ILLNESS = (DocumentClass.PATHOLOGY_REPORT, DocumentClass.DIAGNOSIS_CERTIFICATE, DocumentClass.ID_CARD)
_COSTS = frozenset({DocumentClass.MEDICAL_INVOICE, DocumentClass.EXPENSE_LIST, DocumentClass.DISCHARGE_SUMMARY})
_BODY_PROOF = frozenset({DocumentClass.SURGERY_RECORD, DocumentClass.IMAGING_REPORT})  # of benefits that are no cost
_ILLNESS_PROOF = frozenset({DocumentClass.PATHOLOGY_REPORT})
_ASKED_ABOUT = ("document.unclassified", "id_card.back_only")  # read well, and yet of no use as it is
_WHY = {
    DocumentClass.MEDICAL_INVOICE: "用来核定花费了多少、医保付了多少",
    DocumentClass.DISCHARGE_SUMMARY: "用来核定因什么病、何时住院",
    DocumentClass.ID_CARD: "用来确认被保险人身份",
    DocumentClass.PATHOLOGY_REPORT: "用来确认重大疾病的诊断",
    DocumentClass.DIAGNOSIS_CERTIFICATE: "用来确认诊断和确诊日期",
    DocumentClass.ACCIDENT_CERTIFICATE: "用来确认意外事故的经过",
    DocumentClass.DEATH_CERTIFICATE: "用来确认身故的日期和原因",
    DocumentClass.DISABILITY_REPORT: "用来确认伤残等级",
}


def required_classes(present: frozenset[DocumentClass], cause: LossCause | None, *, only_visits: bool = False) -> tuple[DocumentClass, ...]:
    """Tell which documents a claim needs, from what was sent and from the cause that was reported; visits have no discharge summary."""
    wanted: list[DocumentClass] = []
    if present & _ILLNESS_PROOF:
        wanted += _CRITICAL_ILLNESS
    for proof in (DocumentClass.DEATH_CERTIFICATE, DocumentClass.DISABILITY_REPORT):
        if proof in present:
            wanted += (proof, DocumentClass.ID_CARD)
    if present & _COSTS:
        wanted += _VISIT if only_visits else _INPATIENT
    elif not wanted:
        wanted += (DocumentClass.DIAGNOSIS_CERTIFICATE, DocumentClass.ID_CARD) if present & _BODY_PROOF else _INPATIENT
    if cause is LossCause.ACCIDENT:
        wanted.append(DocumentClass.ACCIDENT_CERTIFICATE)
    return tuple(dict.fromkeys(wanted))


def find_gaps(
    records: Sequence[DocumentRecord],
    cause: LossCause | None,
    payee: Payee | None,
    unasked: Collection[DocumentClass] = (),
) -> tuple[Finding, ...]:
    """List what the customer must send or take again; empty when the papers are complete.

    Papers that are `unasked` (a catastrophe leaves them out) do not count as missing.

    A picture that is to be taken again counts as missing until the new one is there; a later readable
    document of the same class makes the request void.
    """
    present = frozenset(each.document_class for each in records if each.state is DocumentState.EXTRACTED and each.document_class)
    wanted = required_classes(present, cause, only_visits=_only_visits(records))
    missing = [each for each in wanted if each not in present and each not in unasked]
    gaps = [_missing(each) for each in missing]
    if missing:
        gaps = [finding for each in records for finding in (*_retakes(each), *_missing_pages(each))] + gaps
    if payee is None:
        told = "银行卡上的卡号或持卡人未能确认" if DocumentClass.BANK_CARD in present else "缺少收款账户"
        gaps.append(Finding("payee.missing", Severity.BLOCK, told, "请提供被保险人本人的银行卡照片，卡号和持卡人须清晰可见", about="payee"))
    return tuple(gaps)


def _only_visits(records: Sequence[DocumentRecord]) -> bool:
    papers = [each.read for each in records if each.read and each.state is DocumentState.EXTRACTED]
    invoices = of_class(papers, DocumentClass.MEDICAL_INVOICE)
    return bool(invoices) and all(map(is_outpatient, invoices))


def _missing(wanted: DocumentClass) -> Finding:
    name = CLASS_NAMES_ZH[wanted]
    return Finding("document.missing", Severity.BLOCK, f"缺少{name}", f"请补交{name}，{_WHY.get(wanted, '理赔需要它')}", about=wanted)


def _missing_pages(record: DocumentRecord) -> list[Finding]:
    """Ask for the pages that a document's own page numbers promise, with what else is asked for: there is one notice."""
    found = record.read.findings if record.read and record.state is DocumentState.EXTRACTED else ()
    return [
        Finding(each.code, Severity.BLOCK, f"「{record.file_name}」{each.message}", each.advice, about=record.document_id)
        for each in found
        if each.code == "document.pages_missing"
    ]


def _retakes(record: DocumentRecord) -> list[Finding]:
    """Tell what the customer must take again, or say what it is: a paper of no known class may be the one that is missing."""
    if record.state not in (DocumentState.RETAKE_ASKED, DocumentState.UNREADABLE, DocumentState.CHECKED) or record.read is None:
        return []
    reasons = [each for each in record.read.findings if each.severity is Severity.BLOCK or each.code in _ASKED_ABOUT]
    return [
        Finding(each.code, Severity.BLOCK, f"「{record.file_name}」{each.message}", each.advice, about=record.document_id)
        for each in reasons
    ]
