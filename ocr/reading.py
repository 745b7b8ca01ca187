"""The path of a document: bytes go in, a Document with class, fields, boxes and findings comes out.

sniff and bounds → PDF, OFD or XML parsed | picture → quality gate → codes → laid flat and turned → read → classified →
extracted → compared with codes and attached data → validated → doubtful numbers read a second time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.document import Document, DocumentClass, QualityScore, ReaderEngine
from domain.finding import Finding, Severity
from domain.states import DocumentState
from ocr.attached import add_told, hold_against
from ocr.classify import classify_text
from ocr.codes import read_codes
from ocr.electronic.e_invoice import XML_READER, EInvoice, read_e_invoice
from ocr.electronic.opened import OFD, PDF, XML, ElectronicFile, open_electronic
from ocr.engines import Readers, load_readers
from ocr.engines.tesseract import TESSERACT
from ocr.extract.registry import EXTRACTORS
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding
from ocr.layout import Cell, Row, cells_of, row_text, rows_of
from ocr.orientation import mean_confidence, read_upright
from ocr.overprint import without_overprint
from ocr.perceptual_hash import perceptual_hash
from ocr.picture import Pixels, decode_picture
from ocr.quality import findings_of, measure_quality
from ocr.rectify import rectify
from ocr.second_reading import SecondOpinion, read_again
from ocr.settings import OcrSettings
from ocr.sniff import check_size, sniff_media_type
from ocr.validate import doubt_unsure, failed_fields, validate
from ocr.view import view_of

_UNREADABLE_BELOW = 0.62  # mean confidence of a page whose text nobody should believe


@dataclass
class _Pages:
    """What came together while going through a file's pages."""

    cells: list[Cell] = field(default_factory=list)
    uploads: dict[int, Pixels] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    quality: tuple[QualityScore, ...] = ()
    findings: tuple[Finding, ...] = ()
    readers: dict[str, None] = field(default_factory=dict)
    count: int = 0
    attached: tuple[EInvoice, ...] = ()
    tagged: EInvoice | None = None


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

    def read(self, content: bytes) -> Document:
        """Read one uploaded file.

        A picture that is merely bad is no error: it comes back as RETAKE_ASKED with advice.

        Raises:
            UnreadableFileError: no document we can open, or a damaged one.
            FileTooLargeError: beyond the bounds on bytes, pixels, pages, entries or elements.
            PasswordProtectedError: a locked PDF or OFD.
            ReaderError: an engine is missing or failed.
        """
        check_size(content, self.settings.max_bytes)
        media_type = sniff_media_type(content)
        base = Document(hashlib.sha256(content).hexdigest(), media_type, DocumentState.RECEIVED)
        if media_type == XML:
            return self._read_xml(content, base)
        pages = _Pages()
        if media_type in (PDF, OFD):
            self._go_through(open_electronic(content, media_type, self.settings), pages)
        else:
            pixels = decode_picture(content, self.settings.max_pixels)
            base = replace(base, perceptual_hash=perceptual_hash(pixels))
            self._read_picture(pixels, pages)
        base = replace(base, page_count=pages.count, quality=pages.quality, reader="+".join(pages.readers))
        return self._conclude(base, pages)

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

    def _go_through(self, file: ElectronicFile, pages: _Pages) -> None:
        pages.attached, pages.tagged = file.attached, file.tagged
        for page in file.pages:
            pages.findings += page.findings
            pages.codes += page.codes
            if page.pixels is not None:
                self._read_picture(page.pixels, pages)
                continue
            if page.text is not None:
                pages.cells += cells_of(page.text, None, pages.count)
                pages.readers[page.text.reader] = None
            pages.count += 1
        pages.findings += file.findings

    def _read_picture(self, pixels: Pixels, pages: _Pages) -> None:
        """Judge a picture, and read it unless it would be in vain."""
        number, pages.count = pages.count, pages.count + 1
        scores = measure_quality(pixels, self.settings.quality)
        pages.quality += scores
        refusals = findings_of(scores)
        if refusals:
            pages.findings += refusals
            return
        engine = self.load().first
        pages.codes += read_codes(pixels)
        self._read_text(pixels, number, engine, pages)

    def _read_text(self, pixels: Pixels, number: int, engine: ReaderEngine, pages: _Pages) -> None:
        flat = rectify(view_of(pixels, self.settings.read_side_px))
        read, upright = read_upright(flat, engine)
        pages.readers[engine.name] = None
        if not read.lines:
            pages.findings += (make_finding("document.blank"),)
        elif mean_confidence(read) < _UNREADABLE_BELOW:
            pages.findings += (make_finding("document.unreadable_text"),)
        pages.cells += cells_of(without_overprint(read, upright.pixels), upright, number)
        pages.uploads[number] = pixels

    def _conclude(self, base: Document, pages: _Pages) -> Document:
        """Classify, extract and check what was read; a file of which nothing could be read is asked for again."""
        rows = rows_of(pages.cells)
        text = "\n".join(row_text(row) for row in rows)
        base = replace(base, text=text, findings=_worth_telling(pages, text))
        is_refused = pages.count == 1 and any(each.severity is Severity.BLOCK for each in pages.findings)
        if not pages.attached and (not text or is_refused):
            return replace(base, state=DocumentState.RETAKE_ASKED)
        document_class, confidence = classify_text(text)
        if pages.attached and (document_class is None or confidence < self.settings.class_confidence_min):
            document_class, confidence = DocumentClass.MEDICAL_INVOICE, 1.0  # nothing else carries an e-invoice
        base = replace(base, class_confidence=confidence)
        if document_class is None or confidence < self.settings.class_confidence_min:
            return replace(base, state=DocumentState.CHECKED, findings=(*base.findings, make_finding("document.unclassified")))
        return self._extract(replace(base, document_class=document_class), document_class, rows, pages)

    def _extract(self, base: Document, document_class: DocumentClass, rows: tuple[Row, ...], pages: _Pages) -> Document:
        extraction = EXTRACTORS[document_class](rows)
        if document_class is DocumentClass.MEDICAL_INVOICE:
            extraction = add_told(extraction, (*pages.attached, *([pages.tagged] if pages.tagged else [])))
        extraction, findings = validate(document_class, extraction)
        if document_class is DocumentClass.MEDICAL_INVOICE:
            extraction, compared = hold_against(extraction, base.text, pages.codes, pages.attached)
            findings += compared
        opinion = self._read_again(extraction, failed_fields(extraction, findings), pages.uploads)
        if opinion is not None:
            extraction, findings = replace(extraction, fields=opinion.fields), findings + opinion.findings
        return replace(
            base,
            state=DocumentState.EXTRACTED,
            fields=extraction.fields,
            lines=extraction.lines,
            findings=base.findings + findings + doubt_unsure(document_class, extraction, self.settings.field_confidence_min),
            reader=f"{base.reader}+{TESSERACT}" if opinion is not None and opinion.strips else base.reader,
        )

    def _read_again(self, extraction: Extraction, failed: frozenset[str], uploads: Mapping[int, Pixels]) -> SecondOpinion | None:
        """Ask the second reader about doubtful numbers; None when there is no second reader."""
        second = self.load().second if uploads else None
        return None if second is None else read_again(extraction.fields, failed, uploads, second, self.settings)


def _worth_telling(pages: _Pages, text: str) -> tuple[Finding, ...]:
    """Leave out that a page is blank when other pages are not: the back of a scanned sheet is no fault."""
    has_more = pages.count > 1 and bool(text)
    return tuple(dict.fromkeys(each for each in pages.findings if not (has_more and each.code == "document.blank")))


def read_document(content: bytes, settings: OcrSettings) -> Document:
    """Read one uploaded file in this process; see `DocumentReader.read` for what it raises.

    Loads the engines each time: for many documents keep a `DocumentReader`, or better a `ReaderPool`.
    """
    return DocumentReader(settings).read(content)
