"""9 · A call to the hotline, with nothing in hand but a name and a birth date."""

from datetime import date

from domain.states import ClaimState
from sandbox.cast import cast_member, serial_of, terms
from sandbox.scenario import Scenario, Submission

SLOT = 9


def stage(round_number: int) -> Scenario:
    """Cast it for a round."""
    member = cast_member(SLOT, round_number, "示雨", date(1958, 6, 3), terms("anxin-inpatient", "标准版", date(2026, 5, 1), years_before=1))
    person = member.person
    return Scenario(
        name="hotline-report",
        title_zh="电话报案，等待资料",
        shows="A report is a claim from the first word on; its clocks run while the papers are on their way.",
        cast=(member,),
        main=Submission(
            channel="hotline",
            payload={
                "external_ref": f"TEL-{serial_of(SLOT, round_number):06d}",
                "caller": {"name": person.name, "birth_date": person.birth_date.isoformat()},
                "loss_date": "2026-11-18",
                "loss_cause": "意外",
                "narrative": "来电报案：在家中滑倒，右手腕疼痛，已到示例市第一医院就诊。",
                "reporter": {"name": person.name, "phone": person.phone},
            },
            expected_state=ClaimState.REPORTED,
            expected_paid_fen=0,
        ),
    )
