"""A file that a command cannot write ends in one sentence with the way out, never in a traceback; before the work where that is long."""

import sys
from pathlib import Path

import pytest

from app import main
from commands.options import HOME, warnings
from tests.commands.test_rule_batch import HEAD, PAID
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import pdf_of

BOOK = str(HOME / "rules/book/anxin-inpatient.yaml")


def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[object, str]:
    monkeypatch.setattr(sys, "argv", ["app.py", *map(str, words)])
    monkeypatch.setattr(warnings, "width", 500)  # no message is folded
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "parameters", BOOK, "--to"),
        ("rules", "simulate", BOOK, "--html"),
        ("rules", "batch", BOOK, "标准版", "--claims", "c", "--to"),
    ],
    ids=["parameters", "simulate", "batch"],
)
def test_a_missing_folder_is_named_with_the_way_out(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("c").write_text(f"{HEAD}\n甲,{PAID}\n", encoding="utf-8")
    folder = tmp_path / "nowhere"
    code, told = ran(monkeypatch, capsys, *words, folder / "written.csv")
    assert code == 2 and "Traceback" not in told
    assert (
        told
        == f"input.invalid: {folder} is not there, so no file can be opened in it | make the folder (mkdir -p {folder}), or name another\n"
    )


def test_a_folder_in_place_of_the_file_is_told(tmp_path, monkeypatch, capsys):
    code, told = ran(monkeypatch, capsys, "rules", "simulate", BOOK, "--html", tmp_path)
    assert (code, told) == (2, f"input.invalid: {tmp_path} is a folder | name a file in it\n")


def test_boxes_that_cannot_be_written_leave_the_reading_and_the_next_file(tmp_path, monkeypatch, capsys):
    long, short = tmp_path / f"{'a' * 245}.pdf", tmp_path / "b.pdf"  # the name of the picture would be longer than a name may be
    for each in (long, short):
        each.write_bytes(pdf_of(invoice()))
    monkeypatch.setattr(sys, "argv", ["app.py", "ocr", "read", "--json", "--show", str(long), str(short)])
    monkeypatch.setattr(warnings, "width", 500)
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert ended.value.code == 1 and len(told.out.splitlines()) == 2
    assert "cannot be opened: File name too long | check its name" in told.err
    assert [each.name for each in tmp_path.glob("*.png")] == ["b.pdf.boxes-1.png"]
