"""3 · An illness on day 17 of a new policy: the rules say no, so a person looks, and nothing is declined by itself."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import stay_claim, usual_photographs
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.scenario import Scenario, Submission
from sandbox.stay import GASTRITIS, Stay, charge

SLOT = 3


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    stay = Stay(
        member=cast_member(SLOT, round_number, "示和", date(1992, 7, 21), terms("anxin-inpatient", "标准版", date(2026, 10, 20))),
        hospital=FIRST_HOSPITAL,
        admission_date=date(2026, 11, 5),
        discharge_date=date(2026, 11, 11),
        illness=GASTRITIS,
        charges=(
            charge("床位费", "甲", "480.00"),
            charge("检查费", "乙", "2980.00"),
            charge("化验费", "甲", "1360.00"),
            charge("治疗费", "甲", "2640.00"),
            charge("西药费", "甲", "6540.00"),
        ),
        social_insurance_paid_fen=parse_fen("3200.00"),
        number=serial,
    )
    return Scenario(
        name="waiting-period",
        title_zh="等待期内患病，转人工审核",
        shows="An illness within the first 30 days is not covered, and a person says so, not the machine.",
        cast=(stay.member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因胃痛住院检查治疗，现申请理赔。"),
            files=usual_photographs(stay, ref),
            expected_state=ClaimState.IN_REVIEW,
            # effective 2026-10-20 is day 1, so day 30 is 2026-11-18; 2026-11-05 is day 17: every responsibility is declined
            expected_paid_fen=0,
        ),
        expected_reasons=("等待期",),
    )
