"""The website channel: somebody who is not logged in claims, with a phone number that the site has proven by a code.

Nothing else is proven there, so name and ID number must fit each other; who reports is told by text message.
"""

from api.channels.fields import IdNumber, LossReport, Name, Payload, PolicyNumbers, ReachableReporter, WithFiles
from domain.claim import Channel, ClaimNotice, PersonClue, UploadedFile


class NamedPerson(Payload):
    """Who was insured, by two things that must fit."""

    name: Name
    id_number: IdNumber


class WebsiteClaim(LossReport, WithFiles):
    """A claim as the site sends it."""

    insured: NamedPerson
    policy_numbers: PolicyNumbers = ()
    reporter: ReachableReporter


def to_notice(payload: WebsiteClaim, files: tuple[UploadedFile, ...]) -> ClaimNotice:
    """Say in the words of the domain what the site sent."""
    return ClaimNotice(
        channel=Channel.WEBSITE,
        external_ref=payload.external_ref,
        insured=PersonClue(id_number=payload.insured.id_number, name=payload.insured.name),
        policy_numbers=payload.policy_numbers,
        loss_date=payload.loss_date,
        loss_cause=payload.loss_cause,
        narrative=payload.narrative,
        reporter_name=payload.reporter.name,
        reporter_phone=payload.reporter.phone,
        payee=payload.payee.to_payee() if payload.payee else None,
        device_id=payload.device_id,
        files=files,
    )
