"""Checks what was read against itself: sums, check digits, dates in order. Proof raises a field, doubt makes a finding."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH, DocumentClass, Field, InvoiceLine
from domain.finding import Finding
from domain.identity import birth_date_of, is_bank_card, is_id_number
from domain.money import format_fen
from ocr.amount_proof import TotalVerdict, prove_total
from ocr.bank_prefixes import is_same_bank, issuer_of
from ocr.calibration import line_key
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding

CARD_NUMBERS = frozenset(("card_number", "bank_account"))  # whose check digit one misreading in ten passes
_NUMBER = re.compile(r"\d{3}|\d\.\d")

Checked = tuple[Extraction, tuple[Finding, ...]]

# Fields without which a document of its class cannot serve a claim.
_NEEDED: Mapping[DocumentClass, tuple[str, ...]] = {
    DocumentClass.MEDICAL_INVOICE: ("invoice_number", "payer_name", "total_fen"),
    DocumentClass.EXPENSE_LIST: ("total_fen",),
    DocumentClass.DISCHARGE_SUMMARY: ("patient_name", "admission_date", "discharge_date", "diagnosis"),
    DocumentClass.DIAGNOSIS_CERTIFICATE: ("patient_name", "diagnosis"),
    DocumentClass.PATHOLOGY_REPORT: ("patient_name", "diagnosis"),
    DocumentClass.ID_CARD: ("holder_name", "id_number"),
    DocumentClass.BANK_CARD: ("card_number",),
    DocumentClass.CLAIM_FORM: ("insured_name",),
    DocumentClass.ACCIDENT_CERTIFICATE: ("patient_name", "accident_date"),
    DocumentClass.DEATH_CERTIFICATE: ("deceased_name", "death_date"),
    DocumentClass.SETTLEMENT_SHEET: ("patient_name", "social_insurance_paid_fen"),
    DocumentClass.PAYMENT_STATEMENT: ("patient_name", "paid_fen"),
    DocumentClass.SURGERY_RECORD: ("patient_name", "operation"),
    DocumentClass.IMAGING_REPORT: ("patient_name", "conclusion"),
    DocumentClass.DISABILITY_REPORT: ("patient_name", "disability_grade"),
}


def validate(document_class: DocumentClass, extraction: Extraction) -> Checked:
    """Run every check of a class; the extraction comes back with what was proven, and with findings."""
    findings: tuple[Finding, ...] = ()
    for check in (*_CHECKS_OF.get(document_class, ()), _check_stay):
        extraction, more = check(extraction)
        findings += more
    return extraction, findings + _missing(document_class, extraction)


def serves(document_class: DocumentClass, extraction: Extraction) -> bool:
    """Tell whether at least one fact was found that a document of its class is there for: a charged item, or a needed field."""
    return bool(extraction.lines) or any(extraction.field(name) for name in _NEEDED.get(document_class, ()))


def is_empty(text: str) -> bool:
    """Tell whether nobody filled anything in: no date, amount or number stands anywhere, as on a blank form."""
    return _NUMBER.search(text) is None


def failed_fields(extraction: Extraction, findings: tuple[Finding, ...]) -> frozenset[str]:
    """Name the fields and charged items that a finding speaks of and nothing has proven."""
    open_fields = {field.name for field in extraction.fields if not field.proven}
    open_lines = {line_key(place) for place, line in enumerate(extraction.lines) if not line.proven}
    return frozenset(each.about for each in findings) & (open_fields | open_lines)


def doubt_unsure(document_class: DocumentClass, extraction: Extraction, confidence_min: float) -> tuple[Finding, ...]:
    """Ask a person for every single field that was read with too little confidence and that nothing proves."""
    labels = FIELD_LABELS_ZH[document_class]
    unsure = [each for each in extraction.fields if not each.proven and each.confidence < confidence_min]
    return tuple(make_finding("field.low_confidence", detail=f"「{labels[each.name]}」", about=each.name) for each in unsure)


def with_field(extraction: Extraction, field: Field) -> Extraction:
    """Put a field in place of the one of the same name, or behind the others."""
    if extraction.field(field.name) is None:
        return replace(extraction, fields=(*extraction.fields, field))
    return replace(extraction, fields=tuple(field if each.name == field.name else each for each in extraction.fields))


def _proven(extraction: Extraction, *names: str) -> Extraction:
    for name in names:
        field = extraction.field(name)
        if field is not None:
            extraction = with_field(extraction, replace(field, proven=True))
    return extraction


def _fen(extraction: Extraction, name: str) -> int | None:
    field = extraction.field(name)
    return field.value if field is not None and isinstance(field.value, int) else None


def _day(extraction: Extraction, name: str) -> date | None:
    field = extraction.field(name)
    return field.value if field is not None and isinstance(field.value, date) else None


def _lines_sum(extraction: Extraction) -> int | None:
    return sum(line.amount_fen for line in extraction.lines) if extraction.lines else None


def _with_proven_lines(extraction: Extraction) -> Extraction:
    """Let a proven total prove every amount, where they sum to it to the 分.

    A price and a quantity that contradict a proven amount are left out: one of them was misread, and a quantity may be days.
    """
    total = extraction.field("total_fen")
    if total is None or not total.proven or total.value != _lines_sum(extraction):
        return extraction
    return replace(extraction, lines=tuple(_proven_line(line) for line in extraction.lines))


def _proven_line(line: InvoiceLine) -> InvoiceLine:
    if _contradicts(line):
        line = replace(line, unit_price_fen=None, quantity=None)
    return replace(line, proven=True)


def _contradicts(line: InvoiceLine) -> bool:
    return not line.proven and None not in (line.unit_price_fen, line.quantity)


def _check_products(extraction: Extraction) -> Checked:
    """Doubt every amount that nothing proves and that is not price × quantity."""
    extraction = _with_proven_lines(extraction)
    findings = tuple(
        make_finding("line.product_mismatch", detail=f"「{line.name}」{_product_of(line)}", about=line_key(place))
        for place, line in enumerate(extraction.lines)
        if _contradicts(line)
    )
    return extraction, findings


def _product_of(line: InvoiceLine) -> str:
    return f"{format_fen(line.unit_price_fen or 0)} × {line.quantity} ≠ {format_fen(line.amount_fen)}"


def _check_invoice_total(extraction: Extraction) -> Checked:
    figures, capitals, lines = _fen(extraction, "total_fen"), _fen(extraction, "total_capitals_fen"), _lines_sum(extraction)
    proof = prove_total(figures, capitals, lines)
    said = "，".join(
        f"{name} {format_fen(fen)}" if fen is not None else f"{name} 未识别"
        for name, fen in (("小写", figures), ("大写", capitals), ("明细合计", lines))
    )
    if proof.proven and proof.total_fen is not None:
        extraction = _with_total(extraction, proof.total_fen)
        if capitals == proof.total_fen:
            extraction = _proven(extraction, "total_capitals_fen")
    code = {
        TotalVerdict.DECIMAL_RESTORED: "invoice.decimal_point_restored",
        TotalVerdict.DISAGREED: "invoice.total_mismatch",
        TotalVerdict.LINES_DIFFER: "invoice.lines_mismatch",
    }.get(proof.verdict)
    if proof.verdict is TotalVerdict.OUTVOTED and figures is not None:
        code = "invoice.total_mismatch"
    if not proof.proven and _lacks_point(extraction.field("total_fen")):
        return extraction, (make_finding("invoice.decimal_point_missing", detail=said, about="total_fen"),)
    return extraction, (make_finding(code, detail=said, about="total_fen"),) if code else ()


def _lacks_point(total: Field | None) -> bool:
    """Tell whether a printed total shows no 角 and 分, as every receipt does: without a proof it may be a hundred times too large."""
    return total is not None and total.box is not None and re.search(r"\d\s*[.．。]\s*\d", total.raw) is None


def _with_total(extraction: Extraction, total_fen: int) -> Extraction:
    """Let the proven total stand in the field of the figures; its raw text stays what was printed."""
    field = extraction.field("total_fen")
    if field is None:
        source = extraction.field("total_capitals_fen")
        if source is None:
            return extraction
        field = replace(source, name="total_fen")
    return _proven(with_field(extraction, replace(field, value=total_fen)), "total_fen")


def _check_payments(extraction: Extraction) -> Checked:
    """Total = fund + others + what the patient paid, as one sum (个人支付) or by its ways (个人账户支付, 个人现金支付).

    A field for the others (其他支付) may be left empty; what the patient bears is also what is 自付 and 自费, where both are told.
    """
    total, fund = (_fen(extraction, name) for name in ("total_fen", "social_insurance_paid_fen"))
    if total is None or fund is None:
        return extraction, ()
    ways = (("personal_paid_fen",), ("account_paid_fen", "cash_paid_fen"))
    told = [names for names in ways if all(_fen(extraction, name) is not None for name in names)]
    others = [name for name in ("other_paid_fen",) if _fen(extraction, name)]
    sums = {names: fund + _sum(extraction, (*names, *others)) for names in told}
    right = [names for names, paid in sums.items() if paid == total] or [names for names in told if fund + _sum(extraction, names) == total]
    if right:
        own = total - fund - (_sum(extraction, others) if sums[right[0]] == total else 0)
        proven = [name for names in (*right, _BORNE) if _sum(extraction, names) == own for name in names]
        return _proven(extraction, "social_insurance_paid_fen", *(others if sums[right[0]] == total else ()), *proven), ()
    if not told:
        return extraction, ()
    parts = [fen for name in (*told[0], *others) if (fen := _fen(extraction, name)) is not None]
    said = f"{' + '.join(map(format_fen, (fund, *parts)))} ≠ {format_fen(total)}"
    return extraction, (make_finding("invoice.payments_mismatch", detail=said, about="social_insurance_paid_fen"),)


_BORNE = ("self_paid_fen", "self_funded_fen")  # within the insurance list, and outside


def _sum(extraction: Extraction, names: Sequence[str]) -> int:
    return sum(_fen(extraction, name) or 0 for name in names)


def _check_settlement(extraction: Extraction) -> Checked:
    names = ("social_insurance_paid_fen", "major_illness_paid_fen", "personal_paid_fen")
    total, *parts = (_fen(extraction, name) for name in ("total_fen", *names))
    told = [part for part in parts if part is not None]
    if total is None or len(told) < len(parts):
        return extraction, ()
    if sum(told) == total:
        return _proven(extraction, "total_fen", *names), ()
    said = f"{' + '.join(map(format_fen, told))} ≠ {format_fen(total)}"
    return extraction, (make_finding("invoice.payments_mismatch", detail=said, about="social_insurance_paid_fen"),)


def _check_list_total(extraction: Extraction) -> Checked:
    total, lines = _fen(extraction, "total_fen"), _lines_sum(extraction)
    if total is None or lines is None:
        return extraction, ()
    if total == lines:
        return _proven(extraction, "total_fen"), ()
    said = f"明细 {format_fen(lines)}，合计 {format_fen(total)}"
    return extraction, (make_finding("expense_list.lines_mismatch", detail=said, about="total_fen"),)


def _check_id_number(extraction: Extraction) -> Checked:
    field = extraction.field("id_number")
    if field is None:
        return extraction, ()
    number = str(field.value)
    if not is_id_number(number):
        return extraction, (make_finding("id_card.bad_check_digit", about="id_number"),)
    extraction = _proven(extraction, "id_number")
    printed = _day(extraction, "birth_date")
    if printed is None:
        return extraction, ()
    if printed == birth_date_of(number):
        return _proven(extraction, "birth_date"), ()
    return extraction, (make_finding("id_card.birth_date_mismatch", about="birth_date"),)


def _check_card_number(name: str) -> Callable[[Extraction], Checked]:
    """Check the last digit; it proves a number only together with the issuer's own length, for one misreading in ten passes it."""

    def check(extraction: Extraction) -> Checked:
        field = extraction.field(name)
        if field is None:
            return extraction, ()
        number = str(field.value)
        if not is_bank_card(number):
            return extraction, (make_finding("bank_card.bad_check_digit", about=name),)
        issuer = issuer_of(number)
        is_proven = issuer is not None and issuer.digits == len(number)
        return _proven(extraction, name) if is_proven else extraction, ()

    return check


def prove_by_two_readings(extraction: Extraction, agreed: frozenset[str]) -> Extraction:
    """Let a right check digit that two independent readings agree on prove a card or account number."""
    right = [each.name for each in extraction.fields if each.name in agreed & CARD_NUMBERS and is_bank_card(str(each.value))]
    return _proven(extraction, *right)


def _check_bank(extraction: Extraction) -> Checked:
    """Name the bank by the number's prefix where none is printed; a print that says otherwise is a doubt."""
    number, printed = extraction.field("card_number"), extraction.field("bank_name")
    issuer = issuer_of(str(number.value)) if number else None
    if number is None or issuer is None or not is_bank_card(str(number.value)):
        return extraction, ()
    if printed is None:
        return with_field(extraction, replace(number, name="bank_name", value=issuer.bank_name, raw="")), ()
    if is_same_bank(str(printed.value), issuer.bank_name):
        return _proven(extraction, "bank_name"), ()
    said = f"卡面 {printed.value}，卡号属于 {issuer.bank_name}"
    return extraction, (make_finding("bank_card.bank_mismatch", detail=said, about="bank_name"),)


def _check_stay(extraction: Extraction) -> Checked:
    """Admission comes before discharge, discharge not after the invoice; days = discharge − admission proves all three."""
    admitted, discharged, issued = (_day(extraction, name) for name in ("admission_date", "discharge_date", "issue_date"))
    findings: tuple[Finding, ...] = ()
    if admitted and discharged and admitted > discharged:
        return extraction, (
            make_finding("document.dates_out_of_order", detail=f"入院 {admitted}，出院 {discharged}", about="discharge_date"),
        )
    if discharged and issued and issued < discharged:
        findings += (make_finding("document.dates_out_of_order", detail=f"出院 {discharged}，开票 {issued}", about="issue_date"),)
    days = extraction.field("inpatient_days")
    if admitted is None or discharged is None or days is None:
        return extraction, findings
    if days.value in ((discharged - admitted).days, max(1, (discharged - admitted).days)):
        return _proven(extraction, "admission_date", "discharge_date", "inpatient_days"), findings
    said = f"{admitted} 至 {discharged}，印 {days.value} 天"
    return extraction, (*findings, make_finding("document.days_mismatch", detail=said, about="inpatient_days"))


def _missing(document_class: DocumentClass, extraction: Extraction) -> tuple[Finding, ...]:
    lacking = [name for name in _NEEDED.get(document_class, ()) if extraction.field(name) is None]
    if not lacking:
        return ()
    labels = "、".join(FIELD_LABELS_ZH[document_class][name] for name in lacking)
    return (make_finding("document.fields_missing", detail=f"{CLASS_NAMES_ZH[document_class]}的{labels}", about=lacking[0]),)


_CHECKS_OF: Mapping[DocumentClass, tuple[Callable[[Extraction], Checked], ...]] = {
    DocumentClass.MEDICAL_INVOICE: (_check_invoice_total, _check_payments, _check_products),
    DocumentClass.EXPENSE_LIST: (_check_list_total, _check_products),
    DocumentClass.SETTLEMENT_SHEET: (_check_settlement,),
    DocumentClass.ID_CARD: (_check_id_number,),
    DocumentClass.BANK_CARD: (_check_card_number("card_number"), _check_bank),
    **dict.fromkeys(
        (DocumentClass.ACCIDENT_CERTIFICATE, DocumentClass.DEATH_CERTIFICATE, DocumentClass.DISABILITY_REPORT), (_check_id_number,)
    ),
    DocumentClass.CLAIM_FORM: (_check_id_number, _check_card_number("bank_account")),
}
