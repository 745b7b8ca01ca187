"""What a code on the paper says is held against the print; nothing is fetched, no meaning is guessed."""

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageOps

from domain.document import Field
from domain.finding import Severity
from ocr.codes import read_codes
from ocr.confirm import confirm_by_codes, contradictions_of
from ocr.extract.wanted import Extraction
from ocr.picture import decode_picture
from sandbox.electronic.marks import code_text, draw_code
from sandbox.photograph import Level, photograph
from sandbox.render import facts_of, render
from tests.ocr.conftest import invoice

TRUTH = code_text(invoice())
PRINTED = Extraction(tuple(Field(name, value, 0.9) for name, value in facts_of(invoice()).items()))


def told(code: str, has_tax: bool = False) -> list[str]:
    return [each.about for each in contradictions_of(PRINTED, [code], has_tax=has_tax)]


def test_a_code_that_agrees_proves_the_numbers_and_tells_nothing():
    assert told(TRUTH) == []
    assert all(confirm_by_codes(PRINTED, [TRUTH]).field(name).proven for name in ("invoice_code", "invoice_number", "check_code"))


@pytest.mark.parametrize(
    ("true", "other", "about"),
    [
        ("0012345678", "0012345679", "invoice_number"),
        ("99060123", "99060124", "invoice_code"),
        ("a1b2c3", "a1b2c4", "check_code"),
        ("7743.62", "7743.63", "total_fen"),
        ("20240311", "20240312", "issue_date"),
    ],
)
def test_one_character_off_is_told_with_both_values(true, other, about):
    findings = contradictions_of(PRINTED, [TRUTH.replace(true, other)], has_tax=False)
    assert [(each.code, each.severity, each.about) for each in findings] == [("document.code_contradicts_print", Severity.DOUBT, about)]
    assert "版面" in findings[0].message and "二维码" in findings[0].message


def test_a_code_that_speaks_of_something_else_tells_nothing():
    assert told("https://pay.example.invalid/9906012499/20240312?sum=12.50") == []


def test_the_amount_in_the_code_of_a_tax_invoice_may_be_without_tax():
    assert told(TRUTH.replace("7743.62", "7305.30"), has_tax=True) == []


@pytest.mark.parametrize("level", [Level.SCAN, Level.GOOD, Level.MIDDLING])
def test_a_code_on_a_photograph_is_read(level):
    page = render(invoice())
    page.paste(draw_code(TRUTH, 170), (1380, 20))
    assert read_codes(decode_picture(photograph(page, level, 3), 50_000_000)) == (TRUTH,)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", ["QRCode", "Code128", "PDF417", "DataMatrix"])
def test_codes_of_every_kind_are_read_however_the_page_lies(kind, turn):
    code = Image.fromarray(zxingcpp.create_barcode("0012345678", getattr(zxingcpp.BarcodeFormat, kind)).to_image())
    page = render(invoice())
    tall = 40 if kind == "Code128" else 4
    page.paste(ImageOps.expand(code.resize((code.width * 4, code.height * tall), Image.Resampling.NEAREST), 20, 255), (620, 780))
    turned = np.ascontiguousarray(np.asarray(page.rotate(turn, expand=True))[:, :, ::-1])
    assert read_codes(turned) == ("0012345678",)
