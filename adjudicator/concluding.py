"""Concluding (调查结论): a person records whether a claim was fraud; models learn from it, and from then on its entities count it."""

from datetime import date

from adjudicator.china_time import today
from adjudicator.pending import check_none_pending
from adjudicator.people import actor_of, check_role, check_version
from adjudicator.system import System
from domain.errors import InputError
from domain.states import ClaimState
from storage import audit, claims, risk_labels
from storage.access import Staff
from storage.database import Transaction

CONCLUDERS = ("investigator", "senior_adjuster")


def conclude_investigation(
    system: System, claim_id: str, staff: Staff, is_fraud: bool, reason: str, *, known_on: date | None = None, version: int | None = None
) -> None:
    """Record what a claim turned out to be, known since a day (today when none is given). It decides nothing.

    A claim in investigation goes back to review, where somebody decides. A later conclusion takes the place of an earlier one.

    Raises:
        NotFoundError: no such claim.
        NotAllowedError: a role that concludes nothing.
        InputError: no reason, or a day that has not come.
        StaleVersionError: the claim changed since the page was made.
    """
    check_role(staff, CONCLUDERS)
    if not reason.strip():
        raise InputError("a conclusion needs a reason", "write what was found out, and how", field="reason")
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        if version is not None:
            check_version(tx, claim, version)
        check_none_pending(tx, claim_id)
        record_finding(tx, claim_id, staff, is_fraud, known_on or today(tx), reason)
        if claim.state is ClaimState.IN_INVESTIGATION:
            claims.move(tx, claim_id, ClaimState.IN_REVIEW, actor_of(staff), {"concluded": "fraud" if is_fraud else "cleared"})
        else:
            claims.note_facts(tx, claim_id)  # so that a page made before is out of date


def record_finding(tx: Transaction, claim_id: str, staff: Staff, is_fraud: bool, known_on: date, reason: str) -> None:
    """Write a label with its entry in the audit chain; the claim must be locked.

    Raises:
        InputError: a day that has not come.
    """
    if known_on > today(tx):
        raise InputError(f"{known_on} has not come yet", "give the day on which it was known", field="known_on")
    risk_labels.add_label(tx, claim_id, is_fraud, known_on, actor_of(staff))
    told = {"is_fraud": is_fraud, "known_on": known_on.isoformat(), "reason": audit.Said(reason)}
    audit.append(tx, claim_id, actor_of(staff), "risk.concluded", told)
