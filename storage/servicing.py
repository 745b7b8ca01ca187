"""Transactions under servicing items (保全): quotes, codes, signatures. What a customer wrote is sealed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, delete, insert, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.contract import EntryKind, PolicyEntry
from domain.errors import ConflictError, NotFoundError
from domain.servicing import OPEN_STATES, Figure, Level, TransactionState
from storage import tables as t
from storage import tables_servicing as ts
from storage.codec import canonical_json
from storage.database import Transaction
from storage.erasure import ERASED

_T = ts.servicing_transaction.c
_IS_PRINT_DUE = _T.print_due_ms.is_not(literal_column("NULL"))


@dataclass(frozen=True)
class ServicingRecord:
    """A transaction as it stands. `entries` are booked when the money has moved."""

    transaction_id: str
    policy_number: str
    person_id: str
    item: str
    item_version: str
    state: TransactionState
    day: date
    fields: Mapping[str, str]
    text: str
    text_sha256: str
    figures: tuple[Figure, ...]
    entries: tuple[PolicyEntry, ...]
    from_payment: bool
    quoted_ms: int
    expires_ms: int
    signed_ms: int | None = None
    due_ms: int | None = None
    ended_ms: int | None = None
    decided_by: str = ""
    reason: str = ""


def add_quote(tx: Transaction, record: ServicingRecord) -> None:
    """Keep a quote."""
    row = {name: value for name, value in vars(record).items() if name not in ("fields", "text", "figures", "entries", "from_payment")}
    row |= {"fields_enc": tx.cipher.encrypt(canonical_json(dict(record.fields))), "text_enc": tx.cipher.encrypt(record.text)}
    row |= {"figures_json": _figures_json(record.figures), "entries_json": _entries_json((), from_payment=False)}
    tx.connection.execute(insert(ts.servicing_transaction).values(**row))


def find(tx: Transaction, transaction_id: str, *, lock: bool = False) -> ServicingRecord:
    """Give a transaction; `lock` keeps others from it until commit. Lock its policy first.

    Raises:
        NotFoundError: there is none.
    """
    chosen = select(ts.servicing_transaction).where(_T.transaction_id == transaction_id)
    row = tx.connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()
    if row is None:
        raise no_such_transaction(transaction_id)
    return _record(tx, row)


def no_such_transaction(transaction_id: str) -> NotFoundError:
    """Say that a transaction does not exist, or not for the asker: nobody can tell which."""
    return NotFoundError(f"no servicing transaction {transaction_id}", "use the transaction_id from the answer to the quote")


def of_person(tx: Transaction, person_id: str, limit: int, after: tuple[int, str] | None = None) -> tuple[ServicingRecord, ...]:
    """List a customer's transactions, newest first, those after a place."""
    chosen = select(ts.servicing_transaction).where(_T.person_id == person_id)
    if after:
        chosen = chosen.where(or_(_T.quoted_ms < after[0], and_(_T.quoted_ms == after[0], _T.transaction_id < after[1])))
    rows = tx.connection.execute(chosen.order_by(_T.quoted_ms.desc(), _T.transaction_id.desc()).limit(limit))
    return tuple(_record(tx, row) for row in rows)


def of_policy(tx: Transaction, policy_number: str) -> tuple[ServicingRecord, ...]:
    """List what was signed on a policy, newest first."""
    chosen = select(ts.servicing_transaction).where(_T.policy_number == policy_number, _T.signed_ms.is_not(None))
    return tuple(_record(tx, row) for row in tx.connection.execute(chosen.order_by(_T.signed_ms.desc())))


def waiting_for_a_person(tx: Transaction, limit: int) -> tuple[ServicingRecord, ...]:
    """List the transactions that a person decides, those due first."""
    chosen = select(ts.servicing_transaction).where(_T.state == TransactionState.WAITING)
    return tuple(_record(tx, row) for row in tx.connection.execute(chosen.order_by(_T.due_ms, _T.transaction_id).limit(limit)))


def open_on(tx: Transaction, policy_numbers: Sequence[str]) -> dict[str, str]:
    """Tell which policies have a transaction that is signed and not over, and its number."""
    chosen = select(_T.policy_number, _T.transaction_id).where(_T.policy_number.in_(list(policy_numbers)), _T.state.in_(OPEN_STATES))
    return {row.policy_number: row.transaction_id for row in tx.connection.execute(chosen)}


def move(
    tx: Transaction,
    record: ServicingRecord,
    to: TransactionState,
    *,
    entries: Sequence[PolicyEntry] = (),
    from_payment: bool = False,
    due_ms: int | None = None,
    decided_by: str = "",
    reason: str = "",
) -> None:
    """Write that a transaction was signed, or is over; the database refuses a second open one on a policy.

    Raises:
        ConflictError: another one is open.
    """
    now = tx.now_ms()
    values: dict[str, Any] = {"state": to, "decided_by": decided_by or record.decided_by, "reason": reason, "due_ms": due_ms}
    if record.signed_ms is None:
        values["signed_ms"] = now
    if to in OPEN_STATES:
        values["entries_json"] = _entries_json(entries, from_payment=from_payment)
    else:
        values["ended_ms"] = now
        values["print_due_ms"] = now if to is TransactionState.DONE else None
    try:
        tx.connection.execute(update(ts.servicing_transaction).where(_T.transaction_id == record.transaction_id).values(**values))
    except IntegrityError as error:
        told = f"another transaction on policy {record.policy_number} is not over yet"
        raise ConflictError(told, "wait until the bank or a person has answered it") from error


def lease_print_due(tx: Transaction, lease_ms: int, limit: int) -> tuple[str, ...]:
    """Take the oldest transactions whose endorsements are to be printed, and hold them."""
    now = tx.now_ms()
    due = select(_T.transaction_id).where(_IS_PRINT_DUE, _T.print_due_ms <= now).order_by(_T.print_due_ms).limit(limit)
    found = tuple(tx.connection.execute(due.with_for_update(skip_locked=True)).scalars())
    if found:
        put_off_print(tx, found, now + lease_ms)
    return found


def has_print_due(tx: Transaction) -> bool:
    """Tell whether an endorsement is to be printed now; a look that locks nothing."""
    return (
        tx.connection.execute(select(_T.transaction_id).where(_IS_PRINT_DUE, _T.print_due_ms <= tx.now_ms()).limit(1)).first() is not None
    )


def put_off_print(tx: Transaction, transaction_ids: Sequence[str], until_ms: int | None) -> None:
    """Have endorsements printed at a moment, or never again (None): they are there."""
    tx.connection.execute(update(ts.servicing_transaction).where(_T.transaction_id.in_(transaction_ids)).values(print_due_ms=until_ms))


def drop_stale(tx: Transaction, before_ms: int, limit: int) -> int:
    """Forget quotes that nobody signed and that ran out before a moment, with what was written into them; gives how many."""
    stale = select(_T.transaction_id).where(_T.state == TransactionState.QUOTED, _T.expires_ms < before_ms).limit(limit)
    found = tx.connection.execute(stale).scalars().all()
    _forget_codes(tx, found)
    for table in (ts.servicing_code, ts.servicing_transaction):
        tx.connection.execute(delete(table).where(table.c.transaction_id.in_(found)))
    return len(found)


def erase(tx: Transaction, record: ServicingRecord) -> tuple[str, ...]:
    """Overwrite what a customer wrote in a transaction that is over; gives the hashes of its endorsement, whose bytes are to be destroyed.

    Entries, orders' amounts and the signature, which holds hashes, stay. The reason tells that it was erased.
    """
    if tx.is_sqlite:
        tx.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed places in the file are zeroed, too
    nothing, mine = tx.cipher.encrypt(""), _T.transaction_id == record.transaction_id
    hashes = select(ts.endorsement.c.sha256).where(ts.endorsement.c.transaction_id == record.transaction_id)
    gone = tuple(tx.connection.execute(hashes).scalars())
    tx.connection.execute(delete(ts.endorsement).where(ts.endorsement.c.transaction_id == record.transaction_id))
    order = ts.servicing_order
    values = {"holder": ERASED, "account_enc": nothing, "last_error": ""}
    tx.connection.execute(update(order).where(order.c.transaction_id == record.transaction_id).values(**values))
    _forget_codes(tx, [record.transaction_id])
    emptied = {"fields_enc": nothing, "text_enc": nothing, "reason": ERASED, "print_due_ms": None}
    tx.connection.execute(update(ts.servicing_transaction).where(mine).values(**emptied))
    return gone


def _forget_codes(tx: Transaction, transaction_ids: Sequence[str]) -> None:
    """Destroy the words and numbers of the messages that brought codes for some transactions."""
    codes, m = ts.servicing_code.c, t.customer_message.c
    brought = select(codes.message_id).where(codes.transaction_id.in_(list(transaction_ids)))
    values = {"body": ERASED, "recipient_enc": tx.cipher.encrypt("")}
    tx.connection.execute(update(t.customer_message).where(m.message_id.in_(brought), m.status == "open").values(status="dead"))
    tx.connection.execute(update(t.customer_message).where(m.message_id.in_(brought)).values(**values))


@dataclass(frozen=True)
class KeptTransaction:
    """A transaction that may be due to be erased."""

    transaction_id: str
    policy_number: str
    ended_ms: int


def page_of_ended(tx: Transaction, before_ms: int, after: str, limit: int) -> tuple[KeptTransaction, ...]:
    """List transactions that ended before a moment and are not erased, by number."""
    wanted = (_T.state.in_(_ENDED), _T.ended_ms < before_ms, _T.reason != ERASED, _T.transaction_id > after)
    chosen = select(_T.transaction_id, _T.policy_number, _T.ended_ms).where(*wanted).order_by(_T.transaction_id).limit(limit)
    return tuple(KeptTransaction(*row) for row in tx.connection.execute(chosen))


def is_any_kept(tx: Transaction, person_id: str) -> bool:
    """Tell whether a transaction of a customer is not erased."""
    mine = select(_T.transaction_id).where(_T.person_id == person_id, _T.reason != ERASED).limit(1)
    return tx.connection.execute(mine).first() is not None


_ENDED = (TransactionState.DONE, TransactionState.REFUSED)


def _record(tx: Transaction, row: Row[Any]) -> ServicingRecord:
    told = json.loads(row.entries_json)
    entries = tuple(
        PolicyEntry(row.policy_number, EntryKind(kind), amount_fen, event, date.fromisoformat(on))
        for kind, amount_fen, event, on in told["entries"]
    )
    return ServicingRecord(
        transaction_id=row.transaction_id,
        policy_number=row.policy_number,
        person_id=row.person_id,
        item=row.item,
        item_version=row.item_version,
        state=TransactionState(row.state),
        day=row.day,
        fields=json.loads(tx.cipher.decrypt(row.fields_enc) or "{}"),
        text=tx.cipher.decrypt(row.text_enc),
        text_sha256=row.text_sha256,
        figures=tuple(Figure(*each) for each in json.loads(row.figures_json)),
        entries=entries,
        from_payment=told["from_payment"],
        quoted_ms=row.quoted_ms,
        expires_ms=row.expires_ms,
        signed_ms=row.signed_ms,
        due_ms=row.due_ms,
        ended_ms=row.ended_ms,
        decided_by=row.decided_by,
        reason=row.reason,
    )


def _figures_json(figures: Sequence[Figure]) -> str:
    return canonical_json([[each.label_zh, each.label_en, each.amount_fen] for each in figures])


def _entries_json(entries: Sequence[PolicyEntry], *, from_payment: bool) -> str:
    listed = [[each.kind, each.amount_fen, each.event, each.value_date.isoformat()] for each in entries]
    return canonical_json({"from_payment": from_payment, "entries": listed})


@dataclass(frozen=True)
class Signature:
    """An electronic signature (电子签名)."""

    transaction_id: str
    person_id: str
    text_sha256: str
    signed_ms: int
    level: Level
    proof: str
    seal: str


def add_signature(tx: Transaction, record: ServicingRecord, level: Level, proof: str) -> None:
    """Write who signed what, under a seal; triggers refuse to change or delete it."""
    row: dict[str, Any] = {"transaction_id": record.transaction_id, "person_id": record.person_id, "text_sha256": record.text_sha256}
    row |= {"signed_ms": tx.now_ms(), "level": level.value, "proof": proof}
    tx.connection.execute(insert(ts.servicing_signature).values(**row, seal=tx.cipher.mac(canonical_json(row))))


def find_signature(tx: Transaction, transaction_id: str) -> Signature | None:
    """Give the signature of a transaction, or None before it is signed."""
    chosen = select(ts.servicing_signature).where(ts.servicing_signature.c.transaction_id == transaction_id)
    row = tx.connection.execute(chosen).one_or_none()
    return Signature(**{**row._mapping, "level": Level(row.level)}) if row else None


def is_sealed(tx: Transaction, signature: Signature) -> bool:
    """Tell whether a signature stands as it was written."""
    row = {name: str(value) if name == "level" else value for name, value in vars(signature).items() if name != "seal"}
    return tx.cipher.is_mac(signature.seal, canonical_json(row))
