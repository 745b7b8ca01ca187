"""The nine figures of a policy, worked out by hand; and laws that hold for every history."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.contract import Contract, EntryKind, Holding, PolicyEntry, premium_event
from domain.policy import Policy
from domain.terms import Frequency
from entitlement.figures import TO_DATE, Figure, Kind, Why, figures_of, totals
from entitlement.history import months_of
from policy.bases import shipped_bases
from policy.holdings import standing_of
from policy.terms_file import shipped_terms

TERMS, BASES = shipped_terms(), shipped_bases()
BORN, START = date(1990, 3, 1), date(2020, 3, 1)
DUES = [date(year, 3, 1) for year in range(2020, 2030)]


def holding(product: str, entries: list[PolicyEntry], day: date, **changes: Any) -> Holding:
    """A policy of 100,000 元 from 1 March 2020 on, 7,000 元 a year for ten years."""
    policy = Policy("P1", "I1", "I1", product, "", START, date(2035, 2, 28), START, sum_insured_fen=10_000_000)
    contract = replace(Contract("P1", Frequency.YEARLY, 700_000, 10), **changes)
    counting = tuple(sorted((each for each in entries if each.value_date <= day), key=lambda each: each.value_date))
    standing = standing_of(policy, contract, TERMS[product], counting, day)
    return Holding(policy, contract, TERMS[product], "某人", BORN, counting, standing, day)


def entry(kind: EntryKind, amount_fen: int, on: date, event: str = "") -> PolicyEntry:
    return PolicyEntry("P1", kind, amount_fen, event or f"{kind} {on}", on)


def premiums(number: int, kind: EntryKind = EntryKind.PREMIUM) -> list[PolicyEntry]:
    return [PolicyEntry("P1", kind, 700_000, premium_event(due), due) for due in DUES[:number]]


def figure(of: Holding, kind: Kind) -> Figure:
    return next(each for each in figures_of(of, BASES) if each.kind is kind)


def amount(of: Holding, kind: Kind) -> int | None:
    return figure(of, kind).amount_fen


def test_premiums_paid_are_those_paid_lent_and_made_up() -> None:
    """Three paid and one lent of 7,000 元 each: 28,000 元."""
    lent = PolicyEntry("P1", EntryKind.PREMIUM_BY_LOAN, 700_000, premium_event(DUES[3]), DUES[3] + timedelta(days=60))
    of = holding("fulu-endowment", [*premiums(3), lent], date(2023, 6, 1))
    assert (amount(of, Kind.PREMIUMS_PAID), amount(of, Kind.BORROWED)) == (2_800_000, 700_000)


def test_a_premium_is_due_on_its_day_and_not_the_day_before() -> None:
    paid = premiums(3)
    assert amount(holding("fulu-endowment", paid, date(2023, 2, 28)), Kind.PREMIUM_DUE) == 0
    due = figure(holding("fulu-endowment", paid, date(2023, 3, 1)), Kind.PREMIUM_DUE)
    assert (due.amount_fen, [each.day for each in due.parts]) == (700_000, [date(2023, 3, 1)])


def test_a_lapsed_policy_owes_no_premium_and_lends_nothing() -> None:
    """Due on 1 March, grace to 30 April: from 1 May on it is suspended."""
    last, after = (holding("fulu-endowment", premiums(3), day) for day in (date(2023, 4, 30), date(2023, 5, 1)))
    assert amount(last, Kind.PREMIUM_DUE) == 700_000
    assert (figure(after, Kind.PREMIUM_DUE).amount_fen, figure(after, Kind.PREMIUM_DUE).why) == (0, Why.NOT_COVERING)
    assert (figure(after, Kind.LOAN_AVAILABLE).amount_fen, figure(after, Kind.LOAN_AVAILABLE).why) == (0, Why.NOT_COVERING)


def test_a_benefit_waits_from_its_day_until_it_is_paid() -> None:
    """福禄 pays its first survival benefit on the third anniversary; booked and paid, nothing waits any more."""
    entries = premiums(4)
    before, on = (holding("fulu-endowment", entries, day) for day in (date(2023, 2, 28), date(2023, 3, 1)))
    waiting = figure(on, Kind.RECEIVABLE)
    assert amount(before, Kind.RECEIVABLE) == 0
    assert [(each.what, each.day) for each in waiting.parts] == [("survival", date(2023, 3, 1))]
    benefit_fen = waiting.amount_fen or 0
    booked = entry(EntryKind.BENEFIT_DUE, benefit_fen, date(2023, 3, 1), "survival 2023-03-01")
    assert amount(holding("fulu-endowment", [*entries, booked], date(2023, 3, 9)), Kind.RECEIVABLE) == benefit_fen
    paid = entry(EntryKind.BENEFIT_PAID, benefit_fen, date(2023, 3, 5))
    after = holding("fulu-endowment", [*entries, booked, paid], date(2023, 3, 9))
    assert (amount(after, Kind.RECEIVABLE), amount(after, Kind.RECEIVED)) == (0, benefit_fen)


def test_what_is_to_be_paid_back_is_the_loan_with_its_interest() -> None:
    """10,000 元 for 30 days at 5.5 %, by 365 days: 45.21 元 of interest, and all of it repaid leaves nothing."""
    lent = entry(EntryKind.LOAN, 1_000_000, date(2024, 3, 1))
    owed = figure(holding("fulu-endowment", [*premiums(5), lent], date(2024, 3, 31)), Kind.REPAYMENT_DUE)
    assert (owed.amount_fen, [(each.what, each.amount_fen) for each in owed.parts]) == (
        1_004_521,
        [("principal", 1_000_000), ("interest", 4_521)],
    )
    back = [entry(EntryKind.LOAN_REPAID, 1_000_000, date(2024, 3, 31)), entry(EntryKind.LOAN_INTEREST_PAID, 4_521, date(2024, 3, 31))]
    back = [replace(each, event="repaid 1") for each in back]
    after = holding("fulu-endowment", [*premiums(5), lent, *back], date(2024, 3, 31))
    assert (amount(after, Kind.REPAYMENT_DUE), amount(after, Kind.REPAID)) == (0, 1_004_521)


def test_what_may_be_borrowed_is_a_share_of_the_cash_value_less_what_is_owed() -> None:
    free = figure(holding("fulu-endowment", premiums(5), date(2024, 4, 1)), Kind.LOAN_AVAILABLE)
    loan = TERMS["fulu-endowment"].loan
    assert loan and free.amount_fen and [each.what for each in free.parts] == ["cash_value"]
    assert free.amount_fen == int(loan.ratio * free.parts[0].amount_fen)
    lent = entry(EntryKind.LOAN, free.amount_fen, date(2024, 4, 1))
    assert amount(holding("fulu-endowment", [*premiums(5), lent], date(2024, 4, 1)), Kind.LOAN_AVAILABLE) == int(
        loan.ratio * (free.parts[0].amount_fen - free.amount_fen)
    )


def test_the_account_of_a_universal_policy_is_told_and_of_no_other() -> None:
    """10,000 元 put in on the day itself, less its charge: the account holds the rest."""
    put_in = [entry(EntryKind.ACCOUNT_PREMIUM, 1_000_000, START), entry(EntryKind.ACCOUNT_CHARGE, 30_000, START)]
    of = holding("jinhui-universal", put_in, START, frequency=Frequency.FLEXIBLE, premium_fen=0)
    assert (amount(of, Kind.UNIVERSAL_ACCOUNT), amount(of, Kind.PREMIUMS_PAID)) == (970_000, 1_000_000)
    assert Kind.UNIVERSAL_ACCOUNT not in {each.kind for each in figures_of(holding("fulu-endowment", [], START), BASES)}


def test_what_nobody_knows_is_never_nothing() -> None:
    only_cover = replace(holding("fulu-endowment", [], START), contract=None)
    assert {(each.amount_fen, each.why) for each in figures_of(only_cover, BASES)} == {(None, Why.NO_CONTRACT)}
    no_terms = [each for each in figures_of(replace(holding("fulu-endowment", [], START), terms=None), BASES) if each.kind not in TO_DATE]
    assert {(each.amount_fen, each.why) for each in no_terms} == {(None, Why.NO_TERMS)}
    assert totals(no_terms)[Kind.LOAN_AVAILABLE] == (None, 1)


days = st.dates(START, date(2026, 1, 1))
moves = st.lists(
    st.tuples(st.sampled_from([EntryKind.LOAN, EntryKind.BENEFIT_PAID, EntryKind.ACCOUNT_WITHDRAWAL]), st.integers(1, 10**8), days),
    max_size=8,
)


@given(moves, st.integers(0, 6), days)
@settings(max_examples=60)
def test_a_figure_as_of_a_day_knows_nothing_of_later_entries(moved: list[tuple[EntryKind, int, date]], paid: int, day: date) -> None:
    entries = [*premiums(paid), *(entry(kind, fen, on, f"{number}") for number, (kind, fen, on) in enumerate(moved))]
    known = [each for each in entries if each.value_date <= day]
    assert figures_of(holding("changqing-whole", entries, day), BASES) == figures_of(holding("changqing-whole", known, day), BASES)


@given(moves, st.integers(0, 6), days)
@settings(max_examples=60)
def test_months_add_up_to_the_figures_to_date(moved: list[tuple[EntryKind, int, date]], paid: int, day: date) -> None:
    entries = [*premiums(paid), *(entry(kind, fen, on, f"{number}") for number, (kind, fen, on) in enumerate(moved))]
    of = holding("changqing-whole", entries, day)
    sums = totals(figures_of(of, BASES))
    assert {kind: sum(month.sums[kind] for month in months_of([of])) for kind in TO_DATE} == {kind: sums[kind][0] for kind in TO_DATE}
