"""8 · A claim without its discharge summary: one notice lists what is missing."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import id_card_of, stay_claim, take_of
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import SECOND_HOSPITAL
from sandbox.scenario import Scenario, Submission
from sandbox.stay import GALLSTONES, Stay, charge

SLOT = 8


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    policy = terms("anxin-inpatient", "标准版", date(2026, 4, 1), years_before=1)
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    stay = Stay(
        member=cast_member(SLOT, round_number, "示清", date(1995, 4, 17), policy),
        hospital=SECOND_HOSPITAL,
        admission_date=date(2026, 10, 20),
        discharge_date=date(2026, 10, 26),
        illness=GALLSTONES,
        charges=(
            charge("床位费", "甲", "480.00"),
            charge("检查费", "乙", "1980.00"),
            charge("手术费", "甲", "7600.00"),
            charge("麻醉费", "甲", "1900.00"),
            charge("西药费", "乙", "4260.00"),
        ),
        social_insurance_paid_fen=parse_fen("5200.00"),
        number=serial,
    )
    return Scenario(
        name="missing-discharge-summary",
        title_zh="缺出院小结，一次性通知补充",
        shows="What is missing is told to the customer once and completely.",
        cast=(stay.member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因胆囊结石住院手术，现申请理赔。"),
            files=(take_of("invoice.jpg", stay.invoice(), ref), take_of("id-card.jpg", id_card_of(stay.member), ref)),
            expected_state=ClaimState.NEEDS_SUPPLEMENT,
            expected_paid_fen=0,  # without the diagnosis no exclusion can be ruled out
        ),
        expected_reasons=("出院小结",),
    )
