"""`--set` takes lists too, as JSON or YAML text or from a file, and points into them where something is wrong."""

from pathlib import Path

import pytest

from commands.element_options import read_elements
from domain.errors import InputError
from rules.element_texts import parse_list
from rules.loader import load_book
from rules.source import Source

LINES = load_book(Path("rules/book/zhenxuan-lines.yaml"))
BED = {"项目": "床位", "费用类别": "床位费", "目录等级": "甲类", "金额": 350_000}
DRUG = {"项目": "头孢", "费用类别": "药品费", "金额": 10_005, "天数": 2}
AS_JSON = """[{"项目": "床位", "费用类别": "床位费", "目录等级": "甲类", "金额": "3500元", "天数": null},
 {"项目": "头孢", "费用类别": "药品费", "金额": "100.05元", "天数": "2天"}]"""
AS_YAML = (
    "[{项目: 床位, 费用类别: 床位费, 目录等级: 甲类, 金额: 3500元, 天数: 缺}, {项目: 头孢, 费用类别: 药品费, 金额: 100.05元, 天数: 2天}]"
)
AS_CSV = "项目,费用类别,目录等级,金额,天数\n床位,床位费,甲类,3500元,\n头孢,药品费,,100.05元,2天\n,,,,\n"


def read(text: str) -> object:
    return read_elements(LINES, [f"费用明细={text}"])["费用明细"]


def told(text: str) -> str:
    with pytest.raises(InputError) as raised:
        read(text)
    assert raised.value.field == "费用明细"
    return str(raised.value)


@pytest.mark.parametrize("text", [AS_JSON, AS_YAML])
def test_lines_are_written_as_json_or_yaml(text: str) -> None:
    assert read(text) == [BED, DRUG]


@pytest.mark.parametrize(("name", "content"), [("lines.json", AS_JSON), ("lines.yaml", AS_YAML), ("lines.csv", AS_CSV)])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_come_from_a_file(tmp_path: Path, name: str, content: str, mark: str) -> None:
    (tmp_path / name).write_text(mark + content)
    assert read(f"@{tmp_path / name}") == [BED, DRUG]


def test_an_empty_list_is_known_to_be_empty() -> None:
    assert read("[]") == []


def test_a_list_may_be_missing_like_anything_else() -> None:
    assert read("缺") is None


def test_what_is_no_list_is_read_as_ever() -> None:
    assert read_elements(LINES, ["保单生效日 = 2024-03-01"])["保单生效日"].isoformat() == "2024-03-01"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[{金额: 3500}]", "--set 费用明细:1:7  元 is needed here, but this is 数"),
        ("[{金额: 3500元}, {目录等级: 丁类}]", "--set 费用明细:1:22  there is no value 丁类  |  did you mean 甲类?"),
        ("[{金格: 3500元}]", "--set 费用明细:1:3  there is no field 金格  |  did you mean 金额?"),
        ("[3500元]", "--set 费用明细:1:2  费用明细 must be a mapping"),
        ("{金额: 3500元}", "--set 费用明细:1:1  费用明细 must be a list"),
        ("[{金额: 3500元}", "broken YAML"),
        ("[{金额: 1元, 金额: 2元}]", "金额 stands twice"),
        ("[{金额: 3500元}]]", "broken YAML"),
        ("@nowhere.json", "nowhere.json:1:1  the file cannot be read: No such file"),
        ("@lines.xlsx", "lines.xlsx is no list of 费用明细 | name a file that ends in .json, .yaml, .yml, .csv"),
    ],
)
def test_a_wrong_list_is_told_with_its_place_and_the_way_out(text: str, what: str) -> None:
    assert what in told(text)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("项目,金格\n床位,3500元\n", "lines.csv:1:1  there is no field '金格'  |  did you mean 金额?"),
        ("项目,项目\n床位,床位\n", "lines.csv:1:1  项目 stands twice among the titles"),
        ("项目,金额\n床位,3500元\n头孢,3500\n", "lines.csv:3:1  元 is needed here, but this is 数"),
        ("项目,金额\n床位,3,500元\n", "lines.csv:2:1  this row has 3 cells under 2 titles  |  put a cell with a comma in double quotes"),
        ('项目,金额\n"床位,3500元\n', "this is no CSV table"),
        ("", "there is no field ''"),
    ],
)
def test_a_wrong_table_is_told_by_its_row(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(content)
    assert what in told(f"@{path}")


def test_a_single_value_is_not_read_from_a_file() -> None:
    with pytest.raises(InputError, match="出险原因 is no list"):
        read_elements(LINES, ["出险原因=@lines.csv"])


def test_an_element_is_set_once() -> None:
    with pytest.raises(InputError, match="--set 费用明细 stands twice"):
        read_elements(LINES, ["费用明细=[]", "费用明细=[]"])


def test_a_list_of_single_values_is_written_in_brackets_or_as_one_column(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(
        "要素:\n  金额们: {类型: 列表, 项: {类型: 金额}}\n"
        "规则: {}\n责任:\n  乙: {理算: [{起: 合计(金额们)}]}\n方案:\n  丙: {责任: [乙], 参数: {}}\n"
    )
    book = load_book(path)
    element = book.elements["金额们"]
    assert parse_list(book, element, Source.of("x", "[1元, 2.5元]")) == [100, 250]
    assert parse_list(book, element, Source.of("x", "金额们\n1元\n2.5元\n"), is_csv=True) == [100, 250]
