"""10 · A critical illness: a lump sum on a pathology report, without any invoice."""

from datetime import date

from domain.states import ClaimState
from sandbox.app_claim import id_card_of, illness_claim, take_of
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.pages.pathology_report import PathologyReport
from sandbox.scenario import Scenario, Submission

SLOT = 10
_CONFIRMED_ON = date(2026, 7, 2)


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    member = cast_member(
        SLOT, round_number, "示月", date(1984, 10, 26), terms("anxin-inpatient", "标准版", date(2026, 1, 15), years_before=2)
    )
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    patient = member.person.name, member.sex, member.age_on(_CONFIRMED_ON)
    certificate = DiagnosisCertificate(*patient, "甲状腺外科", FIRST_HOSPITAL.name, "甲状腺恶性肿瘤", "C73", _CONFIRMED_ON)
    report = PathologyReport(
        *patient,
        hospital_name=FIRST_HOSPITAL.name,
        pathology_number=f"B2026{serial:06d}",
        specimen="左侧甲状腺组织",
        gross="灰白灰红色不整形组织一块，大小3×2×1厘米，切面见一灰白色结节，直径0.8厘米，质硬，边界不清。",
        microscopic="肿瘤细胞呈乳头状排列，核呈毛玻璃样，可见核沟及核内假包涵体，侵犯周围组织。",
        diagnosis="甲状腺乳头状癌",
        diagnosis_icd10="C73",
        report_date=_CONFIRMED_ON,
    )
    return Scenario(
        name="critical-illness",
        title_zh="重大疾病，一次性给付",
        shows="A confirmed critical illness pays its lump sum on the diagnosis alone, no invoice needed.",
        cast=(member,),
        main=Submission(
            channel="app",
            payload=illness_claim(member, _CONFIRMED_ON.isoformat(), ref, "确诊甲状腺癌，申请重大疾病保险金。"),
            files=(
                take_of("pathology-report.jpg", report, ref),
                take_of("diagnosis-certificate.jpg", certificate, ref),
                take_of("id-card.jpg", id_card_of(member), ref),
            ),
            expected_state=ClaimState.PAID,
            # C73 is on the list; effective 2026-01-15, confirmed on day 169, past the 90 days: 重疾保额 100,000.00
            expected_paid_fen=10_000_000,
        ),
        expected_reasons=("重大疾病",),
    )
