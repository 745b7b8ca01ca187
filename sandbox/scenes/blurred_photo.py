"""7 · An invoice that nobody can read: the customer is asked for a better picture of that one page."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import id_card_of, stay_claim, take_of
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.photograph import Level
from sandbox.scenario import Scenario, Submission
from sandbox.stay import PNEUMONIA, Stay, charge

SLOT = 7


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    policy = terms("anxin-inpatient", "标准版", date(2026, 1, 10), years_before=1)
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    stay = Stay(
        member=cast_member(SLOT, round_number, "示文", date(1968, 8, 8), policy),
        hospital=FIRST_HOSPITAL,
        admission_date=date(2026, 10, 8),
        discharge_date=date(2026, 10, 15),
        illness=PNEUMONIA,
        charges=(
            charge("床位费", "甲", "560.00"),
            charge("检查费", "乙", "3180.00"),
            charge("化验费", "甲", "2050.00"),
            charge("治疗费", "甲", "2210.00"),
            charge("西药费", "乙", "9400.00"),
        ),
        social_insurance_paid_fen=parse_fen("5100.00"),
        number=serial,
    )
    return Scenario(
        name="blurred-photo",
        title_zh="票据照片模糊，请重拍",
        shows="A picture that cannot be read is asked for again at once, instead of being guessed at.",
        cast=(stay.member,),
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "因肺炎住院，现申请理赔。"),
            files=(
                take_of("invoice.jpg", stay.invoice(), ref, Level.BAD),
                take_of("discharge-summary.jpg", stay.summary(), ref),
                take_of("id-card.jpg", id_card_of(stay.member), ref),
            ),
            expected_state=ClaimState.NEEDS_SUPPLEMENT,
            expected_paid_fen=0,  # no amount is known
        ),
        expected_reasons=("模糊",),
    )
