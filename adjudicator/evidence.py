"""Evidence (证据): what a claim's papers say, brought together and compared, before any contract is asked.

A hospital's direct settlement states the same facts without papers; it produces the same value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from domain.document import CLASS_NAMES_ZH, Document, DocumentClass, Field, InvoiceLine
from domain.finding import Finding, Severity
from domain.policy import Hospital, Person
from domain.states import DocumentState
from storage.documents import DocumentRecord

CONFIDENT = 0.80  # a field that nothing proves and that was read with less than this is a doubt
_LOSS_BEFORE_ADMISSION_DAYS = 30
_SELF_PAID = ("自费", "无", "全自费")
_NAME_FIELDS = ("payer_name", "patient_name", "holder_name", "insured_name")
_HOSPITAL_FIELDS = ("hospital_name",)
_WEIGHTY_FIELDS = (
    "invoice_number", "total_fen", "social_insurance_paid_fen", "admission_date", "discharge_date",
    "diagnosis_icd10", "diagnosis_date", "report_date",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What is known of the loss. None is unknown, never zero or no."""

    hospital: Hospital | None = None
    admission_date: date | None = None
    discharge_date: date | None = None
    inpatient_days: int | None = None
    diagnosis_icd10: str | None = None
    critical_illness_icd10: str | None = None  # only what pathology and diagnosis certificate agree on
    confirmed_on: date | None = None
    charged_fen: int | None = None
    social_insurance_paid_fen: int | None = None
    via_social_insurance: bool | None = None
    lines: tuple[InvoiceLine, ...] = ()
    is_critical_illness_only: bool = False  # pathology but no invoice: a lump sum is claimed, no costs
    findings: tuple[Finding, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)  # fact -> where it was learnt


def gather(records: Sequence[DocumentRecord], insured: Person, hospitals: Sequence[Hospital]) -> Evidence:
    """Bring together what the readable documents of a claim say; contradictions become findings."""
    papers = [record.read for record in records if record.read and record.state is DocumentState.EXTRACTED]
    findings = [finding for paper in papers for finding in paper.findings]
    invoices, repeated = _distinct_invoices(papers)
    findings += repeated
    findings += _check_people(papers, insured)
    findings += [finding for paper in papers for finding in _check_confidence(paper)]
    hospital, hospital_findings = _find_hospital(papers, hospitals)
    findings += hospital_findings
    days, days_findings = _stay(papers)
    findings += days_findings
    diagnosis, diagnosis_findings = _agreed(
        papers,
        "diagnosis_icd10",
        (DocumentClass.DISCHARGE_SUMMARY, DocumentClass.PATHOLOGY_REPORT, DocumentClass.DIAGNOSIS_CERTIFICATE),
        "疾病编码",
    )
    findings += diagnosis_findings
    evidence = replace(days, hospital=hospital, diagnosis_icd10=_text(diagnosis))
    evidence = _with_critical_illness(evidence, papers, has_costs=bool(invoices))
    evidence = _with_costs(evidence, invoices)
    sources = {**evidence.sources, "hospital": "医院库"} if hospital else evidence.sources
    if diagnosis:
        sources = {**sources, "diagnosis_icd10": _where(papers, diagnosis)}
    return replace(evidence, findings=tuple(findings), sources=sources)


def check_loss_date(loss_date: date | None, evidence: Evidence) -> tuple[Finding, ...]:
    """Compare the loss date that was reported with the admission that is proven.

    A loss reported after the admission could carry a claim over the end of a waiting period; one reported
    more than 30 days before it could carry it into an earlier policy year.
    """
    admission = evidence.admission_date
    if loss_date is None or admission is None or 0 <= (admission - loss_date).days <= _LOSS_BEFORE_ADMISSION_DAYS:
        return ()
    told = f"报案的出险日期 {loss_date} 与入院日期 {admission} 不符"
    return (Finding("claim.loss_date_implausible", Severity.DOUBT, told, "请核对出险日期", about="loss_date"),)


def _of_class(papers: Iterable[Document], wanted: DocumentClass) -> list[Document]:
    return [paper for paper in papers if paper.document_class is wanted]


def _distinct_invoices(papers: Sequence[Document]) -> tuple[list[Document], list[Finding]]:
    distinct: dict[object, Document] = {}
    findings = []
    for paper in _of_class(papers, DocumentClass.MEDICAL_INVOICE):
        number = paper.field("invoice_number")
        key: object = (number.value if number else None) or paper.sha256
        if key in distinct:
            findings.append(
                Finding("invoice.sent_twice", Severity.NOTE, f"同一张票据（{key}）在本案中交了两次，只计一次", about="invoice_number")
            )
        else:
            distinct[key] = paper
    return list(distinct.values()), findings


def _check_people(papers: Sequence[Document], insured: Person) -> list[Finding]:
    findings = []
    for paper in papers:
        for name in _NAME_FIELDS:
            found = paper.field(name)
            if found and paper.document_class is not DocumentClass.BANK_CARD and str(found.value).replace(" ", "") != insured.name:
                findings.append(
                    Finding(
                        "claim.name_mismatch", Severity.DOUBT, f"{_title(paper)}上的姓名与被保险人不符", "请核对是否交错了资料", about=name
                    )
                )
        number = paper.field("id_number")
        if number and str(number.value).upper() != insured.id_number.upper():
            findings.append(
                Finding("claim.id_number_mismatch", Severity.DOUBT, f"{_title(paper)}上的身份证号与被保险人不符", about="id_number")
            )
    return findings


def _check_confidence(paper: Document) -> list[Finding]:
    already = {finding.about for finding in paper.findings if finding.severity is not Severity.NOTE}
    return [
        Finding(
            "field.unsure",
            Severity.DOUBT,
            f"{_title(paper)}的 {found.name} 识别把握只有 {found.confidence:.0%}",
            "请人工核对",
            about=found.name,
        )
        for found in paper.fields
        if found.name in _WEIGHTY_FIELDS and found.confidence < CONFIDENT and not found.proven and found.name not in already
    ]


def _find_hospital(papers: Sequence[Document], hospitals: Sequence[Hospital]) -> tuple[Hospital | None, list[Finding]]:
    by_name = {each.name: each for each in hospitals}
    found: dict[str, Hospital] = {}
    unknown: list[str] = []
    for paper in papers:
        for name in _HOSPITAL_FIELDS:
            printed = paper.field(name)
            if printed is None:
                continue
            match = by_name.get(str(printed.value)) or _nearest(str(printed.value), by_name)
            if match:
                found[match.hospital_id] = match
            else:
                unknown.append(str(printed.value))
    findings = []
    if len(found) > 1:
        names = "、".join(each.name for each in found.values())
        findings.append(Finding("claim.hospitals_differ", Severity.DOUBT, f"资料上的医院不一致：{names}", about="hospital_name"))
    if unknown and not found:
        findings.append(
            Finding(
                "claim.hospital_unknown",
                Severity.DOUBT,
                f"医院库中没有「{unknown[0]}」",
                "请核对医院名称，或先维护医院库",
                about="hospital_name",
            )
        )
    return (next(iter(found.values())) if len(found) == 1 else None), findings


def _nearest(printed: str, by_name: dict[str, Hospital]) -> Hospital | None:
    # A name under a seal loses a character or two; two hospitals that are both near are not guessed between.
    near = get_close_matches(printed, by_name, n=2, cutoff=0.86)
    return by_name[near[0]] if len(near) == 1 else None


def _stay(papers: Sequence[Document]) -> tuple[Evidence, list[Finding]]:
    classes = (DocumentClass.DISCHARGE_SUMMARY, DocumentClass.MEDICAL_INVOICE)
    admission, findings = _agreed(papers, "admission_date", classes, "入院日期")
    discharge, more = _agreed(papers, "discharge_date", classes, "出院日期")
    printed_days, third = _agreed(papers, "inpatient_days", classes, "住院天数")
    findings += more + third
    start, end = _day(admission), _day(discharge)
    counted = (end - start).days if start and end else None
    days = printed_days.value if printed_days and isinstance(printed_days.value, int) else counted
    if counted is not None and days is not None and days not in (counted, counted + 1):
        findings.append(
            Finding("claim.days_mismatch", Severity.DOUBT, f"住院天数 {days} 与入出院日期相差的 {counted} 天不符", about="inpatient_days")
        )
    sources = {
        name: _where(papers, found)
        for name, found in (("admission_date", admission), ("inpatient_days", printed_days or discharge))
        if found
    }
    return Evidence(admission_date=start, discharge_date=end, inpatient_days=days, sources=sources), findings


def _with_critical_illness(evidence: Evidence, papers: Sequence[Document], *, has_costs: bool) -> Evidence:
    pathology, certificate = _of_class(papers, DocumentClass.PATHOLOGY_REPORT), _of_class(papers, DocumentClass.DIAGNOSIS_CERTIFICATE)
    if not pathology:
        return evidence
    code = pathology[0].field("diagnosis_icd10")
    certified = certificate[0].field("diagnosis_icd10") if certificate else None
    confirmed = (certificate[0].field("diagnosis_date") if certificate else None) or pathology[0].field("report_date")
    agree = code is not None and certified is not None and code.value == certified.value
    sources = {**evidence.sources}
    if agree:
        sources["critical_illness_icd10"] = "病理报告与诊断证明书一致"
    if confirmed:
        sources["confirmed_on"] = _where(papers, confirmed)
    return replace(
        evidence,
        critical_illness_icd10=_text(code) if agree else None,
        confirmed_on=_day(confirmed),
        is_critical_illness_only=not has_costs,
        sources=sources,
    )


def _with_costs(evidence: Evidence, invoices: Sequence[Document]) -> Evidence:
    if not invoices:
        return evidence
    totals = [invoice.field("total_fen") for invoice in invoices]
    shares = [invoice.field("social_insurance_paid_fen") for invoice in invoices]
    return replace(
        evidence,
        charged_fen=_sum(totals),
        social_insurance_paid_fen=_sum(shares),
        via_social_insurance=_settled_by_social_insurance(invoices, shares),
        lines=tuple(line for invoice in invoices for line in invoice.lines),
        sources={**evidence.sources, "costs": f"{len(invoices)} 张医疗收费票据"},
    )


def _settled_by_social_insurance(invoices: Sequence[Document], shares: Sequence[Field | None]) -> bool | None:
    answers = set()
    for invoice, share in zip(invoices, shares, strict=True):
        printed = invoice.field("insurance_type")
        if share and isinstance(share.value, int) and share.value > 0:
            answers.add(True)
        elif printed and str(printed.value) in _SELF_PAID:
            answers.add(False)
        else:
            return None
    return answers.pop() if len(answers) == 1 else None


def _agreed(papers: Sequence[Document], name: str, classes: Sequence[DocumentClass], label: str) -> tuple[Field | None, list[Finding]]:
    """Take a fact from the first class that has it; another paper that says otherwise is a doubt."""
    found = [each for wanted in classes for paper in _of_class(papers, wanted) if (each := paper.field(name))]
    if not found:
        return None, []
    differing = sorted({str(each.value) for each in found})
    if len(differing) > 1:
        return found[0], [
            Finding("claim.documents_disagree", Severity.DOUBT, f"各资料上的{label}不一致：{'、'.join(differing)}", about=name)
        ]
    return found[0], []


def _where(papers: Sequence[Document], wanted: Field) -> str:
    return next((f"{_title(paper)} 第{wanted.page + 1}页" for paper in papers if any(each is wanted for each in paper.fields)), "")


def _title(paper: Document) -> str:
    return CLASS_NAMES_ZH[paper.document_class or DocumentClass.OTHER]


def _sum(fields: Sequence[Field | None]) -> int | None:
    amounts = [each.value for each in fields if each and isinstance(each.value, int)]
    return sum(amounts) if len(amounts) == len(fields) else None


def _day(found: Field | None) -> date | None:
    return found.value if found and isinstance(found.value, date) else None


def _text(found: Field | None) -> str | None:
    return str(found.value) if found else None
