"""`ocr read`: one JSON object a line for each file, and a sentence for the customer where a file cannot be read."""

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from commands.documents import commands
from domain.errors import InputError, SetupError
from sandbox.damage import Damage
from sandbox.photograph import Level, photograph
from sandbox.render import facts_of, render
from tests.ocr.conftest import invoice, needs
from tests.ocr.electronic_files import ofd_of, pdf_of, read


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, content in (("a.pdf", pdf_of(invoice())), ("b.ofd", ofd_of(invoice())), ("c.jpg", b"PK\x03\x04" + bytes(99))):
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / name) for name in ("a.pdf", "b.ofd", "c.jpg", "missing.png")]


def test_json_is_one_object_a_line_with_the_documented_names(files):
    answer = CliRunner().invoke(commands, ["--json", *files])
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.exit_code == 1 and [each["file"] for each in told] == files
    pdf, ofd = told[:2]
    assert {"class", "class_confidence", "quality", "fields", "lines", "findings"} <= set(pdf)
    assert (pdf["class"], pdf["reader"], ofd["reader"]) == ("medical_invoice", "pdf-text", "ofd-text")
    assert set(pdf["fields"]) == set(facts_of(invoice()))
    total = pdf["fields"]["total_fen"]
    assert (total["value"], total["confidence"], total["page"], len(total["box"])) == (774362, 1.0, 1, 4)
    assert pdf["fields"]["issue_date"]["value"] == "2024-03-11"


def test_a_file_that_cannot_be_read_says_so_in_its_place(files):
    answer = CliRunner().invoke(commands, ["--json", *files[2:]])
    zipped, missing = (json.loads(line)["error"] for line in answer.stdout.splitlines())
    assert (zipped["code"], zipped["advice"]) == ("input.unreadable_file", "这是压缩包，请解压后逐个上传其中的文件")
    assert missing["code"] == "file" and "missing.png" in missing["what"]


def test_for_people_the_advice_stands_behind_the_error(files):
    answer = CliRunner().invoke(commands, files[:3])
    assert "medical_invoice" in answer.stdout and "7,743.62" in answer.stdout and "请解压后" in answer.stdout


def test_show_writes_every_page_with_its_boxes_beside_the_file(files):
    folder = Path(files[0]).parent
    answer = CliRunner().invoke(commands, ["--show", *files[:2]])
    assert answer.exit_code == 0
    assert [path.name for path in folder.glob("*.png")] == ["a.pdf.boxes-1.png"]
    drawn = Image.open(folder / "a.pdf.boxes-1.png").convert("RGB")
    box = next(each.box for each in read(pdf_of(invoice())).fields if each.name == "total_fen")
    assert drawn.size == (1600, 1060) and drawn.getpixel((box.right, (box.top + box.bottom) // 2)) == (40, 160, 60)


def test_people_see_where_every_field_stands_how_sure_it_is_and_what_was_charged(files):
    answer = CliRunner().invoke(commands, files[:1])
    total = next(each for each in read(pdf_of(invoice())).fields if each.name == "total_fen")
    line = next(each for each in answer.stdout.splitlines() if "total_fen" in each)
    sides = total.box
    assert line.split() == ["total_fen", "7,743.62", "1.00", "proven", "1:", f"{sides.left},{sides.top}–{sides.right},{sides.bottom}"]
    assert all(each.name in answer.stdout for each in read(pdf_of(invoice())).lines)


def test_the_bounds_of_the_quality_gate_in_the_config_count_and_are_shown(tmp_path):
    picture, config = tmp_path / "a.jpg", tmp_path / "config.yaml"
    picture.write_bytes(photograph(render(invoice()), Level.GOOD, 8, {Damage.NOISE: 0.8}))
    config.write_text("ocr:\n  quality: {reading_fails: 0.0, noise: 0.5}\n")
    answer = CliRunner().invoke(commands, ["--config", str(config), str(picture)])
    assert "RETAKE_ASKED" in answer.stdout and "画面噪点太多，请在光线充足处重拍" in answer.stdout
    assert next(line for line in answer.stdout.splitlines() if "quality: reading_fails" in line).endswith(" > 0.50")


def test_a_bound_that_the_quality_gate_does_not_know_is_refused_by_name(files, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("ocr:\n  quality: {blurr: 0.4}\n")
    answer = CliRunner().invoke(commands, ["--config", str(config), *files[:1]])
    assert isinstance(answer.exception, SetupError) and "ocr.quality.blurr" in str(answer.exception)


def test_an_engine_that_does_not_exist_is_named_with_those_that_do(files):
    answer = CliRunner().invoke(commands, ["--engine", "paddle", *files[:1]])
    assert isinstance(answer.exception, InputError) and "auto, rapidocr, tesseract" in str(answer.exception)


@needs("rapidocr")
def test_a_second_reader_that_is_not_installed_is_told_beside_the_answer(tmp_path, monkeypatch):
    picture = tmp_path / "a.jpg"
    picture.write_bytes(photograph(render(invoice()), Level.GOOD, 8))
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = CliRunner().invoke(commands, ["--json", str(picture)])
    assert (answer.exit_code, json.loads(answer.stdout)["reader"]) == (0, "rapidocr")
    assert "tesseract is not installed" in answer.stderr.replace("\n", " ") and "apt-get install" in answer.stderr
