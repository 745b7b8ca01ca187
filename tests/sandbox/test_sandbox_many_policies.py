"""The customer with 157 policies: 109 in force, 48 ended, and something moves in every month."""

from collections import Counter

from domain.contract import ENDED
from policy.holdings import holdings_of_person
from policy.terms_file import load_terms
from sandbox.many_policies import AS_OF, build_customer
from sandbox.portfolio import build_customer_portfolio
from storage import policy_ledger
from storage.database import Database


def test_the_same_customer_every_time() -> None:
    assert build_customer() == build_customer()


def test_109_policies_are_in_force_and_48_have_ended(database: Database) -> None:
    from commands.data import save_portfolio

    with database.write() as tx:
        save_portfolio(tx, build_customer_portfolio())
        holdings = holdings_of_person(tx, build_customer().person.person_id, load_terms(), AS_OF)
        assert sum(policy_ledger.balances(tx).values()) == 0
    assert len(holdings) == 157
    assert sum(each.standing.is_covering for each in holdings) == 109
    assert sum(each.standing.state in ENDED for each in holdings) == 48
    assert Counter(each.standing.state.value for each in holdings)["in_grace"] > 0


def test_bringing_the_customer_in_twice_books_nothing_twice(database: Database) -> None:
    from commands.data import save_portfolio

    with database.write() as tx:
        save_portfolio(tx, build_customer_portfolio())
        before = policy_ledger.balances(tx)
        save_portfolio(tx, build_customer_portfolio())
        assert policy_ledger.balances(tx) == before


def test_something_moves_in_every_month_of_the_last_ten_years() -> None:
    months = {(each.value_date.year, each.value_date.month) for each in build_customer().entries}
    assert {(year, month) for year in range(2016, 2026) for month in range(1, 13)} <= months
