"""Evidence (证据): what a claim's papers say, brought together and compared, before any contract is asked.

A hospital's direct settlement states the same facts without papers; it produces the same value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from adjudicator.costs import Bills, gather_bills, paid_by_others
from adjudicator.injuries import Injuries, gather_injuries
from adjudicator.paper_checks import check_confidence, check_people
from adjudicator.papers import ClaimPaper, agreed, day, of_class, papers_of, places_of, text, where
from domain.document import PRINTED_FIELDS, Document, DocumentClass, Field, InvoiceLine
from domain.finding import Finding, Place, Severity
from domain.policy import Hospital, Person
from domain.states import DocumentState
from rules.medical_base import MedicalBase
from storage.documents import DocumentRecord

_STAY_FIELDS = ("admission_date", "discharge_date", "inpatient_days")
_LOSS_BEFORE_ADMISSION_DAYS = 30
_DIAGNOSED_BY = (DocumentClass.DISCHARGE_SUMMARY, DocumentClass.PATHOLOGY_REPORT, DocumentClass.DIAGNOSIS_CERTIFICATE)


@dataclass(frozen=True)
class Evidence:
    """What is known of the loss. None is unknown, never zero or no."""

    hospital: Hospital | None = None
    admission_date: date | None = None
    discharge_date: date | None = None
    inpatient_days: int | None = None
    visited_on: date | None = None  # of outpatient invoices, when all are of one day
    accident_on: date | None = None
    diagnosis_icd10: str | None = None
    critical_illness_icd10: str | None = None  # only what pathology and diagnosis certificate agree on
    confirmed_on: date | None = None
    bills: Bills = field(default_factory=Bills)
    others_paid_fen: int | None = None  # another insurer, a liable party, the employer
    injuries: Injuries = field(default_factory=Injuries)
    is_critical_illness_only: bool = False  # pathology but no invoice: a lump sum is claimed, no costs
    statements: Mapping[str, str] = field(default_factory=dict)  # what a person established, by element (人工认定)
    findings: tuple[Finding, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)  # fact -> where it was learnt

    @property
    def charged_fen(self) -> int | None:
        """What all invoices charged."""
        return self.bills.all.charged_fen if self.bills.all else None

    @property
    def social_insurance_paid_fen(self) -> int | None:
        """What social insurance paid of it."""
        return self.bills.all.social_insurance_paid_fen if self.bills.all else None

    @property
    def lines(self) -> tuple[InvoiceLine, ...]:
        """The lines that sum to what was charged."""
        return self.bills.all.lines if self.bills.all else ()

    @property
    def first_day(self) -> date | None:
        """The earliest fact that tells when the loss was, where nobody reported it."""
        days = (self.accident_on, self.admission_date, self.visited_on, self.confirmed_on, self.injuries.died_on)
        return next((each for each in days if each), None)


def gather(records: Sequence[DocumentRecord], insured: Person, hospitals: Sequence[Hospital], base: MedicalBase) -> Evidence:
    """Bring together what the readable documents of a claim say; contradictions become findings."""
    papers = readable(records)
    findings = [finding for paper in papers for finding in paper.findings]
    bills, more = gather_bills(papers)
    findings += more + check_people(papers, insured) + [finding for paper in papers for finding in check_confidence(paper)]
    hospital, more = _find_hospital(papers, hospitals)
    findings += more
    stay, more = _stay(papers)
    findings += more
    evidence, more = _diagnosed(stay, papers, base)
    findings += more
    evidence = _with_critical_illness(evidence, papers, has_costs=bills.all is not None)
    accident = next(
        (found for paper in of_class(papers, DocumentClass.ACCIDENT_CERTIFICATE) if (found := paper.field("accident_date"))), None
    )
    sources = dict(evidence.sources) | ({"hospital": "医院库"} if hospital else {})
    return replace(
        evidence,
        hospital=hospital,
        accident_on=day(accident),
        visited_on=_visited_on(papers) if bills.outpatient else None,
        bills=bills,
        others_paid_fen=paid_by_others(papers),
        injuries=gather_injuries(papers),
        statements={each.name: str(each.value) for paper in papers for each in paper.fields if each.name not in PRINTED_FIELDS},
        findings=tuple(findings),
        sources=sources | ({"accident_on": where(papers, accident)} if accident else {}),
    )


def readable(records: Sequence[DocumentRecord]) -> list[ClaimPaper]:
    """Keep what was read of the documents that were understood."""
    return papers_of(record for record in records if record.state is DocumentState.EXTRACTED)


def check_loss_date(loss_date: date | None, evidence: Evidence) -> tuple[Finding, ...]:
    """Compare the loss date that was reported with the admission or the accident that is proven.

    A loss reported after the admission could carry a claim over the end of a waiting period; one reported
    more than 30 days before it could carry it into an earlier policy year.
    """
    admission, accident = evidence.admission_date, evidence.accident_on
    if loss_date is None:
        return ()
    if accident is not None and accident != loss_date:
        told = f"报案的出险日期 {loss_date} 与事故证明的日期 {accident} 不符"
    elif admission is not None and not 0 <= (admission - loss_date).days <= _LOSS_BEFORE_ADMISSION_DAYS:
        told = f"报案的出险日期 {loss_date} 与入院日期 {admission} 不符"
    else:
        return ()
    return (Finding("claim.loss_date_implausible", Severity.DOUBT, told, "请核对出险日期", about="loss_date"),)


def _find_hospital(papers: Sequence[Document], hospitals: Sequence[Hospital]) -> tuple[Hospital | None, list[Finding]]:
    by_name = {each.name: each for each in hospitals}
    found: dict[str, Hospital] = {}
    unknown: list[str] = []
    places = places_of(papers, "hospital_name")
    for printed in (each for paper in papers if (each := paper.field("hospital_name"))):
        match = by_name.get(str(printed.value)) or _nearest(str(printed.value), by_name)
        if match:
            found[match.hospital_id] = match
        else:
            unknown.append(str(printed.value))
    findings = [_cut_short(name, places) for name in _lonely(papers) if name in by_name and _goes_on(name, by_name)]
    if len(found) > 1:
        names = "、".join(each.name for each in found.values())
        told = f"资料上的医院不一致：{names}"
        findings.append(Finding("claim.hospitals_differ", Severity.DOUBT, told, about="hospital_name", places=places))
    if unknown and not found:
        told, advice = f"医院库中没有「{unknown[0]}」", "请核对医院名称，或先维护医院库"
        findings.append(Finding("claim.hospital_unknown", Severity.DOUBT, told, advice, about="hospital_name", places=places))
    return (next(iter(found.values())) if len(found) == 1 else None), findings


def _lonely(papers: Sequence[Document]) -> list[str]:
    """Give the hospital's names that one paper alone prints."""
    printed = [str(each.value) for paper in papers if (each := paper.field("hospital_name"))]
    return [name for name in printed if printed.count(name) == 1]


def _goes_on(printed: str, by_name: Mapping[str, Hospital]) -> bool:
    return any(name != printed and name.startswith(printed) for name in by_name)


def _cut_short(name: str, places: tuple[Place, ...]) -> Finding:
    # A name that was cut short in reading may be another hospital's whole name: 示例市第一医院 and 示例市第一医院东院.
    told = f"「{name}」也是另一家医院名称的开头，且只有一份资料这样写"
    return Finding("claim.hospital_cut_short", Severity.DOUBT, told, "请核对医院全称", about="hospital_name", places=places)


def _nearest(printed: str, by_name: dict[str, Hospital]) -> Hospital | None:
    # A name under a seal loses a character or two; two hospitals that are both near are not guessed between.
    near = get_close_matches(printed, by_name, n=2, cutoff=0.86)
    return by_name[near[0]] if len(near) == 1 else None


def _stay(papers: Sequence[Document]) -> tuple[Evidence, list[Finding]]:
    classes = (DocumentClass.DISCHARGE_SUMMARY, DocumentClass.MEDICAL_INVOICE)
    admission, findings = agreed(papers, "admission_date", classes, "入院日期")
    discharge, more = agreed(papers, "discharge_date", classes, "出院日期")
    printed_days, third = agreed(papers, "inpatient_days", classes, "住院天数")
    findings += more + third
    start, end = day(admission), day(discharge)
    counted = (end - start).days if start and end else None
    days = printed_days.value if printed_days and isinstance(printed_days.value, int) else counted
    if counted is not None and days is not None and days not in (counted, counted + 1):
        told = f"住院天数 {days} 与入出院日期相差的 {counted} 天不符"
        places = places_of([paper for wanted in classes for paper in of_class(papers, wanted)], *_STAY_FIELDS)
        findings.append(Finding("claim.days_mismatch", Severity.DOUBT, told, about="inpatient_days", places=places))
    pairs: tuple[tuple[str, Field | None], ...] = (("admission_date", admission), ("inpatient_days", printed_days or discharge))
    sources = {name: where(papers, found) for name, found in pairs if found}
    return Evidence(admission_date=start, discharge_date=end, inpatient_days=days, sources=sources), findings


def _visited_on(papers: Sequence[Document]) -> date | None:
    days = {day(each.field("issue_date")) for each in of_class(papers, DocumentClass.MEDICAL_INVOICE) if "门诊" in each.text}
    return days.pop() if len(days) == 1 else None


def _diagnosed(evidence: Evidence, papers: Sequence[Document], base: MedicalBase) -> tuple[Evidence, list[Finding]]:
    """Take the printed code; where only the disease's name was read, the code that the medical base gives exactly that name."""
    code, findings = agreed(papers, "diagnosis_icd10", _DIAGNOSED_BY, "疾病编码")
    if code is not None:
        sources = {**evidence.sources, "diagnosis_icd10": where(papers, code)}
        return replace(evidence, diagnosis_icd10=text(code), sources=sources), findings
    name, _ = agreed(papers, "diagnosis", _DIAGNOSED_BY, "诊断")
    listed = base.code_of(str(name.value)) if name else ""
    if name is None or not listed:
        return evidence, findings
    sources = {**evidence.sources, "diagnosis_icd10": f"{where(papers, name)}「{name.value}」，编码据医疗基础数据"}
    return replace(evidence, diagnosis_icd10=listed, sources=sources), findings


def _with_critical_illness(evidence: Evidence, papers: Sequence[Document], *, has_costs: bool) -> Evidence:
    pathology, certificate = of_class(papers, DocumentClass.PATHOLOGY_REPORT), of_class(papers, DocumentClass.DIAGNOSIS_CERTIFICATE)
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
        sources["confirmed_on"] = where(papers, confirmed)
    return replace(
        evidence,
        critical_illness_icd10=text(code) if agree else None,
        confirmed_on=day(confirmed),
        is_critical_illness_only=not has_costs,
        sources=sources,
    )
