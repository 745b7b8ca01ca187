"""Joining over files: the pages of one document that a customer sent one by one, and pages that were sent twice.

It happens when everything that came is read, and again when more comes: a page that follows a day later finds its document.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adjudicator.paper_files import bytes_by_hash
from adjudicator.papers import title
from adjudicator.system import System
from domain.document import Document, DocumentClass, Sheet
from domain.errors import InputError
from domain.finding import Finding, Severity
from domain.states import DocumentState
from ocr.copies import are_same, is_copy
from ocr.findings import make_finding
from ocr.joining import worth_joining
from storage.audit import AuditEntry
from storage.documents import DocumentRecord

_COPY = "document.duplicate_page"


@dataclass(frozen=True)
class Joined:
    """What becomes of one record: `read` stands in it from now on, and the records `parts` count in it."""

    document_id: str
    read: Document
    parts: tuple[str, ...]


@dataclass(frozen=True)
class _Paper:
    record: DocumentRecord
    read: Document

    @property
    def id(self) -> str:
        return self.record.document_id

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(self.read.sheet(page) for page in self.read.pages or (0,))

    @property
    def unclearness(self) -> float:
        return max((each.score for each in self.read.quality if each.name == "reading_fails"), default=0.0)


def find_joins(system: System, records: Sequence[DocumentRecord], corrected: frozenset[str]) -> tuple[Joined, ...]:
    """Find what belongs together among a claim's read documents; what a person corrected (document ids) stays as they left it."""
    read = [_Paper(each, each.read) for each in records if each.read and each.state in (DocumentState.EXTRACTED, DocumentState.CHECKED)]
    read = [each for each in read if each.id not in corrected]
    copies = _copies(read)
    gone, told = {part for each in copies for part in each.parts}, {each.document_id: each.read for each in copies}
    read = [_Paper(each.record, told.get(each.id, each.read)) for each in read if each.id not in gone]
    pages = [_with_copies_of(each, copies) for each in _over_files(system, read)]
    placed = {part for each in pages for part in (each.document_id, *each.parts)}
    return (*(each for each in copies if each.document_id not in placed), *pages)


def corrected_ids(entries: Sequence[AuditEntry]) -> frozenset[str]:
    """Name the documents in which a person corrected or established something."""
    return frozenset(str(json.loads(each.detail_json)["document"]) for each in entries if each.action == "field.corrected")


def as_part(read: Document, home: Document) -> Document:
    """Keep of a reading whose pages count in another document its words, and nothing that could count twice."""
    told = Finding("document.joined", Severity.NOTE, f"已并入{title(home)}")
    return replace(read, state=DocumentState.JOINED, document_class=home.document_class, fields=(), lines=(), findings=(told,))


def _copies(papers: Sequence[_Paper]) -> list[Joined]:
    """Find papers that hold nothing but what another file's paper holds too; of two that are the same, the clearer one stays."""
    kept: list[_Paper] = []
    found: dict[str, list[_Paper]] = {}
    for paper in sorted(papers, key=lambda each: (-len(each.read.pages), each.unclearness, each.record.seq)):
        home = next((each for each in kept if _is_copy(paper, each)), None)
        if home is None:
            kept.append(paper)
        else:
            found.setdefault(home.id, []).append(paper)
    return [_told(each, found[each.id]) for each in kept if each.id in found]


def _is_copy(paper: _Paper, home: _Paper) -> bool:
    # An invoice sent twice is told by its number, which is stronger evidence than its words: adjudicator/costs.py.
    if paper.record.sha256 == home.record.sha256 or home.read.document_class is DocumentClass.MEDICAL_INVOICE:
        return False
    if paper.read.document_class not in (home.read.document_class, None):
        return False
    is_part = len(paper.read.pages) < len(home.read.pages)
    return is_copy(paper.read.text, home.read.text) if is_part else are_same(paper.read.text, home.read.text)


def _told(home: _Paper, copies: Sequence[_Paper]) -> Joined:
    note = make_finding(_COPY, detail="、".join(f"「{each.record.file_name}」" for each in copies))
    return Joined(home.id, replace(home.read, findings=(*home.read.findings, note)), tuple(each.id for each in copies))


def _with_copies_of(joined: Joined, copies: Sequence[Joined]) -> Joined:
    """Let the copies of what became part of a larger document count in that one."""
    more = (part for each in copies if each.document_id in (joined.document_id, *joined.parts) for part in each.parts)
    return replace(joined, parts=(*joined.parts, *more))


def _over_files(system: System, papers: Sequence[_Paper]) -> list[Joined]:
    """Read together what may continue each other, and keep what then stands in more than one file."""
    held = Counter(sheet for each in papers for sheet in each.sheets)
    whole = [each for each in papers if all(held[sheet] == 1 for sheet in each.sheets)]  # of several papers in one picture each is complete
    worth = {id(each) for each in worth_joining([each.read for each in whole])}
    wanted = [each for each in whole if id(each.read) in worth]
    files: dict[str, tuple[int, ...]] = {}
    for sheet in (sheet for each in wanted for sheet in each.sheets):
        files[sheet.sha256] = (*files.get(sheet.sha256, ()), sheet.page)
    if len(files) < 2:
        return []
    try:
        contents = bytes_by_hash(system, [each.record for each in wanted], files)
        together = system.reader.read_joined([(contents[sha256], pages) for sha256, pages in files.items()])
    except InputError:  # together they are more than one reading process may do: each stays as it was read alone
        return []
    return [joined for each in together if (joined := _placed(each, wanted))]


def _placed(together: Document, wanted: Sequence[_Paper]) -> Joined | None:
    """Let a document stand in the record of its first page; None where it tears a record apart, or is there already."""
    parts = [each for each in wanted if set(each.sheets) & set(together.sheets)]
    if together.state is not DocumentState.EXTRACTED or len(parts) < 2 or len(together.sheets) != sum(len(each.sheets) for each in parts):
        return None
    first = next(each for each in parts if together.sheets[0] in each.sheets)
    notes = (finding for each in parts for finding in each.read.findings if finding.code == _COPY)
    read = replace(together, findings=(*together.findings, *notes))
    return Joined(first.id, read, tuple(each.id for each in parts if each is not first))
