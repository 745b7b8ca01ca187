"""The ledger (总账): every row is a pair, one account debited and one credited by the same amount, so it balances by construction.

Rows are only ever added; triggers refuse to change or delete them. A mistake is put right by a new row.
Since a row is a whole pair, no statement can unbalance the ledger: the constraints of the table are its balance (docs/adr/0014).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, case, func, insert, literal_column, or_, select, update

from storage import tables as t
from storage.database import Transaction


class Account(StrEnum):
    """The accounts that claims move money between."""

    CLAIMS_EXPENSE = "claims_expense"  # 赔付支出
    CLAIMS_PAYABLE = "claims_payable"  # 应付赔付款
    CLAIMS_RECOVERABLE = "claims_recoverable"  # 应收追偿款: paid out, and by a later decision not owed
    CLAIMS_WRITTEN_OFF = "claims_written_off"  # 应收追偿款核销: given up, until a later decision takes it up again
    CLAIMS_OFFSET = "claims_offset"  # 抵销: on its way from a claim that is owed to a claim that owes; nothing over all claims
    BANK = "bank"  # 银行存款


@dataclass(frozen=True)
class LedgerEntry:
    """One pair."""

    entry_id: int
    claim_id: str
    policy_number: str
    debit_account: str
    credit_account: str
    amount_fen: int
    event: str
    booked_ms: int


def book(tx: Transaction, claim_id: str, policy_number: str, debit: Account, credit: Account, amount_fen: int, event: str) -> None:
    """Add a pair, in the transaction of what it tells. The same event can be booked only once; a nil amount is no entry."""
    if amount_fen == 0:
        return
    row = {
        "claim_id": claim_id,
        "policy_number": policy_number,
        "debit_account": debit,
        "credit_account": credit,
        "amount_fen": amount_fen,
        "event": event,
        "booked_ms": tx.now_ms(),
    }
    tx.later(claim_id, _BOOK, row)
    if (debit, credit) == (Account.CLAIMS_PAYABLE, Account.BANK):
        tx.last((claim_id, "first paid"), _NOTE_PAID, {"of_claim": claim_id, "booked": row["booked_ms"]})
    tx.forget_one(("ledger of", claim_id))


_BOOK = insert(t.ledger_entry)
_NOTE_PAID = (
    update(t.claim)
    .where(t.claim.c.claim_id == bindparam("of_claim"), t.claim.c.first_paid_ms.is_(None))
    .values(first_paid_ms=bindparam("booked"))
)
_OF_CLAIMS = (
    select(t.ledger_entry).where(t.ledger_entry.c.claim_id.in_(bindparam("of_claims", expanding=True))).order_by(t.ledger_entry.c.entry_id)
)


def entries_of(tx: Transaction, claim_id: str) -> tuple[LedgerEntry, ...]:
    """List a claim's entries, oldest first."""
    if not tx.knows(("ledger of", claim_id)):
        return _entries(tx, [claim_id])[claim_id]
    found: tuple[LedgerEntry, ...] = tx.known(("ledger of", claim_id))
    return found


def look_ahead(tx: Transaction, claim_ids: Collection[str]) -> None:
    """Read the entries of several claims at once, for those who ask for one claim's after another; lock the claims first."""
    for claim_id, entries in _entries(tx, claim_ids).items():
        tx.learn(("ledger of", claim_id), entries)


def _entries(tx: Transaction, claim_ids: Collection[str]) -> dict[str, tuple[LedgerEntry, ...]]:
    found: dict[str, list[LedgerEntry]] = {each: [] for each in claim_ids}
    for row in tx.find(_OF_CLAIMS, {"of_claims": list(claim_ids)}):
        found[row.claim_id].append(LedgerEntry(**row._mapping))
    return {claim_id: tuple(entries) for claim_id, entries in found.items()}


def has_event(tx: Transaction, claim_id: str, event: str) -> bool:
    """Tell whether an event was booked for a claim."""
    e = t.ledger_entry.c
    return tx.connection.execute(select(e.entry_id).where(e.claim_id == claim_id, e.event == event).limit(1)).one_or_none() is not None


@dataclass(frozen=True)
class Receivable:
    """What is to be given back on a claim, and since when the account has moved."""

    claim_id: str
    amount_fen: int
    since_ms: int


# Written into the statement, not bound to it: a planner takes the partial index only when it sees that the condition holds.
_OF_RECOVERABLES = or_(
    t.ledger_entry.c.debit_account == literal_column("'claims_recoverable'"),
    t.ledger_entry.c.credit_account == literal_column("'claims_recoverable'"),
)


def receivables(tx: Transaction) -> tuple[Receivable, ...]:
    """List the claims on which something is to be given back, by number."""
    e = t.ledger_entry.c
    signed = case((e.debit_account == Account.CLAIMS_RECOVERABLE, e.amount_fen), else_=-e.amount_fen)
    summed = select(e.claim_id, func.sum(signed).label("fen"), func.min(e.booked_ms).label("since")).where(_OF_RECOVERABLES)
    rows = tx.connection.execute(summed.group_by(e.claim_id).having(func.sum(signed) > 0).order_by(e.claim_id))
    return tuple(Receivable(row.claim_id, int(row.fen), row.since) for row in rows)


def receivables_of(tx: Transaction, insured_id: str) -> dict[str, int]:
    """Tell what is to be given back on the claims of an insured, in fen, the newest claim first; claims that owe nothing are left out."""
    return {row.claim_id: int(row.fen) for row in tx.find(_OF_INSURED, {"of_insured": insured_id})}


_SIGNED = func.sum(
    case((t.ledger_entry.c.debit_account == Account.CLAIMS_RECOVERABLE, t.ledger_entry.c.amount_fen), else_=-t.ledger_entry.c.amount_fen)
)
_OF_INSURED = (
    select(t.ledger_entry.c.claim_id, _SIGNED.label("fen"))
    .join_from(t.claim, t.ledger_entry, t.ledger_entry.c.claim_id == t.claim.c.claim_id)
    .where(t.claim.c.insured_id == bindparam("of_insured"), _OF_RECOVERABLES)
    .group_by(t.ledger_entry.c.claim_id, t.claim.c.created_ms)
    .having(_SIGNED > 0)
    .order_by(t.claim.c.created_ms.desc(), t.ledger_entry.c.claim_id)
)


def booked_between(tx: Transaction, account: Account, from_ms: int, until_ms: int) -> tuple[LedgerEntry, ...]:
    """List what was credited to an account in a stretch of time, oldest first; the end is not part of it."""
    e = t.ledger_entry.c
    chosen = select(t.ledger_entry).where(e.booked_ms >= from_ms, e.booked_ms < until_ms, e.credit_account == account)
    return tuple(LedgerEntry(**row._mapping) for row in tx.connection.execute(chosen.order_by(e.entry_id)))


def balances(tx: Transaction) -> dict[Account, int]:
    """Sum every account, debits positive, in fen; all together they are zero."""
    e, sums = t.ledger_entry.c, dict.fromkeys(Account, 0)
    for column, sign in ((e.debit_account, 1), (e.credit_account, -1)):
        for account, total in tx.connection.execute(select(column, func.sum(e.amount_fen)).group_by(column)):
            sums[Account(account)] += sign * int(total)
    return sums


def balances_of(tx: Transaction, claim_id: str) -> dict[tuple[Account, str], int]:
    """Sum a claim's accounts policy by policy, debits positive, in fen; what was never booked is left out."""
    sums: dict[tuple[Account, str], int] = {}
    for entry in entries_of(tx, claim_id):
        for account, sign in ((entry.debit_account, 1), (entry.credit_account, -1)):
            key = (Account(account), entry.policy_number)
            sums[key] = sums.get(key, 0) + sign * entry.amount_fen
    return sums


def reverse(tx: Transaction, claim_id: str, event: str, reversal: str) -> None:
    """Take an event back: each of its pairs is booked the other way round, under an event of its own."""
    for entry in entries_of(tx, claim_id):
        if entry.event == event:
            book(tx, claim_id, entry.policy_number, Account(entry.credit_account), Account(entry.debit_account), entry.amount_fen, reversal)
