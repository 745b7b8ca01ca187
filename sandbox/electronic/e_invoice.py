"""The sandbox's invoice as e-invoice XML, under the element names that published programs use for the two kinds.

No public standard lays down the whole of either; nothing here claims to conform to one.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from xml.sax.saxutils import escape

from domain.money import format_capitals, format_fen
from sandbox.pages.medical_invoice import MedicalInvoice

_Tree = str | Iterable[tuple[str, "_Tree"]]

# What a tax e-invoice has no element for: only a fiscal bill knows of a stay and of social insurance.
_ONLY_FISCAL = frozenset(
    (
        "invoice_code",
        "check_code",
        "admission_date",
        "discharge_date",
        "inpatient_days",
        "insurance_type",
        "social_insurance_paid_fen",
        "personal_paid_fen",
    )
)


def write_fiscal_xml(invoice: MedicalInvoice, encoding: str = "utf-8") -> bytes:
    """Write a medical fiscal bill (医疗收费电子票据), all its fields and items."""
    extension = (
        ("InsuranceType", invoice.insurance_type),
        ("InHospitalDate", f"{invoice.admission_date:%Y%m%d}"),
        ("OutHospitalDate", f"{invoice.discharge_date:%Y%m%d}"),
        ("HospitalDays", str(invoice.inpatient_days)),
        ("FundPayment", _yuan(invoice.social_insurance_paid_fen)),
        ("PersonalAmount", _yuan(invoice.personal_paid_fen)),
    )
    main = (
        ("EInvoiceName", "示例省医疗住院收费票据（电子）样张"),
        ("EInvoiceCode", invoice.invoice_code),
        ("EInvoiceNumber", invoice.invoice_number),
        ("RandomNumber", invoice.check_code),
        ("TotalAmount", _yuan(invoice.total_fen)),
        ("TotalAmountCapital", format_capitals(invoice.total_fen)),
        ("IssueDate", f"{invoice.issue_date:%Y%m%d}"),
        ("IssueTime", "10:00:00"),
        ("InvoicingParty", (("InvoicingPartyCode", "99SAMPLE"), ("InvoicingPartyName", invoice.hospital_name))),
        ("PayerParty", (("PayerPartyType", "1"), ("PayerPartyName", invoice.payer_name))),
        ("MainExt", extension),
    )
    items = tuple(
        ("Item", (("ItemName", each.name), ("ItemQuantity", str(each.quantity or 1)), ("ItemAmount", _yuan(each.amount_fen)),
                  ("ItemLevel", each.list_class)))
        for each in invoice.lines
    )  # fmt: skip
    head = ("Header", (("EInvoiceTag", "SAMPLE"), ("EInvoiceID", f"SAMPLE-{invoice.invoice_number}"), ("Version", "样张")))
    return _document("EInvoice", (head, ("EInvoiceData", (("Main", main), ("Details", items)))), encoding)


def write_tax_xml(invoice: MedicalInvoice, encoding: str = "utf-8") -> bytes:
    """Write a fully digital tax e-invoice (数电发票), as a private hospital issues it: number, day, parties, sums, items."""
    items = tuple(
        ("IssuItemInformation", (("ItemName", f"*医疗服务*{each.name}"), ("Quantity", str(each.quantity or 1)),
                                 ("Amount", _yuan(each.amount_fen)), ("TaxRate", "免税"), ("ComTaxAm", "0.00"),
                                 ("TotaltaxIncludedAmount", _yuan(each.amount_fen))))
        for each in invoice.lines
    )  # fmt: skip
    sums = (
        ("TotalAmWithoutTax", _yuan(invoice.total_fen)),
        ("TotalTaxAm", "0.00"),
        ("TotalTax-includedAmount", _yuan(invoice.total_fen)),
        ("TotalTax-includedAmountInChinese", format_capitals(invoice.total_fen)),
        ("RequestTime", f"{invoice.issue_date} 10:00:00"),
    )
    body = (
        ("SellerInformation", (("SellerIdNum", "99SAMPLE"), ("SellerName", invoice.hospital_name))),
        ("BuyerInformation", (("BuyerName", invoice.payer_name),)),
        ("BasicInformation", sums),
        *items,
    )
    supervision = (("InvoiceNumber", invoice.invoice_number), ("IssueTime", invoice.issue_date.isoformat()))
    head = ("Header", (("EIid", invoice.invoice_number), ("Version", "样张")))
    return _document("EInvoice", (head, ("EInvoiceData", body), ("TaxSupervisionInfo", supervision)), encoding)


def tax_facts(facts: Mapping[str, int | date | str]) -> dict[str, int | date | str]:
    """Keep the facts of an invoice that its tax e-invoice tells."""
    return {name: value for name, value in facts.items() if name not in _ONLY_FISCAL}


def _yuan(fen: int) -> str:
    return format_fen(fen, grouped=False)


def _document(root: str, tree: _Tree, encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n{_element(root, tree)}\n'.encode(encoding)


def _element(name: str, tree: _Tree) -> str:
    inner = escape(tree) if isinstance(tree, str) else "".join(_element(*each) for each in tree)
    return f"<{name}>{inner}</{name}>"
