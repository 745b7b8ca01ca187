"""Existing cover is what the published books answer to the standard cases, at each age, with the policies it comes from."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from cover_samples import BOOKS, PERSON, TODAY, a_coverage, a_policy, look, term_life, the_book
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudicator.elements import build_elements, stored_values
from adjudicator.evidence import Evidence
from adjudicator.known import Known
from domain.assessment import AccumulatorKey
from domain.claim import LossCause
from domain.cover import CoverCause, CoverKind
from entitlement.cover.asking import Asker, Coverage, contract_elements
from entitlement.cover.cases import Bill
from entitlement.cover.existing import Existing, Part, existing_cover
from entitlement.cover.savings import Payment, payments_to_come, savings_over
from entitlement.cover.view import CoverView, Insurance, NotCounted, Why, not_counted
from rules.loader import open_book
from rules.medical_base import shipped_base
from rules.replay import opened

BILL = Bill(30_000_000, 15_000_000, 6_000_000)
PRODUCTS = sorted(path.stem for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")


def at(view: CoverView, kind: CoverKind, age: int) -> Existing:
    return next(each.existing for each in view.kinds[kind].ages if each.age == age)


def ask(policy, kind: CoverKind, day: date, cause: CoverCause = CoverCause.ILLNESS, *, bill: Bill = BILL, **more: object) -> Existing:  # type: ignore[no-untyped-def]
    return existing_cover(Asker(BOOKS, PERSON), [a_coverage(policy, **more)], kind, cause, day, bill)  # type: ignore[arg-type]


def test_term_life_is_cover_in_death_until_the_last_birthday_within_its_term() -> None:
    view = look(term_life())  # in force until 2040-04-30; the insured is 52 on 2040-03-14
    assert at(view, CoverKind.DEATH, 38).low_fen == 100_000_000
    assert at(view, CoverKind.DEATH, 52).low_fen == 100_000_000
    assert at(view, CoverKind.DEATH, 53) == Existing(0, 0, ())
    assert at(view, CoverKind.DISABILITY, 52).low_fen == 100_000_000
    assert at(view, CoverKind.MEDICAL, 38).low_fen == 0


def test_every_figure_names_the_policies_and_responsibilities_it_comes_from() -> None:
    view = look(term_life(), a_policy("zhongji-single", "单次版", date(2021, 5, 1), 60, "P2", 已交保费=1, 期交保费=1, 剩余期数=1))
    parts = {(each.policy_number, each.responsibility): each.low_fen for each in at(view, CoverKind.DEATH, 40).parts}
    assert parts == {("P1", "身故全残金"): 100_000_000, ("P2", "身故金"): 30_000_000}
    assert at(view, CoverKind.DEATH, 40).low_fen == sum(parts.values())


@pytest.mark.parametrize(("start", "paid"), [(date(2026, 5, 27), 1_200_000), (date(2026, 5, 26), 100_000_000)])
def test_within_the_waiting_period_only_the_premiums_come_back(start: date, paid: int) -> None:
    """Of a policy that began on 27 May, 22 November is the 180th and last day of the wait."""
    assert look(term_life(start)).kinds[CoverKind.DEATH].now.existing.low_fen == paid


def test_accident_cover_is_shown_apart_and_is_no_cover_in_illness() -> None:
    accident = a_policy("anxing-accident", "综合版", date(2026, 4, 1), 1, 职业类别="一类")
    now = look(accident).kinds[CoverKind.DEATH].now
    assert now.existing.low_fen == 0
    assert [each.declined_by for each in now.existing.parts] == []  # its trigger, a death by accident, does not hold at all
    assert now.by_accident.low_fen == 50_000_000
    assert now.existing.low_fen <= now.needed_fen


def test_what_was_paid_before_is_cover_no_more() -> None:
    policy = a_policy("zhongji-single", "单次版", date(2021, 5, 1), 60, 已交保费=1, 期交保费=1, 剩余期数=1)
    used = {AccumulatorKey("重疾身故账户", "终身"): Fraction(30_000_000)}
    assert ask(policy, CoverKind.DEATH, TODAY).low_fen == 30_000_000
    assert ask(policy, CoverKind.DEATH, TODAY, used=used).low_fen == 0


def test_indemnity_of_several_policies_never_pays_more_than_the_bill_leaves() -> None:
    coverages = [
        a_coverage(a_policy("baiwan-medical", "百万版", date(2026, 5, 1), 1, "P1")),
        a_coverage(a_policy("anxin-inpatient", "标准版", date(2026, 4, 1), 1, "P2")),
        a_coverage(a_policy("ankang-cash", "基础版", date(2026, 4, 1), 1, "P3")),
    ]
    found = existing_cover(Asker(BOOKS, PERSON), coverages, CoverKind.MEDICAL, CoverCause.ILLNESS, TODAY, BILL)
    paid = {each.responsibility: each.low_fen for each in found.parts}
    assert paid == {"重疾医疗": 15_000_000, "住院津贴": 270_000, "住院日额津贴": 600_000}  # 27 × 100, 30 × 200: fixed benefits add up


def test_what_nobody_told_is_an_interval_that_names_it() -> None:
    found = ask(a_policy("huimin-city", "普惠版", date(2026, 1, 1), 1), CoverKind.MEDICAL, TODAY)
    # In list 90,000 − 15,000, out of list 60,000 − 20,000: healthy 80 % and 60 %, with an earlier illness 40 % and 20 %.
    assert (found.low_fen, found.high_fen) == (3_800_000, 8_400_000)
    assert found.parts[0].unknowns == ("既往症",)


def test_with_something_unknown_only_what_is_surely_missing_is_missing() -> None:
    view = look(a_policy("huimin-city", "普惠版", date(2026, 1, 1), 1), treatment=30_000_000)
    now = view.kinds[CoverKind.MEDICAL].now
    assert now.needed_fen == 15_000_000
    assert now.missing_fen == 15_000_000 - 8_400_000
    assert now.missing_at_most_fen == 15_000_000 - 3_800_000


def test_a_survival_benefit_is_worth_its_coming_payments_discounted_to_the_age() -> None:
    policy = a_policy("fulu-endowment", "福禄版", date(2022, 5, 1), 15, 累计已交保费=1, 现金价值=0)
    view = look(policy, interest=Fraction(0))
    # Still to come: 10,000 in 2028 (he is 40), 2031 (43), 2034 (46), and 100,000 in 2037 (49), the day after the term ends.
    assert [at(view, CoverKind.SAVINGS, age).low_fen for age in (38, 40, 41, 47, 49, 50)] == [
        13_000_000, 13_000_000, 12_000_000, 10_000_000, 10_000_000, 0,
    ]  # fmt: skip
    discounted = look(policy, interest=Fraction(2, 100))
    assert at(discounted, CoverKind.SAVINGS, 47).low_fen == round(10_000_000 / 1.02**2)


def test_a_survival_benefit_stops_at_the_limit_of_its_lifetime() -> None:
    policy = a_policy("fulu-endowment", "福禄版", date(2022, 5, 1), 15, 累计已交保费=1, 现金价值=0)
    coverage = a_coverage(policy, {AccumulatorKey("生存金/生存金总额", "终身"): Fraction(2_000_000)})
    paid = [each.part.low_fen for each in payments_to_come(Asker(BOOKS, PERSON), [coverage], TODAY)]
    assert paid == [1_000_000, 1_000_000, 10_000_000]


def test_a_policy_that_is_over_is_no_cover_and_not_mentioned() -> None:
    view = look(a_policy("baiwan-medical", "百万版", date(2025, 11, 22), 1))  # its last day was yesterday
    assert at(view, CoverKind.MEDICAL, 38) == Existing(0, 0, ())
    assert look(a_policy("baiwan-medical", "百万版", date(2025, 11, 23), 1)).kinds[CoverKind.MEDICAL].now.existing.low_fen > 0


def test_a_responsibility_whose_book_does_not_say_is_told_and_never_guessed() -> None:
    text = Path("rules/book/dingshou-term.yaml").read_text().replace("    保障: [身故, 残疾]\n", "")
    book = open_book("dingshou-term", text.encode(), shipped_base())
    insurance = Insurance((a_coverage(term_life(), book=book), Coverage(term_life(number="P2"), None)), (term_life(number="P3"),))
    assert list(not_counted(insurance, TODAY)) == [
        NotCounted("P3", "dingshou-term", Why.NOT_COVERING),
        NotCounted("P1", "dingshou-term", Why.NOT_SAID, ("身故全残金",)),
        NotCounted("P2", "dingshou-term", Why.NO_BOOK),
    ]
    assert existing_cover(Asker(BOOKS, PERSON), insurance.coverages, CoverKind.DEATH, CoverCause.ILLNESS, TODAY).parts == ()


def test_who_has_no_social_insurance_needs_the_whole_bill() -> None:
    alone = replace(PERSON, has_social_insurance=False)
    assert look(person=alone, treatment=30_000_000).kinds[CoverKind.MEDICAL].now.needed_fen == 30_000_000


def test_cover_is_told_at_every_age_to_a_hundred() -> None:
    assert [each.age for each in look().kinds[CoverKind.DEATH].ages] == list(range(38, 101))
    old = replace(PERSON, birth_date=date(1920, 1, 1))
    assert [each.age for each in look(person=old).kinds[CoverKind.DEATH].ages] == [106]


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_contract_tells_a_what_if_just_what_it_tells_a_claim(product: str) -> None:
    book = the_book(product)
    policy = a_policy(product, next(iter(book.plans)), date(2024, 3, 1), 3)
    known = Known(policy, PERSON, date(2026, 3, 1), LossCause.ILLNESS, Evidence(), shipped_base(), book.elements)
    claimed = opened(book, stored_values(build_elements(book, known).elements))
    supposed = contract_elements(policy, PERSON, date(2026, 3, 1))
    names = supposed.keys() & book.elements.keys()
    assert names and {name: supposed[name] for name in names} == {name: claimed[name] for name in names}


@pytest.mark.parametrize("product", [each for each in PRODUCTS if each != "jiacai-property"])
def test_every_shipped_book_pays_something_in_a_case_of_each_kind_that_it_names(product: str) -> None:
    book = the_book(product)
    for plan in book.plans.values():
        policy = a_policy(product, plan.name, date(2024, 1, 1), 20, **_PARTICULARS)
        for kind in {kind for name in plan.responsibilities for kind in book.responsibilities[name].covers or {}} - {CoverKind.SAVINGS}:
            found = [ask(policy, kind, TODAY, cause) for cause in CoverCause]
            assert any(each.high_fen != 0 for each in found) or product == "menji-outpatient", (plan.name, kind)


_PARTICULARS = {"职业类别": "一类", "累计已交保费": 1, "现金价值": 0, "insured_role": "employee", "employed_from": "2020-01-01"}


@given(
    st.sampled_from(PRODUCTS),
    st.sampled_from([each for each in CoverKind if each is not CoverKind.SAVINGS]),
    st.sampled_from(list(CoverCause)),
    st.lists(st.dates(date(2024, 1, 1), date(2040, 1, 1)), min_size=2, max_size=4),
    st.integers(0, 10**8),
)
@settings(max_examples=60, deadline=None)
def test_what_was_answered_once_is_what_would_be_answered_again(
    product: str, kind: CoverKind, cause: CoverCause, days: list[date], charged: int
) -> None:
    """One asker remembers over days, bills and policies; a new one for each question knows nothing."""
    remembering, bill = Asker(BOOKS, PERSON), Bill(charged, charged // 2, charged // 5)
    for plan in the_book(product).plans:
        policies = [
            a_coverage(a_policy(product, plan, date(2024, 1, 1), 20, "P1", **_PARTICULARS)),
            a_coverage(a_policy(product, plan, date(2025, 3, 1), 20, "P2")),
        ]
        for day in days:
            for asked in (bill, Bill(charged // 3, 0, 0)):
                again = existing_cover(remembering, policies, kind, cause, day, asked)
                assert again == existing_cover(Asker(BOOKS, PERSON), policies, kind, cause, day, asked)


@given(
    st.lists(st.tuples(st.integers(30, 60), st.integers(0, 10**10)), min_size=1, max_size=12),
    st.integers(0, 15).map(lambda each: Fraction(each, 100)),
    st.integers(30, 60),
)
def test_the_worth_of_payments_to_come_is_their_sum_discounted_and_rounded_once(
    paid: list[tuple[int, int]], interest: Fraction, age: int
) -> None:
    payments = [Payment(at, Part("P1", "a", "b", "年金", fen, fen)) for at, fen in paid]
    exact = sum((fen / (1 + interest) ** (at - age) for at, fen in paid if at >= age), Fraction(0))
    assert savings_over(payments, 30, 100, interest)[age].low_fen == int(exact + Fraction(1, 2))
