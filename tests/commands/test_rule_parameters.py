"""`rules parameters` writes .xlsx and .csv files that Excel and WPS edit, and takes them back whole or not at all."""

import csv
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from adjudicator.parameter_files import read_table, write_table
from domain.errors import InputError
from rules.parameter_cells import Cell

HOME = Path(__file__).parents[2]
SHIPPED = HOME / "rules/book/anxin-inpatient.yaml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "anxin.yaml"
    path.write_bytes(SHIPPED.read_bytes())
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    command = [sys.executable, "app.py", "rules", "parameters", *map(str, arguments)]
    wide = {**os.environ, "COLUMNS": "500"}  # no message is folded
    done = subprocess.run(command, cwd=HOME, env=wide, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def edit_xlsx(path: Path, plan: str, name: str, value: object) -> None:
    workbook = openpyxl.load_workbook(path)
    rows = [row for row in workbook.active.iter_rows() if (row[0].value, row[1].value) == (plan, name)]
    rows[-1][4].value = value
    workbook.save(path)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_that_was_not_edited_leaves_the_file_byte_for_byte(book: Path, tmp_path: Path, kind: str) -> None:
    sheet = tmp_path / f"params.{kind}"
    assert run(book, "--to", sheet) == (0, f"{sheet}  25 values of 2 plans\n")
    assert run(book, "--from", sheet) == (0, "0 values changed\n")
    assert book.read_bytes() == SHIPPED.read_bytes()


def test_a_changed_cell_is_told_from_old_to_new_with_the_tests_that_now_expect_other_amounts(book: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "params.xlsx"
    run(book, "--to", sheet)
    edit_xlsx(sheet, "标准版", "年免赔额", "9千元")
    code, told = run(book, "--from", sheet)
    first, failed, last = told.splitlines()
    assert first == f"{book}:83:43  标准版 年免赔额 2026-01-01: 8千元 → 9千元"
    assert "年免赔额：2026-01-01 起 8,000.00 → 8,001.00: expected 住院医疗: 42000.00, got 住院医疗: 41000.00" in failed
    assert last == "1 values changed; 1 tests expect other amounts: bring them along"
    assert code == 1
    assert book.read_text() == SHIPPED.read_text().replace("2026-01-01: 8千元}", "2026-01-01: 9千元}")


def test_a_book_with_a_mark_and_windows_line_ends_keeps_them(book: Path, tmp_path: Path) -> None:
    before = b"\xef\xbb\xbf" + SHIPPED.read_bytes().replace(b"\n", b"\r\n")
    book.write_bytes(before)
    run(book, "--to", tmp_path / "params.xlsx")
    edit_xlsx(tmp_path / "params.xlsx", "尊享版", "日津贴额", "250元/天")
    run(book, "--from", tmp_path / "params.xlsx")
    assert book.read_bytes() == before.replace("日津贴额: 300元/天".encode(), "日津贴额: 250元/天".encode())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("=1+1", "row 5, 值  =1+1  a formula is no value"),
        ("30天", "row 5, 值  30天  this is 天, but 年免赔额 is 元"),
        (date(2024, 1, 1), "row 5, 值  2024-01-01  this is 日期, but 年免赔额 is 元"),
    ],
)
def test_nothing_is_written_when_a_cell_is_wrong(book: Path, tmp_path: Path, value: object, told: str) -> None:
    sheet = tmp_path / "params.xlsx"
    run(book, "--to", sheet)
    edit_xlsx(sheet, "标准版", "年免赔额", value)
    edit_xlsx(sheet, "标准版", "等待期", "31天")
    code, answer = run(book, "--from", sheet)
    assert code == 2
    assert told in answer
    assert book.read_bytes() == SHIPPED.read_bytes()


def test_nothing_is_written_when_the_book_would_not_pass_its_checks(book: Path, tmp_path: Path) -> None:
    rounding = "      - 取整: 到分 四舍五入                    # 全程精确有理数，只在这里舍入\n"
    unrounded = SHIPPED.read_text().replace(rounding, "", 1).replace("60%", "100%")  # all whole, so far
    book.write_text(unrounded)
    sheet = tmp_path / "params.xlsx"
    assert run(book, "--to", sheet)[0] == 0
    edit_xlsx(sheet, "标准版", "未经医保比例", "60%")
    code, answer = run(book, "--from", sheet)
    assert code == 2
    assert "nothing was written" in answer
    assert "may end in fractions of 分" in answer
    assert book.read_text() == unrounded


def test_a_csv_that_excel_in_chinese_saved_is_read(book: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "params.csv"
    run(book, "--to", sheet)
    text = sheet.read_text("utf-8-sig").replace("2026-01-01,元,8千元,8千元", "2026/1/1,元,8千元,8千元")
    sheet.write_bytes(text.encode("gb18030"))
    assert run(book, "--from", sheet) == (0, "0 values changed\n")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "plain"])
def test_a_text_that_begins_like_a_formula_stays_text(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / f"table.{kind}"
    write_table(path, "t", [("a", "b", None, "c", "d", "e", ""), (text, "b", date(2024, 1, 1), "c", "d", "e", "")])
    (_, _), (number, cells) = read_table(path)
    assert (number, cells[0]) == (2, Cell(text))
    if kind == "csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert not list(csv.reader(stream))[1][0].startswith(("=", "+", "-", "@", "\t"))


def test_a_sheet_with_a_password_or_damage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "params.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an encrypted file is no zip")
    with pytest.raises(InputError, match=r"save it anew as \.xlsx, without a password"):
        read_table(path)


def test_a_sheet_that_unpacks_to_more_than_the_bound_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "params.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 65_000_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        read_table(path)


def test_a_sheet_with_a_cell_far_below_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "params.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.cell(1_000_000, 1).value = "x"
    workbook.save(path)
    with pytest.raises(InputError, match="has 1000000 rows"):
        read_table(path)


def test_a_file_that_is_there_already_is_not_overwritten(book: Path, tmp_path: Path) -> None:
    (tmp_path / "params.xlsx").write_text("edited")
    code, told = run(book, "--to", tmp_path / "params.xlsx")
    assert code == 2
    assert "is already there" in told
    assert (tmp_path / "params.xlsx").read_text() == "edited"


def test_one_direction_must_be_named(book: Path) -> None:
    code, told = run(book)
    assert code == 2
    assert "needs either --to or --from" in told
