"""A plan is suggested only where cover is surely missing, to who may still take it, with what it brings and why."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cover_samples import BOOKS, PERSON, TODAY, a_coverage, a_policy, assumed, term_life, the_book

from domain.cover import CoverKind
from domain.errors import SetupError
from domain.policy import Person, Policy
from entitlement.cover.asking import Asker
from entitlement.cover.catalogue import SHIPPED, Offer, load_catalogue
from entitlement.cover.suggestions import Suggestion, suggest
from entitlement.cover.view import Insurance, look_at_cover

CATALOGUE = load_catalogue()
PUBLISHED = {each.product: the_book(each.product) for each in CATALOGUE}


def suggested(*policies: Policy, person: Person = PERSON, catalogue: tuple[Offer, ...] = CATALOGUE, **changes: object) -> list[Suggestion]:
    coverages = tuple(map(a_coverage, policies))
    asker = Asker(BOOKS, person)
    view = look_at_cover(asker, Insurance(coverages), assumed(**changes), TODAY)
    return list(suggest(asker, catalogue, PUBLISHED, view, coverages))


def of(found: list[Suggestion], kind: CoverKind) -> list[str]:
    return [each.offer.product for each in found if each.kind is kind]


def test_what_is_missing_is_suggested_with_what_it_brings_and_why_in_both_languages() -> None:
    first = next(each for each in suggested(debts=150_000_000) if each.kind is CoverKind.DEATH)
    assert first.offer.product == "dingshou-term"
    assert first.adds_fen == 100_000_000
    assert first.premium_fen == 145_000  # up to 40 years of age
    assert "身故保障需要 1,550,000.00 元，现有 0.00 元，至少还差 1,550,000.00 元" in first.why_zh
    assert "可投保年龄 18 至 60 岁；参考保费每年 1,450.00 元" in first.why_zh
    assert "1,550,000.00 yuan are needed, 0.00 are there, at least 1,550,000.00 are missing" in first.why_en


@pytest.mark.parametrize(("debts", "is_suggested"), [(95_000_000, False), (95_000_001, True)])
def test_nothing_is_suggested_where_cover_is_enough_to_the_fen(debts: int, is_suggested: bool) -> None:
    """One million is there; 950,000 of debts and 50,000 of last expenses need just that."""
    found = suggested(term_life(), debts=debts, last_expenses=5_000_000)
    assert bool(of(found, CoverKind.DEATH)) is is_suggested


def test_nothing_is_suggested_where_cover_may_be_enough_once_something_is_told() -> None:
    """Its death benefit is a share of the premiums paid, which nobody told: nobody can say that it is not enough."""
    endowment = a_policy("fulu-endowment", "福禄版", date(2022, 5, 1), 15)
    assert of(suggested(debts=100_000_000), CoverKind.DEATH) == ["dingshou-term", "zhongji-single"]
    assert of(suggested(endowment, debts=100_000_000), CoverKind.DEATH) == []


@pytest.mark.parametrize(("born", "is_open"), [(date(1966, 11, 22), True), (date(1965, 11, 23), True), (date(1965, 11, 22), False)])
def test_nobody_is_suggested_what_they_are_too_old_for(born: date, is_open: bool) -> None:
    """Sixty until the day before the sixty-first birthday."""
    found = suggested(person=replace(PERSON, birth_date=born), debts=150_000_000)
    assert ("dingshou-term" in of(found, CoverKind.DEATH)) is is_open


@pytest.mark.parametrize(("born", "is_open"), [(date(2008, 11, 22), True), (date(2008, 11, 23), False)])
def test_nor_what_they_are_too_young_for(born: date, is_open: bool) -> None:
    found = suggested(person=replace(PERSON, birth_date=born), debts=150_000_000)
    assert ("dingshou-term" in of(found, CoverKind.DEATH)) is is_open


def test_what_somebody_has_already_is_not_suggested_again() -> None:
    found = suggested(term_life(), debts=500_000_000)
    assert of(found, CoverKind.DEATH) == ["zhongji-single"]


def test_a_plan_that_would_pay_nothing_or_has_no_book_is_not_suggested() -> None:
    accident = replace(CATALOGUE[0], product="menji-outpatient", plan="门急诊版", covers=frozenset({CoverKind.MEDICAL}))
    assert suggested(catalogue=(accident,)) == []
    assert suggested(catalogue=(replace(accident, product="nobody-wrote-it"),)) == []


def test_medical_cover_brings_what_the_bill_leaves_and_no_more() -> None:
    first = next(each for each in suggested() if each.kind is CoverKind.MEDICAL)
    assert first.adds_fen <= 15_000_000


def test_every_entry_that_ships_names_a_plan_whose_book_says_it_covers_that() -> None:
    for offer in CATALOGUE:
        book = the_book(offer.product)
        kinds = {kind for name in book.plans[offer.plan].responsibilities for kind in book.responsibilities[name].covers or {}}
        assert offer.covers <= kinds, offer.product
        assert offer.premium_fen(offer.oldest) > 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("ages: [18, 60]", "ages: [60, 18]", "youngest age lies above"), ("covers: [death, disability]", "covers: [deth]", "deth"),
     ("premium: {30: 620, 40: 1450, 50: 3600, 60: 9200}", "premium: {30: 620}", "no premium is told up to its oldest age"),
     ("  years: 20\n", "", "needs exactly"), ("years: 20", "years: 0", "years are not from 1"),
     ("ages: [18, 60]", "ages: [18]", "two numbers"),
     ("30: 620", "30: -1", "whole number")],
)  # fmt: skip
def test_a_catalogue_with_a_mistake_is_refused_with_its_entry(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(SHIPPED.read_text().replace(old, new, 1))
    with pytest.raises(SetupError, match=rf"entry 1.*{said}"):
        load_catalogue(path)
