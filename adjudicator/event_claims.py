"""How a claim comes to a catastrophe: by what its report tells, by what its papers tell, or because the report finds it there.

A report of an insured for whom we reported already is joined to that claim (报案合并): the claim takes what it tells and its papers.
"""

from adjudicator import clocks
from adjudicator.catastrophe import told_event
from adjudicator.decide import SYSTEM
from adjudicator.judging import gather_evidence
from adjudicator.system import System
from adjudicator.telling import notify
from domain.catastrophe import CatastropheEvent, find_owner
from domain.policy import Person
from storage import claims, events, registry
from storage.claims import ClaimRecord, NewClaim
from storage.database import Transaction


def owner_of(tx: Transaction, insured: Person, new: NewClaim) -> CatastropheEvent | None:
    """Find the open event that a new claim belongs to by what its report tells."""
    return find_owner(events.open_events(tx), insured.region_code, new.hospital_id or "", new.loss_date, new.loss_cause)


def event_of(tx: Transaction, claim: ClaimRecord) -> CatastropheEvent | None:
    """Give the event that a claim belongs to, open or closed: what it was promised holds after the closing."""
    return events.get_event(tx, claim.event_code).event if claim.event_code else None


def find_waiting(tx: Transaction, insured: Person, new: NewClaim) -> ClaimRecord | None:
    """Find the claim of an event that a new report is about: same insured, a loss on a day of the period, nothing that speaks against it.

    A report without a day of the loss is about no claim that we know of.
    """
    for claim_id in events.waiting_claims(tx, insured.person_id):
        claim = claims.get_claim(tx, claim_id, lock=True)
        event = event_of(tx, claim)
        is_same_day = claim.loss_date is None or claim.loss_date == new.loss_date
        if event and new.loss_date and is_same_day and not event.speaks_against(new.loss_date, new.loss_cause):
            return claim
    return None


def begin_event_claim(tx: Transaction, claim: ClaimRecord, event: CatastropheEvent) -> None:
    """Promise a claim of an event the contact within an hour, and write the notice that keeps the promise when it has gone out."""
    clocks.start_contact(tx, claim.claim_id)
    notify(tx, claim, "event", *told_event(event, claim))


def join(tx: Transaction, claim: ClaimRecord, event: CatastropheEvent) -> ClaimRecord:
    """Give a claim to an event."""
    claims.join_event(tx, claim.claim_id, event.code, SYSTEM)
    claim = claims.get_claim(tx, claim.claim_id)
    begin_event_claim(tx, claim, event)
    return claim


def join_by_papers(system: System, tx: Transaction, claim: ClaimRecord) -> ClaimRecord:
    """Give a claim of no event to the open one that its papers tell, by the hospital or the first day that they prove."""
    opened = events.open_events(tx) if claim.event_code is None and claim.round == 1 else ()
    if not opened:
        return claim
    evidence = gather_evidence(system, tx, claim)
    insured = registry.find_person(tx, claim.insured_id)
    region = insured.region_code if insured else ""
    hospital = evidence.hospital.hospital_id if evidence.hospital else claim.hospital_id or ""
    owner = find_owner(opened, region, hospital, claim.loss_date or evidence.first_day, claim.loss_cause)
    return join(tx, claim, owner) if owner else claim
