"""The ledger of policies (保单分户账): contracts and their entries. Every entry is a pair; a trigger refuses to change or delete one.

An entry counts from its value date on, so that a balance with a day answers for the past. A mistake is put right by a new entry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, case, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.contract import Contract, EntryKind, PolicyAccount, PolicyEntry, PremiumChange
from domain.errors import KeyReusedError
from domain.terms import Frequency
from storage import contract_looks
from storage import tables_policies as tp
from storage.codec import from_json, to_json
from storage.database import Transaction
from storage.rows import day_reader, read_rows

_KINDS = {each.value: each for each in EntryKind}
_AT_ONCE = 2_000  # entries looked for in one statement: databases bound the values of one
_E, _C = tp.policy_entry.c, tp.policy_contract.c
_AGREED = (_C.policy_number, _C.frequency, _C.premium_fen, _C.payment_years, _C.automatic_premium_loan, _C.auto_renew, _C.changes_json)
_CONTRACTS = select(*_AGREED).where(_C.policy_number.in_(bindparam("of_policies", expanding=True)))
_EVENTS = select(tp.policy_entry).where(
    _E.policy_number.in_(bindparam("of_policies", expanding=True)), _E.event.in_(bindparam("of_events", expanding=True))
)
_COLUMNS = (_E.policy_number, _E.kind, _E.amount_fen, _E.event, _E.value_date, _E.booked_ms)
_ENTRIES = (
    select(*_COLUMNS)
    .where(_E.policy_number.in_(bindparam("of_policies", expanding=True)), _E.value_date <= bindparam("by_day"))
    .order_by(_E.policy_number, _E.value_date, _E.entry_id)
)
_ADD = insert(tp.policy_entry)


def save_contracts(tx: Transaction, contracts: Iterable[Contract]) -> None:
    """Insert contracts, or bring them up to date; their policies must be there.

    A contract without changes of how it is paid leaves those that were agreed as they are: the insurer's own system knows none.
    """
    rows = [row_of_contract(each) for each in contracts]
    if rows:
        statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(tp.policy_contract)  # each dialect has a class of its own
        changed = {name: statement.excluded[name] for name in rows[0] if name != "policy_number"}
        changed["changes_json"] = case((statement.excluded.changes_json == "[]", _C.changes_json), else_=statement.excluded.changes_json)
        tx.connection.execute(statement.on_conflict_do_update(index_elements=["policy_number"], set_=changed), rows)
        contract_looks.look_again(tx, (each["policy_number"] for each in rows))


def contracts_of(tx: Transaction, numbers: Collection[str]) -> dict[str, Contract]:
    """Find contracts by policy number; a policy of which only the cover is known has none."""
    return _contracts(tx.find_bare(_CONTRACTS, {"of_policies": list(numbers)}))


def book(tx: Transaction, entries: Sequence[PolicyEntry]) -> tuple[PolicyEntry, ...]:
    """Add pairs, in the transaction of what they tell; gives those that were new. Lock the policies first (`registry.find_policies`).

    What was booked before by the same event, account and amount is left as it is: doing a thing again does nothing.

    Raises:
        KeyReusedError: the event was booked before with another amount, kind or day.
    """
    added: list[PolicyEntry] = []
    for start in range(0, len(entries), _AT_ONCE):
        added += _book(tx, entries[start : start + _AT_ONCE])
    return tuple(added)


def _book(tx: Transaction, entries: Sequence[PolicyEntry]) -> list[PolicyEntry]:
    wanted = {_key(each): each for each in entries if each.amount_fen}
    asked = {"of_policies": sorted({key[0] for key in wanted}), "of_events": sorted({key[1] for key in wanted})}
    known = {_key(each): each for each in map(_entry_of, tx.connection.execute(_EVENTS, asked))} if wanted else {}
    for key, entry in wanted.items():
        _check_same(entry, known.get(key))
    added = [each for key, each in wanted.items() if key not in known]
    moment = tx.now_ms()
    if added:
        contract_looks.look_again(tx, (each.policy_number for each in added))
        tx.connection.execute(_ADD, [_row_of(each, moment) for each in added])
    return added


def entries_of(tx: Transaction, numbers: Collection[str], by_day: date = date.max) -> dict[str, tuple[PolicyEntry, ...]]:
    """List the entries of policies that count by a day, in one statement, oldest first; every policy asked for has a list."""
    found = _by_policy(tx, read_rows(tx.bare, _ENTRIES, {"of_policies": list(numbers), "by_day": by_day}))
    return {number: found.get(number, ()) for number in numbers}


def sums_of(tx: Transaction, numbers: Collection[str], by_day: date = date.max) -> dict[str, dict[EntryKind, int]]:
    """Sum the entries of policies by kind, in the database, as far as they count by a day; in fen."""
    chosen = select(_E.policy_number, _E.kind, func.sum(_E.amount_fen)).where(_E.policy_number.in_(list(numbers)), _E.value_date <= by_day)
    sums: dict[str, dict[EntryKind, int]] = {number: {} for number in numbers}
    for number, kind, total in tx.connection.execute(chosen.group_by(_E.policy_number, _E.kind)):
        sums[number][EntryKind(kind)] = int(total)
    return sums


def balances(tx: Transaction, by_day: date = date.max) -> dict[PolicyAccount, int]:
    """Sum every account over all policies, debits positive, in fen; all together they are zero."""
    sums = dict.fromkeys(PolicyAccount, 0)
    for column, sign in ((_E.debit_account, 1), (_E.credit_account, -1)):
        chosen = select(column, func.sum(_E.amount_fen)).where(_E.value_date <= by_day).group_by(column)
        for account, total in tx.connection.execute(chosen):
            sums[PolicyAccount(account)] += sign * int(total)
    return sums


@dataclass(frozen=True)
class PolicyBooks:
    """One policy's entries with their accounts as the database holds them, for who proves the books."""

    policy_number: str
    entries: tuple[PolicyEntry, ...]
    accounts: tuple[tuple[str, str], ...]  # debit and credit of each entry


def page_of_books(tx: Transaction, after: str, limit: int) -> tuple[PolicyBooks, ...]:
    """List policies that have entries, by number, those after one, with all their entries."""
    numbers = select(_E.policy_number).where(_E.policy_number > after).distinct().order_by(_E.policy_number).limit(limit)
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    chosen = select(tp.policy_entry).where(_E.policy_number.in_(numbers)).order_by(_E.policy_number, _E.value_date, _E.entry_id)
    for row in tx.connection.execute(chosen):
        found[row.policy_number].append(row)
    return tuple(
        PolicyBooks(number, tuple(map(_entry_of, rows)), tuple((row.debit_account, row.credit_account) for row in rows))
        for number, rows in found.items()
    )


def _key(entry: PolicyEntry) -> tuple[str, str, PolicyAccount]:
    return entry.policy_number, entry.event, entry.credit


def _check_same(entry: PolicyEntry, before: PolicyEntry | None) -> None:
    if before and (before.kind, before.amount_fen, before.value_date) != (entry.kind, entry.amount_fen, entry.value_date):
        was = f"{before.kind} of {before.amount_fen} fen for {before.value_date}"
        told = f"{entry.event!r} of policy {entry.policy_number} was booked before as {was}"
        raise KeyReusedError(told, "look at the policy again: it was done already, in another way")


def _row_of(entry: PolicyEntry, moment: int) -> dict[str, Any]:
    accounts = {"debit_account": entry.debit.value, "credit_account": entry.credit.value}
    return vars(entry) | accounts | {"kind": entry.kind.value, "booked_ms": moment}


def _entry_of(row: Row[Any]) -> PolicyEntry:
    return PolicyEntry(row.policy_number, _KINDS[row.kind], row.amount_fen, row.event, row.value_date, row.booked_ms)


def _by_policy(tx: Transaction, rows: Iterable[Any]) -> dict[str, tuple[PolicyEntry, ...]]:
    found: defaultdict[str, list[PolicyEntry]] = defaultdict(list)
    day_of, stored = day_reader(tx.bare), PolicyEntry.stored
    for number, kind, amount_fen, event, value_date, booked_ms in rows:  # as _COLUMNS has them: some thousand rows are read at once
        found[number].append(stored(number, _KINDS[kind], amount_fen, event, day_of(value_date), booked_ms))
    return {number: tuple(entries) for number, entries in found.items()}


def row_of_contract(contract: Contract) -> dict[str, Any]:
    """Give the row of a contract."""
    row = vars(contract) | {"frequency": contract.frequency.value}
    return {name: value for name, value in row.items() if name != "changes"} | {
        "changes_json": to_json(contract.changes, tuple[PremiumChange, ...])
    }


def _contracts(rows: Iterable[Row[Any]]) -> dict[str, Contract]:
    return {row.policy_number: _contract_of(row) for row in rows}


def _contract_of(row: Row[Any]) -> Contract:
    told = dict(row._mapping)
    changes_json = told.pop("changes_json")
    changes = from_json(changes_json, tuple[PremiumChange, ...]) if changes_json != "[]" else ()
    return Contract(**told | {"frequency": Frequency(row.frequency), "changes": changes})
