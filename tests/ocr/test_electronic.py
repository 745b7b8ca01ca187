"""A PDF with a text layer is parsed: exact, in milliseconds, and without any engine."""

import time
from datetime import date
from pathlib import Path

import pytest

from domain.document import DocumentClass
from ocr.reading import read_document
from ocr.settings import OcrSettings
from sandbox.font import load_font
from tests.ocr.pdf_text import pdf_with_text

INVOICE = (
    (200, 60, "示例省医疗门诊收费票据（电子）"),
    (50, 100, "票据代码：99060123"),
    (350, 100, "票据号码：0012345678"),
    (50, 125, "交款人：张示例"),
    (350, 125, "开票日期：2024-03-11"),
    (60, 160, "项目名称"),
    (300, 160, "类别"),
    (450, 160, "金额（元）"),
    (60, 185, "西药费"),
    (300, 185, "甲"),
    (450, 185, "3543.62"),
    (60, 210, "检查费"),
    (300, 210, "乙"),
    (450, 210, "4200.00"),
    (50, 240, "金额合计（大写）：柒仟柒佰肆拾叁元陆角贰分"),
    (350, 240, "金额合计（小写）：¥7743.62"),
    (50, 270, "收款单位：示例市第一人民医院"),
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_with_text(INVOICE, Path(str(load_font(20).path)).read_bytes())


def test_its_fields_are_exact_and_its_total_is_proven(pdf):
    document = read_document(pdf, OcrSettings())
    assert (document.document_class, document.reader, document.findings) == (DocumentClass.MEDICAL_INVOICE, "pdf-text", ())
    assert (document.field("total_fen").value, document.field("total_fen").proven) == (774362, True)
    assert document.field("issue_date").value == date(2024, 3, 11)
    assert document.field("hospital_name").value == "示例市第一人民医院"
    assert [(line.name, line.amount_fen, line.list_class) for line in document.lines] == [
        ("西药费", 354362, "甲"),
        ("检查费", 420000, "乙"),
    ]


def test_no_engine_is_loaded_for_it(pdf):
    read_document(pdf, OcrSettings())
    start = time.process_time()
    read_document(pdf, OcrSettings())
    assert time.process_time() - start < 0.2
