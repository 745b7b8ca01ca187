"""12 · One stay under two policies: the indemnity pays the cost, the fixed benefit adds up."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import id_card_of, stay_claim, take_of
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.photograph import Level
from sandbox.scenario import Scenario, Submission
from sandbox.stay import GALLSTONES, Stay, charge

SLOT = 12


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    member = cast_member(
        SLOT,
        round_number,
        "示天",
        date(1987, 9, 12),
        terms("anxin-inpatient", "标准版", date(2026, 3, 10), years_before=1),
        terms("ankang-cash", "基础版", date(2026, 2, 15), years_before=1),
    )
    stay = Stay(
        member=member,
        hospital=FIRST_HOSPITAL,
        admission_date=date(2026, 7, 18),
        discharge_date=date(2026, 7, 27),
        illness=GALLSTONES,
        charges=(
            charge("床位费", "甲", "720.00"),
            charge("检查费", "乙", "2890.00"),
            charge("化验费", "甲", "1640.80"),
            charge("手术费", "甲", "8200.00"),
            charge("麻醉费", "甲", "2100.00"),
            charge("护理费", "甲", "450.00"),
            charge("西药费", "乙", "6310.00"),
        ),
        social_insurance_paid_fen=parse_fen("7845.60"),
        number=serial,
    )
    return Scenario(
        name="two-policies",
        title_zh="一次住院，两张保单：补偿型与定额型",
        shows="One claim is answered by every policy of the insured: costs are paid once, fixed benefits add up.",
        cast=(member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因胆囊结石住院手术，现申请理赔。"),
            files=(
                take_of("invoice.jpg", stay.invoice(), ref),
                take_of("discharge-summary.jpg", stay.summary(), ref, Level.MIDDLING),
                take_of("id-card.jpg", id_card_of(member), ref),
            ),
            expected_state=ClaimState.PAID,
            # anxin: charges 22,310.80 − social insurance 7,845.60 − deductible 8,000.00 = 6,465.20, × 100 %
            #        allowance (9 days − 3) × 100.00 = 600.00; together 7,065.20
            # ankang: 9 days × 200.00 = 1,800.00; both policies 8,865.20
            expected_paid_fen=886_520,
        ),
        expected_reasons=("住院医疗", "住院日额津贴"),
    )
