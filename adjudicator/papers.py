"""Looks into a claim's read papers: which are of a class, what they agree on, where a fact stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.document import CLASS_NAMES_ZH, Box, Document, DocumentClass, Field
from domain.finding import Finding, Place, Severity
from storage.documents import DocumentRecord


@dataclass(frozen=True)
class ClaimPaper(Document):
    """What was read of a document that belongs to a claim; without the claim it is a paper by itself."""

    claim_id: str = ""
    document_id: str = ""


_STAY_FIELDS = ("admission_date", "discharge_date", "inpatient_days")


def papers_of(records: Iterable[DocumentRecord]) -> list[ClaimPaper]:
    """Give what was read of documents, each with whose it is; those that nobody read are left out."""
    read = ((record, vars(record.read)) for record in records if record.read)
    return [ClaimPaper(**told, claim_id=record.claim_id, document_id=record.document_id) for record, told in read]


def of_class(papers: Iterable[Document], wanted: DocumentClass) -> list[Document]:
    """Keep the papers of a class."""
    return [paper for paper in papers if paper.document_class is wanted]


def is_outpatient(invoice: Document) -> bool:
    """Tell whether an invoice is for a visit (门急诊) by its own words; one that tells a stay, or nothing, is not."""
    return "门诊" in invoice.text and not any(invoice.field(name) for name in _STAY_FIELDS)


def agreed(papers: Sequence[Document], name: str, classes: Sequence[DocumentClass], label: str) -> tuple[Field | None, list[Finding]]:
    """Take a fact from the first class that has it; another paper that says otherwise is a doubt."""
    found = [(paper, each) for wanted in classes for paper in of_class(papers, wanted) if (each := paper.field(name))]
    if not found:
        return None, []
    differing = sorted({str(each.value) for _, each in found})
    if len(differing) > 1:
        told = f"各资料上的{label}不一致：{'、'.join(differing)}"
        places = tuple(place_of(paper, each) for paper, each in found)
        return found[0][1], [Finding("claim.documents_disagree", Severity.DOUBT, told, about=name, places=places)]
    return found[0][1], []


def place_of(paper: Document, found: Field) -> Place:
    """Tell where a field stands: document, paper, page and box."""
    return _place(paper, found.page, found.box, found.name)


def places_of(papers: Iterable[Document], *names: str) -> tuple[Place, ...]:
    """Tell where fields of these names stand on each of the papers."""
    return tuple(place_of(paper, found) for paper in papers for name in names if (found := paper.field(name)))


def place_of_lines(paper: Document) -> tuple[Place, ...]:
    """Tell where the charged items of a paper stand, one place for each page."""
    by_page: dict[int, list[Box]] = {}
    for line in paper.lines:
        by_page.setdefault(line.page, []).extend([line.box] if line.box else [])
    return tuple(_place(paper, page, _around(boxes)) for page, boxes in by_page.items())


def _place(paper: Document, page: int, box: Box | None, name: str = "") -> Place:
    claim_id, document_id = (paper.claim_id, paper.document_id) if isinstance(paper, ClaimPaper) else ("", "")
    sides = (box.left, box.top, box.right, box.bottom) if box else None
    return Place(claim_id, document_id, page, name, title(paper), sides)


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return Box(
        min(each.left for each in boxes),
        min(each.top for each in boxes),
        max(each.right for each in boxes),
        max(each.bottom for each in boxes),
    )


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
