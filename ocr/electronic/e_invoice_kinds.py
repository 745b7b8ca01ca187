"""The kinds of e-invoice XML that are known: the fiscal bill of a hospital, the tax e-invoice, and the one inside an OFD.

The element names are those that published programs use; nothing here claims to conform to a standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Items:
    """How one kind of e-invoice lists its charged items: an element each, and the names inside it."""

    element: str
    name: tuple[str, ...]
    amount: tuple[str, ...]  # the first that is there; with tax
    parts: tuple[str, ...] = ()  # else these are added: without tax, and the tax
    quantity: tuple[str, ...] = ("Quantity",)
    list_class: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of e-invoice: what only it has, where its fields are, and whether only a hospital can issue it."""

    marks: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    items: Items
    is_medical: bool = False


_FISCAL = Kind(
    ("EInvoiceNumber", "InvoicingPartyName"),
    {
        "invoice_code": ("EInvoiceCode",),
        "invoice_number": ("EInvoiceNumber",),
        "check_code": ("RandomNumber",),
        "payer_name": ("PayerPartyName",),
        "issue_date": ("IssueDate",),
        "hospital_name": ("InvoicingPartyName",),
        "admission_date": ("InHospitalDate", "AdmissionDate"),
        "discharge_date": ("OutHospitalDate", "DischargeDate"),
        "inpatient_days": ("HospitalDays", "InpatientDays"),
        "insurance_type": ("InsuranceType", "MedicalInsuranceType"),
        "total_fen": ("TotalAmount",),
        "total_capitals_fen": ("TotalAmountCapital",),
        "social_insurance_paid_fen": ("FundPayment", "FundPayAmount"),
        "personal_paid_fen": ("PersonalAmount",),
    },
    Items("Item", ("ItemName",), ("ItemAmount",), quantity=("ItemQuantity", "ItemNumber"), list_class=("ItemLevel",)),
    is_medical=True,
)
_TAX = Kind(
    ("TaxSupervisionInfo", "SellerName"),
    {
        "invoice_number": ("InvoiceNumber",),
        "payer_name": ("BuyerName",),
        "issue_date": ("IssueTime", "RequestTime"),
        "hospital_name": ("SellerName",),
        "total_fen": ("TotalTax-includedAmount",),
        "total_capitals_fen": ("TotalTax-includedAmountInChinese",),
    },
    Items("IssuItemInformation", ("ItemName",), ("TotaltaxIncludedAmount", "TotalTax-includedAmount"), ("Amount", "ComTaxAm")),
)
_TAX_IN_OFD = Kind(
    ("InvoiceNo", "SellerName"),
    {
        "invoice_code": ("InvoiceCode",),
        "invoice_number": ("InvoiceNo",),
        "check_code": ("InvoiceCheckCode",),
        "payer_name": ("BuyerName",),
        "issue_date": ("IssueDate",),
        "hospital_name": ("SellerName",),
        "total_fen": ("TaxInclusiveTotalAmount",),
    },
    Items("GoodsInfo", ("Item",), (), ("Amount", "TaxAmount")),
)
KINDS = (_FISCAL, _TAX, _TAX_IN_OFD)
