"""1 · A clean stay in hospital: read, ruled, scored and paid with nobody touching it."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import bank_card_of, stay_claim, take_of, usual_photographs
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.scenario import Scenario, Submission
from sandbox.stay import APPENDICITIS, Stay, charge

SLOT = 1


def stay_of(round_number: int) -> Stay:
    """The stay that is claimed here, and claimed once more in `duplicate_invoice`."""
    policy = terms("anxin-inpatient", "标准版", date(2026, 2, 1), years_before=1)
    member = cast_member(SLOT, round_number, "示安", date(1988, 3, 14), policy)
    return Stay(
        member=member,
        hospital=FIRST_HOSPITAL,
        admission_date=date(2026, 8, 15),
        discharge_date=date(2026, 8, 23),
        illness=APPENDICITIS,
        charges=(
            charge("床位费", "甲", "640.00"),
            charge("诊查费", "甲", "240.00"),
            charge("检查费", "乙", "2150.00"),
            charge("化验费", "甲", "1680.50"),
            charge("治疗费", "乙", "3200.00"),
            charge("手术费", "甲", "8800.00"),
            charge("护理费", "甲", "360.00"),
            charge("西药费", "乙", "7310.12"),
            charge("卫生材料费", "乙", "4123.00"),
        ),
        social_insurance_paid_fen=parse_fen("9000.00"),
        number=serial_of(SLOT, round_number),
    )


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    stay = stay_of(round_number)
    ref = f"APP-{serial_of(SLOT, round_number):06d}"
    return Scenario(
        name="clean-inpatient",
        title_zh="住院医疗，资料齐全，直赔",
        shows="A complete claim is read, ruled, scored and paid within a minute, with nobody touching it.",
        cast=(stay.member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因急性阑尾炎住院手术，现申请理赔。"),
            files=(*usual_photographs(stay, ref), take_of("bank-card.jpg", bank_card_of(stay.member), ref)),
            expected_state=ClaimState.PAID,
            # charges 28,503.62 − social insurance 9,000.00 − deductible 8,000.00 (effective 2026) = 11,503.62, × 100 %
            # allowance (8 days − 3) × 100.00 = 500.00; together 12,003.62
            expected_paid_fen=1_200_362,
        ),
        expected_reasons=("住院医疗", "住院津贴"),
    )
