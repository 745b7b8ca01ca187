"""The reference pages are the tables the engine runs on, and nothing of the tables is missing on them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.builtins import BUILTINS
from rules.evaluate import evaluate
from rules.keyword_reference import TYPES, homes_of, keyword_reference
from rules.keywords import Place, all_written, canonical
from rules.loader import read_book
from rules.reference import expression_reference
from rules.source import Source
from rules.step_entries import ENTRIES, OPTIONS
from rules.step_operands import STEP_KEYS
from rules.step_reference import step_reference
from rules.steps import READERS

PAGES = {"expressions": expression_reference, "keywords": keyword_reference, "steps": step_reference}


@pytest.mark.parametrize(("name", "write"), PAGES.items())
def test_the_page_is_what_the_tables_say(name: str, write: Callable[[], str]) -> None:
    assert Path(f"docs/rules/{name}.md").read_text() == write(), f"run: python app.py rules reference {name} > docs/rules/{name}.md"


def test_every_built_in_stands_on_the_page() -> None:
    page = expression_reference()
    assert all(f"| `{each.zh}` | `{each.name}` |" in page for each in BUILTINS.values())


def test_every_key_may_stand_somewhere() -> None:
    assert [zh for zh in all_written(Place.KEY, "zh") if not homes_of(str(canonical(Place.KEY, zh, "zh")))] == []


def test_every_place_of_the_keyword_table_stands_on_the_page() -> None:
    page = keyword_reference()
    assert [zh for place in Place for zh in all_written(place, "zh") if f"| `{zh}` |" not in page] == []


@pytest.mark.parametrize("zh", all_written(Place.TYPE, "zh"))
def test_the_example_of_a_type_is_a_value_of_it(zh: str) -> None:
    example = TYPES[str(canonical(Place.TYPE, zh, "zh"))][0]
    values = f", 取值: [{example}]" if zh in ("枚举", "序列") else ""
    body = f"{{类型: {zh}, 项: {{类型: 金额}}}}" if zh == "列表" else f"{{类型: {zh}{values}, 缺失: {example}}}"
    _, reading = read_book("例", Source.of("例", f"要素:\n  样: {body}\n规则: {{}}\n责任: {{}}\n方案: {{}}\n"), "")
    assert reading.problems.found == []


def test_every_step_and_every_key_in_its_braces_is_told() -> None:
    assert set(ENTRIES) == set(READERS)
    assert set(OPTIONS) == {word for words in STEP_KEYS.values() for word in words}


def test_a_name_with_spaces_may_be_written_with_several() -> None:
    assert evaluate('string   length ("abc") = 3', {}) is True
