"""What an editor offers: every word of the language once, and exactly the names of the book."""

from pathlib import Path

import pytest

from rules.builtins import names_in
from rules.keywords import Language, Place, all_written
from rules.loader import load_book
from rules.medical_base import shipped_base
from rules.vocabulary import words_of_book, words_of_language

BOOKS = [each for each in sorted(Path("rules/book").glob("*.yaml")) if each.name != "routing.yaml"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_keyword_type_and_built_in_of_the_language_is_offered(language: Language) -> None:
    labels = {each.label for each in words_of_language(language, language)}
    for place in set(Place) - {Place.PROPERTY}:
        assert set(all_written(place, language)) <= labels, place
    assert set(names_in(language)) <= labels


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_the_names_of_a_book_are_those_it_declares(path: Path) -> None:
    book = load_book(path)
    found = words_of_book(book, shipped_base(), "zh")
    assert {each.label for each in found if each.kind == "element" and not each.of} == set(book.elements)
    assert {each.label for each in found if each.kind == "rule"} == set(book.rules)
    assert {each.label for each in found if each.kind == "parameter"} == {name for plan in book.plans.values() for name in plan.parameters}


def test_an_element_of_few_values_offers_them() -> None:
    book = load_book(Path("rules/book/anxin-inpatient.yaml"))
    values = {each.label: each.values for each in words_of_book(book, shipped_base(), "zh")}
    assert values["医院等级"] == ("未定级", "一级", "二级", "三级")
    assert values["连续续保"] == ("是", "否")
    assert values["合理医疗费用"] == ()
