"""11 · The hospital settles at discharge: the patient pays only their own share."""

from datetime import date

from domain.states import ClaimState
from sandbox.cast import cast_member, serial_of, terms
from sandbox.medical_base import FIRST_HOSPITAL
from sandbox.scenario import Scenario, Submission

SLOT = 11
_BILL = (
    ("床位费", "甲", "400.00"),
    ("诊查费", "甲", "120.00"),
    ("检查费", "乙", "1240.00"),
    ("化验费", "甲", "986.50"),
    ("手术费", "甲", "2200.00"),
    ("护理费", "甲", "177.00"),
    ("西药费", "甲", "2315.66"),
    ("特殊材料费", "丙", "204.46"),
    ("自费药品", "丙", "100.00"),
)


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    member = cast_member(SLOT, round_number, "示星", date(1990, 2, 19), terms("zhifu-direct", "直付版", date(2026, 1, 1), years_before=1))
    return Scenario(
        name="direct-settlement",
        title_zh="医院理赔直付",
        shows="The hospital learns within seconds what the insurer pays, and the patient pays only the rest.",
        cast=(member,),
        main=Submission(
            channel="hospital",
            payload={
                "external_ref": f"HIS-{serial_of(SLOT, round_number):06d}",
                "hospital_id": FIRST_HOSPITAL.hospital_id,
                "insured": {"id_number": member.person.id_number},
                "admission_date": "2026-11-16",
                "discharge_date": "2026-11-21",
                "diagnosis_icd10": "K40.9",
                "loss_cause": "疾病",
                "bill": {
                    "total": "7743.62",
                    "social_insurance_paid": "0.00",
                    "lines": [{"name": name, "list_class": list_class, "amount": amount} for name, list_class, amount in _BILL],
                },
            },
            expected_state=ClaimState.PAID,
            # (bill 7,743.62 − out of list 204.46 − 100.00) = 7,439.16 × 90 % = 6,695.244, rounded 6,695.24; the patient pays 1,048.38
            expected_paid_fen=669_524,
        ),
        expected_reasons=("住院直付医疗",),
    )
