"""Erasing what names a person in a servicing transaction, once no law keeps it (保险法 art. 87); entries and signature stay."""

from adjudicator.china_time import today
from adjudicator.erasing import LAW, kept_until
from adjudicator.people import actor_of
from adjudicator.system import System
from domain.china import china_day
from domain.errors import ConflictError, InputError
from domain.servicing import OPEN_STATES, TransactionState
from storage import agent_acts, registry, servicing
from storage.access import Staff


def erase_transaction(system: System, transaction_id: str, staff: Staff, reason: str) -> None:
    """Destroy what a customer wrote in a transaction, and its endorsement.

    Raises:
        NotFoundError: no such transaction.
        InputError: no reason.
        ConflictError: it is not over, or is to be kept by law.
    """
    if not reason.strip():
        raise InputError("erasing needs a reason", "name who asked for it, by a number", field="reason")
    with system.database.write() as tx:
        record = servicing.find(tx, transaction_id)
        agent_acts.lock_customer(tx, record.person_id)
        record = servicing.find(tx, transaction_id, lock=True)
        if record.state in (*OPEN_STATES, TransactionState.QUOTED):
            told = f"transaction {transaction_id} is {record.state}"
            raise ConflictError(told, "wait until it is over; a quote that nobody signed goes by itself after a day")
        last = kept_until(registry.find_policies(tx, [record.policy_number]), china_day(record.ended_ms or record.quoted_ms), 0)
        if today(tx) <= last:
            raise ConflictError(f"transaction {transaction_id} is kept until {last} ({LAW})", "wait until then")
        about = {"transaction": transaction_id, "reason": reason.strip()}
        agent_acts.append(tx, agent_acts.of_customer(record.person_id), actor_of(staff), "servicing.erased", **about)
        for sha256 in servicing.erase(tx, record):
            system.blobs.destroy(sha256)
