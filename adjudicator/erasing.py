"""Retention and erasure (保存期限与删除): what names a person in a claim is destroyed when it need not be kept any more, and not before.

保险法 art. 87: books, vouchers and papers are kept from the end of the contract on, five years when it covered one year
or less, ten when it covered more. 个人信息保护法 art. 47 asks for erasure when that is over. The ledger, the decision with its
amount, and the chain of audit stay and still prove each other.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from adjudicator.china_time import today
from adjudicator.owing import recoverable_fen
from adjudicator.people import actor_of
from adjudicator.system import System
from domain.china import china_day, china_midnight_ms
from domain.errors import ConflictError, InputError
from domain.money import format_fen
from domain.policy import Policy
from domain.states import ClaimState
from storage import agent_meetings, audit, claims, cover, erasure, messages, registry, reminders, servicing, tasks
from storage.access import Staff
from storage.claims import ClaimRecord, claims_of
from storage.database import Database, Transaction

SETTLED = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
LAW = "保险法 art. 87"
_YEARS_SHORT, _YEARS_LONG = 5, 10
_PAGE = 500


def kept_until(policies: Sequence[Policy], closed: date, years: int) -> date:
    """Give the last day on which a claim is kept: by the law for each of its contracts, and `years` after it was closed."""
    ends = [years_later(each.effective_to, _YEARS_LONG if _covers_more_than_a_year(each) else _YEARS_SHORT) for each in policies]
    return max([years_later(closed, years), *ends])


def iter_due(database: Database, years: int) -> Iterator[str]:
    """Walk through the claims that need not be kept any more, `years` after they were closed."""
    with database.read() as tx:
        now = today(tx)
    after, full = "", True
    while full:
        with database.read() as tx:
            page = erasure.page_of_settled(tx, SETTLED, china_midnight_ms(years_later(now, -years)), after, _PAGE)
            due = [each.claim_id for each in page if _is_due(tx, each.claim_id, years, now)]
        yield from due
        after, full = page[-1].claim_id if page else "", len(page) == _PAGE


def erase(system: System, claim_id: str, staff: Staff, reason: str, court_order: str = "") -> None:
    """Destroy what names a person in a claim. `court_order`, the number of an order, overrules the law's years.

    A crash on the way leaves a claim that is not erased, and doing it again finishes it.

    Raises:
        NotFoundError: no such claim.
        ConflictError: it is erased already, not settled, or to be kept by law.
        InputError: no reason, or one that names the insured.
    """
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        _check_words(tx, claim, reason, court_order)
        _check_erasable(tx, claim, court_order)
        audit.append(tx, claim_id, actor_of(staff), "claim.erased", {"reason": reason.strip(), "court_order": court_order.strip()})
        hashes = erasure.hashes_of(tx, claim_id)
        erasure.overwrite(tx, claim_id)
        forget_customer(tx, claim.insured_id)
        for sha256 in erasure.held_by_nobody(tx, hashes):
            system.blobs.destroy(sha256)


def forget_customer(tx: Transaction, person_id: str) -> None:
    """Destroy what else was written about and told to a customer, if nothing keeps them any more."""
    if not is_kept(tx, person_id):
        agent_meetings.erase_words(tx, person_id)
        messages.erase_customer_messages(tx, person_id)
        reminders.erase_person(tx, person_id)
        cover.erase_profile(tx, person_id)


def is_kept(tx: Transaction, person_id: str, years: int = 0) -> bool:
    """Tell whether anything keeps a customer: a claim or a transaction that is not erased, or a policy that the law keeps or that
    ended less than `years` ago.
    """
    if servicing.is_any_kept(tx, person_id) or not all(erasure.erased_ms(tx, each.claim_id) for each in claims_of(tx, person_id)):
        return True
    policies = registry.policies_of(tx, person_id)
    return bool(policies) and kept_until(policies, max(each.effective_to for each in policies), years) >= today(tx)


def _is_due(tx: Transaction, claim_id: str, years: int, now: date) -> bool:
    return _kept_until(tx, claims.get_claim(tx, claim_id), years) < now and not recoverable_fen(tx, claim_id)


def _check_words(tx: Transaction, claim: ClaimRecord, reason: str, court_order: str) -> None:
    if not reason.strip():
        raise InputError("erasing needs a reason", "name who asked for it, by a number", field="reason")
    insured = registry.find_person(tx, claim.insured_id)
    names = {claim.reporter_name, claim.payee.holder if claim.payee else "", insured.name if insured else ""} - {""}
    if any(name in reason + court_order for name in names):
        raise InputError(
            "the reason names a person, and it is kept for ever", "write the number of the letter or of the order", field="reason"
        )


def _check_erasable(tx: Transaction, claim: ClaimRecord, court_order: str) -> None:
    if erasure.erased_ms(tx, claim.claim_id):
        raise ConflictError(f"claim {claim.claim_id} is erased already", "nothing is left to do")
    if claim.state not in SETTLED or tasks.dead_tasks(tx, claim.claim_id):
        raise ConflictError(f"claim {claim.claim_id} is {claim.state}, and work on it is not over", "decide, pay or withdraw it first")
    if owed := recoverable_fen(tx, claim.claim_id):
        told = f"{format_fen(owed)} is still to be given back on claim {claim.claim_id}"
        raise ConflictError(told, "book what came (ledger receive), or write it off (claim write-off)")
    last = _kept_until(tx, claim, years=0)
    if today(tx) <= last and not court_order.strip():
        told = f"claim {claim.claim_id} is kept until {last} ({LAW})"
        raise ConflictError(told, "wait until then, or name the order of a court or an authority with --court-order")


def _kept_until(tx: Transaction, claim: ClaimRecord, years: int) -> date:
    return kept_until(registry.find_policies(tx, claim.policy_numbers), china_day(claim.updated_ms), years)


def _covers_more_than_a_year(policy: Policy) -> bool:
    return policy.effective_to >= years_later(policy.effective_from, 1)  # both days count: 1 February to 31 January is one year


def years_later(day: date, years: int) -> date:
    """Give the same day some years later; 29 February becomes 28 February where there is none. Days beyond the calendar are its last."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
