"""Benefits of the living: their days, their amounts, and that the parts of a year sum to it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from actuarial.benefits import instalments, parts_of
from actuarial.calendar import add_months, full_months, full_years
from tests.actuarial.contracts import BORN, TERMS, contract, policy


def test_fulu_pays_a_tenth_every_third_year_and_all_of_it_at_the_end() -> None:
    found = instalments(policy("fulu-endowment"), contract(), TERMS["fulu-endowment"], BORN, date(2099, 1, 1))
    assert [(each.kind, each.due.isoformat(), each.amount_fen) for each in found] == [
        ("survival", "2023-03-01", 1_000_000),
        ("survival", "2026-03-01", 1_000_000),
        ("survival", "2029-03-01", 1_000_000),
        ("survival", "2032-03-01", 1_000_000),
        ("maturity", "2035-03-01", 10_000_000),
    ]
    assert found[0].event == "survival 2023-03-01"


def test_only_what_has_come_due_is_listed() -> None:
    asked = (policy("fulu-endowment"), contract(), TERMS["fulu-endowment"], BORN)
    assert [len(instalments(*asked, day)) for day in (date(2023, 2, 28), date(2023, 3, 1))] == [0, 1]


def test_an_annuity_is_paid_each_month_from_the_anniversary_at_sixty_on() -> None:
    """A tenth of 100,000.04 元 a year is 10,000.00 元: eleven months of 833.33 元, and 833.37 元 in the last."""
    signed = policy("yinian-annuity", effective_to=date(2099, 2, 28), sum_insured_fen=10_000_004)
    found = instalments(signed, contract(), TERMS["yinian-annuity"], BORN, date(2051, 3, 1))
    assert (found[0].due, found[0].amount_fen, found[11].amount_fen, len(found)) == (date(2050, 3, 1), 83_333, 83_337, 13)
    assert sum(each.amount_fen for each in found[:12]) == 1_000_000


@given(yearly=st.integers(0, 10**12))
def test_the_parts_of_a_year_sum_to_it(yearly: int) -> None:
    assert sum(parts_of(yearly, 12)) == yearly
    assert min(parts_of(yearly, 12)) >= 0


@given(start=st.dates(date(1950, 1, 1), date(2050, 1, 1)), months=st.integers(0, 1200))
def test_a_month_later_is_a_month_later(start: date, months: int) -> None:
    assert full_months(start, add_months(start, months)) == months
    assert full_years(start, add_months(start, months)) == months // 12


def test_who_was_born_on_the_29th_of_february_is_older_on_the_28th() -> None:
    assert [full_years(date(2000, 2, 29), day) for day in (date(2021, 2, 27), date(2021, 2, 28))] == [20, 21]
