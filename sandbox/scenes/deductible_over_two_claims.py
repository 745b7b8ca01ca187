"""4 · A yearly deductible that the first claim uses up in part and the second claim finishes."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import stay_claim, usual_photographs
from sandbox.cast import Member, cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL, SECOND_HOSPITAL
from sandbox.photograph import Level
from sandbox.scenario import Scenario, Submission
from sandbox.stay import GALLSTONES, GASTRITIS, Stay, charge

SLOT = 4
_SECOND_INVOICE = 54  # a number beside the slots of the cast


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    policy = terms("anxin-inpatient", "标准版", date(2026, 3, 1), years_before=2)
    member = cast_member(SLOT, round_number, "示平", date(1983, 5, 30), policy)
    return Scenario(
        name="deductible-over-two-claims",
        title_zh="两次住院，免赔额跨案件累计",
        shows="The second stay in a policy year bears only what the first has left of the deductible.",
        cast=(member,),
        earlier=(_first(member, round_number),),
        main=_second(member, round_number),
        expected_reasons=("年免赔额",),
    )


def _first(member: Member, round_number: int) -> Submission:
    serial = serial_of(SLOT, round_number)
    stay = Stay(
        member=member,
        hospital=SECOND_HOSPITAL,
        admission_date=date(2026, 5, 10),
        discharge_date=date(2026, 5, 15),
        illness=GASTRITIS,
        charges=(
            charge("床位费", "甲", "400.00"),
            charge("检查费", "乙", "2460.00"),
            charge("化验费", "甲", "1180.00"),
            charge("治疗费", "甲", "1760.00"),
            charge("西药费", "甲", "3400.00"),
        ),
        social_insurance_paid_fen=parse_fen("3400.00"),
        number=serial,
    )
    ref = f"APP-{serial:06d}-1"
    return Submission(
        channel="app",
        payload=stay_claim(stay, ref, "因胃部不适住院，现申请理赔。", policy_numbers=[member.policies[0].policy_number]),
        files=usual_photographs(stay, ref, Level.SCAN),
        expected_state=ClaimState.PAID,
        # charges 9,200.00 − social insurance 3,400.00 = 5,800.00, all within the deductible of 8,000.00: medical 0.00, 2,200.00 left
        # allowance (5 days − 3) × 100.00 = 200.00
        expected_paid_fen=20_000,
    )


def _second(member: Member, round_number: int) -> Submission:
    stay = Stay(
        member=member,
        hospital=FIRST_HOSPITAL,
        admission_date=date(2026, 9, 6),
        discharge_date=date(2026, 9, 12),
        illness=GALLSTONES,
        charges=(
            charge("床位费", "甲", "480.00"),
            charge("检查费", "乙", "2340.00"),
            charge("化验费", "甲", "1520.50"),
            charge("手术费", "甲", "7600.00"),
            charge("麻醉费", "甲", "1900.00"),
            charge("西药费", "乙", "4800.00"),
        ),
        social_insurance_paid_fen=parse_fen("6120.30"),
        number=serial_of(_SECOND_INVOICE, round_number),
    )
    ref = f"APP-{serial_of(SLOT, round_number):06d}-2"
    return Submission(
        channel="app",
        payload=stay_claim(stay, ref, "因胆囊结石住院手术，现申请理赔。", policy_numbers=[member.policies[0].policy_number]),
        files=usual_photographs(stay, ref, Level.SCAN),
        expected_state=ClaimState.PAID,
        # charges 18,640.50 − social insurance 6,120.30 = 12,520.20 − rest of the deductible 2,200.00 = 10,320.20, × 100 %
        # allowance (6 days − 3) × 100.00 = 300.00; together 10,620.20
        expected_paid_fen=1_062_020,
    )
