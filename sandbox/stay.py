"""A stay in hospital (住院), from which the invoice and the summary are printed so that they agree."""

from dataclasses import dataclass
from datetime import date

from domain.document import InvoiceLine
from domain.money import parse_fen
from domain.policy import Hospital
from sandbox.cast import Member
from sandbox.numbers import INVOICE_CODE, check_code, invoice_number
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.pages.medical_invoice import MedicalInvoice

INSURANCE_TYPE = "职工基本医疗保险"


@dataclass(frozen=True)
class Illness:
    """What somebody was in hospital for."""

    name: str
    icd10: str
    department: str
    course: str  # 诊疗经过


APPENDICITIS = Illness(
    "急性阑尾炎", "K35.8", "普外科", "完善相关检查后，在全身麻醉下行腹腔镜下阑尾切除术，手术顺利，术后予抗感染、补液等治疗。"
)
PNEUMONIA = Illness("肺炎", "J18.9", "呼吸内科", "入院后予抗感染、止咳化痰、雾化吸入等治疗，复查胸部影像较前明显吸收。")
GALLSTONES = Illness("胆囊结石伴胆囊炎", "K80.1", "肝胆外科", "完善术前准备后，在全身麻醉下行腹腔镜下胆囊切除术，手术顺利，术后恢复良好。")
DISC_PROLAPSE = Illness("腰椎间盘突出", "M51.2", "骨科", "入院后完善检查，予卧床、牵引、理疗及药物治疗，后行微创手术，症状缓解。")
GASTRITIS = Illness("慢性胃炎", "K29.5", "消化内科", "完善胃镜检查，予抑酸、保护胃黏膜等治疗，症状好转。")


@dataclass(frozen=True)
class Stay:
    """One admission: `number` makes its invoice unique."""

    member: Member
    hospital: Hospital
    admission_date: date
    discharge_date: date
    illness: Illness
    charges: tuple[InvoiceLine, ...]
    social_insurance_paid_fen: int
    number: int

    def invoice(self, *, has_lost_decimal: bool = False) -> MedicalInvoice:
        """Print the receipt of the day of discharge."""
        return MedicalInvoice(
            invoice_code=INVOICE_CODE,
            invoice_number=invoice_number(self.number),
            check_code=check_code(self.number),
            payer_name=self.member.person.name,
            issue_date=self.discharge_date,
            hospital_name=self.hospital.name,
            admission_date=self.admission_date,
            discharge_date=self.discharge_date,
            insurance_type=INSURANCE_TYPE,
            social_insurance_paid_fen=self.social_insurance_paid_fen,
            lines=self.charges,
            has_lost_decimal=has_lost_decimal,
        )

    def summary(self) -> DischargeSummary:
        """Print the summary at discharge."""
        return DischargeSummary(
            patient_name=self.member.person.name,
            sex=self.member.sex,
            age=self.member.age_on(self.admission_date),
            department=self.illness.department,
            hospital_name=self.hospital.name,
            admission_date=self.admission_date,
            discharge_date=self.discharge_date,
            diagnosis=self.illness.name,
            diagnosis_icd10=self.illness.icd10,
            course=self.illness.course,
        )


def charge(name: str, list_class: str, amount: str) -> InvoiceLine:
    """Write one charged item: charge("床位费", "甲", "640.00")."""
    return InvoiceLine(name, parse_fen(amount), list_class)
