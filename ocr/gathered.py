"""What came together while going through a file: page by page, then document by document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.document import QualityScore
from domain.finding import Finding
from ocr.arrange import SeenPage, arrange, missing_pages
from ocr.classify import Judgement, judge_text
from ocr.copies import are_same
from ocr.electronic.e_invoice import EInvoice
from ocr.findings import make_finding
from ocr.layout import Cell, Row, row_text, rows_of
from ocr.page_mark import read_page_mark
from ocr.picture import Pixels


@dataclass
class Page:
    """One page as it was read; of a picture that holds several papers, one paper. `number` is that of the file's page, from 0."""

    number: int
    cells: tuple[Cell, ...] = ()
    upload: Pixels | None = None
    codes: tuple[str, ...] = ()
    quality: tuple[QualityScore, ...] = ()
    findings: tuple[Finding, ...] = ()
    reader: str = ""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What was read, in rows from top to bottom; `cells` are not changed once they are asked for."""
        return rows_of(self.cells)

    @cached_property
    def text(self) -> str:
        """What was read, as a person reads it."""
        return text_of(self.rows)


@dataclass
class Gathered:
    """The pages of one document in reading order, and the data that came with them."""

    pages: list[Page]
    judged: Judgement = field(default_factory=lambda: Judgement(None, 0.0))
    missing: tuple[int, ...] = ()
    attached: tuple[EInvoice, ...] = ()
    tagged: EInvoice | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The file's pages that belong to it, in reading order."""
        return tuple(dict.fromkeys(page.number for page in self.pages))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything that was read, in reading order."""
        return tuple(row for page in self.pages for row in page.rows)

    @property
    def codes(self) -> list[str]:
        """What the codes on its pages say."""
        return [code for page in self.pages for code in page.codes]

    @property
    def quality(self) -> tuple[QualityScore, ...]:
        """What the gate measured, page by page; once for a picture that holds several papers."""
        return tuple(score for page in {page.number: page for page in self.pages}.values() for score in page.quality)

    @property
    def uploads(self) -> dict[int, Pixels]:
        """The pictures as uploaded, by the number of their page."""
        return {page.number: page.upload for page in self.pages if page.upload is not None}

    @property
    def reader(self) -> str:
        """Who read it, joined by +."""
        return "+".join(dict.fromkeys(page.reader for page in self.pages if page.reader))

    def findings(self) -> tuple[Finding, ...]:
        """Tell what is wrong with its pages, but not that one is blank when others are not: the back of a scanned sheet is no fault."""
        has_more = any(page.cells for page in self.pages)
        found = [each for page in self.pages for each in page.findings if not (has_more and each.code == "document.blank")]
        if self.missing:
            found.append(make_finding("document.pages_missing", detail="、".join(f"第{number}页" for number in self.missing)))
        return tuple(dict.fromkeys(found))


def text_of(rows: Sequence[Row]) -> str:
    """Join rows as a person reads them."""
    return "\n".join(row_text(row) for row in rows)


def seen_page(place: int, page: Page) -> SeenPage:
    """Judge one page by its words; `place` is where it came among the pages with words."""
    return SeenPage(place, page.text, judge_text(page.text), read_page_mark(page.text))


def into_documents(pages: Sequence[Page], confidence_min: float) -> list[Gathered]:
    """Part a file's pages into documents; a page without a word goes with the one before it, as what is wrong with it must be told.

    A page that is there twice counts once. Where no page tells its class all of them are one document: together they may.
    """
    pages = without_copies(pages)
    told = [page for page in pages if page.cells]
    seen = [seen_page(place, page) for place, page in enumerate(told)]
    if not any(page.judged.confidence >= confidence_min for page in seen):
        whole = Gathered(list(pages))
        whole.judged = judge_text(text_of(whole.rows))
        return [whole]
    documents = []
    for group in arrange(seen, confidence_min):
        surest = max(group, key=lambda page: page.judged.confidence)
        documents.append(Gathered([told[page.place] for page in group], surest.judged, missing_pages(group)))
    _share_out_the_wordless([page for page in pages if not page.cells], documents)
    return documents


def without_copies(pages: Sequence[Page]) -> list[Page]:
    """Leave out pages that say what another page of the file says, to the last number: the one that was read better stays, and tells.

    How alike they look is no matter: two bills of one template look alike, and two photographs of one bill do not.
    """
    kept: list[Page] = []
    for page in pages:
        twins = (place for place, each in enumerate(kept) if each.number != page.number and are_same(page.text, each.text))
        place = next(twins, None)
        if place is None:
            kept.append(page)
            continue
        better, worse = sorted((kept[place], page), key=_sureness, reverse=True)
        better.findings += (make_finding("document.duplicate_page", detail=f"第{worse.number + 1}页"),)
        kept[place] = better
    return kept


def _sureness(page: Page) -> float:
    return sum(cell.confidence for cell in page.cells) / max(1, len(page.cells))


def _share_out_the_wordless(pages: Sequence[Page], documents: Sequence[Gathered]) -> None:
    for page in pages:
        before = [each for each in documents if min(each.numbers) < page.number]
        (before[-1] if before else documents[0]).pages.append(page)
