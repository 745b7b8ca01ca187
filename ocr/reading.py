"""The path of a file: bytes go in, a Document with class, fields, boxes and findings comes out for every document in it.

sniff and bounds → PDF, OFD or XML parsed | picture → quality gate → laid flat and turned → read → each page classified,
pages joined to documents → extracted → an invoice compared with codes and attached data → validated → doubtful numbers read a second time →
confidences calibrated.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from domain.document import Document, DocumentClass, ReaderEngine, Sheet
from domain.finding import Finding, Severity
from domain.states import DocumentState
from ocr.arrange import is_id_back
from ocr.attached import add_told, hold_against
from ocr.calibration import Evidence, calibrate, evidence_of, load_calibration, table_of
from ocr.codes import read_codes
from ocr.edited import find_edits
from ocr.electronic.e_invoice import XML_READER, read_e_invoice
from ocr.electronic.opened import OFD, PDF, XML, ElectronicFile, open_electronic
from ocr.engines import Readers, load_readers
from ocr.engines.tesseract import TESSERACT
from ocr.extract.registry import EXTRACTORS
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding
from ocr.gathered import Gathered, Page, into_documents, text_of
from ocr.joining import Piece, join, put_together
from ocr.layout import Row, cells_of
from ocr.orientation import mean_confidence, read_upright
from ocr.overprint import without_overprint
from ocr.parts import doubt_mixed, part_cards, stand_for_themselves
from ocr.perceptual_hash import perceptual_hash
from ocr.picture import Pixels
from ocr.picture_file import read_pictures
from ocr.quality import findings_of, hints_of, is_sideways, measure_quality
from ocr.rectify import lay_out_sheets, overview_of, rectify
from ocr.second_reading import NO_OPINION, SecondOpinion, read_again
from ocr.settings import OcrSettings
from ocr.sniff import check_size, sniff_media_type
from ocr.validate import doubt_unsure, failed_fields, is_empty, prove_by_two_readings, serves, validate
from ocr.view import View, view_of

FilePages: TypeAlias = tuple[bytes, tuple[int, ...]]  # a file, and those of its pages that are asked for, counted from 0

_UNREADABLE_BELOW = 0.62  # mean confidence of a page whose text nobody should believe


class DocumentReader:
    """Reads documents one after the other with engines that are loaded once, at the first picture."""

    def __init__(self, settings: OcrSettings) -> None:
        self.settings = settings
        self._readers: Readers | None = None

    def load(self) -> Readers:
        """Load the engines, if that has not happened.

        Raises:
            ReaderError: an engine is missing; the message holds the command.
        """
        if self._readers is None:
            self._readers = load_readers(self.settings)
        return self._readers

    @property
    def lacking(self) -> str:
        """Which engine `auto` has gone without so far, and the command that mends it; "" when none is missing, or none was needed."""
        return self._readers.lacking if self._readers else ""

    def read(self, content: bytes) -> Document:
        """Read a file of which the caller knows that it holds one document; of several, the first. Raises as `read_all` does."""
        return self.read_all(content)[0]

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        """Read one uploaded file: every document in it, in the order in which they begin; at least one.

        A picture that is merely bad is no error: it comes back as RETAKE_ASKED with advice.

        Raises:
            UnreadableFileError: no document we can open, or a damaged one.
            FileTooLargeError: beyond the bounds on bytes, pixels, pages, entries or elements.
            PasswordProtectedError: a locked PDF or OFD.
            ReaderError: an engine is missing or failed.
        """
        base = self._begin(content)
        if base.media_type == XML:
            return (self._read_xml(content, base),)
        base, documents = self._gather(content, base)
        return _tell_edits([self._conclude(base, each) for each in documents], find_edits(content, base.media_type, self.settings))

    def read_joined(self, files: Sequence[FilePages]) -> tuple[Document, ...]:
        """Read pages of several files once more, together: every document that stands in more than one of them, often none.

        Its `sheets` tell where its pages stand. Raises as `read_all` does, for any of the files.
        """
        pieces: list[Piece] = []
        bases: list[Document] = []
        edits: dict[str, tuple[Finding, ...]] = {}
        for place, (content, wanted) in enumerate(files):
            base, documents = self._gather(content, self._begin(content))
            bases.append(base)
            edits[base.sha256] = find_edits(content, base.media_type, self.settings)
            pieces += [Piece(place, each, self.settings.class_confidence_min) for each in documents if set(each.numbers) & set(wanted)]
        joined = []
        for group in join(pieces):
            whole, sheets = put_together(group, [base.sha256 for base in bases])
            first = next(base for base in bases if base.sha256 == sheets[0].sha256)
            told = self._conclude(first, whole)
            joined.append(replace(told, sheets=sheets, findings=told.findings + _edits_of(sheets, edits)))
        return tuple(joined)

    def _begin(self, content: bytes) -> Document:
        """Tell what a file is, within the bound on its bytes."""
        check_size(content, self.settings.max_bytes)
        media_type = sniff_media_type(content)
        return Document(hashlib.sha256(content).hexdigest(), media_type, DocumentState.RECEIVED, pages=(0,))

    def _gather(self, content: bytes, base: Document) -> tuple[Document, list[Gathered]]:
        """Read every page of a file, and part them into documents."""
        if base.media_type in (PDF, OFD):
            return base, self._go_through(open_electronic(content, base.media_type, self.settings))
        pictures = tuple(read_pictures(content, self.settings))
        first = pictures[0].pixels
        base = replace(base, perceptual_hash="" if first is None else perceptual_hash(first))
        return base, self._go_through(ElectronicFile(iter(pictures)))

    def _read_xml(self, content: bytes, base: Document) -> Document:
        invoice = read_e_invoice(content, self.settings.max_xml_bytes)
        if isinstance(invoice, str):
            return replace(base, state=DocumentState.RETAKE_ASKED, findings=(make_finding("document.xml_unknown", detail=invoice),))
        extraction, findings = validate(DocumentClass.MEDICAL_INVOICE, invoice.extraction)
        return replace(
            base,
            state=DocumentState.EXTRACTED,
            document_class=DocumentClass.MEDICAL_INVOICE,
            class_confidence=1.0,
            fields=extraction.fields,
            lines=extraction.lines,
            findings=invoice.findings + findings,
            text=invoice.text(),
            reader=XML_READER,
        )

    def _go_through(self, file: ElectronicFile) -> list[Gathered]:
        pages: list[Page] = []
        for number, page in enumerate(file.pages):
            if page.pixels is not None:
                pages += self.read_picture(page.pixels, number)
            elif page.text is not None:
                pages.append(Page(number, cells_of(page.text, None, number), reader=page.text.reader))
            else:
                pages.append(Page(number))
            pages[-1].codes += page.codes
            pages[-1].findings = page.findings + pages[-1].findings
            if not pages[-1].cells and any(each.code == "document.cut_short" for each in page.findings):
                # What the gate complains of is the part that is not there.
                pages[-1] = Page(number, findings=_in_the_way(page.findings))
        documents = into_documents(pages, self.settings.class_confidence_min)
        documents[0].pages[-1].findings += file.findings
        whose = next((each for each in documents if each.judged.document_class is DocumentClass.MEDICAL_INVOICE), documents[0])
        whose.attached, whose.tagged = file.attached, file.tagged
        return documents

    def read_picture(self, pixels: Pixels, number: int) -> list[Page]:
        """Judge a picture, and read it unless it would be in vain."""
        scores = measure_quality(pixels, self.settings.quality)
        refusals = findings_of(scores)
        if refusals:
            return [Page(number, quality=scores, findings=refusals)]
        engine, seen = self.load().first, view_of(pixels, self.settings.read_side_px)
        overview = overview_of(seen)
        lies = is_sideways(scores)
        pages = [self._read_text(sheet, number, engine, is_sideways=lies) for sheet in lay_out_sheets(seen, overview)]
        if not stand_for_themselves([page.cells for page in pages], self.settings.class_confidence_min):
            pages = self._part(self._read_text(rectify(seen, overview), number, engine, is_sideways=lies))
        for page in pages:
            page.upload, page.quality = pixels, scores
        return pages

    def _part(self, page: Page) -> list[Page]:
        """Part the cards of a page; where papers of other classes share it, tell."""
        parts = part_cards(page.cells, self.settings.class_confidence_min)
        if len(parts) == 1:
            page.findings += doubt_mixed(page.cells, self.settings.class_confidence_min)
        return [page] if len(parts) == 1 else [replace(page, cells=cells) for cells in parts]

    def _read_text(self, flat: View, number: int, engine: ReaderEngine, *, is_sideways: bool) -> Page:
        read, upright = read_upright(flat, engine, is_sideways=is_sideways)
        findings: tuple[Finding, ...] = ()
        if not read.lines:
            findings = (make_finding("document.blank"),)
        elif mean_confidence(read) < _UNREADABLE_BELOW:
            findings = (make_finding("document.unreadable_text"),)
        cells = cells_of(without_overprint(read, upright.pixels), upright, number)
        return Page(number, cells, findings=findings, reader=engine.name)

    def _conclude(self, base: Document, pages: Gathered) -> Document:
        """Classify, extract and check what was read; a document of which nothing could be read is asked for again."""
        rows = pages.rows
        text = text_of(rows)
        numbers = pages.numbers
        base = replace(base, pages=numbers, page_count=len(numbers), quality=pages.quality, reader=pages.reader)
        base = replace(base, text=text, findings=pages.findings(), perceptual_hash=base.perceptual_hash or _look_of(pages))
        is_refused = len(numbers) == 1 and any(each.severity is Severity.BLOCK for each in base.findings)
        if not pages.attached and (not text or is_refused):
            return replace(base, state=DocumentState.RETAKE_ASKED)
        document_class, confidence = pages.judged.document_class, pages.judged.confidence
        if pages.attached and (document_class is None or confidence < self.settings.class_confidence_min):
            document_class, confidence = DocumentClass.MEDICAL_INVOICE, 1.0  # nothing else carries an e-invoice
        base = replace(base, class_confidence=confidence)
        if document_class is None or confidence < self.settings.class_confidence_min:
            return _unclassified(base)
        return self._extract(replace(base, document_class=document_class), document_class, rows, pages)

    def _extract(self, base: Document, document_class: DocumentClass, rows: tuple[Row, ...], pages: Gathered) -> Document:
        extraction = EXTRACTORS[document_class](rows)
        if not (pages.attached or serves(document_class, extraction)):
            if document_class is DocumentClass.ID_CARD and is_id_back(base.text):
                known = self._calibrate(extraction, evidence_of(extraction, frozenset(), frozenset()), pages.uploads)
                return _unclassified(replace(base, document_class=None, fields=known.fields), "id_card.back_only")
            if is_empty(base.text):
                return _unclassified(replace(base, document_class=None))
        if document_class is DocumentClass.MEDICAL_INVOICE:
            extraction = add_told(extraction, (*pages.attached, *([pages.tagged] if pages.tagged else [])))
        extraction, findings = validate(document_class, extraction)
        if document_class is DocumentClass.MEDICAL_INVOICE:
            extraction, compared = hold_against(extraction, base.text, [*pages.codes, *_codes_on(pages.uploads)], pages.attached)
            findings += compared
        if any(each.code == "document.fields_missing" for each in findings):
            if any(each.code == "document.cut_short" for each in base.findings):  # what is missing stands in the part that did not come
                return replace(base, state=DocumentState.RETAKE_ASKED, findings=_in_the_way(base.findings))
            findings += hints_of(base.quality)
        opinion = self._read_again(extraction, failed_fields(extraction, findings), pages.uploads)
        findings += opinion.findings
        parsed = frozenset(each.name for each in extraction.fields if each.page not in pages.uploads)
        extraction = prove_by_two_readings(extraction, opinion.agreed | parsed)
        evidence = evidence_of(extraction, failed_fields(extraction, findings), opinion.agreed)
        extraction = self._calibrate(extraction, evidence, pages.uploads)
        return replace(
            base,
            state=DocumentState.EXTRACTED,
            fields=extraction.fields,
            lines=extraction.lines,
            findings=base.findings + findings + doubt_unsure(document_class, extraction, self.settings.field_confidence_min),
            reader=f"{base.reader}+{TESSERACT}" if opinion.strips else base.reader,
        )

    def _read_again(self, extraction: Extraction, failed: frozenset[str], uploads: Mapping[int, Pixels]) -> SecondOpinion:
        """Ask the second reader about doubtful numbers; without one, nothing is said."""
        second = self.load().second if uploads else None
        return NO_OPINION if second is None else read_again(extraction.fields, failed, uploads, second, self.settings)

    def _calibrate(self, extraction: Extraction, evidence: Mapping[str, Evidence], uploads: Mapping[int, Pixels]) -> Extraction:
        """Let every confidence be a share of right values, as it was measured with this reader; what was parsed stays as it is."""
        if not uploads:
            return extraction
        return calibrate(extraction, evidence, uploads, load_calibration(table_of(self.load().first.name)))


def _look_of(pages: Gathered) -> str:
    """Hash the first picture among a file's pages, so that a photograph is known again inside a PDF; "" without one."""
    return next((perceptual_hash(each) for each in pages.uploads.values()), "")


def _codes_on(uploads: Mapping[int, Pixels]) -> Iterator[str]:
    """Read the codes on an invoice's pictures; no other paper is compared with any, and looking for them takes up to 60 ms.

    Whose paper a code is on does not matter: it speaks of the invoice whose number it holds.
    """
    for pixels in uploads.values():
        yield from read_codes(pixels)


def _tell_edits(documents: list[Document], edits: tuple[Finding, ...]) -> tuple[Document, ...]:
    """Tell once what the file says of its editing: with the first document in it that could be read."""
    place = next((place for place, each in enumerate(documents) if each.state is DocumentState.EXTRACTED), None)
    if place is not None:
        documents[place] = replace(documents[place], findings=documents[place].findings + edits)
    return tuple(documents)


def _edits_of(sheets: Sequence[Sheet], edits: Mapping[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Gather what the files of a document say of their editing, each sentence once."""
    return tuple(dict.fromkeys(each for sheet in sheets for each in edits[sheet.sha256]))


def _in_the_way(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(each, severity=Severity.BLOCK) for each in findings)


def _unclassified(base: Document, code: str = "document.unclassified") -> Document:
    return replace(base, state=DocumentState.CHECKED, findings=(*base.findings, make_finding(code)))


def read_document(content: bytes, settings: OcrSettings) -> Document:
    """Read one uploaded file that holds one document in this process; see `DocumentReader.read_all` for what it raises.

    Loads the engines each time: for many documents keep a `DocumentReader`, or better a `ReaderPool`.
    """
    return DocumentReader(settings).read(content)
