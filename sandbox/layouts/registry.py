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
from sandbox.render import PAGE_CLASSES

NATIONAL = "national"  # the layout that every class has, and that a page prints by itself

_SEVERAL: Mapping[DocumentClass, tuple[Layout[Any], ...]] = {
    DocumentClass.MEDICAL_INVOICE: medical_invoice.LAYOUTS,
    DocumentClass.EXPENSE_LIST: expense_list.LAYOUTS,
    DocumentClass.DISCHARGE_SUMMARY: discharge_summary.LAYOUTS,
    DocumentClass.DIAGNOSIS_CERTIFICATE: diagnosis_certificate.LAYOUTS,
    DocumentClass.SETTLEMENT_SHEET: settlement_sheet.LAYOUTS,
    DocumentClass.CLAIM_FORM: claim_form.LAYOUTS,
    DocumentClass.ACCIDENT_CERTIFICATE: accident_certificate.LAYOUTS,
    DocumentClass.PATHOLOGY_REPORT: pathology_report.LAYOUTS,
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
