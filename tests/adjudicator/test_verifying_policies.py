"""`ledger verify` on the ledger of policies: books that hold hold, and whatever is wrong is named with policy, day and amount."""

from datetime import date

import pytest
from sqlalchemy import text

from adjudicator.verifying import iter_lines, verify_books
from commands.data import save_portfolio
from domain.contract import Contract, EntryKind, PolicyEntry
from domain.terms import Frequency
from sandbox.portfolio import build_customer_portfolio
from storage import policy_ledger
from tests.adjudicator.world import World

DAY = date(2025, 2, 1)


def booked(world: World, *moves: tuple[EntryKind, int, date]) -> tuple[str, ...]:
    entries = [PolicyEntry("PL1", kind, fen, f"event {place}", on) for place, (kind, fen, on) in enumerate(moves)]
    with world.system.database.write() as tx:
        policy_ledger.save_contracts(tx, [Contract("PL1", Frequency.YEARLY, 48_000)])
        policy_ledger.book(tx, entries)
    return verify_books(world.system.database).differences


def test_the_books_of_157_policies_hold(world: World) -> None:
    with world.system.database.write() as tx:
        save_portfolio(tx, build_customer_portfolio())
    verified = verify_books(world.system.database)
    assert (verified.differences, verified.policies) == ((), 157)
    assert list(iter_lines(verified))[-1].startswith(f"157 policies, {verified.policy_entries} entries")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (EntryKind.LOAN, EntryKind.LOAN_REPAID, "more was repaid than lent by 2025-02-01: 0.01"),
        (EntryKind.BENEFIT_DUE, EntryKind.BENEFIT_PAID, "more was paid than was due by 2025-02-01: 0.01"),
        (EntryKind.ACCOUNT_PREMIUM, EntryKind.ACCOUNT_WITHDRAWAL, "more was taken out of the account than put in by 2025-02-01: 0.01"),
    ],
)
def test_one_fen_too_much_is_told_and_the_very_amount_is_not(world: World, first: EntryKind, second: EntryKind, told: str) -> None:
    assert booked(world, (first, 100, DAY), (second, 100, DAY)) == ()
    assert booked(world, (first, 100, DAY), (second, 100, DAY), (second, 1, DAY)) == (f"policy PL1: {told}",)


def test_what_was_wrong_only_for_a_day_is_told(world: World) -> None:
    moves = ((EntryKind.LOAN, 100, date(2025, 2, 2)), (EntryKind.LOAN_REPAID, 100, DAY))
    assert booked(world, *moves) == ("policy PL1: more was repaid than lent by 2025-02-01: 1.00",)


def test_a_pair_that_its_kind_may_not_be_is_told(world: World) -> None:
    booked(world, (EntryKind.PREMIUM, 100, DAY))
    values = "('PL1','premium','bank','policy_loan',100,'x','2025-02-01',1)"
    columns = "policy_number,kind,debit_account,credit_account,amount_fen,event,value_date,booked_ms"
    with world.system.database.write() as tx:
        tx.connection.execute(text(f"INSERT INTO policy_entry ({columns}) VALUES {values}"))  # noqa: S608 - written above
    told = verify_books(world.system.database).differences
    assert "policy PL1: x is premium and moves 1.00 from policy_loan to bank" in told
