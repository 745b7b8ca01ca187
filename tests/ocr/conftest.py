"""A reader that loads its engines once for all tests of the room, and pages to read."""

from datetime import date

import pytest

from domain.document import InvoiceLine
from ocr.engines import find_engines
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.pages.medical_invoice import MedicalInvoice

LINES = (
    InvoiceLine("床位费", 120000, "甲"),
    InvoiceLine("西药费", 354362, "甲"),
    InvoiceLine("检查费", 200000, "乙"),
    InvoiceLine("卫生材料费", 100000, "丙"),
)


def needs(engine: str) -> pytest.MarkDecorator:
    answer = find_engines()[engine]
    return pytest.mark.skipif(answer != "ok", reason=answer)


def invoice(has_lost_decimal: bool = False) -> MedicalInvoice:
    """An invoice over 7743.62."""
    return MedicalInvoice(
        "99060123", "0012345678", "a1b2c3", "张示例", date(2024, 3, 11), "示例市第一人民医院", date(2024, 3, 2), date(2024, 3, 11),
        "城镇职工基本医疗保险", 669524, LINES, has_lost_decimal,
    )  # fmt: skip


@pytest.fixture(scope="session")
def reader() -> DocumentReader:
    """The reader as it is shipped: auto."""
    if find_engines()["rapidocr"] != "ok":
        pytest.skip(find_engines()["rapidocr"])
    return DocumentReader(OcrSettings())
