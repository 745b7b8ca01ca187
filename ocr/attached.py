"""Compares a page with the e-invoice that came attached to it: what agrees is proven, what differs is told with both values."""

from dataclasses import replace

from domain.document import FIELD_LABELS_ZH, DocumentClass, Field
from domain.finding import Finding
from domain.money import format_fen
from ocr.electronic.e_invoice import EInvoice
from ocr.extract.values import to_half_width
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding
from ocr.validate import PROVEN_CONFIDENCE, with_field

_LABELS = FIELD_LABELS_ZH[DocumentClass.MEDICAL_INVOICE]


def add_told(extraction: Extraction, invoice: EInvoice) -> Extraction:
    """Add the facts that the page does not show, and the items of a page without a table; they prove nothing."""
    for told in invoice.extraction.fields:
        if extraction.field(told.name) is None:
            extraction = with_field(extraction, told)
    return extraction if extraction.lines else replace(extraction, lines=invoice.extraction.lines)


def compare_with_attached(extraction: Extraction, invoice: EInvoice) -> tuple[Extraction, tuple[Finding, ...]]:
    """Prove printed fields by the attached e-invoice.

    Where the two differ the print stays, unproven by it: what is right is for a person to say.
    """
    findings = invoice.findings
    for told in invoice.extraction.fields:
        printed = extraction.field(told.name)
        if printed is None or _is_told(printed):
            continue
        if is_same(printed, told):
            extraction = with_field(extraction, replace(printed, proven=True, confidence=max(printed.confidence, PROVEN_CONFIDENCE)))
        else:
            detail = f"{_LABELS[told.name]} 版面 {show(printed)}，数据 {show(told)}"
            findings += (make_finding("document.attachment_contradicts_print", detail=detail, about=told.name),)
    return extraction, findings + _compare_lines(extraction, invoice)


def is_same(first: Field, second: Field) -> bool:
    """Tell whether two fields hold one value, width and blanks aside."""
    if isinstance(first.value, str) and isinstance(second.value, str):
        return _plain(first.value) == _plain(second.value)
    return first.value == second.value


def show(field: Field) -> str:
    """Write a value for people."""
    return format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)


def _is_told(field: Field) -> bool:
    """Tell whether a field came from data and was never printed."""
    return field.box is None


def _compare_lines(extraction: Extraction, invoice: EInvoice) -> tuple[Finding, ...]:
    told, printed = invoice.extraction.lines, extraction.lines
    if not told or not printed or sorted(line.amount_fen for line in told) == sorted(line.amount_fen for line in printed):
        return ()
    said = (f"{len(lines)} 项合计 {format_fen(sum(line.amount_fen for line in lines))}" for lines in (printed, told))
    detail = f"明细 版面 {next(said)}，数据 {next(said)}"
    return (make_finding("document.attachment_contradicts_print", detail=detail, about="lines"),)


def _plain(text: str) -> str:
    return "".join(to_half_width(text).split()).upper()
