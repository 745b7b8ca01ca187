"""One page of every document class, for whoever wants to see or to read them all."""

from datetime import date

from sandbox.cast import BANK_NAME, cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.pages.bank_card import BankCard
from sandbox.pages.claim_form import ClaimForm
from sandbox.pages.death_certificate import DeathCertificate
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.pages.disability_report import DisabilityReport
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.pages.imaging_report import ImagingReport
from sandbox.pages.pathology_report import PathologyReport
from sandbox.pages.payment_statement import PaymentStatement
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.pages.surgery_record import SurgeryRecord
from sandbox.render import PageSpec
from sandbox.stay import APPENDICITIS, Stay, charge

_SLOT = 99
_CHARGES = (
    charge("床位费", "甲", "400.00"),
    charge("检查费", "乙", "2150.00"),
    charge("手术费", "甲", "8800.00"),
    charge("西药费", "乙", "3310.12"),
    charge("特殊材料费", "丙", "1120.50"),
)


def make_specimens(round_number: int = 0) -> tuple[PageSpec, ...]:
    """Make a page of each class about one stay of one person; another round is about somebody else."""
    member = cast_member(_SLOT, round_number, "示范", date(1980, 4, 5), terms("anxin-inpatient", "标准版", date(2026, 1, 1)))
    number = serial_of(_SLOT, round_number)
    stay = Stay(member, FIRST_HOSPITAL, date(2026, 9, 1), date(2026, 9, 6), APPENDICITIS, _CHARGES, 400_000, number)
    person, day, hospital = member.person, stay.admission_date, FIRST_HOSPITAL.name
    patient = person.name, member.sex, member.age_on(day)
    policy_number = member.policies[0].policy_number
    return (
        stay.invoice(),
        ExpenseList(person.name, hospital, day, stay.discharge_date, _CHARGES),
        stay.summary(),
        DiagnosisCertificate(*patient, "普外科", hospital, APPENDICITIS.name, APPENDICITIS.icd10, day),
        PathologyReport(
            *patient,
            hospital_name=hospital,
            pathology_number=f"B2026{number:06d}",
            specimen="阑尾组织",
            gross="阑尾一条，长6厘米，直径0.8厘米，表面充血，附少量脓苔。",
            microscopic="阑尾各层见大量中性粒细胞浸润，黏膜糜烂，浆膜充血水肿。",
            diagnosis="急性化脓性阑尾炎",
            diagnosis_icd10=APPENDICITIS.icd10,
            report_date=stay.discharge_date,
        ),
        IdCard(person.name, person.id_number),
        BankCard(member.account_number, BANK_NAME, person.name),
        ClaimForm(person.name, policy_number, person.id_number, day, "疾病", member.account_number, "因腹痛就诊，住院手术治疗。"),
        AccidentCertificate(person.name, day, "当日在示例街道行走时不慎摔倒，致右前臂受伤，由路人送往医院。"),
        DeathCertificate(person.name, person.id_number, stay.discharge_date, "急性心肌梗死", hospital),
        *_papers_of_an_accident(stay, patient),
    )


def _papers_of_an_accident(stay: Stay, patient: tuple[str, str, int]) -> tuple[PageSpec, ...]:
    person, hospital, day = stay.member.person, stay.hospital.name, stay.admission_date
    return (
        SettlementSheet(person.name, hospital, sum(each.amount_fen for each in stay.charges), stay.social_insurance_paid_fen, 120_000),
        PaymentStatement(person.name, "示例财产保险股份有限公司", 250_000, stay.discharge_date),
        SurgeryRecord(
            *patient, hospital, day, "股骨骨折切开复位内固定术", "三级", "消毒铺巾，逐层切开，复位骨折断端，置入钢板固定，逐层缝合。"
        ),
        ImagingReport(*patient, hospital, "右股骨", "右股骨干骨皮质连续性中断，断端移位。", "右股骨干完全性骨折", day),
        DisabilityReport(person.name, person.id_number, "十级", date(2026, 12, 1), "右髋关节功能丧失百分之二十五以上，构成十级伤残。"),
    )
