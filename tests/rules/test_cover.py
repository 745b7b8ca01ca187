"""Clause coverage tells what no test of a book reaches, and where to add the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.cover import Coverage, cover
from rules.loader import read_source
from rules.model import Book

RULES = """  甲:
    条款: 第一条
    是: 续保
    例外:
      - {若: 原因 = 意外, 是: 是, 条款: 第一条第二款}
  率:
    条款: 第二条
    表:
      - [原因, 得]
      - [疾病, 50%]
      - [意外, 60%]
"""
STEPS = "      - 起: 费用\n      - 乘: 率\n      - 取整: 到分 四舍五入\n"
CONDITIONS = "    须: [甲]\n"


@pytest.fixture
def covered(book_of: Callable[..., Book]) -> Callable[[str], Coverage]:
    def cover_(tests: str) -> Coverage:
        book = book_of(rules=RULES, conditions=CONDITIONS, steps=STEPS, plan=tests)
        return cover(book, read_source(Path(book.file)))

    return cover_


def _test(given: str, expected: str) -> str:
    return f"    测试:\n      - 名: 一\n        给: {{{given}}}\n        得: {{乙: {expected}}}\n"


def test_a_book_without_tests_is_told_every_place(covered: Callable[[str], Coverage]) -> None:
    whats = [each.what for each in covered("").missing]
    assert "no test reaches row 1 of 率 (第二条): 疾病" in whats
    assert "no test reaches exception 1 of 甲 (第一条第二款)" in whats
    assert "no test calculates this step of 乙" in whats


def test_a_test_reaches_the_row_it_hits_and_no_other(covered: Callable[[str], Coverage]) -> None:
    whats = [each.what for each in covered(_test("续保: 是, 原因: 疾病, 费用: 100元", "50.00")).missing]
    assert whats == [
        "in no test 甲 (第一条) answers 否",
        "no test reaches exception 1 of 甲 (第一条第二款)",
        "no test reaches row 2 of 率 (第二条): 意外",
    ]


def test_a_clause_names_its_places_and_its_tests(covered: Callable[[str], Coverage]) -> None:
    clauses = {each.clause: each for each in covered(_test("续保: 是, 原因: 疾病, 费用: 100元", "50.00")).clauses}
    assert clauses["第二条"].tests == ("丙/一",)
    assert clauses["第一条第二款"].tests == ()


def test_a_message_points_into_the_file_with_a_way_out(covered: Callable[[str], Coverage]) -> None:
    row = next(each for each in covered("").missing if "row 2" in each.what)
    assert "意外" in row.caret
    assert row.way_out == "add a test to 测试 with 意外"


def test_what_is_only_supposed_reaches_nothing(covered: Callable[[str], Coverage]) -> None:
    # 若改为「原因 = 意外」 is tried by the engine, and by no test.
    whats = [each.what for each in covered(_test("续保: 是, 原因: 疾病, 费用: 100元", "50.00")).missing]
    assert any("意外" in each for each in whats)
