"""Parameters travel to a sheet and back: what is changed there changes in the book, and nothing else changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.loader import read_book, read_source
from rules.parameter_cells import Cell
from rules.parameter_edits import with_parameters
from rules.parameter_rows import ParameterRow, parameter_rows
from rules.parameter_sheet import BASED_ON, EXPORTED, NAME, PLAN, START, UNIT, VALUE, Line, SheetError, cells_of, read_sheet, titles
from rules.source import Source
from tests.rules.conftest import tiny

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")
EVERY_STYLE = (
    tiny(
        plan="    基准日: 出险日\n",
        parameters="""\
      额度: 100元            # the limit
      "比例":   '60%'        # in quotes, with a name in quotes
      日额: "100元/天"
      次数: 3
      有效: 是
      起算: 2024-03-01
      期限: 6个月
      说明: '"直赔"'
      年免赔额: {2024-01-01: 1万元, 2026-01-01: "8千元"}   # a flow mapping
      等待期:
        2024-01-01: 30天     # until the new terms
        2025-01-01: 60天
      除外: [C00-C97, I21,   # comments between
             'F00-F99']
      重疾:
        - C00-C97            # tumours
        - "I21"
        - I60-I64
      单项: I21
""",
    ).rstrip()
    + "\n  丁:\n    基于: 丙\n    参数: {额度: 200元, 次数: 4}\n"
)
NEW_VALUES = {
    "元": st.integers(0, 10**9).map(lambda yuan: f"{yuan}元"),
    "天": st.integers(0, 3650).map(lambda days: f"{days}天"),
    "元/天": st.integers(0, 5000).map(lambda yuan: f"{yuan}元/天"),
    "%": st.decimals(0, 100, places=2).map(lambda number: f"{number:f}%"),
    "数": st.integers(0, 50).map(str),
    "是否": st.sampled_from(["是", "否"]),
    "日期": st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(str),
    "月": st.integers(1, 240).map(lambda months: f"{months}个月"),
    "文本": st.text("直赔'# :-{}[],\\", max_size=12).map(lambda text: '"' + text.replace("\\", "\\\\") + '"'),
    "ICD10 集合": st.lists(st.sampled_from(["A00", "C00-C97", "I21", "F00-F99", "I60-I64", "Z41.1"]), min_size=1, unique=True).map(
        lambda codes: "[" + ", ".join(codes) + "]"
    ),
}


def source_of(text: str) -> Source:
    return Source.of("book.yaml", text)


def sheet_of(rows: Sequence[ParameterRow], language: str = "zh") -> list[list[Cell]]:
    head = [Cell(title) for title in titles("en" if language == "en" else "zh")]
    return [head, *([Cell(value) for value in cells_of(row)] for row in rows)]


def lines_of(sheet: Sequence[Sequence[Cell]]) -> list[Line]:
    return list(enumerate(sheet, 1))


def taken(text: str, sheet: Sequence[Sequence[Cell]]) -> str:
    language, rows = parameter_rows(source_of(text))
    return with_parameters(source_of(text), read_sheet(language, rows, lines_of(sheet)), "值")


def with_cell(sheet: list[list[Cell]], name: str, column: int, cell: Cell, plan: str = "丙", start: date | None = None) -> list[list[Cell]]:
    def is_meant(line: list[Cell]) -> bool:
        return (line[PLAN].value, line[NAME].value, line[START].value) == (plan, name, start)

    assert sum(is_meant(line) for line in sheet) == 1
    return [[*line[:column], cell, *line[column + 1 :]] if is_meant(line) else line for line in sheet]


def every_style() -> list[list[Cell]]:
    return sheet_of(parameter_rows(source_of(EVERY_STYLE))[1])


def faults_of(sheet: list[list[Cell]]) -> list[str]:
    with pytest.raises(SheetError) as raised:
        taken(EVERY_STYLE, sheet)
    return [str(each) for each in raised.value.faults]


def test_the_book_of_every_style_passes_its_checks() -> None:
    assert read_book("book", source_of(EVERY_STYLE), "")[1].problems.found == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_sheet_that_was_not_edited_changes_nothing(path: Path) -> None:
    source = read_source(path)
    language, rows = parameter_rows(source)
    changes = read_sheet(language, rows, lines_of(sheet_of(rows, language)))
    assert changes == ()
    assert with_parameters(source, changes, "值") == source.text


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_one_edited_cell_changes_exactly_its_parameter(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([EVERY_STYLE, *(path.read_text() for path in BOOKS[:3])]))
    text = text.replace("\n", "\r\n") if data.draw(st.booleans()) else text
    language, rows = parameter_rows(source_of(text))
    row = data.draw(st.sampled_from([each for each in rows if not each.inherited_from]))
    value = data.draw(NEW_VALUES[row.unit])
    sheet = with_cell(sheet_of(rows, language), row.name, VALUE, Cell(value), row.plan, row.start)
    after = with_parameters(source_of(text), read_sheet(language, rows, lines_of(sheet)), "值")
    expected = [
        replace(each, value=value) if each.key == row.key or (each.inherited_from, *each.key[1:]) == row.key else each for each in rows
    ]
    found = parameter_rows(source_of(after))[1]
    assert [(each.key, each.unit, plain(each.value), each.inherited_from) for each in found] == [
        (each.key, each.unit, plain(each.value), each.inherited_from) for each in expected
    ]
    assert read_book("book", source_of(after), "")[1].problems.found == []
    assert [line.partition("#")[2] for line in after.splitlines() if "# " in line and "- " not in line] == [
        line.partition("#")[2] for line in text.splitlines() if "# " in line and "- " not in line
    ] or row.unit == "文本"
    if not row.value.startswith("[") and not value.startswith("["):
        changed = [(old, new) for old, new in zip(text.splitlines(), after.splitlines(), strict=True) if old != new]
        assert len(changed) == (row.value != value)


def plain(value: str) -> str:
    """A list of one code may stand with brackets or without."""
    return value.strip("[]") if "," not in value else value


@pytest.mark.parametrize(
    ("name", "start", "value", "old", "new"),
    [
        ("额度", None, "1.2万元", "额度: 100元            # the limit", "额度: 1.2万元            # the limit"),
        ("比例", None, "70%", "'60%'        # in quotes", "'70%'        # in quotes"),
        ("日额", None, "120元/天", '"100元/天"', '"120元/天"'),
        ("说明", None, '"it\'s"', "'\"直赔\"'", "'\"it''s\"'"),
        ("年免赔额", date(2026, 1, 1), "0元", '"8千元"}   # a flow', '"0元"}   # a flow'),
        ("等待期", date(2024, 1, 1), "15天", "2024-01-01: 30天     # until", "2024-01-01: 15天     # until"),
        ("除外", None, "[C00-C97, F00-F99]", "I21,   # comments between", "   # comments between"),
        ("除外", None, "[C00-C97, I21, F00-F99, Z41.1]", "'F00-F99']", "'F00-F99', Z41.1]"),
        ("除外", None, "C01-C97, I21, F00-F99", "[C00-C97, I21,", "[C01-C97, I21,"),
        ("重疾", None, "[C00-C97, I60-I64]", '        - "I21"\n', ""),
        ("重疾", None, "[C00-C97, I21, I60-I64, N18.6]", "        - I60-I64\n", "        - I60-I64\n        - N18.6\n"),
        ("重疾", None, "[B20, C00-C97, I21, I60-I64]", "        - C00-C97", "        - B20\n        - C00-C97"),
        ("单项", None, "[I21, I22]", "单项: I21\n", "单项: [I21, I22]\n"),
    ],
)
def test_a_value_is_replaced_where_it_stands(name: str, start: date | None, value: str, old: str, new: str) -> None:
    assert EVERY_STYLE.count(old) == 1
    after = taken(EVERY_STYLE, with_cell(every_style(), name, VALUE, Cell(value), start=start))
    assert after.replace(" \n", "\n") == EVERY_STYLE.replace(old, new).replace(" \n", "\n")


def test_what_is_inherited_follows_its_owner() -> None:
    after = taken(EVERY_STYLE, with_cell(every_style(), "起算", VALUE, Cell("2025-01-01")))
    values = {(row.plan, row.name): row.value for row in parameter_rows(source_of(after))[1]}
    assert values["丙", "起算"] == values["丁", "起算"] == "2025-01-01"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(date(2025, 6, 1)), "2025-06-01"),
        (Cell(datetime(2025, 6, 1)), "2025-06-01"),  # noqa: DTZ001 – as a sheet gives a day
        (Cell("2025/6/1"), "2025-06-01"),
    ],
)
def test_a_date_may_be_one_of_the_sheet_or_year_first(cell: Cell, value: str) -> None:
    assert f"起算: {value}\n" in taken(EVERY_STYLE, with_cell(every_style(), "起算", VALUE, cell))


@pytest.mark.parametrize(
    ("name", "cell", "written"),
    [
        ("次数", Cell(5), "次数: 5\n"),
        ("次数", Cell(5.0), "次数: 5\n"),
        ("次数", Cell(0.3), "次数: 0.3\n"),
        ("比例", Cell(0.65, is_percent=True), "'65%'"),
        ("比例", Cell(0.07, is_percent=True), "'7%'"),
        ("有效", Cell(False), "有效: 否\n"),
    ],
)
def test_a_number_of_the_sheet_is_taken_exactly(name: str, cell: Cell, written: str) -> None:
    assert written in taken(EVERY_STYLE, with_cell(every_style(), name, VALUE, cell))


@pytest.mark.parametrize(
    ("name", "column", "cell", "told"),
    [
        ("额度", VALUE, Cell("30天"), "row 2, 值  30天  this is 天, but 额度 is 元  |  write it with its unit, such as 1万元"),
        ("额度", VALUE, Cell(10000), "row 2, 值  10000  this is 数, but 额度 is 元  |  write it with its unit, such as 1万元"),
        ("额度", VALUE, Cell("壹万元"), "row 2, 值  壹万元  nothing is called 壹万元  |  declare the name first"),
        ("额度", VALUE, Cell("-5元"), "row 2, 值  -5元  额度 is negative  |  write a value of zero or more"),
        ("额度", VALUE, Cell(None), "row 2, 值    the cell is empty  |  write a value of 额度: it was 100元"),
        (
            "次数", VALUE, Cell(0.1 + 0.2),
            "row 5, 值  0.30000000000000004  0.30000000000000004 has more than 15 digits: it was calculated"
            "  |  write the exact value as text, such as 0.3",
        ),
        ("比例", VALUE, Cell(0.7), "row 3, 值  0.7  比例 is written in %  |  write the % with the number: 60%"),
        (
            "次数", VALUE, Cell("=2+3", is_formula=True),
            "row 5, 值  =2+3  a formula is no value  |  write the value itself (copy the cell, then paste as values)",
        ),
        ("次数", VALUE, Cell("#REF!", is_error=True), "row 5, 值  #REF!  the spreadsheet shows an error here  |  write the value itself"),
        ("起算", VALUE, Cell("1/6/2025"), "row 7, 值  1/6/2025  this is no date  |  write it as 2024-01-01"),
        ("起算", VALUE, Cell("2025-02-30"), "row 7, 值  2025-02-30  this is no date  |  write it as 2024-01-01"),
        ("起算", VALUE, Cell(45_000), "row 7, 值  45000  this is no date  |  write it as 2024-01-01"),
        ("除外", VALUE, Cell("[]"), "row 14, 值  []  a list without a code  |  write at least one code: [C00-C97, I21]"),
        ("除外", VALUE, Cell("[癌症]"), "row 14, 值  [癌症]  nothing is called 癌症  |  declare the name first"),
        ("额度", PLAN, Cell("丙丙"), "row 2, 方案  丙丙  there is no such plan in the book  |  did you mean 丙?"),
        ("额度", NAME, Cell("额渡"), "row 2, 参数  额渡  丙 has no such parameter  |  did you mean 额度?"),
        (
            "额度", START, Cell("2024-01-01"),
            "row 2, 起始日  2024-01-01  丙 额度 has no value from this day  |  days are changed in the book; here it has an empty cell",
        ),
        ("额度", START, Cell("明年"), "row 2, 起始日  明年  this is no date  |  write it as 2024-01-01"),
        (
            "额度", UNIT, Cell("天"),
            "row 2, 单位  天  the unit of 额度 is 元  |  leave this column as it was; units are changed in the book",
        ),
        ("额度", BASED_ON, Cell("丁"), "row 2, 基于  丁  the book has nothing here  |  leave this column as it was"),
        (
            "额度", EXPORTED, Cell("99元"),
            "row 2, 导出时的值  99元  the book has changed since the sheet was written: 额度 is 100元 by now"
            "  |  write a new sheet, and make your changes there",
        ),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_by_row_value_and_way_out(name: str, column: int, cell: Cell, told: str) -> None:
    assert faults_of(with_cell(every_style(), name, column, cell)) == [told]


def test_every_wrong_cell_is_told_and_a_right_one_beside_it_is_not_taken() -> None:
    sheet = with_cell(every_style(), "额度", VALUE, Cell("30天"))
    sheet = with_cell(with_cell(sheet, "次数", VALUE, Cell("5元")), "有效", VALUE, Cell("否"))
    assert [fault.partition("  ")[0] for fault in faults_of(sheet)] == ["row 2, 值", "row 5, 值"]


def test_an_inherited_value_is_changed_where_it_is_written() -> None:
    (told,) = faults_of(with_cell(every_style(), "起算", VALUE, Cell("2025-01-01"), plan="丁"))
    assert told.endswith("is inherited from 丙  |  change it in the row of 丙, or write 起算 into 丁 in the book first")


def test_a_row_that_was_deleted_is_missed() -> None:
    sheet = every_style()
    (told,) = faults_of([*sheet[:3], *sheet[4:]])
    assert told.startswith("the sheet  丙 日额  has no row: a parameter is not removed by deleting its row  |  put the row back")


def test_a_row_that_stands_twice_is_told() -> None:
    sheet = every_style()
    assert faults_of([*sheet, sheet[1]]) == [f"row {len(sheet) + 1}, 参数  额度  stands twice, first in row 2  |  keep one of the two rows"]


def test_a_column_that_was_removed_is_told() -> None:
    (told,) = faults_of([line[:UNIT] + line[VALUE:] for line in every_style()])
    assert "the first row has no 单位" in told


def test_rows_and_columns_may_stand_in_another_order() -> None:
    sheet = [list(reversed(line)) for line in (every_style()[0], *reversed(every_style()[1:]))]
    assert taken(EVERY_STYLE, sheet) == EVERY_STYLE
