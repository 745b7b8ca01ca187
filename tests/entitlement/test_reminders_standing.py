"""When a reminder stands: on the first day and the last, not a day before and not a day after; and what it says of money."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from actuarial.cash_value import cash_value_fen
from domain.contract import Contract, EntryKind, Holding, PolicyEntry, premium_event
from domain.policy import Policy
from domain.reminder import Occasion, Reminder
from domain.servicing import Asker
from domain.terms import Frequency
from entitlement.figures import Kind, figures_of
from entitlement.reminders.file import shipped_reminders
from entitlement.reminders.finding import reminders_of
from policy.bases import shipped_bases
from policy.holdings import standing_of
from policy.item_file import shipped_items
from policy.terms_file import shipped_terms

TERMS, BASES, BOOK = shipped_terms(), shipped_bases(), shipped_reminders()
START = date(2020, 3, 1)
DUE = date(2023, 3, 1)  # the premium that is missing
GRACE = date(2023, 4, 30)  # sixty days
REINSTATE = date(2025, 4, 30)


def paid(years: int, first: int = 2020) -> list[PolicyEntry]:
    return [entry(EntryKind.PREMIUM, 700_000, date(first + year, 3, 1), premium_event(date(first + year, 3, 1))) for year in range(years)]


def entry(kind: EntryKind, amount_fen: int, on: date, event: str = "") -> PolicyEntry:
    return PolicyEntry("P1234", kind, amount_fen, event or f"{kind} {on}", on)


def hold(day: date, entries: list[PolicyEntry], product: str = "fulu-endowment", policy: Any = None, **changes: Any) -> Holding:
    """A policy of 100,000 元 from 1 March 2020, 7,000 元 a year for ten years, as of a day."""
    end = date(2035, 2, 28)
    agreed = replace(Contract("P1234", Frequency.YEARLY, 700_000, 10), **changes)
    made = replace(Policy("P1234", "I1", "H1", product, "", START, end, START, sum_insured_fen=10_000_000), **(policy or {}))
    counting = tuple(sorted((each for each in entries if each.value_date <= day), key=lambda each: each.value_date))
    standing = standing_of(made, agreed, TERMS[product], counting, day)
    return Holding(made, agreed, TERMS[product], "某人", date(1990, 3, 1), counting, standing, day)


def standing(holding: Holding, occasion: Occasion) -> Reminder | None:
    found = [each for each in reminders_of(holding, BASES, BOOK) if each.rule.occasion is occasion]
    assert len(found) <= 1
    return found[0] if found else None


def days_of(occasion: Occasion, first: date, last: date, **changes: Any) -> list[bool]:
    """Tell whether it stands on the day before the first, on both, and on the day after the last."""
    around = (first - timedelta(days=1), first, last, last + timedelta(days=1))
    entries = changes.pop("entries", paid(3))
    return [standing(hold(day, entries, **changes), occasion) is not None for day in around]


ON = [False, True, True, False]


def test_a_premium_stands_from_thirty_days_before_it_is_due_until_grace_is_near() -> None:
    assert days_of(Occasion.PREMIUM_DUE, DUE - timedelta(days=30), GRACE - timedelta(days=16)) == ON
    told = standing(hold(DUE - timedelta(days=30), paid(3)), Occasion.PREMIUM_DUE)
    assert told and (told.due_on, told.amount_fen, told.item, told.person_id) == (DUE, 700_000, "renewal-premium", "H1")


def test_a_premium_by_the_month_stands_a_week_before_and_says_all_that_is_due() -> None:
    """1 March and 1 April are missing: on 25 April, a week before 1 May, 2,100 元 are due by then – but grace is near, and told alone."""
    first = [entry(EntryKind.PREMIUM, 70_000, START, premium_event(START))]
    one = {"frequency": Frequency.MONTHLY, "premium_fen": 70_000}
    assert standing(hold(date(2020, 3, 24), first, **one), Occasion.PREMIUM_DUE) is None
    near = standing(hold(date(2020, 3, 25), first, **one), Occasion.PREMIUM_DUE)
    assert near and (near.due_on, near.amount_fen) == (date(2020, 4, 1), 70_000)
    later = standing(hold(date(2020, 4, 24), first, **one), Occasion.PREMIUM_DUE)
    assert later and (later.due_on, later.amount_fen) == (date(2020, 5, 1), 140_000)


def test_nothing_is_due_on_what_is_paid_in_advance_or_over() -> None:
    assert standing(hold(DUE, paid(4)), Occasion.PREMIUM_DUE) is None
    assert standing(hold(date(2030, 2, 20), paid(10)), Occasion.PREMIUM_DUE) is None


def test_the_end_of_grace_stands_for_its_last_fifteen_days_and_silences_the_premium() -> None:
    assert days_of(Occasion.GRACE_ENDING, GRACE - timedelta(days=15), GRACE) == ON
    found = reminders_of(hold(GRACE, paid(3)), BASES, BOOK)
    assert [each.rule.occasion for each in found if each.rule.kind in ("lapse", "renewal_premium")] == [Occasion.GRACE_ENDING]
    (told,) = (each for each in found if each.rule.occasion is Occasion.GRACE_ENDING)
    assert (told.due_on, told.amount_fen) == (GRACE, 700_000)


def test_a_lapsed_policy_stands_until_its_last_sixty_days_then_those_stand() -> None:
    assert days_of(Occasion.LAPSED, GRACE + timedelta(days=1), REINSTATE - timedelta(days=61)) == ON
    assert days_of(Occasion.REINSTATEMENT_ENDING, REINSTATE - timedelta(days=60), REINSTATE) == ON
    over = reminders_of(hold(REINSTATE + timedelta(days=1), paid(3)), BASES, BOOK)
    assert [each.rule.occasion for each in over] == [Occasion.MONEY_WAITING]  # what came due before is still theirs


def test_reinstating_costs_the_missing_premium_with_interest() -> None:
    """7,000 元 since 1 March 2023 at 5.5 % for 61 days: 64.34 元."""
    told = standing(hold(GRACE + timedelta(days=1), paid(3)), Occasion.LAPSED)
    assert told and (told.amount_fen, told.due_on) == (700_000 + 6_434, REINSTATE)


def test_a_loan_of_the_premium_is_told_before_it_is_taken_where_the_cash_value_carries_it() -> None:
    """Six premiums paid: the value carries a seventh; with one fen less beside what is owed it does not, and the policy will lapse."""
    grace = date(2026, 4, 30)
    rich = {"entries": paid(6), "automatic_premium_loan": True}
    assert days_of(Occasion.PREMIUM_LOAN_COMING, grace - timedelta(days=15), grace, **rich) == ON
    assert standing(hold(grace, paid(6), automatic_premium_loan=True), Occasion.GRACE_ENDING) is None
    value_fen = cash_value_fen(hold(grace, paid(6)), BASES) or 0
    for short_fen, occasion in ((0, Occasion.PREMIUM_LOAN_COMING), (1, Occasion.GRACE_ENDING)):
        lent = entry(EntryKind.LOAN, value_fen - 700_000 + short_fen, grace)
        found = reminders_of(hold(grace, [*paid(6), lent], automatic_premium_loan=True), BASES, BOOK)
        assert [each.rule.occasion for each in found if each.due_on == grace and each.rule.kind != "loan"] == [occasion]


def test_a_loan_of_the_premium_is_told_for_thirty_days_after_it_was_taken() -> None:
    grace = date(2026, 4, 30)
    lent = entry(EntryKind.PREMIUM_BY_LOAN, 700_000, grace, premium_event(date(2026, 3, 1)))
    assert days_of(Occasion.PREMIUM_LOAN_TAKEN, grace, grace + timedelta(days=30), entries=[*paid(6), lent]) == ON


def test_money_waits_from_its_day_until_it_is_fetched_with_one_sum_for_all_of_it() -> None:
    """福禄 pays 10,000 元 after three years and after six. Both wait: 20,000, of the later day."""
    whole = paid(10)
    first, second = date(2023, 3, 1), date(2026, 3, 1)
    assert standing(hold(first - timedelta(days=1), whole), Occasion.MONEY_WAITING) is None
    told = [standing(hold(day, whole), Occasion.MONEY_WAITING) for day in (first, second)]
    assert [(each.due_on, each.amount_fen, each.item, each.person_id) for each in told if each] == [
        (first, 1_000_000, "survival-benefit", "I1"), (second, 2_000_000, "survival-benefit", "I1"),
    ]  # fmt: skip
    done = [entry(EntryKind.BENEFIT_DUE, 1_000_000, first, f"survival {first}")]
    done.append(entry(EntryKind.BENEFIT_PAID, 1_000_000, date(2023, 5, 1), f"paid survival {first}"))
    assert standing(hold(date(2024, 1, 1), [*whole, *done]), Occasion.MONEY_WAITING) is None
    left = standing(hold(second, [*whole, *done]), Occasion.MONEY_WAITING)
    assert left and (left.due_on, left.amount_fen) == (second, 1_000_000)


def test_the_policyholder_is_told_of_a_childs_money_until_the_day_of_age() -> None:
    whole, first = paid(10), date(2023, 3, 1)
    child = replace(hold(first, whole), insured_birth_date=date(2005, 3, 2))
    grown = replace(child, insured_birth_date=date(2005, 3, 1))
    told = [standing(each, Occasion.MONEY_WAITING) for each in (child, grown)]
    assert [each.person_id for each in told if each] == ["H1", "I1"]


def test_a_loans_end_stands_for_its_last_fifteen_days_with_its_interest() -> None:
    """10,000 元 lent on 1 June 2024, at 5.5 % of 365 days for 180 days – the rate of the first day."""
    lent, end = date(2024, 6, 1), date(2024, 11, 28)
    entries = [*paid(5), entry(EntryKind.LOAN, 1_000_000, lent)]
    told = standing(hold(end, entries), Occasion.LOAN_TERM_ENDING)
    assert told and (told.due_on, told.amount_fen, told.interest_fen) == (end, 1_027_123, 27_123)
    assert standing(hold(end - timedelta(days=15), entries), Occasion.LOAN_TERM_ENDING) is not None
    assert standing(hold(end - timedelta(days=16), entries), Occasion.LOAN_TERM_ENDING) is None
    assert standing(hold(end + timedelta(days=1), entries), Occasion.LOAN_TERM_ENDING) is None  # a new term has begun


@pytest.mark.parametrize(("less", "stands"), [(0, True), (1, False)])
def test_a_loan_is_near_the_cash_value_at_nine_tenths_and_not_a_fen_below(less: int, stands: bool) -> None:
    day = date(2026, 2, 28)
    value_fen = cash_value_fen(hold(day, paid(6)), BASES) or 0
    owed_fen = -int(-(Fraction(9, 10) * value_fen) // 1) - less  # rounded up: the first fen that is near
    lent = hold(day, [*paid(6), entry(EntryKind.LOAN, owed_fen, day)])
    assert (standing(lent, Occasion.LOAN_NEAR_VALUE) is not None) is stands


@pytest.mark.parametrize("product", ["jiacai-property", "baiwan-medical"])
@pytest.mark.parametrize(("renews", "occasion"), [(True, Occasion.RENEWAL_COMING), (False, Occasion.TERM_ENDING)])
def test_cover_of_a_year_says_thirty_days_before_that_it_ends_or_goes_on(product: str, renews: bool, occasion: Occasion) -> None:
    last = date(2021, 2, 28)
    of_a_year = {"policy": {"effective_to": last}, "payment_years": 1, "auto_renew": renews, "product": product, "entries": paid(1)}
    assert days_of(occasion, last - timedelta(days=30), last, **of_a_year) == ON
    told = standing(hold(last, paid(1), product, {"effective_to": last}, payment_years=1, auto_renew=renews), occasion)
    assert told and told.due_on == (last + timedelta(days=1) if renews else last) and told.amount_fen == 700_000


def test_a_property_premium_is_told_though_it_has_no_grace() -> None:
    """Renewed for a second year, its premium is due on the first day of it; a day later the cover has ended and nothing is told."""
    second = {"effective_from": date(2021, 3, 1), "effective_to": date(2022, 2, 28)}
    due = date(2021, 3, 1)
    told = standing(hold(due, paid(1), "jiacai-property", second), Occasion.PREMIUM_DUE)
    assert told and (told.due_on, told.amount_fen) == (due, 700_000)
    assert reminders_of(hold(due + timedelta(days=1), paid(1), "jiacai-property", second), BASES, BOOK) == ()


def test_of_a_policy_whose_money_is_unknown_nothing_is_told() -> None:
    assert reminders_of(replace(hold(DUE, paid(3)), contract=None), BASES, BOOK) == ()


@pytest.mark.parametrize("day", [date(2023, 2, 20), date(2023, 3, 20), GRACE, date(2026, 3, 2), date(2026, 4, 20)])
def test_amounts_are_those_of_the_figures(day: date) -> None:
    holding = hold(day, [*paid(6), entry(EntryKind.LOAN, 1_000_000, date(2025, 11, 20))])
    figures = {each.kind: each for each in figures_of(holding, BASES)}
    for told in reminders_of(holding, BASES, BOOK):
        if told.rule.occasion is Occasion.MONEY_WAITING:
            assert told.amount_fen == figures[Kind.RECEIVABLE].amount_fen
        if told.rule.kind == "loan":
            assert told.amount_fen == figures[Kind.REPAYMENT_DUE].amount_fen
        if told.rule.occasion is Occasion.GRACE_ENDING:
            assert told.amount_fen == figures[Kind.PREMIUM_DUE].amount_fen


def test_what_is_to_be_tapped_is_an_item_for_whoever_is_told() -> None:
    items = shipped_items()
    for rule in BOOK.rules:
        assert all(rule.to in items[code].askers for code in rule.items.values()), rule.occasion
        assert rule.to is (Asker.INSURED if rule.occasion is Occasion.MONEY_WAITING else Asker.POLICYHOLDER)
