"""The WeChat channel: the insurer's mini-program sends a claim for somebody whose name and ID number WeChat has proven.

The device is the account (openid): one that claims for many insureds is counted as a telephone would be. A mini-program may not
push afterwards, so who reports is told by text message, and their phone number is required.
"""

from typing import Annotated

from pydantic import StringConstraints

from api.channels.app import InsuredPerson
from api.channels.fields import LossReport, PolicyNumbers, ReachableReporter, WithFiles
from domain.claim import Channel, ClaimNotice, PersonClue, UploadedFile


class WechatClaim(LossReport, WithFiles):
    """A claim as the mini-program sends it."""

    insured: InsuredPerson
    policy_numbers: PolicyNumbers = ()
    reporter: ReachableReporter
    openid: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{10,64}$")]


def to_notice(payload: WechatClaim, files: tuple[UploadedFile, ...]) -> ClaimNotice:
    """Say in the words of the domain what the mini-program sent."""
    return ClaimNotice(
        channel=Channel.WECHAT,
        external_ref=payload.external_ref,
        insured=PersonClue(id_number=payload.insured.id_number),
        policy_numbers=payload.policy_numbers,
        loss_date=payload.loss_date,
        loss_cause=payload.loss_cause,
        narrative=payload.narrative,
        reporter_name=payload.reporter.name,
        reporter_phone=payload.reporter.phone,
        payee=payload.payee.to_payee() if payload.payee else None,
        device_id=f"wechat {payload.openid}",
        files=files,
    )
