"""The hospital channel (理赔直付): a hospital asks at discharge what the insurer pays, so that the patient pays only the rest."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Bounds
from pydantic_core import PydanticCustomError

from adjudicator.hospital_bill import BillLine, SettlementRequest
from api.channels.app import InsuredPerson
from api.channels.fields import Name, PastDay, Payload, Reference, clean_text
from domain.claim import LossCause, PersonClue
from domain.errors import AmountError
from domain.money import parse_fen

Amount = Annotated[str, StringConstraints(max_length=16)]  # 元 as a decimal text, such as "7743.62": never a JSON number


class EligibilityQuestion(Payload):
    """What a hospital asks at admission: does somebody's stay settle with us?"""

    hospital_id: Name
    insured: InsuredPerson
    admission_date: PastDay


class HospitalBillLine(Payload):
    """One charged item of the bill."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(clean_text)]
    list_class: Literal["甲", "乙", "丙", ""] = ""
    amount: Amount


class HospitalBill(Payload):
    """The hospital's bill; social insurance has paid its part already."""

    total: Amount
    social_insurance_paid: Amount = "0.00"
    lines: Annotated[tuple[HospitalBillLine, ...], Bounds(max_length=2000)] = ()


class HospitalSettlement(Payload):
    """What a hospital sends at discharge."""

    external_ref: Reference
    hospital_id: Name
    insured: InsuredPerson
    admission_date: PastDay
    discharge_date: PastDay
    diagnosis_icd10: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}(\.[0-9A-Za-z]{1,6})?$")]
    loss_cause: LossCause
    bill: HospitalBill

    @model_validator(mode="after")
    def _discharged_after_admission(self) -> Self:
        if self.discharge_date < self.admission_date:
            raise PydanticCustomError(
                "mingbai_stay",
                "the discharge on {discharge} lies before the admission on {admission}",
                {"discharge": self.discharge_date, "admission": self.admission_date, "way_out": "check both days"},
            )
        return self


class Confirmation(Payload):
    """The patient has paid their share; stating it again makes sure that both speak of the same settlement."""

    customer_pays: Amount

    def to_fen(self) -> int:
        """Give what the patient paid, in fen; raises as `to_request` does."""
        return _fen(self.customer_pays, "/customer_pays")


class Cancellation(Payload):
    """A settlement is taken back."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(clean_text)]


def to_request(payload: HospitalSettlement) -> SettlementRequest:
    """Say in the words of the adjudicator what the hospital asks.

    Raises:
        AmountError: an amount that is none, or is negative; `field` points to it.
    """
    bill = payload.bill
    return SettlementRequest(
        external_ref=payload.external_ref,
        hospital_id=payload.hospital_id,
        insured=PersonClue(id_number=payload.insured.id_number),
        admission_date=payload.admission_date,
        discharge_date=payload.discharge_date,
        diagnosis_icd10=payload.diagnosis_icd10,
        loss_cause=payload.loss_cause,
        total_fen=_fen(bill.total, "/bill/total"),
        social_insurance_paid_fen=_fen(bill.social_insurance_paid, "/bill/social_insurance_paid"),
        lines=tuple(
            BillLine(line.name, line.list_class, _fen(line.amount, f"/bill/lines/{place}/amount")) for place, line in enumerate(bill.lines)
        ),
    )


def _fen(text: str, pointer: str) -> int:
    try:
        return parse_fen(text)
    except AmountError as error:
        raise AmountError(f"{pointer}: {error.what}", error.way_out, field=pointer) from error
