"""`rules check` looks at books of clauses and of routing, one or a folder full, and on request at what their tests are worth."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.language import language, speak
from commands.line import command_line

GOOD = Path("rules/book/zhifu-direct.yaml")
ROUTING = Path("rules/book/routing.yaml")


def check(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(command_line(), ["rules", "check", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(GOOD.read_text())
    (tmp_path / "b.yaml").write_text(GOOD.read_text().replace("金额", "金格", 1))
    (tmp_path / "c.yml").write_text("- nothing\n")
    (tmp_path / "routing.yaml").write_text(ROUTING.read_text().replace("when: 有待补", "when: 有带补"))
    (tmp_path / "notes.txt").write_text("no book")
    return tmp_path


def test_a_folder_is_checked_file_by_file_and_every_error_of_every_file_is_told(folder: Path) -> None:
    code, told = check(folder)
    assert code == 1
    assert f"{folder / 'a.yaml'}  ok\n" in told
    assert f"{folder / 'b.yaml'}:" in told
    assert f"{folder / 'c.yml'}:1:1  the book must be a mapping" in told
    assert "there is no fact 有带补  |  did you mean 有待补?" in told
    assert "notes.txt" not in told


def test_a_folder_of_good_books_passes(folder: Path) -> None:
    for name in ("b.yaml", "c.yml", "routing.yaml"):
        (folder / name).unlink()
    assert check(folder) == (0, f"{folder / 'a.yaml'}  ok\n")


def test_an_empty_folder_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="holds no rule book"):
        check(tmp_path)


def test_the_shipped_routing_book_passes_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "triage.yaml").write_text(ROUTING.read_text())
    assert check(ROUTING, tmp_path / "triage.yaml") == (0, f"{ROUTING}  ok\n{tmp_path / 'triage.yaml'}  ok\n")


def test_every_error_of_a_routing_book_is_told_with_place_caret_and_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "routing.yaml"
    path.write_text(
        """facts:
  has_unknown: {type: bool, meaning: 待补}
  band: {type: enum, meaning: 档位}
flags:
  - code: a.one
    message: 有 {has_unknwon}
    severity: note
    when: has_unknown
  - code: a.two
    message: 高
    severity: note
    when: band == high
  - code: a.three
    mesage: 链
    severity: note
    when: {flag: a.one}
  - code: a.four
    message: 链
    severity: note
    when: [{flag: a.fuor}, {flag: a.one}]
"""
    )
    code, told = check(path)
    assert code == 1
    assert [line for line in told.splitlines() if line.startswith(str(path))] == [
        f"{path}:3:16  the fact band has an unknown type enum  |  known are bool, int, str",
        f"{path}:6:14  the message quotes {{has_unknwon}}, which is no fact  |  did you mean has_unknown?",
        f"{path}:14:5  a flag has an unknown key mesage  |  did you mean message?",
        f"{path}:20:19  a.four looks at a flag a.fuor that does not exist  |  did you mean a.four?",
    ]
    assert "    when: [{flag: a.fuor}, {flag: a.one}]\n                      ^" in told.replace("        when", "    when")


def test_a_flag_beyond_the_bounds_of_the_engine_is_told_where_it_stands(tmp_path: Path) -> None:
    any_of = ", ".join(f"{{any: [days == {index}, days == {index + 100}]}}" for index in range(30))
    flag = "  - code: a.{0}\n    message: 多\n    severity: note\n    when: {{all: [{1}]}}\n"
    (tmp_path / "routing.yaml").write_text(
        "facts:\n  days: {type: int, meaning: 天}\nflags:\n" + flag.format("one", any_of) + flag.format("two", any_of)
    )
    _, told = check(tmp_path)
    assert [line.partition("  ")[0].rpartition("yaml:")[2] for line in told.splitlines() if "64 alternatives" in line] == ["4:5", "8:5"]
    assert told.count("^") == 2


def test_coverage_passes_where_the_tests_are_enough() -> None:
    code, told = check("--coverage", GOOD)
    assert code == 0
    assert told.startswith(f"{GOOD}  ok  18 of 18 tests pass  ")
    assert " places reached  " in told


def test_coverage_names_what_no_test_reaches_or_notices_with_the_test_to_add(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    text = GOOD.read_text()
    start = text.index("      - 名: 半分向上进")
    path.write_text(text[:start])
    code, told = check("--coverage", path)
    assert code == 1
    assert "no test notices" in told
    assert "  |  add to plan" in told
    assert "        改: {医院等级: 未定级}\n        得: {住院直付医疗: 拒赔 医院合格}\n" in told
    assert f"{path}  tests are missing or fail  " in told


def test_coverage_tells_a_test_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(GOOD.read_text().replace("{住院直付医疗: 6695.24}", "{住院直付医疗: 6695.25}"))
    code, told = check("--coverage", path)
    assert code == 1
    assert "直付版/出院直付: expected 住院直付医疗: 6695.25, got 住院直付医疗: 6695.24" in told
    assert "17 of 18 tests pass" in told


def test_as_json_coverage_stands_beside_the_diagnostics(folder: Path) -> None:
    code, told = check("--coverage", "--json", folder / "a.yaml", folder / "b.yaml")
    answer = json.loads(told)
    assert code == 1
    assert answer["files"] == [str(folder / "a.yaml"), str(folder / "b.yaml")]
    assert {each["file"] for each in answer["diagnostics"]} == {str(folder / "b.yaml")}
    assert list(answer["tests"]) == [str(folder / "a.yaml")]
    assert answer["tests"][str(folder / "a.yaml")]["coverage"]["missing"] == []


def in_chinese(*arguments: str | Path) -> str:
    told = CliRunner().invoke(command_line(), ["rules", *map(str, arguments), "--language", "zh"]).stdout
    speak("")
    return told


def test_a_folder_is_checked_in_chinese_where_that_is_asked_for(folder: Path) -> None:
    told = in_chinese("check", folder)
    assert f"{folder / 'a.yaml'}  通过\n" in told
    assert f"{folder / 'c.yml'}:1:1  条款书须写成“名称: 值”的形式  |  请逐行写 名称: 值" in told
    assert "没有事实“有带补”  |  是不是“有待补”？" in told


def test_what_tests_are_worth_is_told_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.read_text().replace("得: {住院直付医疗: 6695.24}", "得: {住院直付医疗: 1.00}"))
    assert "：应得 住院直付医疗: 1.00，实得 住院直付医疗: 6695.24\n" in in_chinese("test", path)
    assert in_chinese("cover", GOOD).endswith(" 处有测试走到\n")


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_without_a_wish_a_command_speaks_the_terminals_language(environment: dict[str, str], spoken: str) -> None:
    assert language(environment) == spoken


def test_json_is_english_in_every_terminal_unless_a_language_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert '"what": "the book must be a mapping"' in check(folder / "c.yml", "--json")[1]
    assert '"what": "条款书须写成“名称: 值”的形式"' in in_chinese("check", folder / "c.yml", "--json")


def test_what_a_command_refuses_is_told_in_the_language_of_the_terminal(folder: Path) -> None:
    def refused(terminal: str) -> str:
        command = [sys.executable, "app.py", "rules", "adjudicate", str(folder / "c.yml"), "标准版"]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": terminal, "COLUMNS": "400"}
        ).stderr

    assert "does not pass its checks (1):" in refused("C.UTF-8")
    assert "未通过检查（1 处）：" in refused("zh_CN.UTF-8")
