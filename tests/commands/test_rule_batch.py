"""A plan over a sheet of claims: every row answered as if it were alone, and a bad row stops no other."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.language import speak
from commands.line import command_line
from rules.element_texts import parse_elements
from rules.engine import adjudicate
from rules.loader import load_book

BOOK = "rules/book/anxin-inpatient.yaml"
HEAD = "编号,保单生效日,出险日,确诊日,出险原因,连续续保,主诊断,医院等级,医院性质,参保身份,经医保结算,合理医疗费用,医保已付,住院天数"
PAID = "2024-03-01,2024-08-15,2024-08-15,疾病,否,K35.8,三级,公立,有医保,是,8万元,0元,7天"
ROWS = {
    "甲": PAID,
    "乙": PAID.replace("是,8万元", ",8万元"),
    "丙": PAID.replace("2024-08-15,2024-08-15", "2024-03-15,2024-03-15"),
    "=丁": PAID.replace("8万元", "12345.67元"),
    "戊": PAID.replace("8万元", "100000000.01元"),
}


def _run(tmp_path: Path, text: str, *options: str) -> tuple[int, str, list[dict[str, str]]]:
    claims, to = tmp_path / "claims.csv", tmp_path / "paid.csv"
    claims.write_text(text, encoding="utf-8-sig")
    words = ["rules", "batch", BOOK, "标准版", "--claims", str(claims), "--to", str(to), *options]
    result = CliRunner().invoke(command_line(words), words)
    rows = list(csv.DictReader(to.read_text(encoding="utf-8-sig").splitlines())) if to.exists() else []
    return result.exit_code, result.output + str(result.exception or ""), rows


def test_every_row_is_paid_what_the_claim_alone_is_paid(tmp_path: Path) -> None:
    text = "\n".join([HEAD, *(f"{name},{row}" for name, row in ROWS.items())])
    code, output, rows = _run(tmp_path, text)
    assert code == 0
    assert "5 claims" in output
    book = load_book(Path(BOOK))
    for row, (name, cells) in zip(rows, ROWS.items(), strict=True):
        texts = {element: cell for element, cell in zip(HEAD.split(",")[1:], cells.split(","), strict=True) if cell}
        assert row["claim"].removeprefix("'") == name
        for result in adjudicate(book, "标准版", parse_elements(book, texts), {}).results:
            low, _, high = row[f"{result.name} paid"].partition("～")
            assert row[f"{result.name} outcome"] == result.outcome.value
            if result.amount_fen is not None:
                assert round(float(low) * 100) == result.amount_fen
            else:
                assert (round(float(low) * 100), round(float(high) * 100)) == (result.low_fen, result.high_fen)
                assert row[f"{result.name} because"] == "经医保结算"


def test_a_row_that_cannot_be_read_says_why_and_the_others_are_paid(tmp_path: Path) -> None:
    text = "\n".join([HEAD, f"甲,{PAID}", f"乙,{PAID.replace('三级', '四级')}", f"丙,{PAID},太多", f"丁,{PAID}"])
    code, output, rows = _run(tmp_path, text)
    assert code == 1
    assert "2 refused" in output
    assert [row["住院医疗 paid"] for row in rows] == ["70000.00", "", "", "70000.00"]
    assert "医院等级 cannot be '四级'" in rows[1]["error"]
    assert "15 cells, the head 14" in rows[2]["error"]


def test_a_name_that_a_spreadsheet_would_run_is_defused(tmp_path: Path) -> None:
    _, _, rows = _run(tmp_path, f"{HEAD}\n=1+1,{PAID}")
    assert rows[0]["claim"] == "'=1+1"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("编号,保单生效曰", "has no element 保单生效曰"),
        ("出险日,出险日", "stands twice"),
        ("编号", "no column that is an element"),
        ("", "no column"),
    ],
)
def test_a_head_that_cannot_be_understood_is_refused_before_anything_is_written(tmp_path: Path, head: str, message: str) -> None:
    code, output, rows = _run(tmp_path, f"{head}\n")
    assert (code != 0, rows) == (True, [])
    assert message in output


def test_a_sheet_in_another_encoding_is_refused_with_the_way_out(tmp_path: Path) -> None:
    claims = tmp_path / "gbk.csv"
    claims.write_bytes(f"{HEAD}\n甲,{PAID}\n".encode("gb18030"))
    words = ["rules", "batch", BOOK, "标准版", "--claims", str(claims), "--to", str(tmp_path / "paid.csv")]
    result = CliRunner().invoke(command_line(words), words)
    assert "not UTF-8" in str(result.exception)


def test_why_a_row_was_refused_is_told_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    claims, answers = tmp_path / "claims.csv", tmp_path / "answers.csv"
    claims.write_text("编号,住院天数\nA,十二天\n")
    words = ["rules", "batch", BOOK, "标准版", "--claims", str(claims), "--to", str(answers), "--language", "zh"]
    told = CliRunner().invoke(command_line(), words)
    speak("")
    assert told.stdout.endswith(f"1 件；0 件逐件计算，1 件未能计算；已写入 {answers}\n")
    assert "“住院天数”不能是 '十二天'：没有叫“十二天”的要素、参数或规则" in answers.read_text()
