"""Holds an invoice against what came with it, codes on its pages and e-invoices attached: agreement proves, difference is told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.document import FIELD_LABELS_ZH, DocumentClass, Field
from domain.finding import Finding
from domain.money import format_fen
from ocr.confirm import confirm_by_codes, contradictions_of
from ocr.electronic.e_invoice import EInvoice
from ocr.extract.values import to_half_width
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding
from ocr.validate import with_field

_TAX_WORDS = ("税额", "税率")
_LABELS = FIELD_LABELS_ZH[DocumentClass.MEDICAL_INVOICE]


def add_told(extraction: Extraction, invoices: Iterable[EInvoice]) -> Extraction:
    """Add the facts that the pages do not show, and the items of pages without a table; they prove nothing."""
    for invoice in invoices:
        for told in invoice.extraction.fields:
            if extraction.field(told.name) is None:
                extraction = with_field(extraction, told)
        if not extraction.lines:
            extraction = replace(extraction, lines=invoice.extraction.lines)
    return extraction


def hold_against(
    extraction: Extraction, text: str, codes: Sequence[str], invoices: Iterable[EInvoice]
) -> tuple[Extraction, tuple[Finding, ...]]:
    """Prove printed fields by codes and by attached e-invoices, and tell each difference with both values.

    `text` is all that was read. The total must be proven or restored before: a decimal point lost in print is no
    contradiction.
    """
    extraction = confirm_by_codes(extraction, codes)
    findings = contradictions_of(extraction, codes, has_tax=any(word in text for word in _TAX_WORDS))
    extraction, more = _compare_with_attached(extraction, invoices)
    return extraction, findings + more


def _compare_with_attached(extraction: Extraction, invoices: Iterable[EInvoice]) -> tuple[Extraction, tuple[Finding, ...]]:
    """Prove printed fields; where the two differ the print stays, unproven by it: what is right is for a person to say."""
    findings: tuple[Finding, ...] = ()
    for invoice in invoices:
        findings += invoice.findings
        for told in invoice.extraction.fields:
            printed = extraction.field(told.name)
            if printed is None or printed.box is None:  # it came from data, and was never printed
                continue
            if _is_same(printed, told):
                extraction = with_field(extraction, replace(printed, proven=True))
            else:
                findings += (_contradiction(f"{_LABELS[told.name]} 版面 {_show(printed)}，数据 {_show(told)}", told.name),)
        findings += _compare_lines(extraction, invoice)
    return extraction, findings


def _contradiction(detail: str, about: str) -> Finding:
    return make_finding("document.attachment_contradicts_print", detail=detail, about=about)


def _is_same(first: Field, second: Field) -> bool:
    """Tell whether two fields hold one value, width and blanks aside."""
    if isinstance(first.value, str) and isinstance(second.value, str):
        return _plain(first.value) == _plain(second.value)
    return first.value == second.value


def _show(field: Field) -> str:
    """Write a value for people."""
    return format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)


def _compare_lines(extraction: Extraction, invoice: EInvoice) -> tuple[Finding, ...]:
    told, printed = invoice.extraction.lines, extraction.lines
    if not told or not printed or sorted(line.amount_fen for line in told) == sorted(line.amount_fen for line in printed):
        return ()
    said = (f"{len(lines)} 项合计 {format_fen(sum(line.amount_fen for line in lines))}" for lines in (printed, told))
    return (_contradiction(f"明细 版面 {next(said)}，数据 {next(said)}", "lines"),)


def _plain(text: str) -> str:
    return "".join(to_half_width(text).split()).upper()
