"""Looks into a claim's read papers: which are of a class, what they agree on, where a fact stands."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.document import CLASS_NAMES_ZH, Document, DocumentClass, Field
from domain.finding import Finding, Severity

_STAY_FIELDS = ("admission_date", "discharge_date", "inpatient_days")


def of_class(papers: Iterable[Document], wanted: DocumentClass) -> list[Document]:
    """Keep the papers of a class."""
    return [paper for paper in papers if paper.document_class is wanted]


def is_outpatient(invoice: Document) -> bool:
    """Tell whether an invoice is for a visit (门急诊) by its own words; one that tells a stay, or nothing, is not."""
    return "门诊" in invoice.text and not any(invoice.field(name) for name in _STAY_FIELDS)


def agreed(papers: Sequence[Document], name: str, classes: Sequence[DocumentClass], label: str) -> tuple[Field | None, list[Finding]]:
    """Take a fact from the first class that has it; another paper that says otherwise is a doubt."""
    found = [each for wanted in classes for paper in of_class(papers, wanted) if (each := paper.field(name))]
    if not found:
        return None, []
    differing = sorted({str(each.value) for each in found})
    if len(differing) > 1:
        return found[0], [
            Finding("claim.documents_disagree", Severity.DOUBT, f"各资料上的{label}不一致：{'、'.join(differing)}", about=name)
        ]
    return found[0], []


def where(papers: Sequence[Document], wanted: Field) -> str:
    """Tell on which page of which paper a field stands."""
    return next((f"{title(paper)} 第{wanted.page + 1}页" for paper in papers if any(each is wanted for each in paper.fields)), "")


def title(paper: Document) -> str:
    """Name a paper as its readers do."""
    return CLASS_NAMES_ZH[paper.document_class or DocumentClass.OTHER]


def sum_of(fields: Sequence[Field | None]) -> int | None:
    """Sum whole numbers; None when one of them is missing, or when there are none."""
    amounts = [each.value for each in fields if each and isinstance(each.value, int)]
    return sum(amounts) if fields and len(amounts) == len(fields) else None


def day(found: Field | None) -> date | None:
    """Give a field's day."""
    return found.value if found and isinstance(found.value, date) else None


def text(found: Field | None) -> str | None:
    """Give a field's words."""
    return str(found.value) if found else None
