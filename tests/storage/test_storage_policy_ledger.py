"""The ledger of policies: pairs, value dates, each event once, and no row that changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_samples import AGENT, person, policy

from domain.contract import Contract, EntryKind, PolicyAccount, PolicyEntry, balance_of, premium_event, sum_of
from domain.errors import KeyReusedError, NotFoundError
from domain.terms import Frequency
from policy.holdings import holdings_of, holdings_of_person
from policy.terms_file import load_terms
from storage import policy_ledger, registry
from storage.database import Database

DAY = date(2024, 3, 1)
CONTRACT = Contract("P1", Frequency.YEARLY, 50_000, 10, automatic_premium_loan=True)


def save_policies(database: Database, policies: int = 1) -> None:
    with database.write() as tx:
        registry.save_people(tx, [person(1), person(2)])
        registry.save_agents(tx, [AGENT])
        registry.save_policies(tx, [policy(number) for number in range(1, policies + 1)])
        policy_ledger.save_contracts(tx, [Contract(f"P{number}", Frequency.YEARLY, 50_000, 1) for number in range(2, policies + 1)])
        policy_ledger.save_contracts(tx, [CONTRACT])


def premium(number: int = 1, on: date = DAY, amount_fen: int = 50_000, kind: EntryKind = EntryKind.PREMIUM) -> PolicyEntry:
    return PolicyEntry(f"P{number}", kind, amount_fen, premium_event(DAY), on)


def test_a_contract_comes_back_as_it_was_saved_and_is_brought_up_to_date(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        assert policy_ledger.contracts_of(tx, ["P1", "none"]) == {"P1": CONTRACT}
        policy_ledger.save_contracts(tx, [Contract("P1", Frequency.MONTHLY, 5_000, 10)])
        assert policy_ledger.contracts_of(tx, ["P1"])["P1"].frequency is Frequency.MONTHLY


def test_an_entry_comes_back_as_it_was_booked(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        assert policy_ledger.book(tx, [premium()]) == (premium(),)
        (found,) = policy_ledger.entries_of(tx, ["P1"])["P1"]
    assert (found.kind, found.amount_fen, found.event, found.value_date) == (EntryKind.PREMIUM, 50_000, "premium 2024-03-01", DAY)
    assert found.booked_ms > 0


def test_the_same_event_again_does_nothing(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        policy_ledger.book(tx, [premium()])
        assert policy_ledger.book(tx, [premium()]) == ()
        assert len(policy_ledger.entries_of(tx, ["P1"])["P1"]) == 1


@pytest.mark.parametrize(
    "other", [premium(amount_fen=49_999), premium(on=DAY + timedelta(days=1)), premium(kind=EntryKind.PREMIUM_BY_LOAN)]
)
def test_the_same_premium_in_another_way_is_refused(database: Database, other: PolicyEntry) -> None:
    save_policies(database)
    with database.write() as tx:
        policy_ledger.book(tx, [premium()])
    with pytest.raises(KeyReusedError, match="'premium 2024-03-01' of policy P1 was booked before"), database.write() as tx:
        policy_ledger.book(tx, [other])


def test_two_who_book_one_event_at_once_meet_a_constraint(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        policy_ledger.book(tx, [premium()])
        row = policy_ledger._row_of(premium(), 1)
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.connection.execute(policy_ledger._ADD, [row])


def test_a_payment_is_interest_and_principal_under_one_event(database: Database) -> None:
    save_policies(database)
    both = [PolicyEntry("P1", kind, 100, "repay R1", DAY) for kind in (EntryKind.LOAN_REPAID, EntryKind.LOAN_INTEREST_PAID)]
    with database.write() as tx:
        assert len(policy_ledger.book(tx, both)) == 2


def test_a_nil_amount_is_no_entry_and_a_negative_one_is_refused(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        assert policy_ledger.book(tx, [premium(amount_fen=0)]) == ()
    with pytest.raises(IntegrityError, match="amount_positive"), database.write() as tx:
        policy_ledger.book(tx, [premium(amount_fen=-1)])


@pytest.mark.parametrize("statement", ["UPDATE policy_entry SET amount_fen = amount_fen + 1", "DELETE FROM policy_entry"])
def test_no_statement_changes_what_was_booked(database: Database, statement: str) -> None:
    save_policies(database)
    with database.write() as tx:
        policy_ledger.book(tx, [premium()])
    with pytest.raises(DBAPIError, match="policy_entry is append-only"), database.write() as tx:
        tx.connection.execute(text(statement))


def test_a_balance_with_a_day_answers_for_the_past(database: Database) -> None:
    save_policies(database)
    loan = PolicyEntry("P1", EntryKind.LOAN, 7_000, "loan L1", DAY + timedelta(days=9))
    with database.write() as tx:
        policy_ledger.book(tx, [premium(), loan])
        before, on = (policy_ledger.balances(tx, DAY + timedelta(days=days)) for days in (8, 9))
        entries = policy_ledger.entries_of(tx, ["P1"], DAY + timedelta(days=8))["P1"]
        sums = policy_ledger.sums_of(tx, ["P1"], DAY + timedelta(days=9))
    assert (before[PolicyAccount.POLICY_LOAN], on[PolicyAccount.POLICY_LOAN]) == (0, 7_000)
    assert (on[PolicyAccount.BANK], on[PolicyAccount.PREMIUM_INCOME], sum(on.values())) == (43_000, -50_000, 0)
    assert (sum_of(entries, EntryKind.PREMIUM), sum_of(entries, EntryKind.LOAN)) == (50_000, 0)
    assert balance_of(entries, PolicyAccount.BANK) == 50_000
    assert sums == {"P1": {EntryKind.PREMIUM: 50_000, EntryKind.LOAN: 7_000}}


def test_holdings_take_the_same_few_statements_however_many_policies_there_are(database: Database) -> None:
    save_policies(database, 9)
    counted: list[str] = []
    with database.write() as tx:
        policy_ledger.book(tx, [premium(number) for number in range(1, 10)])
        event.listen(tx.bare, "before_cursor_execute", lambda *asked: counted.append(asked[2]))
        holdings = holdings_of_person(tx, "I1", load_terms(), DAY)
    assert len(counted) == 3  # and that of the contracts, which `find_bare` asks past what is listened to here
    assert [each.policy.policy_number for each in holdings] == [f"P{number}" for number in range(1, 10)]
    assert all(each.standing.is_covering and len(each.entries) == 1 and each.terms for each in holdings)


def test_a_policy_of_which_only_the_cover_is_known_goes_by_its_days(database: Database) -> None:
    save_policies(database)
    with database.write() as tx:
        registry.save_policies(tx, [policy(7, product="ankang-cash")])
        holdings = [holdings_of(tx, ["P7"], {}, day)[0] for day in (date(2024, 2, 29), DAY, date(2025, 2, 28), date(2025, 3, 1))]
    assert [each.standing.state for each in holdings] == ["not_started", "in_force", "in_force", "matured"]
    assert (holdings[0].contract, holdings[0].terms, holdings[0].insured_name) == (None, None, "示例1")


def test_a_number_that_no_policy_has_is_named(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFoundError, match="no policy P404"):
        holdings_of(tx, ["P404"], {}, DAY)
