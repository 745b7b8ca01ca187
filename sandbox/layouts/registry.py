"""Which layouts a class has: the one list to add a line to for a class that is printed in several ways."""

from collections.abc import Mapping
from typing import Any

from domain.document import DocumentClass
from domain.errors import SetupError
from sandbox.layouts import (
    accident_certificate,
    claim_form,
    diagnosis_certificate,
    discharge_summary,
    expense_list,
    medical_invoice,
    pathology_report,
    settlement_sheet,
)
from sandbox.layouts.form import Layout
from sandbox.layouts.haitang import accident_certificate as haitang_accident_certificate
from sandbox.layouts.haitang import claim_form as haitang_claim_form
from sandbox.layouts.haitang import diagnosis_certificate as haitang_diagnosis_certificate
from sandbox.layouts.haitang import discharge_summary as haitang_discharge_summary
from sandbox.layouts.haitang import settlement_sheet as haitang_settlement_sheet
from sandbox.layouts.qiushan import accident_certificate as qiushan_accident_certificate
from sandbox.layouts.qiushan import claim_form as qiushan_claim_form
from sandbox.layouts.qiushan import diagnosis_certificate as qiushan_diagnosis_certificate
from sandbox.layouts.qiushan import discharge_summary as qiushan_discharge_summary
from sandbox.layouts.qiushan import expense_list as qiushan_expense_list
from sandbox.layouts.qiushan import medical_invoice as qiushan_medical_invoice
from sandbox.layouts.qiushan import pathology_report as qiushan_pathology_report
from sandbox.layouts.qiushan import settlement_sheet as qiushan_settlement_sheet
from sandbox.render import PAGE_CLASSES

NATIONAL = "national"  # the layout that every class has, and that a page prints by itself

_SEVERAL: Mapping[DocumentClass, tuple[Layout[Any], ...]] = {
    DocumentClass.MEDICAL_INVOICE: (*medical_invoice.LAYOUTS, qiushan_medical_invoice.LAYOUT),
    DocumentClass.EXPENSE_LIST: (*expense_list.LAYOUTS, qiushan_expense_list.LAYOUT),
    DocumentClass.DISCHARGE_SUMMARY: (*discharge_summary.LAYOUTS, haitang_discharge_summary.LAYOUT, qiushan_discharge_summary.LAYOUT),
    DocumentClass.DIAGNOSIS_CERTIFICATE: (
        *diagnosis_certificate.LAYOUTS,
        haitang_diagnosis_certificate.LAYOUT,
        qiushan_diagnosis_certificate.LAYOUT,
    ),
    DocumentClass.SETTLEMENT_SHEET: (*settlement_sheet.LAYOUTS, haitang_settlement_sheet.LAYOUT, qiushan_settlement_sheet.LAYOUT),
    DocumentClass.CLAIM_FORM: (*claim_form.LAYOUTS, haitang_claim_form.LAYOUT, qiushan_claim_form.LAYOUT),
    DocumentClass.ACCIDENT_CERTIFICATE: (
        *accident_certificate.LAYOUTS,
        haitang_accident_certificate.LAYOUT,
        qiushan_accident_certificate.LAYOUT,
    ),
    DocumentClass.PATHOLOGY_REPORT: (*pathology_report.LAYOUTS, qiushan_pathology_report.LAYOUT),
}
LAYOUTS: Mapping[DocumentClass, tuple[Layout[Any], ...]] = {
    page.document_class: _SEVERAL.get(page.document_class, (Layout(NATIONAL, page.draw),)) for page in PAGE_CLASSES
}


def find_layout(document_class: DocumentClass, name: str) -> Layout[Any]:
    """Find a class's layout by its name.

    Raises:
        SetupError: the class is not printed so; the way out names the layouts it has.
    """
    found = next((layout for layout in LAYOUTS[document_class] if layout.name == name), None)
    if found is None:
        known = ", ".join(layout.name for layout in LAYOUTS[document_class])
        raise SetupError(f"{document_class} has no layout {name!r}", f"choose one of: {known}")
    return found
