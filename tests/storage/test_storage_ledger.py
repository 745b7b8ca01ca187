"""The ledger: pairs of positive amounts, each event once, and in sum nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_samples import save_claims

from storage import ledger
from storage.database import Database, Transaction
from storage.ledger import Account


def _book(tx: Transaction, amount_fen: int = 100, event: str = "decision C1/1", policy: str = "P1") -> None:
    ledger.book(tx, "C1", policy, Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, amount_fen, event)


def test_an_entry_comes_back_as_it_was_booked(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx, 774362)
        (entry,) = ledger.entries_of(tx, "C1")
    assert (entry.policy_number, entry.debit_account, entry.credit_account, entry.amount_fen, entry.event) == (
        "P1",
        "claims_expense",
        "claims_payable",
        774362,
        "decision C1/1",
    )


def test_entries_are_listed_in_the_order_they_were_booked(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        for number in (3, 1, 2):
            _book(tx, number, f"event {number}")
        assert [each.amount_fen for each in ledger.entries_of(tx, "C1")] == [3, 1, 2]


def test_a_nil_amount_is_no_entry(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx, 0)
        assert ledger.entries_of(tx, "C1") == ()


def test_a_negative_amount_is_refused(database: Database) -> None:
    save_claims(database)
    with pytest.raises(IntegrityError, match="amount_positive"), database.write() as tx:
        _book(tx, -1)


def test_one_account_on_both_sides_is_refused(database: Database) -> None:
    save_claims(database)
    with pytest.raises(IntegrityError, match="two_accounts"), database.write() as tx:
        ledger.book(tx, "C1", "P1", Account.BANK, Account.BANK, 1, "payment")


_ROW = {
    "claim_id": "'C1'", "policy_number": "'P1'", "debit_account": "'bank'", "credit_account": "'claims_payable'", "amount_fen": "1",
    "event": "'e'", "booked_ms": "0",
}  # fmt: skip


@pytest.mark.parametrize("change", [
    {"debit_account": "NULL"}, {"credit_account": "NULL"}, {"amount_fen": "NULL"}, {"amount_fen": "0"}, {"amount_fen": "-1"},
    {"credit_account": "'bank'"},
])  # fmt: skip
def test_no_statement_adds_one_side_alone(database: Database, change: dict[str, str]) -> None:
    """The balance is a constraint of the table: a row is a debit and a credit of one amount, or it is no row."""
    save_claims(database)
    row = _ROW | change
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.connection.execute(text(f"INSERT INTO ledger_entry ({', '.join(row)}) VALUES ({', '.join(row.values())})"))  # noqa: S608 - written above


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entry SET amount_fen = amount_fen + 1", "UPDATE ledger_entry SET debit_account = 'bank'", "DELETE FROM ledger_entry",
])  # fmt: skip
def test_no_statement_changes_what_was_booked(database: Database, statement: str) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx)
    with pytest.raises(DBAPIError, match="ledger_entry is append-only"), database.write() as tx:
        tx.connection.execute(text(statement))
    with database.read() as tx:
        assert sum(ledger.balances(tx).values()) == 0
        assert ledger.balances(tx)[Account.CLAIMS_EXPENSE] == 100


def test_the_same_event_is_booked_once(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx)
    with pytest.raises(IntegrityError), database.write() as tx:
        _book(tx)


def test_the_same_event_with_another_amount_is_still_the_same_event(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx, 100)
    with pytest.raises(IntegrityError), database.write() as tx:
        _book(tx, 99)


def test_one_event_may_fall_on_two_policies(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx, policy="P1")
        _book(tx, policy="P2")
        assert len(ledger.entries_of(tx, "C1")) == 2


def test_debits_are_positive_and_credits_negative(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        ledger.book(tx, "C1", "P1", Account.CLAIMS_EXPENSE, Account.CLAIMS_PAYABLE, 100, "decision")
        ledger.book(tx, "C1", "P1", Account.CLAIMS_PAYABLE, Account.BANK, 70, "payment")
        assert ledger.balances(tx) == dict.fromkeys(Account, 0) | {
            Account.CLAIMS_EXPENSE: 100,
            Account.CLAIMS_PAYABLE: -30,
            Account.BANK: -70,
        }


def test_an_empty_ledger_balances_at_nothing(database: Database) -> None:
    with database.read() as tx:
        assert ledger.balances(tx) == dict.fromkeys(Account, 0)


PAIRS = st.tuples(st.sampled_from(Account), st.sampled_from(Account)).filter(lambda pair: pair[0] is not pair[1])
BOOKINGS = st.lists(st.tuples(PAIRS, st.integers(0, 10**14)), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bookings=BOOKINGS)
def test_whatever_is_booked_all_accounts_together_are_nothing(
    database: Database, bookings: list[tuple[tuple[Account, Account], int]]
) -> None:
    with database.read() as tx:  # a look, so that nothing stays for the next example
        if not ledger.entries_of(tx, "C1"):
            _ensure_claim(tx)
        for number, ((debit, credit), amount_fen) in enumerate(bookings):
            ledger.book(tx, "C1", "P1", debit, credit, amount_fen, f"event {number}")
        balances = ledger.balances(tx)
    assert sum(balances.values()) == 0
    assert sum(abs(each) for each in balances.values()) <= 2 * sum(amount for _, amount in bookings)


def _ensure_claim(tx: Transaction) -> None:
    from storage_samples import ACTOR, new_claim, save_world

    from storage import claims

    save_world(tx)
    claims.add_claim(tx, new_claim(), ACTOR)


def test_an_event_is_taken_back_by_pairs_the_other_way_round(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        _book(tx, 70, policy="P1")
        _book(tx, 30, policy="P2")
        ledger.reverse(tx, "C1", "decision C1/1", "reversal of decision C1/1")
        assert not any(ledger.balances_of(tx, "C1").values())
        assert len(ledger.entries_of(tx, "C1")) == 4


def test_what_an_insured_is_to_give_back_is_told_claim_by_claim(database: Database) -> None:
    save_claims(database, 3)
    with database.write() as tx:
        for claim_id, recoverable_fen, given_back_fen in (("C1", 500, 200), ("C2", 300, 300)):
            ledger.book(tx, claim_id, "P1", Account.CLAIMS_RECOVERABLE, Account.CLAIMS_PAYABLE, recoverable_fen, f"decision {claim_id}")
            ledger.book(tx, claim_id, "P1", Account.BANK, Account.CLAIMS_RECOVERABLE, given_back_fen, f"repaid {claim_id}")
        _book(tx, 900)
        assert ledger.receivables_of(tx, "I1") == {"C1": 300}
        assert ledger.receivables_of(tx, "I2") == {}
