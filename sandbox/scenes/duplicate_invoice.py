"""5 · The invoice of the first scenario, photographed anew and claimed once more."""

from domain.states import ClaimState
from sandbox.app_claim import stay_claim, usual_photographs
from sandbox.cast import serial_of
from sandbox.scenario import Scenario, Submission
from sandbox.scenes.clean_inpatient import stay_of

SLOT = 5


def stage(round_number: int) -> Scenario:
    """Cast it for a round, with the insured of `clean_inpatient`."""
    stay = stay_of(round_number)
    ref = f"APP-{serial_of(SLOT, round_number):06d}"
    return Scenario(
        name="duplicate-invoice",
        title_zh="同一张票据再次申请，转人工审核",
        shows="An invoice that was paid before is recognised by its numbers in a new photograph.",
        cast=(stay.member,),
        after="clean-inpatient",
        main=Submission(
            channel="app",
            payload=stay_claim(stay, ref, "阑尾炎住院费用，申请理赔。"),
            files=usual_photographs(stay, ref),
            expected_state=ClaimState.IN_REVIEW,
            expected_paid_fen=0,  # 12,003.62 were paid on this invoice already
        ),
        expected_reasons=("重复",),
    )
