"""The app channel: the insurer's app sends a claim for a customer it has logged in, and tells them by push."""

from api.channels.fields import IdNumber, LossReport, Payload, PolicyNumbers, WithFiles
from domain.claim import Channel, ClaimNotice, PersonClue, UploadedFile


class InsuredPerson(Payload):
    """Who was insured (被保险人)."""

    id_number: IdNumber


class AppClaim(LossReport, WithFiles):
    """A claim as the app sends it. No policy number means every policy of the insured in force on the loss date."""

    insured: InsuredPerson
    policy_numbers: PolicyNumbers = ()


def to_notice(payload: AppClaim, files: tuple[UploadedFile, ...]) -> ClaimNotice:
    """Say in the words of the domain what the app sent."""
    return ClaimNotice(
        channel=Channel.APP,
        external_ref=payload.external_ref,
        insured=PersonClue(id_number=payload.insured.id_number),
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
