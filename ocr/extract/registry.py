"""Which extractor serves which class: the one list to add a line to for a new document class."""

from collections.abc import Callable, Mapping, Sequence

from domain.document import DocumentClass
from ocr.extract import (
    accident_certificate,
    bank_card,
    claim_form,
    death_certificate,
    diagnosis_certificate,
    disability_report,
    discharge_summary,
    expense_list,
    id_card,
    imaging_report,
    medical_invoice,
    pathology_report,
    payment_statement,
    settlement_sheet,
    surgery_record,
)
from ocr.extract.wanted import Extraction
from ocr.layout import Row

EXTRACTORS: Mapping[DocumentClass, Callable[[Sequence[Row]], Extraction]] = {
    DocumentClass.MEDICAL_INVOICE: medical_invoice.extract,
    DocumentClass.EXPENSE_LIST: expense_list.extract,
    DocumentClass.DISCHARGE_SUMMARY: discharge_summary.extract,
    DocumentClass.DIAGNOSIS_CERTIFICATE: diagnosis_certificate.extract,
    DocumentClass.PATHOLOGY_REPORT: pathology_report.extract,
    DocumentClass.ID_CARD: id_card.extract,
    DocumentClass.BANK_CARD: bank_card.extract,
    DocumentClass.CLAIM_FORM: claim_form.extract,
    DocumentClass.ACCIDENT_CERTIFICATE: accident_certificate.extract,
    DocumentClass.DEATH_CERTIFICATE: death_certificate.extract,
    DocumentClass.DISABILITY_REPORT: disability_report.extract,
    DocumentClass.IMAGING_REPORT: imaging_report.extract,
    DocumentClass.SURGERY_RECORD: surgery_record.extract,
    DocumentClass.PAYMENT_STATEMENT: payment_statement.extract,
    DocumentClass.SETTLEMENT_SHEET: settlement_sheet.extract,
}
