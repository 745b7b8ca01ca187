"""Finding the insureds of a catastrophe (主动排查): claims that are there join it, and for everybody else concerned we report.

It may be run again and again, after data were imported or a process was killed: whoever has a claim of the event is left alone.
"""

from dataclasses import dataclass

from adjudicator.catastrophe import answers_peril
from adjudicator.decide import SYSTEM
from adjudicator.event_claims import begin_event_claim, join
from adjudicator.published import PublishedBooks
from domain.catastrophe import CatastropheEvent, EventStatus
from domain.claim import Channel
from domain.errors import ConflictError
from domain.policy import Policy
from domain.states import ClaimState
from storage import claims, events
from storage.claims import NewClaim
from storage.codec import sha256_of
from storage.database import Database, Transaction
from storage.ids import new_id

_BATCH = 100  # people, or claims, of one transaction: others get their turn in between


@dataclass(frozen=True)
class FoundInsureds:
    """What one search did: claims that joined the event, and insureds for whom we reported."""

    joined: int
    reported: int


def find_insureds(database: Database, books: PublishedBooks, code: str) -> FoundInsureds:
    """Bring everything and everybody to an event that belongs there; gives how much was new.

    Raises:
        NotFoundError: no such event.
        ConflictError: it is not open.
    """
    return FoundInsureds(_join_claims(database, code), _report_for(database, books, code))


def _join_claims(database: Database, code: str) -> int:
    joined, last = 0, ""
    while True:
        with database.write() as tx:
            event = _open_event(tx, code)
            found = events.undecided_after(tx, event, last, _BATCH)
            for claim_id, region_code in found:
                claim = claims.get_claim(tx, claim_id, lock=True)
                if claim.event_code is None and event.owns(region_code, claim.hospital_id or "", claim.loss_date, claim.loss_cause):
                    join(tx, claim, event)
                    joined += 1
        if not found:
            return joined
        last = found[-1][0]


def _report_for(database: Database, books: PublishedBooks, code: str) -> int:
    reported, last = 0, ""
    answers: dict[tuple[str, str], bool] = {}
    while True:
        with database.write() as tx:
            event = _open_event(tx, code)
            people = events.insureds_after(tx, event, last, _BATCH)
            events.lock_people(tx, people)  # whoever reports at this moment comes before, or finds our report
            known = events.insureds_with_claim(tx, code, people)
            policies = _answering(tx, books, event, [each for each in people if each not in known], answers)
            reported += sum(_report(tx, event, person_id, under) for person_id, under in policies.items())
        if not people:
            return reported
        last = people[-1]


def _open_event(tx: Transaction, code: str) -> CatastropheEvent:
    record = events.get_event(tx, code)
    if record.status is not EventStatus.OPEN:
        raise ConflictError(f"event {code} is {record.status}", "insureds are looked for while it is open")
    return record.event


def _answering(
    tx: Transaction, books: PublishedBooks, event: CatastropheEvent, people: list[str], answers: dict[tuple[str, str], bool]
) -> dict[str, list[Policy]]:
    """Give each insured's policies that may pay for a peril of the event; a product without a book in force answers nothing."""
    policies = events.covering(tx, event, people) if people else ()
    in_force = books.in_force(tx, {each.product for each in policies}, event.period_from)
    found: dict[str, list[Policy]] = {}
    for each in policies:
        published = in_force.get(each.product)
        if published is None:
            continue
        key = (published.book.sha256, each.plan)
        if key not in answers:
            answers[key] = each.plan in published.book.plans and answers_peril(published.book, each.plan, event.perils)
        if answers[key]:
            found.setdefault(each.insured_id, []).append(each)
    return found


def _report(tx: Transaction, event: CatastropheEvent, person_id: str, policies: list[Policy]) -> bool:
    """Report for one insured; False when that was done before. Nothing is said of the loss: nobody knows yet that there is one."""
    reference = f"{event.code}/{person_id}"
    new = NewClaim(
        claim_id=new_id("C"),
        channel=Channel.EVENT,
        external_ref=reference,
        request_hash=sha256_of(reference),
        state=ClaimState.REPORTED,
        insured_id=person_id,
        policy_numbers=tuple(each.policy_number for each in policies),
        loss_date=None,
        loss_cause=None,
        narrative=f"「{event.name}」主动报案",
        reporter_name="",
        reporter_phone="",
        payee=None,
        device_id="",
        event_code=event.code,
    )
    if not claims.add_claim(tx, new, SYSTEM):
        return False
    begin_event_claim(tx, claims.get_claim(tx, new.claim_id), event)
    return True
