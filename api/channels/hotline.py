"""The hotline channel: the telephone desk reports a loss while the caller tells it; there are no documents yet."""

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from api.channels.fields import IdNumber, LossReport, Name, PastDay, Payload, PolicyNumber
from domain.claim import Channel, ClaimNotice, PersonClue


class Caller(Payload):
    """How the desk finds the insured: by ID number, by policy number, or by name and birth date."""

    id_number: IdNumber | None = None
    policy_number: PolicyNumber | None = None
    name: Name | None = None
    birth_date: PastDay | None = None

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.id_number or self.policy_number or (self.name and self.birth_date):
            return self
        raise PydanticCustomError(
            "mingbai_caller",
            "this is not enough to find a person",
            {"way_out": "send id_number, or policy_number, or name together with birth_date"},
        )

    @property
    def kind(self) -> str:
        """Tell by what they are looked for, the surest first; it stands in the trail of look-ups."""
        return "id_number" if self.id_number else "policy_number" if self.policy_number else "name"

    def to_clue(self) -> PersonClue:
        """Give it in the words of the domain."""
        return PersonClue(self.id_number or "", self.policy_number or "", self.name or "", self.birth_date)


class HotlineReport(LossReport):
    """A report as the desk takes it down."""

    caller: Caller


def to_notice(payload: HotlineReport) -> ClaimNotice:
    """Say in the words of the domain what the desk took down; a policy number narrows the report to that policy."""
    return ClaimNotice(
        channel=Channel.HOTLINE,
        external_ref=payload.external_ref,
        insured=payload.caller.to_clue(),
        policy_numbers=(payload.caller.policy_number,) if payload.caller.policy_number else (),
        loss_date=payload.loss_date,
        loss_cause=payload.loss_cause,
        narrative=payload.narrative,
        reporter_name=payload.reporter.name,
        reporter_phone=payload.reporter.phone,
        payee=payload.payee.to_payee() if payload.payee else None,
        device_id=payload.device_id,
    )
