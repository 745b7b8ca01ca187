"""Turns a page's facts into its picture, and tells the facts that a reader should find in it."""

from datetime import date
from typing import ClassVar, Protocol

from PIL import Image

from domain.document import FIELD_LABELS_ZH, DocumentClass
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.pages.bank_card import BankCard
from sandbox.pages.claim_form import ClaimForm
from sandbox.pages.death_certificate import DeathCertificate
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.pages.disability_report import DisabilityReport
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.pages.imaging_report import ImagingReport
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.pages.pathology_report import PathologyReport
from sandbox.pages.payment_statement import PaymentStatement
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.pages.surgery_record import SurgeryRecord
from sandbox.sheet import Sheet


class PageSpec(Protocol):
    """A page of one document class, which knows its facts and can print itself."""

    document_class: ClassVar[DocumentClass]

    def draw(self) -> Sheet:
        """Print it on a fresh sheet."""
        ...


# To add a document class: its file in pages/, and one line here.
PAGE_CLASSES: tuple[type[PageSpec], ...] = (
    MedicalInvoice,
    ExpenseList,
    DischargeSummary,
    DiagnosisCertificate,
    PathologyReport,
    IdCard,
    BankCard,
    ClaimForm,
    AccidentCertificate,
    DeathCertificate,
    SettlementSheet,
    PaymentStatement,
    SurgeryRecord,
    ImagingReport,
    DisabilityReport,
)


def render(page: PageSpec) -> Image.Image:
    """Print a page as an RGB picture at about 150 dpi, watermarked 样张."""
    return page.draw().image


def facts_of(page: PageSpec) -> dict[str, int | date | str]:
    """Tell the true value of every field that a reader may look for on this page and that it prints."""
    values = {name: getattr(page, name, None) for name in FIELD_LABELS_ZH[page.document_class]}
    return {name: value for name, value in values.items() if value not in (None, "")}
