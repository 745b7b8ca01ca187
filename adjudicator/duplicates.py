"""Papers that came with other claims too (重复使用): findings for a person, with both places; what they mean the person judges.

A claim that was declined counts as any other: its state stands in the finding. The papers of one that was withdrawn, or
merged into another, are free again for the same insured: there they are a note. One supplement after the other of
the same claim is no duplicate, and neither is an identity or a bank card on further claims of its owner.
"""

from collections.abc import Iterator

from adjudicator.papers import title
from adjudicator.story import STATES_ZH
from domain.document import Document, DocumentClass, Field
from domain.finding import Finding, Place, Severity
from domain.states import ClaimState, DocumentState
from storage import documents
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.documents import DocumentRecord
from storage.paper_marks import CARDS, LOSS_PAPERS
from storage.same_papers import Likeness, SamePaper, find_same

DUPLICATE_INVOICE = "invoice.duplicate"
DUPLICATES = (DUPLICATE_INVOICE, "document.duplicate")  # marks that weigh on the risk: of the other kinds a family has many
_ADVICE = "与该案件并排核对"
_TOLD = {
    Likeness.NUMBER: "票据代码和号码相同",
    Likeness.BILL: "交款人、开票日期和金额相同",
    Likeness.FILE: "是同一文件",
    Likeness.LOOK: "画面几乎相同（256 位中差 {bits} 位），所读内容一致",
}
_SPOT = {Likeness.NUMBER: "invoice_number", Likeness.BILL: "total_fen"}  # what a person looks at first

# What tells two papers of one form apart. A hospital's name, a kind of insurance or a doctor they may share.
_TELLING = (
    "payer_name", "patient_name", "deceased_name", "invoice_code", "invoice_number", "check_code", "pathology_number", "issue_date",
    "admission_date", "discharge_date", "accident_date", "death_date", "diagnosis_date", "report_date", "surgery_date", "assessed_date",
    "paid_date", "total_fen", "social_insurance_paid_fen", "personal_paid_fen", "paid_fen", "diagnosis_icd10", "diagnosis", "conclusion",
    "operation", "disability_grade", "narrative",
)  # fmt: skip
_FREE = (ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
_AGREEING = 2  # telling fields that must be equal before a look counts: forms of which nothing was read all look alike


def find_duplicates(tx: Transaction, claim: ClaimRecord) -> tuple[Finding, ...]:
    """Find this claim's papers on other claims: one finding for each paper and other claim, by the surest likeness."""
    findings = []
    for record in documents.documents_of(tx, claim.claim_id):
        told: set[str] = set()
        for same in _confirmed(tx, record):
            if same.document.claim_id not in told:
                told.add(same.document.claim_id)
                findings.append(_finding(record, same, is_same_insured=same.insured_id == claim.insured_id))
    return tuple(each for each in findings if each is not None)


def _confirmed(tx: Transaction, record: DocumentRecord) -> Iterator[SamePaper]:
    if record.read is None or record.state is not DocumentState.EXTRACTED or record.document_class not in LOSS_PAPERS | CARDS:
        return
    for same in find_same(tx, record):
        theirs = same.document.read
        if theirs is not None and same.document.state is DocumentState.EXTRACTED and _is_confirmed(same.likeness, record.read, theirs):
            yield same


def _is_confirmed(likeness: Likeness, ours: Document, theirs: Document) -> bool:
    if likeness is Likeness.NUMBER:
        return True
    if likeness is Likeness.FILE:
        return ours.pages == theirs.pages  # else another paper of the same file
    equal, differing = compare_papers(ours, theirs)
    return not differing and (likeness is Likeness.BILL or equal >= _AGREEING)


def compare_papers(ours: Document, theirs: Document) -> tuple[int, int]:
    """Count the telling fields that were read on both papers: equal, and different."""
    pairs = [(one, other) for name in _TELLING if (one := ours.field(name)) and (other := theirs.field(name))]
    equal = sum(_words(one) == _words(other) for one, other in pairs)
    return equal, len(pairs) - equal


def _words(field: Field) -> str:
    return "".join(str(field.value).split())


def _finding(record: DocumentRecord, same: SamePaper, *, is_same_insured: bool) -> Finding | None:
    """Grade a paper seen elsewhere; None for a card of the same person."""
    ours, theirs = _place(record, same.likeness), _place(same.document, same.likeness)
    told = (
        f"{_named(record, ours)}与案件 {theirs.claim_id}（{STATES_ZH[same.claim_state]}，{'同一' if is_same_insured else '另一'}被保险人）"
    )
    told += f"{_named(same.document, theirs)}{_TOLD[same.likeness].format(bits=same.bits)}"
    code, severity = "document.duplicate", Severity.DOUBT
    if record.document_class in CARDS:
        if is_same_insured:
            return None
        code, severity = "document.shared_card", Severity.NOTE
    elif record.document_class is DocumentClass.MEDICAL_INVOICE:
        code = DUPLICATE_INVOICE
    elif is_same_insured:  # one summary proves a stay to every claim about that stay; the invoices tell what is claimed twice
        code, severity = "document.seen_before", Severity.NOTE
    if is_same_insured and same.claim_state in _FREE:
        code, severity = "document.seen_before", Severity.NOTE
    return Finding(code, severity, told, _ADVICE, about=theirs.claim_id, places=(ours, theirs))


def _place(record: DocumentRecord, likeness: Likeness) -> Place:
    spot = record.read.field(_SPOT[likeness]) if record.read and likeness in _SPOT else None
    page = spot.page if spot else next(iter(record.read.pages), 0) if record.read else 0
    box = (spot.box.left, spot.box.top, spot.box.right, spot.box.bottom) if spot and spot.box else None
    return Place(record.claim_id, record.document_id, page, spot.name if spot else "", title(record.read) if record.read else "", box)


def _named(record: DocumentRecord, place: Place) -> str:
    return f"{place.title}「{record.file_name}」第 {place.page + 1} 页"
