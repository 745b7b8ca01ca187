"""New people with their policies, contracts and ledgers by the million: COPY on PostgreSQL, one statement for many rows on SQLite.

For books that were never here: nothing is looked up and nothing brought up to date; a number that is known fails the transaction.
What comes from an insurer's own systems goes through storage/registry.py and storage/policy_ledger.py.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, select, text

from domain.contract import PAIRS, Contract, PolicyEntry
from domain.policy import Person, Policy
from storage import tables as t
from storage import tables_policies as tp
from storage.database import Transaction
from storage.policy_ledger import row_of_contract
from storage.registry import row_of_person, row_of_policy

_WORDS = {kind: (kind.value, debit.value, credit.value) for kind, (debit, credit) in PAIRS.items()}
_ENTRY = ("policy_number", "kind", "debit_account", "credit_account", "amount_fen", "event", "value_date", "booked_ms")


def load_people(tx: Transaction, people: Sequence[Person]) -> None:
    """Insert people."""
    _load_dicts(tx, t.person, [row_of_person(tx.cipher, each) for each in people])


def load_policies(tx: Transaction, policies: Sequence[Policy], contracts: Sequence[Contract]) -> None:
    """Insert policies, whose people and agents are there, and what their contracts agree about money."""
    _load_dicts(tx, t.policy, [row_of_policy(each) for each in policies])
    _load_dicts(tx, tp.policy_contract, [row_of_contract(each) for each in contracts])


def load_entries(tx: Transaction, entries: Iterable[PolicyEntry]) -> None:
    """Insert pairs of the ledger, whose contracts are there."""
    moment, day = tx.now_ms(), date.isoformat  # PostgreSQL takes text for a day, too
    rows = ((e.policy_number, *_WORDS[e.kind], e.amount_fen, e.event, day(e.value_date), moment) for e in entries)
    _load(tx, tp.policy_entry, _ENTRY, rows)


def has_people(tx: Transaction) -> bool:
    """Tell whether the books hold anybody."""
    return tx.connection.execute(select(t.person.c.person_id).limit(1)).first() is not None


def count_anew(tx: Transaction) -> None:
    """Let the database count what its plans go by, after a load."""
    names = ("person", "policy", "policy_contract", "policy_entry")
    if tx.is_sqlite:
        tx.connection.execute(text("PRAGMA analysis_limit=2000"))
    for name in names:
        tx.connection.execute(text(f"ANALYZE {name}"))


def _load_dicts(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        _load(tx, table, tuple(rows[0]), (tuple(map(_as_text, each.values())) for each in rows))


def _load(tx: Transaction, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows; a day in them is ISO text, which both databases take."""
    named = ", ".join(columns)
    if tx.is_sqlite:
        statement = f"INSERT INTO {table.name} ({named}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of our own tables
        tx.connection.exec_driver_sql(statement, cast(Any, list(rows)))
        return
    driver: Any = tx.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
