"""The shipped books load, and every test written in them passes."""

from pathlib import Path

import pytest

from rules.inline_tests import TestOutcome, run_tests
from rules.loader import load_book
from rules.types import Type

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")


def _failures(outcomes: list[TestOutcome]) -> list[TestOutcome]:
    return [each for each in outcomes if not each.passed]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_inline_test_of_a_shipped_book_passes(path: Path) -> None:
    outcomes = run_tests(load_book(path))
    assert outcomes
    assert _failures(outcomes) == []


def test_the_shipped_books_are_named_by_their_products_and_hashes() -> None:
    books = [load_book(path) for path in BOOKS]
    assert {book.product for book in books} >= {"anxin-inpatient", "ankang-cash", "zhifu-direct"}
    assert len({book.sha256 for book in books}) == len(books)
    assert all(len(book.sha256) == 64 for book in books)


def test_an_element_has_the_same_type_in_every_book_that_declares_it() -> None:
    types: dict[str, set[Type]] = {}
    for path in BOOKS:
        for element in load_book(path).elements.values():
            types.setdefault(element.name, set()).add(element.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_every_shipped_responsibility_is_tried_by_a_test() -> None:
    for path in BOOKS:
        book = load_book(path)
        tried = {(name, plan.name) for plan in book.plans.values() for test in plan.tests for name, _ in test.expected}
        assert {name for name, _ in tried} == set(book.responsibilities)


@pytest.mark.parametrize(
    ("path", "right", "wrong", "name"),
    [
        ("anxin-inpatient", "年免赔额: {2024-01-01: 1万元", "年免赔额: {2024-01-01: 10001元", "标准版/经医保结算"),
        ("anxin-inpatient", "未经医保比例: 60%", "未经医保比例: 61%", "标准版/有医保却未结算，赔六成"),
        ("anxin-inpatient", "等待期: 30天", "等待期: 31天", "在等待期内 #2"),
        ("zhifu-direct", "直付比例: 90%", "直付比例: 89%", "直付版/出院直付"),
        ("zhifu-direct", "到分 四舍五入", "到分 进位", "直付版/出院直付"),
        ("ankang-cash", "津贴年限天数: 180天", "津贴年限天数: 181天", "基础版/一百八十一天，多出的一天不赔"),
    ],
)
def test_a_changed_value_fails_the_test_that_guards_it(tmp_path: Path, path: str, right: str, wrong: str, name: str) -> None:
    text = Path(f"rules/book/{path}.yaml").read_text()
    assert right in text
    changed = tmp_path / f"{path}.yaml"
    changed.write_text(text.replace(right, wrong, 1))
    assert name in {each.name for each in _failures(run_tests(load_book(changed)))}


def test_the_tests_of_a_rule_are_counted_from_one() -> None:
    names = [each.name for each in run_tests(load_book(Path("rules/book/ankang-cash.yaml")))]
    assert names[:7] == [*(f"医院合格 #{n}" for n in range(1, 6)), "在等待期内 #1", "在等待期内 #2"]


def test_a_failed_test_tells_where_it_stands_what_it_expected_and_what_it_got(tmp_path: Path) -> None:
    text = Path("rules/book/zhifu-direct.yaml").read_text().replace("得: {住院直付医疗: 6695.24}", "得: {住院直付医疗: 6695.25}")
    path = tmp_path / "changed.yaml"
    path.write_text(text)
    (failed,) = _failures(run_tests(load_book(path)))
    assert failed.where.startswith(f"{path}:")
    assert (failed.expected, failed.got) == ("住院直付医疗: 6695.25", "住院直付医疗: 6695.24")
