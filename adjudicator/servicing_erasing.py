"""Erasing what names a person in a servicing transaction, once no law keeps it (保险法 art. 87); entries and signature stay."""

from collections.abc import Iterator

from adjudicator.china_time import today
from adjudicator.erasing import LAW, forget_customer, kept_until, years_later
from adjudicator.people import actor_of
from adjudicator.system import System
from domain.china import china_day, china_midnight_ms
from domain.errors import ConflictError, InputError
from domain.servicing import OPEN_STATES, TransactionState
from storage import agent_acts, erasure, registry, servicing
from storage.access import Staff
from storage.database import Database

_PAGE = 500


def iter_due_transactions(database: Database, years: int) -> Iterator[str]:
    """Walk through the transactions that need not be kept any more, `years` after they ended."""
    with database.read() as tx:
        now = today(tx)
    after, full = "", True
    while full:
        with database.read() as tx:
            page = servicing.page_of_ended(tx, china_midnight_ms(years_later(now, -years)), after, _PAGE)
            policies = {each.policy_number: each for each in registry.find_policies(tx, sorted({one.policy_number for one in page}))}
        for each in page:
            if kept_until([policies[each.policy_number]], china_day(each.ended_ms), years) < now:
                yield each.transaction_id
        after, full = page[-1].transaction_id if page else "", len(page) == _PAGE


def erase_transaction(system: System, transaction_id: str, staff: Staff, reason: str, court_order: str = "") -> None:
    """Destroy what a customer wrote in a transaction, its codes' messages and its endorsement; with the last one that keeps a customer,
    what else was told to them. `court_order`, the number of an order, overrules the law's years.

    Raises:
        NotFoundError: no such transaction.
        InputError: no reason, or one that names the customer.
        ConflictError: it is not over, or is to be kept by law.
    """
    if not reason.strip():
        raise InputError("erasing needs a reason", "name who asked for it, by a number", field="reason")
    with system.database.write() as tx:
        record = servicing.find(tx, transaction_id)
        agent_acts.lock_customer(tx, record.person_id)
        record = servicing.find(tx, transaction_id, lock=True)
        person = registry.find_person(tx, record.person_id)
        if person and person.name in reason + court_order:
            told = "the reason names a person, and it is kept for ever"
            raise InputError(told, "write the number of the letter or of the order", field="reason")
        if record.state in (*OPEN_STATES, TransactionState.QUOTED):
            told = f"transaction {transaction_id} is {record.state}"
            raise ConflictError(told, "wait until it is over; a quote that nobody signed goes by itself after a day")
        last = kept_until(registry.find_policies(tx, [record.policy_number]), china_day(record.ended_ms or record.quoted_ms), 0)
        if today(tx) <= last and not court_order.strip():
            told = f"transaction {transaction_id} is kept until {last} ({LAW})"
            raise ConflictError(told, "wait until then, or name the order of a court or an authority with --court-order")
        about = {"transaction": transaction_id, "reason": reason.strip(), "court_order": court_order.strip()}
        agent_acts.append(tx, agent_acts.of_customer(record.person_id), actor_of(staff), "servicing.erased", **about)
        for sha256 in erasure.held_by_nobody(tx, servicing.erase(tx, record)):
            system.blobs.destroy(sha256)
        forget_customer(tx, record.person_id)
