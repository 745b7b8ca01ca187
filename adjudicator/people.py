"""What every act of a person on a claim begins and ends with: may they, is it with them, unchanged; and the claim worked out anew."""

from adjudicator.adjudicate import Worked, work_out
from adjudicator.evidence import Evidence
from adjudicator.hospital_bill import settlement_evidence
from adjudicator.judging import gather_evidence, learn_from, save_work
from adjudicator.pending import check_none_pending
from adjudicator.system import System
from domain.decision import Actor
from domain.errors import ConflictError, NotAllowedError, StaleVersionError
from domain.states import ClaimState
from storage import audit, claims
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction

WITH_PEOPLE = (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)
DECIDERS = ("adjuster", "senior_adjuster")
HANDLERS = (*DECIDERS, "investigator")  # who may look into a claim, ask, and correct what was read


def take_claim(tx: Transaction, claim_id: str, version: int, staff: Staff, roles: tuple[str, ...] = DECIDERS) -> ClaimRecord:
    """Take a claim to act on it.

    Raises:
        NotAllowedError: the role may not.
        StaleVersionError: the claim changed since the page was made.
        ConflictError: the claim is with nobody, or a verdict waits on it.
    """
    check_role(staff, roles)
    claim = check_version(tx, claims.get_claim(tx, claim_id, lock=True), version)
    check_with_people(claim)
    check_none_pending(tx, claim_id)
    return claim


def check_version(tx: Transaction, claim: ClaimRecord, version: int | None) -> ClaimRecord:
    """Make sure that a claim, which is locked, is as it was when the page was made, and give it; None asks for nothing.

    Raises:
        StaleVersionError: it is not.
    """
    if version is not None and claim.version != version:
        last = [each for each in audit.entries(tx, claim.claim_id) if each.is_change][-1]
        told = f"claim {claim.claim_id} was changed by {last.actor} ({last.action}) after this page was made"
        raise StaleVersionError(told, "reload the page and decide again")
    return claim


def check_with_people(claim: ClaimRecord) -> None:
    """Make sure that a claim waits for people.

    Raises:
        ConflictError: it does not.
    """
    if claim.state not in WITH_PEOPLE:
        raise ConflictError(
            f"claim {claim.claim_id} is {claim.state} and waits for nobody", "only claims in review or investigation are decided by people"
        )


def check_role(staff: Staff, roles: tuple[str, ...]) -> None:
    """Make sure that a role may do this.

    Raises:
        NotAllowedError: it may not.
    """
    if staff.role not in roles:
        raise NotAllowedError(f"the role {staff.role} may not do this to a claim", "it takes one of: " + ", ".join(roles))


def work_again(system: System, tx: Transaction, claim: ClaimRecord, actor: Actor) -> Worked:
    """Work a claim out anew, with the limits and the papers as they are now."""
    evidence = _evidence(system, tx, claim)
    learn_from(tx, claim, evidence)
    claim = claims.get_claim(tx, claim.claim_id)
    worked = work_out(system, tx, claim, evidence)
    save_work(tx, claim, worked, actor)
    return worked


def _evidence(system: System, tx: Transaction, claim: ClaimRecord) -> Evidence:
    return settlement_evidence(tx, claim) if claim.settlement_json else gather_evidence(system, tx, claim)


def actor_of(staff: Staff) -> Actor:
    """Name who acts, for the audit chain."""
    return Actor(staff.user_name, staff.role)
