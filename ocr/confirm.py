"""Compares what was printed with what a QR or bar code on the same page says: agreement proves, contradiction is told.

No public specification states what a medical e-invoice's code holds, so no meaning is given to the order of its
tokens: a code that holds one of the invoice's numbers speaks of this invoice, and then a token of the shape of another
of its facts that is not that fact contradicts it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.document import FIELD_LABELS_ZH, DocumentClass, Field
from domain.finding import Finding
from domain.money import format_fen
from ocr.extract.values import read_amount, read_date
from ocr.extract.wanted import Extraction
from ocr.findings import make_finding

_CODED = ("invoice_code", "invoice_number", "check_code")
_LONG_ENOUGH = 6  # characters; a shorter number may stand in any code by chance
_TOKEN = re.compile(r"[0-9A-Za-z]+")
_AMOUNT = re.compile(r"(?<![0-9.])[0-9]{1,9}\.[0-9]{2}(?![0-9.])")
_LABELS = FIELD_LABELS_ZH[DocumentClass.MEDICAL_INVOICE]


def confirm_by_codes(extraction: Extraction, codes: Iterable[str]) -> Extraction:
    """Mark the invoice's code, number and check code as proven when a code holds the same token."""
    tokens = {token.upper() for code in codes for token in _TOKEN.findall(code)}
    fields = tuple(
        replace(each, proven=True)
        if each.name in _CODED and len(str(each.value)) >= _LONG_ENOUGH and str(each.value).upper() in tokens
        else each
        for each in extraction.fields
    )
    return replace(extraction, fields=fields)


def contradictions_of(extraction: Extraction, codes: Iterable[str], *, has_tax: bool) -> tuple[Finding, ...]:
    """Tell where a code that speaks of this invoice says something else than the print, each with both values.

    `has_tax`: the amount in a tax invoice's code may be the one without tax, and is not compared.
    """
    return tuple(finding for code in dict.fromkeys(codes) for finding in _contradictions(extraction, code, has_tax=has_tax))


def _contradictions(extraction: Extraction, code: str, *, has_tax: bool) -> tuple[Finding, ...]:
    tokens = [token.upper() for token in _TOKEN.findall(_AMOUNT.sub(" ", code))]
    numbers = [field for name in _CODED if (field := extraction.field(name)) is not None]
    if not any(len(str(each.value)) >= _LONG_ENOUGH and str(each.value).upper() in tokens for each in numbers):
        return ()
    told = [finding for field in numbers if (finding := _other_number(field, numbers, tokens))]
    amount, issued = extraction.field("total_fen"), extraction.field("issue_date")
    amounts = {read_amount(text) for text in _AMOUNT.findall(code)}
    if amount is not None and not has_tax and len(amounts) == 1 and amount.value not in amounts:
        told.append(_finding(amount, format_fen(amounts.pop() or 0)))
    days = {day for token in tokens if token not in {str(each.value) for each in numbers} and (day := read_date(token)) is not None}
    if issued is not None and len(days) == 1 and issued.value not in days:
        told.append(_finding(issued, str(days.pop())))
    return tuple(told)


def _other_number(field: Field, numbers: Sequence[Field], tokens: Sequence[str]) -> Finding | None:
    """Find the one token of this number's shape, where the number itself is not in the code."""
    printed = str(field.value).upper()
    known = {str(each.value).upper() for each in numbers}
    if len(printed) < _LONG_ENOUGH or printed in tokens:
        return None
    alike = {token for token in tokens if len(token) == len(printed) and token not in known and token.isdigit() == printed.isdigit()}
    alike = {token for token in alike if read_date(token) is None and not token.isalpha()}
    return _finding(field, alike.pop()) if len(alike) == 1 else None


def _finding(field: Field, coded: str) -> Finding:
    printed = format_fen(field.value) if isinstance(field.value, int) else str(field.value)
    return make_finding("document.code_contradicts_print", detail=f"{_LABELS[field.name]} 版面 {printed}，二维码 {coded}", about=field.name)
