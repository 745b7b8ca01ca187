"""The FHIR channel: a hospital sends its bill as an HL7 FHIR R4 `Claim`; `predetermination` pre-settles it, `claim` settles it.

The resource is checked by fhir.resources' R4B models, in which `Claim` is as in R4. What our path needs beyond the standard
is asked for here, field by field, with the place in the resource.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fhir.resources.R4B.claim import Claim

from adjudicator.hospital_bill import BillLine, SettlementRequest
from api.channels.fields import china_today
from domain.claim import LossCause, PersonClue
from domain.errors import AmountError, InputError
from domain.identity import is_id_number
from domain.money import parse_fen

ICD10: Final = ("http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cn")
LIST_CLASS: Final = "urn:mingbai:list-class"  # 甲 | 乙 | 丙
SOCIAL_INSURANCE: Final = "social-insurance-paid"  # supportingInfo.category: what social insurance has paid of this bill
_MOST_LINES = 2000
_DIAGNOSIS = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Za-z]{1,6})?")
_REFERENCE = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True)
class FhirBill:
    """A hospital's bill out of a FHIR claim, and whether it only asks (`predetermination`)."""

    request: SettlementRequest
    waits: bool


def to_bill(resource: Mapping[str, Any]) -> FhirBill:
    """Read a FHIR claim.

    Raises:
        ValidationError: no FHIR R4 claim.
        InputError: something that our path needs is missing or not usable; `field` points to it.
    """
    if resource.get("resourceType") != "Claim":
        raise InputError("this is no Claim", 'send a resource with "resourceType": "Claim"', field="/resourceType")
    claim = Claim.model_validate(resource)
    if claim.use not in ("claim", "predetermination"):
        raise InputError(f"use {claim.use!r} is not taken", "send predetermination to pre-settle, claim to settle", field="/use")
    if claim.status != "active":
        raise InputError(
            f"status {claim.status!r} is not taken", "send an active claim; a settlement is cancelled by its own call", field="/status"
        )
    period = claim.billablePeriod
    request = SettlementRequest(
        external_ref=_identifier(claim.identifier, "/identifier/0/value", _REFERENCE, "your own number of this bill"),
        hospital_id=_of_reference(claim.provider, "/provider"),
        insured=PersonClue(id_number=_id_number(claim)),
        admission_date=_day(period and period.start, "/billablePeriod/start"),
        discharge_date=_day(period and period.end, "/billablePeriod/end"),
        diagnosis_icd10=_diagnosis(claim),
        loss_cause=LossCause.ACCIDENT if claim.accident else LossCause.ILLNESS,
        total_fen=_fen(claim.total, "/total"),
        social_insurance_paid_fen=_social_insurance(claim),
        lines=_lines(claim),
    )
    return FhirBill(request, claim.use == "predetermination")


def _need(value: Any, pointer: str, what: str) -> Any:
    if value is None or value in ("", []):
        raise InputError(f"{what} is missing", "add this element", field=pointer)
    return value


def _identifier(found: Any, pointer: str, form: re.Pattern[str], what: str) -> str:
    value = str(_need(found and found[0].value, pointer, what))
    if not form.fullmatch(value):
        raise InputError(f"{what} is not of the form we take", "printable characters without spaces, at most 128", field=pointer)
    return value


def _of_reference(reference: Any, pointer: str) -> str:
    identifier = _need(reference and reference.identifier and reference.identifier.value, f"{pointer}/identifier/value", "the identifier")
    return str(identifier)


def _id_number(claim: Any) -> str:
    number = _of_reference(claim.patient, "/patient").upper()
    if not is_id_number(number):
        raise InputError("this is no resident ID number", "check all 18 characters", field="/patient/identifier/value")
    return number


def _day(moment: Any, pointer: str) -> date:
    day = _need(moment, pointer, "the day")
    if not isinstance(day, date) or not day.month:
        raise InputError("this is no whole day", "write it as YYYY-MM-DD", field=pointer)
    day = day.date() if hasattr(day, "date") else day
    if not date(1900, 1, 1) <= day <= china_today():
        raise InputError(f"{day} is before 1900 or in the future: today is {china_today()} in China", "check the day", field=pointer)
    return day


def _diagnosis(claim: Any) -> str:
    first = claim.diagnosis[0].diagnosisCodeableConcept if claim.diagnosis else None
    pointer = "/diagnosis/0/diagnosisCodeableConcept/coding"
    codes = [str(each.code) for each in (first.coding if first and first.coding else ()) if each.system in ICD10]
    code = _need(codes and codes[0], pointer, f"an ICD-10 code ({ICD10[0]})")
    if not _DIAGNOSIS.fullmatch(code):
        raise InputError(f"{code!r} is no ICD-10 code", "write it as K40.9", field=pointer)
    return str(code)


def _fen(money: Any, pointer: str) -> int:
    value = _need(money and money.value, f"{pointer}/value", "the amount")
    if (money.currency or "CNY") != "CNY":
        raise InputError(f"{money.currency} is not taken", "send amounts in CNY", field=f"{pointer}/currency")
    return _exact(value, f"{pointer}/value")


def _exact(value: Decimal, pointer: str) -> int:
    try:
        return parse_fen(f"{Decimal(str(value)):f}")
    except AmountError as error:
        raise AmountError(error.what, error.way_out, field=pointer) from error


def _social_insurance(claim: Any) -> int:
    for place, each in enumerate(claim.supportingInfo or ()):
        if any(coding.code == SOCIAL_INSURANCE for coding in each.category.coding or ()):
            pointer = f"/supportingInfo/{place}/valueQuantity/value"
            return _exact(_need(each.valueQuantity and each.valueQuantity.value, pointer, "the amount"), pointer)
    return 0


def _lines(claim: Any) -> tuple[BillLine, ...]:
    items = claim.item or ()
    if len(items) > _MOST_LINES:
        raise InputError(f"{len(items)} items, of at most {_MOST_LINES}", "send the items that are charged", field="/item")
    for place, each in enumerate(items):
        if each.sequence != place + 1:
            raise InputError("items are numbered 1, 2, 3 …", "number them in their order", field=f"/item/{place}/sequence")
    return tuple(_line(each, f"/item/{place}") for place, each in enumerate(items))


def _line(item: Any, pointer: str) -> BillLine:
    concept = item.productOrService
    name = concept.text or next((each.display for each in concept.coding or () if each.display), None)
    listed = [str(each.code) for each in (item.category.coding if item.category else None) or () if each.system == LIST_CLASS]
    if listed and listed[0] not in ("甲", "乙", "丙"):
        raise InputError(f"{listed[0]!r} is no class of the list", "send 甲, 乙 or 丙, or leave it out", field=f"{pointer}/category")
    text = str(_need(name, f"{pointer}/productOrService/text", "the name of the item"))[:128]
    return BillLine(text, listed[0] if listed else "", _fen(item.net, f"{pointer}/net"))
