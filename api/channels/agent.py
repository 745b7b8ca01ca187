"""The agent channel (代理人代报案): an agent reports for a customer whose policy they look after.

Their platform says which agent; intake makes sure that one of the insured's policies is theirs. An agent gives no account for the
money and no phone number of their own: the customer is told at the number the insurer has, and says themselves where it goes.
"""

from typing import Annotated

from pydantic import StringConstraints

from api.channels.fields import Loss, PolicyNumbers, WithFiles
from api.channels.hotline import Caller
from domain.claim import Channel, ClaimNotice, UploadedFile


class AgentClaim(Loss, WithFiles):
    """A claim as an agent sends it."""

    insured: Caller
    policy_numbers: PolicyNumbers = ()
    agent_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]


def to_notice(payload: AgentClaim, files: tuple[UploadedFile, ...]) -> ClaimNotice:
    """Say in the words of the domain what the agent sent."""
    return ClaimNotice(
        channel=Channel.AGENT,
        external_ref=payload.external_ref,
        insured=payload.insured.to_clue(),
        policy_numbers=payload.policy_numbers,
        loss_date=payload.loss_date,
        loss_cause=payload.loss_cause,
        narrative=payload.narrative,
        files=files,
        taken_by=payload.agent_id,
    )
