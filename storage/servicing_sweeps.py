"""How far the chores of a day have come through the contracts: those that book, and those that remind."""

from datetime import date

from sqlalchemy import Table, insert, select, update

from storage import tables_policies as tp
from storage.database import Transaction
from storage.tables_servicing import servicing_sweep


def is_over(tx: Transaction, day: date, sweep: Table = servicing_sweep) -> bool:
    """Tell whether every contract was looked at on a day."""
    return tx.connection.execute(select(sweep.c.day).where(sweep.c.day == day, sweep.c.ended_ms.is_not(None))).first() is not None


def begin(tx: Transaction, day: date, sweep: Table = servicing_sweep) -> str | None:
    """Give the contract after which a day's sweep goes on, held for this transaction; None when it is over or somebody else has it."""
    held = select(sweep.c.after, sweep.c.ended_ms).where(sweep.c.day == day).with_for_update(skip_locked=True)
    row = tx.connection.execute(held).one_or_none()
    if row is not None:
        return None if row.ended_ms else str(row.after)
    if tx.connection.execute(select(sweep.c.day).where(sweep.c.day == day)).first() is not None:
        return None  # another process has it
    tx.connection.execute(insert(sweep).values(day=day, after=""))
    return ""


def contracts_after(tx: Transaction, after: str, limit: int) -> tuple[str, ...]:
    """List contracts by number, those after one."""
    c = tp.policy_contract.c.policy_number
    return tuple(tx.connection.execute(select(c).where(c > after).order_by(c).limit(limit)).scalars())


def go_on(tx: Transaction, day: date, after: str, *, is_over: bool, sweep: Table = servicing_sweep) -> None:
    """Write how far a day's sweep is."""
    tx.connection.execute(update(sweep).where(sweep.c.day == day).values(after=after, ended_ms=tx.now_ms() if is_over else None))
