"""What the telephone desk sees of a caller before it picks up: who it may be, the policies, the open claims and their clocks."""

from datetime import date

from api.answers.base import Answer, iso_time
from api.answers.customer import OwnPolicy
from domain.identity import mask_id_number, mask_tail
from domain.policy import Person
from storage.claims import ClaimRecord
from storage.clocks import ClockRecord


class RunningClock(Answer):
    """One promise that is still to be kept."""

    kind: str
    due_at: str
    is_paused: bool


class OpenClaim(Answer):
    """One claim of the caller."""

    claim_id: str
    state: str
    loss_date: date | None
    received_at: str
    clocks: tuple[RunningClock, ...]


class CallerFound(Answer):
    """One person whom the clue fits."""

    name: str
    birth_date: date
    id_number_masked: str
    phone_masked: str
    policies: tuple[OwnPolicy, ...]
    claims: tuple[OpenClaim, ...]


class Callers(Answer):
    """Everybody whom the clue fits; ask for more when there are several."""

    callers: tuple[CallerFound, ...]


def caller_found(person: Person, policies: tuple[OwnPolicy, ...], claims: tuple[OpenClaim, ...]) -> CallerFound:
    """Show a person to the desk."""
    return CallerFound(
        name=person.name,
        birth_date=person.birth_date,
        id_number_masked=mask_id_number(person.id_number),
        phone_masked=mask_tail(person.phone),
        policies=policies,
        claims=claims,
    )


def open_claim(claim: ClaimRecord, clocks: tuple[ClockRecord, ...]) -> OpenClaim:
    """Show a claim with the promises it still has."""
    return OpenClaim(
        claim_id=claim.claim_id,
        state=claim.state,
        loss_date=claim.loss_date,
        received_at=iso_time(claim.created_ms),
        clocks=tuple(
            RunningClock(kind=each.kind, due_at=iso_time(each.due_ms), is_paused=each.paused_ms is not None)
            for each in clocks
            if each.met_ms is None
        ),
    )
