"""2 · The printed total lost its decimal point: the sum of the lines and the capitals catch it."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import id_card_of, stay_claim, take_of
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import SECOND_HOSPITAL
from sandbox.scenario import Scenario, Submission
from sandbox.stay import PNEUMONIA, Stay, charge

SLOT = 2


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    policy = terms("anxin-inpatient", "标准版", date(2025, 9, 1), years_before=1)
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    stay = Stay(
        member=cast_member(SLOT, round_number, "示宁", date(1979, 11, 2), policy),
        hospital=SECOND_HOSPITAL,
        admission_date=date(2026, 6, 10),
        discharge_date=date(2026, 6, 16),
        illness=PNEUMONIA,
        charges=(
            charge("床位费", "甲", "480.00"),
            charge("诊查费", "甲", "180.00"),
            charge("检查费", "乙", "3260.00"),
            charge("化验费", "甲", "2145.30"),
            charge("治疗费", "甲", "1920.00"),
            charge("护理费", "甲", "270.00"),
            charge("西药费", "乙", "7618.12"),
        ),
        social_insurance_paid_fen=parse_fen("2310.00"),
        number=serial,
    )
    return Scenario(
        name="lost-decimal",
        title_zh="票据小写金额丢了小数点，按明细与大写更正",
        shows="A total printed as ¥1587342 is corrected to 15,873.42 by the sum of the lines and by the capitals.",
        cast=(stay.member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因肺炎住院治疗，现申请理赔。"),
            files=(
                take_of("invoice.jpg", stay.invoice(has_lost_decimal=True), ref),
                take_of("discharge-summary.jpg", stay.summary(), ref),
                take_of("id-card.jpg", id_card_of(stay.member), ref),
            ),
            expected_state=ClaimState.PAID,
            # charges 15,873.42 − social insurance 2,310.00 − deductible 10,000.00 (effective 2025) = 3,563.42, × 100 %
            # allowance (6 days − 3) × 100.00 = 300.00; together 3,863.42
            expected_paid_fen=386_342,
        ),
        expected_reasons=("小数点",),
    )
