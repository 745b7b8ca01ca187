"""The claim form that fills itself (智能填单): what the papers tell, field by field, each with the paper and the page it was read from.

What a paper shows of numbers of persons and accounts is masked. A field of which papers disagree, or that was read badly, is
told as unsure: the customer is shown it first. Nothing here is decided by; that is `adjudicator/evidence.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from adjudicator.paper_checks import CONFIDENT
from adjudicator.story import ClaimStory
from api.answers.base import Answer
from domain.document import CLASS_NAMES_ZH, DocumentClass, Field
from domain.identity import mask_id_number, mask_name, mask_tail
from domain.money import format_fen
from domain.states import DocumentState
from storage.documents import DocumentRecord

_C = DocumentClass


class FormField(Answer):
    """One field of the form; `document_id` and `page` (from 1) say where it was read, none when it was reported."""

    name: str
    label: str
    value: str
    is_sure: bool
    source: str
    document_id: str | None
    page: int | None


@dataclass(frozen=True)
class _Line:
    """A field of the form, and where it is looked for: the surest paper of the first class that tells it."""

    name: str
    label: str
    places: tuple[tuple[DocumentClass, str], ...]


_LINES = (
    _Line(
        "insured_name", "被保险人",
        ((_C.ID_CARD, "holder_name"), (_C.DISCHARGE_SUMMARY, "patient_name"), (_C.MEDICAL_INVOICE, "payer_name")),
    ),
    _Line("id_number", "证件号码", ((_C.ID_CARD, "id_number"),)),
    _Line("accident_date", "事故日期", ((_C.ACCIDENT_CERTIFICATE, "accident_date"),)),
    _Line("hospital_name", "就诊医院", ((_C.DISCHARGE_SUMMARY, "hospital_name"), (_C.MEDICAL_INVOICE, "hospital_name"))),
    _Line("admission_date", "入院日期", ((_C.DISCHARGE_SUMMARY, "admission_date"), (_C.MEDICAL_INVOICE, "admission_date"))),
    _Line("discharge_date", "出院日期", ((_C.DISCHARGE_SUMMARY, "discharge_date"), (_C.MEDICAL_INVOICE, "discharge_date"))),
    _Line("diagnosis", "诊断", ((_C.DISCHARGE_SUMMARY, "diagnosis"), (_C.DIAGNOSIS_CERTIFICATE, "diagnosis"))),
    _Line("diagnosis_icd10", "疾病编码", ((_C.DISCHARGE_SUMMARY, "diagnosis_icd10"), (_C.DIAGNOSIS_CERTIFICATE, "diagnosis_icd10"))),
    _Line("total_fen", "费用金额", ((_C.MEDICAL_INVOICE, "total_fen"),)),
    _Line(
        "social_insurance_paid_fen", "医保支付",
        ((_C.SETTLEMENT_SHEET, "social_insurance_paid_fen"), (_C.MEDICAL_INVOICE, "social_insurance_paid_fen")),
    ),
    _Line("card_number", "收款账号", ((_C.BANK_CARD, "card_number"), (_C.CLAIM_FORM, "bank_account"))),
    _Line("card_holder", "账户户名", ((_C.BANK_CARD, "holder_name"),)),
)  # fmt: skip
_SUMMED = ("total_fen", "social_insurance_paid_fen")  # of several invoices


def form_of(story: ClaimStory) -> tuple[FormField, ...]:
    """Fill the form: what was reported, and what was read."""
    claim = story.claim
    told = [
        ("loss_date", "出险日期", claim.loss_date.isoformat() if claim.loss_date else ""),
        ("loss_cause", "出险原因", claim.loss_cause or ""),
    ]
    reported = [_reported(name, label, value) for name, label, value in told if value]
    papers = [each for each in story.documents if each.read and each.state is DocumentState.EXTRACTED]
    return (*reported, *(each for line in _LINES if (each := _filled(line, papers))))


def _reported(name: str, label: str, value: str) -> FormField:
    return FormField(name=name, label=label, value=value, is_sure=True, source="报案", document_id=None, page=None)


def _filled(line: _Line, papers: list[DocumentRecord]) -> FormField | None:
    for wanted, name in line.places:
        found = list(_told(papers, wanted, name))
        if found:
            record, best = max(found, key=lambda each: (each[1].proven, each[1].confidence))
            values = {str(field.value) for _, field in found}
            is_summed = name in _SUMMED and len(found) > 1
            value: int | str | date = sum(int(str(field.value)) for _, field in found) if is_summed else best.value
            is_sure = all(_is_sure(field) for _, field in found) if is_summed else _is_sure(best) and len(values) == 1
            page = None if is_summed else best.page + 1
            source = CLASS_NAMES_ZH[wanted] + (f"（{len(found)} 张合计）" if is_summed else "")
            shown = _shown(line.name, value)
            return FormField(
                name=line.name, label=line.label, value=shown, is_sure=is_sure, source=source, document_id=record.document_id, page=page
            )
    return None


def _told(papers: list[DocumentRecord], wanted: DocumentClass, name: str) -> Iterator[tuple[DocumentRecord, Field]]:
    for record in papers:
        if record.read and record.document_class is wanted and (field := record.read.field(name)) and field.value not in (None, ""):
            yield record, field


def _is_sure(field: Field) -> bool:
    return field.proven or field.confidence >= CONFIDENT


def _shown(name: str, value: int | str | date) -> str:
    if name.endswith("_fen"):
        return format_fen(int(str(value)), grouped=False)
    if name == "id_number":
        return mask_id_number(str(value))
    if name in ("insured_name", "card_holder"):
        return mask_name(str(value))
    return mask_tail(str(value)) if name == "card_number" else str(value)
