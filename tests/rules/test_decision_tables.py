"""Decision tables: every case has a row, no case has two answers, no row is dead."""

from collections.abc import Callable

import pytest

from rules.compiler import Scope
from rules.model import Book
from rules.source import Diagnostic
from rules.values import to_values

Faults = Callable[..., list[Diagnostic]]


def _table(*rows: str) -> str:
    return "  甲:\n    表:\n" + "".join(f"      - {row}\n" for row in rows)


@pytest.mark.parametrize(
    "rows",
    [
        ("[续保, 结算, 得]", "[是, 任意, 1元]", "[否, 是, 2元]", "[否, 否, 3元]"),
        ("[等级, 得]", "[≥ 二级, 是]", "[一级, 否]"),
        ("[费用, 得]", '["[0元..100元)", 1]', "[≥ 100元, 2]"),
        ("[天数, 得]", "[<= 3天, 1]", '["[4天..10天]", 2]', "[＞ 10天, 3]"),
        ("[原因, 得]", '["疾病, 意外", 1]'),
        ("[原因, 得]", "['-', 1]"),
        ("[诊断, 得]", '["C00-C97, I21", 1]', '["A00-B99, C98-I20, I22-Z99, 无", 2]'),
        ("[出险日, 得]", "[< 2024-01-01, 1]", "[≥ 2024-01-01, 2]"),
        ("[费用 - 已付, 得]", "[< 0元, 1]", "[0元, 2]", "[＞ 0元, 3]"),
        ("[费用, 得]", "[<= 额度, 1]", "[＞ 额度, 2]"),
        ("[等级, 得]", "[一级, 1]", "[非 (一级), 2]"),
        ("[天数, 得]", '["非 ([3天..5天], > 9天)", 1]', '["[3天..5天], > 9天", 2]'),
        ("[诊断, 得]", '["C00-C97", 1]', '["非 (C00-C97)", 2]'),
        ("[续保, 得]", '["非 (是) 或 是", 1]', "[否, 2]"),
    ],
)
def test_a_complete_table_passes(faults_of: Faults, rows: tuple[str, ...]) -> None:
    assert [str(each) for each in faults_of(rules=_table(*rows))] == []


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (("[续保, 结算, 得]", "[是, 任意, 1元]", "[否, 是, 2元]"), "no row covers 续保 = 否，结算 = 否"),
        (("[等级, 得]", "[＞ 二级, 是]", "[一级, 否]"), "no row covers 等级 = 二级"),
        (("[费用, 得]", '["[0元..100元)", 1]', "[＞ 100元, 2]"), "a gap"),
        (("[天数, 得]", "[< 3天, 1]", "[＞ 3天, 2]"), "no row covers 天数 = 3"),
        (("[费用, 得]", "[< 额度, 1]", "[＞ 额度, 2]"), "a gap"),
        (("[费用, 得]", '["[0元..100元]", 1]', "[≥ 100元, 2]"), "rows 1 and 2 overlap"),
        (("[等级, 得]", "[≥ 二级, 1]", "[<= 二级, 2]"), "rows 1 and 2 overlap: both cover 等级 = 二级"),
        (("[诊断, 得]", '["C00-C97", 1]', '["C50-D10", 2]', "[任意, 1]"), "rows 1 and 2 overlap"),
        (("[诊断, 得]", '["A00-Z98", 1]', "[无, 2]"), "a gap"),
        (("[续保, 得]", "[任意, 1]", "[是, 1]"), "row 2 can never be hit"),
        (("[费用, 得]", "[任意, 1]", '["(100元..100元)", 1]'), "row 2 can never be hit"),
        (("[续保, 得]", "[是, 1元]", "[否, 1天]"), "this row answers 天, the first 元"),
        (("[续保, 得]", "[是, 1, 2]", "[否, 1]"), "this row has 3 cells, the head has 2"),
        (("[续保, 得]",), "a table needs a head and at least one row"),
        (("[续保, 结算]", "[是, 1]"), "the last column of a table has no keyword 结算"),
        (("[等级, 得]", "[四级, 1]"), "四级 is none of 序列 一级|二级|三级"),
        (("[费用, 得]", "[< 3天, 1]", "[≥ 3天, 2]"), "元 cannot be compared with 天"),
    ],
)
def test_a_faulty_table_is_refused(faults_of: Faults, rows: tuple[str, ...], what: str) -> None:
    assert any(what in each.what for each in faults_of(rules=_table(*rows))), [str(each) for each in faults_of(rules=_table(*rows))]


def test_a_row_with_the_same_answer_may_cover_a_case_again(faults_of: Faults) -> None:
    rows = ("[续保, 结算, 得]", "[是, 任意, 1元]", "[任意, 是, 1元]", "[否, 否, 2元]")
    assert faults_of(rules=_table(*rows)) == []


def test_a_table_of_too_many_cases_is_refused_instead_of_searched(faults_of: Faults) -> None:
    bands = [f"{n * 10}元" for n in range(40)]
    rows = ["[费用, 已付, 天数, 得]", *(f'["< {band}", "< {band}", "< {n}天", 1]' for n, band in enumerate(bands)), "[任意, 任意, 任意, 1]"]
    (found,) = faults_of(rules=_table(*rows))
    assert "more than 20000 cases" in found.what


def test_the_row_that_is_hit_is_told(book_of: Callable[..., Book]) -> None:
    book = book_of(rules=_table("[等级, 得]", "[一级, 1]", "[≥ 二级, 2]"))
    answered = Scope(to_values(book, {"等级": "三级"}), book.compiled).answer("甲")
    assert (answered.value, answered.row) == (2, 1)


@pytest.mark.parametrize("cell", ["结算", "非 (结算)", "续保 或 结算"])
def test_a_cell_that_decides_by_something_else_is_sent_to_a_column_of_its_own(faults_of: Faults, cell: str) -> None:
    (found,) = faults_of(rules=_table("[续保, 得]", f"[{cell}, 1]", "[否, 2]"))
    assert (found.what, found.way_out) == ("a cell names 结算", "give 结算 a column of its own")
