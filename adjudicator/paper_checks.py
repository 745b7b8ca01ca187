"""Checks papers against the insured, and asks for a person where a weighty field was read without confidence."""

from collections.abc import Sequence

from adjudicator.papers import place_of, places_of, title
from domain.document import FIELD_LABELS_ZH, Document, DocumentClass
from domain.finding import Finding, Place, Severity
from domain.policy import Person
from ocr.settings import OcrSettings

CONFIDENT = OcrSettings.field_confidence_min  # a field that nothing proves and that is right less often is a doubt
_NAME_FIELDS = ("payer_name", "patient_name", "holder_name", "insured_name", "deceased_name")
_WEIGHTY_FIELDS = (
    "invoice_number", "total_fen", "social_insurance_paid_fen", "major_illness_paid_fen", "paid_fen", "admission_date", "discharge_date",
    "accident_date", "death_date", "diagnosis_icd10", "diagnosis_date", "report_date", "operation", "conclusion", "disability_grade",
)  # fmt: skip


def check_people(papers: Sequence[Document], insured: Person) -> list[Finding]:
    """Find names and ID numbers that are not the insured's; a bank card may be another's."""
    findings = []
    for paper in papers:
        for name in _NAME_FIELDS:
            found = paper.field(name)
            if found and paper.document_class is not DocumentClass.BANK_CARD and str(found.value).replace(" ", "") != insured.name:
                told, places = f"{title(paper)}上的姓名与被保险人不符", (place_of(paper, found), *_elsewhere(papers, paper, _NAME_FIELDS))
                findings.append(Finding("claim.name_mismatch", Severity.DOUBT, told, "请核对是否交错了资料", name, places))
        number = paper.field("id_number")
        if number and str(number.value).upper() != insured.id_number.upper():
            told, places = (
                f"{title(paper)}上的身份证号与被保险人不符",
                (place_of(paper, number), *_elsewhere(papers, paper, ("id_number",))),
            )
            findings.append(Finding("claim.id_number_mismatch", Severity.DOUBT, told, about="id_number", places=places))
    return findings


def _elsewhere(papers: Sequence[Document], paper: Document, names: Sequence[str]) -> tuple[Place, ...]:
    """Tell where the other papers print the same, for whoever compares; a bank card may be another's."""
    return places_of([each for each in papers if each is not paper and each.document_class is not DocumentClass.BANK_CARD], *names)


def check_confidence(paper: Document) -> list[Finding]:
    """Find weighty fields that were read with too little confidence, and that nothing proves and nobody doubted before."""
    already = {finding.about for finding in paper.findings if finding.severity is not Severity.NOTE}
    return [
        Finding(
            "field.unsure",
            Severity.DOUBT,
            f"{title(paper)}的“{_label(paper, found.name)}”识别把握只有 {found.confidence:.0%}",
            "请人工核对",
            about=found.name,
        )
        for found in paper.fields
        if found.name in _WEIGHTY_FIELDS and found.confidence < CONFIDENT and not found.proven and found.name not in already
    ]


def _label(paper: Document, name: str) -> str:
    labels = FIELD_LABELS_ZH.get(paper.document_class, {}) if paper.document_class else {}
    return labels.get(name, name)
