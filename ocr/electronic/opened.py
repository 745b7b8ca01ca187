"""Opens any electronic document: its pages one after the other, and what it carries besides them."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import InputError
from domain.finding import Finding
from ocr.electronic.e_invoice import EInvoice, e_invoice_of, read_e_invoice
from ocr.electronic.ofd import OfdFile
from ocr.electronic.page import ElectronicPage
from ocr.electronic.pdf import Attachment, pdf_attachments, read_pdf
from ocr.findings import make_finding
from ocr.settings import OcrSettings

PDF, OFD, XML = "application/pdf", "application/ofd", "application/xml"


@dataclass(frozen=True)
class ElectronicFile:
    """A PDF or an OFD: pages to go through once, e-invoices attached to it, and facts that tags name on its own pages."""

    pages: Iterator[ElectronicPage]
    attached: tuple[EInvoice, ...] = ()
    tagged: EInvoice | None = None
    findings: tuple[Finding, ...] = ()


def open_electronic(content: bytes, media_type: str, settings: OcrSettings) -> ElectronicFile:
    """Open a PDF or an OFD.

    Raises:
        UnreadableFileError: damaged, or without a page.
        FileTooLargeError: beyond the bounds on entries, bytes or pages.
        PasswordProtectedError: locked.
    """
    if media_type == PDF:
        attached, findings = _invoices_in(pdf_attachments(content, settings.max_xml_bytes), settings.max_xml_bytes)
        return ElectronicFile(read_pdf(content, settings), attached, findings=findings)
    package = OfdFile(content, settings)
    attached, findings = _invoices_in(package.attachments(), settings.max_xml_bytes)
    tags = package.tagged()
    return ElectronicFile(package.pages(), attached, None if tags is None else e_invoice_of(tags), findings)


def _invoices_in(attachments: tuple[Attachment, ...], max_bytes: int) -> tuple[tuple[EInvoice, ...], tuple[Finding, ...]]:
    """Read the e-invoices among attachments; the others are named, for nobody will read them."""
    invoices: list[EInvoice] = []
    unread: list[str] = []
    for each in attachments:
        try:
            found = read_e_invoice(each.content, max_bytes) if each.content else ""
        except InputError:
            found = ""
        if isinstance(found, EInvoice):
            invoices.append(found)
        else:
            unread.append(f"{each.name}（根元素 {found}）" if found else each.name)
    findings = (make_finding("document.attachment_unknown", detail="、".join(unread)),) if unread else ()
    return tuple(invoices), findings
