"""The counter channel (柜面): a clerk sees the customer, or who comes for them (代办人), and scans the papers.

The clerk is written into the audit chain as who took it; who comes for somebody else is the reporter, and is told by text message.
"""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.channels.fields import Loss, Name, PayeeAccount, Payload, Phone, PolicyNumbers, WithFiles
from api.channels.hotline import Caller
from domain.claim import Channel, ClaimNotice, UploadedFile
from domain.report import Relation


class Clerk(Payload):
    """Who took it, and where."""

    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    branch: Name


class Presenter(Payload):
    """Who stood at the counter: the insured themselves, or somebody for them, with a written authority (授权委托书)."""

    name: Name
    phone: Phone = ""
    relation: Relation = Relation.SELF
    has_authority: bool = False

    @model_validator(mode="after")
    def _may_speak(self) -> Self:
        if self.relation is Relation.SELF or self.has_authority:
            return self
        raise PydanticCustomError(
            "mingbai_presenter",
            "who comes for somebody else needs a written authority",
            {"way_out": "see the authority (授权委托书), scan it, and send has_authority: true"},
        )


class CounterClaim(Loss, WithFiles):
    """A claim as the clerk takes it; the insured is found as the telephone desk finds them."""

    insured: Caller
    policy_numbers: PolicyNumbers = ()
    presenter: Presenter
    clerk: Clerk
    payee: PayeeAccount | None = None


def to_notice(payload: CounterClaim, files: tuple[UploadedFile, ...]) -> ClaimNotice:
    """Say in the words of the domain what the clerk took."""
    presenter, branch = payload.presenter, payload.clerk.branch
    whose = "" if presenter.relation is Relation.SELF else f"（由{presenter.relation}{presenter.name}持授权代办，{branch}）"
    return ClaimNotice(
        channel=Channel.COUNTER,
        external_ref=payload.external_ref,
        insured=payload.insured.to_clue(),
        policy_numbers=payload.policy_numbers,
        loss_date=payload.loss_date,
        loss_cause=payload.loss_cause,
        narrative=payload.narrative + whose,
        reporter_name=presenter.name,
        reporter_phone=presenter.phone,
        payee=payload.payee.to_payee() if payload.payee else None,
        files=files,
        taken_by=payload.clerk.number,
    )
