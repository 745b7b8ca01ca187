"""6 · A claim that the rules would pay and that smells: one phone, one device and one account behind several insureds."""

from datetime import date

from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.app_claim import id_card_of, illness_claim, stay_claim, take_of, usual_photographs
from sandbox.cast import BANK_NAME, Member, cast_member, serial_of, terms
from sandbox.medical_base import SECOND_HOSPITAL
from sandbox.numbers import account_number, phone
from sandbox.pages.bank_card import BankCard
from sandbox.scenario import Scenario, Submission
from sandbox.stay import DISC_PROLAPSE, Stay, charge

SLOT = 6
_OTHERS = ((21, "示川", date(1971, 2, 11)), (22, "示林", date(1986, 9, 5)), (23, "示江", date(1990, 12, 24)))
_RING = 96  # the numbers that they share
_RING_HOLDER = "钱示财"


def stage(round_number: int) -> Scenario:
    """Cast it for a round: the insured, and three others who use the same phone, device and account."""
    others = tuple(
        cast_member(slot, round_number, name, born, terms("anxin-inpatient", "尊享版", date(2026, 8, 25))) for slot, name, born in _OTHERS
    )
    member = cast_member(SLOT, round_number, "示山", date(1975, 1, 9), terms("anxin-inpatient", "尊享版", date(2026, 8, 20)))
    return Scenario(
        name="high-risk",
        title_zh="规则可赔但风险高，转调查",
        shows="A young policy, a high amount and a stranger's account shared by four insureds: an investigator looks before money moves.",
        cast=(member, *others),
        earlier=(
            _report(others[0], round_number),
            _claim_without_papers(others[1], round_number, 2),
            _claim_without_papers(others[2], round_number, 3),
        ),
        main=_claim(member, round_number),
        expected_reasons=("风险",),
    )


def _shared(round_number: int) -> dict[str, object]:
    serial = serial_of(_RING, round_number)
    return {
        "reporter": {"name": _RING_HOLDER, "phone": phone(serial)},
        "payee": {"holder": _RING_HOLDER, "account_number": account_number(serial), "bank_name": BANK_NAME},
        "device_id": f"device-99{serial:06d}",
    }


def _report(other: Member, round_number: int) -> Submission:
    return Submission(
        channel="hotline",
        payload={
            "external_ref": f"TEL-{serial_of(SLOT, round_number):06d}-1",
            "caller": {"policy_number": other.policies[0].policy_number},
            "loss_date": "2026-10-12",
            "loss_cause": "疾病",
            "narrative": "来电报案，称因腰痛住院。",
            "reporter": _shared(round_number)["reporter"],
        },
        expected_state=ClaimState.REPORTED,
        expected_paid_fen=0,
    )


def _claim_without_papers(other: Member, round_number: int, number: int) -> Submission:
    """Only an identity card came with it, so it waits for its papers; but phone, device and account are known from then on."""
    ref = f"APP-{serial_of(SLOT, round_number):06d}-{number}"
    return Submission(
        channel="app",
        payload=illness_claim(other, "2026-10-14", ref, "因腰痛住院，资料后补。", **_shared(round_number)),
        files=(take_of("id-card.jpg", id_card_of(other), ref),),
        expected_state=ClaimState.NEEDS_SUPPLEMENT,
        expected_paid_fen=0,
    )


def _claim(member: Member, round_number: int) -> Submission:
    serial = serial_of(SLOT, round_number)
    ref = f"APP-{serial:06d}"
    stay = Stay(
        member=member,
        hospital=SECOND_HOSPITAL,
        admission_date=date(2026, 9, 22),
        discharge_date=date(2026, 10, 9),
        illness=DISC_PROLAPSE,
        charges=(
            charge("床位费", "甲", "1360.00"),
            charge("检查费", "乙", "9870.00"),
            charge("化验费", "甲", "3650.00"),
            charge("治疗费", "乙", "18600.00"),
            charge("手术费", "甲", "26400.00"),
            charge("西药费", "乙", "22100.00"),
            charge("卫生材料费", "乙", "14500.00"),
        ),
        social_insurance_paid_fen=parse_fen("12300.00"),
        number=serial,
    )
    card = BankCard(account_number(serial_of(_RING, round_number)), BANK_NAME, _RING_HOLDER)
    return Submission(
        channel="app",
        payload=stay_claim(stay, ref, "因腰椎间盘突出住院手术，现申请理赔。", **_shared(round_number)),
        files=(*usual_photographs(stay, ref), take_of("bank-card.jpg", card, ref)),
        expected_state=ClaimState.IN_INVESTIGATION,
        # the rules alone would pay 96,480.00 − 12,300.00 = 84,180.00 + (17 days − 3) × 300.00 = 88,380.00;
        # effective 2026-08-20, admitted 2026-09-22 is day 34: outside the waiting period
        expected_paid_fen=0,
    )
