"""Doing it (办理): signed, booked and ordered in one transaction, policy by policy one after the other.

What waits for money is booked when the bank has moved it: a debit that is refused has changed nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.china import china_day
from domain.claim import Payee
from domain.contract import ENDING_KINDS, PolicyEntry
from domain.decision import Actor
from domain.errors import ConflictError, InputError
from domain.servicing import Direction, Level, TransactionState, Work
from domain.states import PaymentState
from domain.working_days import after_working_days
from policy.transacting.asking import Asked
from policy.transacting.proving import check_open
from policy.transacting.quoting import Shelf, hash_of, item_of, look_at, own_record, text_of, work_out
from storage import agent_acts, policy_ledger, registry, servicing, servicing_codes, servicing_orders
from storage.database import Transaction
from storage.servicing import ServicingRecord


def sign(
    tx: Transaction, shelf: Shelf, person_id: str, transaction_id: str, text_sha256: str, level: Level, proof: str, actor: Actor
) -> ServicingRecord:
    """Sign a quote for a customer who was proven, and do what it says; a second time gives what the first one did.

    Raises:
        NotFoundError: no such transaction of one's own.
        InputError: another text was signed than the quote's.
        ConflictError: the quote has expired, or the policy is not as it was quoted.
    """
    record = own_record(tx, person_id, transaction_id)
    agent_acts.lock_customer(tx, person_id)  # before the policy, as whoever needs both does
    look = look_at(tx, shelf, person_id, record.policy_number, lock=True)
    record = servicing.find(tx, transaction_id, lock=True)
    if record.signed_ms is not None:
        return record
    check_open(tx, record)
    if text_sha256 != record.text_sha256:
        raise InputError("the text that was signed is not the quote's", "send text_sha256 of the quote that was shown", field="text_sha256")
    person = registry.find_person(tx, person_id)
    if person is None:
        raise servicing.no_such_transaction(transaction_id)
    item = item_of(shelf, record.item)
    asked = Asked(transaction_id, look, item, record.fields, person)
    work = work_out(tx, asked)
    if hash_of(text_of(asked, work)) != record.text_sha256:
        raise ConflictError("the policy has changed since this quote", "ask for a new quote, and sign that")
    servicing.add_signature(tx, record, level, proof)
    servicing_codes.spend(tx, transaction_id)
    _note(tx, record, actor, "servicing.signed", text_sha256=record.text_sha256)
    if item.is_straight_through:
        return _carry_out(tx, record, work, asked.person.name)
    due_ms = after_working_days(tx.now_ms(), item.working_days)
    servicing.move(tx, record, TransactionState.WAITING, entries=work.with_money, from_payment=work.from_payment, due_ms=due_ms)
    return servicing.find(tx, transaction_id)


def decide(tx: Transaction, shelf: Shelf, transaction_id: str, actor: Actor, *, is_approved: bool, reason: str) -> ServicingRecord:
    """Let a transaction through that a person decides, or refuse it; what it does counts from the day of the decision.

    Raises:
        NotFoundError: no such transaction.
        ConflictError: it does not wait for a person, or cannot be done any more.
        InputError: refused without a reason.
    """
    record = servicing.find(tx, transaction_id)
    agent_acts.lock_customer(tx, record.person_id)
    look = look_at(tx, shelf, record.person_id, record.policy_number, lock=True)
    record = servicing.find(tx, transaction_id, lock=True)
    if record.state is not TransactionState.WAITING:
        raise ConflictError(f"transaction {transaction_id} is {record.state}", "only one that waits for a person is decided")
    if not is_approved:
        if not reason.strip():
            raise InputError(
                "a refusal needs a reason", "write it: the customer reads it", field="reason", advice_zh="请填写不予办理的原因"
            )
        servicing.move(tx, record, TransactionState.REFUSED, decided_by=actor.name, reason=reason.strip())
        _note(tx, record, actor, "servicing.refused")
        return servicing.find(tx, transaction_id)
    person = registry.find_person(tx, record.person_id)
    if person is None:
        raise servicing.no_such_transaction(transaction_id)
    asked = Asked(transaction_id, look, item_of(shelf, record.item), record.fields, person)
    work = work_out(tx, asked)
    _note(tx, record, actor, "servicing.approved")
    return _carry_out(tx, replace(record, decided_by=actor.name), work, person.name)


def _carry_out(tx: Transaction, record: ServicingRecord, work: Work, holder: str) -> ServicingRecord:
    """Book what counts at once, change what changes, and order the money; without money it is done."""
    policy_ledger.book(tx, work.at_once)
    if work.contract:
        policy_ledger.save_contracts(tx, [work.contract])
    if work.person:
        registry.save_people(tx, [work.person])
    if work.policy:
        registry.save_policies(tx, [work.policy])
    amount_fen = work.pay_fen or work.collect_fen
    if amount_fen:
        direction = Direction.PAY if work.pay_fen else Direction.COLLECT
        servicing.move(tx, record, TransactionState.MOVING, entries=work.with_money, from_payment=work.from_payment)
        servicing_orders.add(tx, record.transaction_id, direction, amount_fen, Payee(holder, record.fields["account"]))
    else:
        policy_ledger.book(tx, work.with_money)
        servicing.move(tx, record, TransactionState.DONE)
    return servicing.find(tx, record.transaction_id)


def from_day(entries: Sequence[PolicyEntry], on: date) -> tuple[PolicyEntry, ...]:
    """Let entries count from a day."""
    return tuple(replace(each, value_date=on) for each in entries)


def finish(tx: Transaction, transaction_id: str, actor: Actor) -> None:
    """Book what waited for the money, which the bank has moved, and end the transaction."""
    record = _held(tx, transaction_id)
    if record.state is not TransactionState.MOVING:
        return
    entries = from_day(record.entries, china_day(tx.now_ms())) if record.from_payment else record.entries
    policy_ledger.book(tx, entries)
    servicing.move(tx, record, TransactionState.DONE)
    _note(tx, record, actor, "servicing.done")


def fail(tx: Transaction, transaction_id: str, reason: str, actor: Actor) -> None:
    """End a transaction whose money the bank did not move: nothing was booked for it.

    A contract that ended stays ended, and what is payable for it waits for another account (`pay_again`).
    """
    record = _held(tx, transaction_id)
    if record.state is not TransactionState.MOVING:
        return
    _note(tx, record, actor, "servicing.failed")
    if not has_ended_contract(tx, record):
        servicing.move(tx, record, TransactionState.REFUSED, reason=reason)


def has_ended_contract(tx: Transaction, record: ServicingRecord) -> bool:
    """Tell whether a transaction ended its contract when it was signed, whatever became of the money."""
    booked = policy_ledger.entries_of(tx, [record.policy_number])[record.policy_number]
    return any(each.kind in ENDING_KINDS and each.event.endswith(f" {record.transaction_id}") for each in booked)


def pay_again(tx: Transaction, person_id: str, transaction_id: str, account_number: str, actor: Actor) -> ServicingRecord:
    """Order what is payable for an ended contract once more, to another account of the same person.

    Raises:
        NotFoundError: no such transaction of one's own.
        ConflictError: its money is not waiting for another account.
    """
    own_record(tx, person_id, transaction_id)
    record = _held(tx, transaction_id)
    last = servicing_orders.of_transaction(tx, transaction_id)[-1:]
    if record.state is not TransactionState.MOVING or not last or last[0].state is not PaymentState.BOUNCED:
        raise ConflictError(f"the money of transaction {transaction_id} waits for no other account", "see what became of it")
    payee = Payee(last[0].payee.holder, account_number)
    servicing_orders.add(tx, transaction_id, Direction.PAY, last[0].amount_fen, payee, last[0].attempt + 1)
    servicing_codes.spend(tx, transaction_id)
    _note(tx, record, actor, "servicing.another_account")
    return record


def _held(tx: Transaction, transaction_id: str) -> ServicingRecord:
    record = servicing.find(tx, transaction_id)
    agent_acts.lock_customer(tx, record.person_id)
    registry.find_policies(tx, [record.policy_number], lock=True)
    return servicing.find(tx, transaction_id, lock=True)


def _note(tx: Transaction, record: ServicingRecord, actor: Actor, action: str, **detail: object) -> None:
    told = {"transaction": record.transaction_id, "item": record.item, "policy": record.policy_number, **detail}
    agent_acts.append(tx, agent_acts.of_customer(record.person_id), actor, action, **told)
