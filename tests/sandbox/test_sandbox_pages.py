"""Rendered pages and photographs: watermarked, complete, and the same every time."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from bench.ocr.pages import pages_of
from domain.document import FIELD_LABELS_ZH, DocumentClass, InvoiceLine
from domain.errors import SetupError
from sandbox.font import find_font
from sandbox.numbers import ACCOUNT_PREFIX, REGION
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.photograph import Level, photograph
from sandbox.render import PAGE_CLASSES, PageSpec, facts_of, render
from sandbox.samples import write_specimens
from sandbox.sheet import Sheet
from sandbox.specimens import make_specimens

SPECIMENS = {page.document_class: page for page in make_specimens()}
NOT_ALWAYS_PRINTED = {
    "id_number", "operation", "medical_history", "history_since_date", "issuing_authority", "valid_until_date",
    "other_paid_fen", "account_paid_fen", "cash_paid_fen", "self_paid_fen", "self_funded_fen",
}  # fmt: skip
INVOICE = MedicalInvoice(
    "99010126",
    "9900000001",
    "000001",
    "李示安",
    date(2026, 8, 23),
    "示例市第一医院",
    date(2026, 8, 15),
    date(2026, 8, 23),
    "职工基本医疗保险",
    100_000,
    (InvoiceLine("床位费", 640_00, "甲"), InvoiceLine("手术费", 7_103_62, "乙")),
)


def test_every_class_but_other_can_be_printed() -> None:
    assert {page.document_class for page in PAGE_CLASSES} == set(SPECIMENS) == set(DocumentClass) - {DocumentClass.OTHER}


@pytest.mark.parametrize("page", SPECIMENS.values(), ids=list(SPECIMENS))
def test_a_page_knows_the_value_of_every_field_of_its_class(page: PageSpec) -> None:
    facts = facts_of(page)
    assert set(FIELD_LABELS_ZH[page.document_class]) - set(facts) <= NOT_ALWAYS_PRINTED
    assert all(facts.values())


@pytest.mark.parametrize("page", SPECIMENS.values(), ids=list(SPECIMENS))
def test_every_page_shows_the_watermark_in_all_its_quarters(page: PageSpec) -> None:
    printed = render(page)
    paper = max(printed.getcolors(1 << 24) or [])[1]  # the commonest colour
    assert isinstance(paper, tuple)
    blank = np.asarray(Sheet(printed.size, (paper[0], paper[1], paper[2])).image)
    marked = (blank != np.array(paper)).any(axis=2)
    kept = marked & (np.asarray(printed) == blank).all(axis=2)
    height, width = marked.shape
    for rows in (slice(0, height // 2), slice(height // 2, height)):
        for columns in (slice(0, width // 2), slice(width // 2, width)):
            assert kept[rows, columns].mean() > 0.02  # of the paper
            assert kept[rows, columns].sum() > 0.5 * marked[rows, columns].sum()  # of the mark


@pytest.mark.parametrize("pages", [make_specimens, lambda: pages_of(1), lambda: pages_of(2)], ids=["specimens", "bench 1", "bench 2"])
def test_numbers_of_persons_and_accounts_can_belong_to_nobody(pages: Callable[[], Iterable[PageSpec]]) -> None:
    facts = [facts_of(page) for page in pages()]
    assert {str(each["id_number"])[:6] for each in facts if "id_number" in each} == {REGION}
    assert {str(each["bank_account"])[:6] for each in facts if "bank_account" in each} == {ACCOUNT_PREFIX}


def test_totals_and_days_follow_from_lines_and_dates() -> None:
    assert (INVOICE.total_fen, INVOICE.personal_paid_fen, INVOICE.inpatient_days) == (774_362, 674_362, 8)


def test_a_lost_decimal_changes_the_figures_and_nothing_else() -> None:
    lost = MedicalInvoice(**vars(INVOICE) | {"has_lost_decimal": True})
    right, wrong = np.asarray(render(INVOICE)), np.asarray(render(lost))
    rows, columns = np.nonzero((right != wrong).any(axis=2))
    assert columns.min() > 1200  # right of the label 金额合计（小写）
    assert rows.max() - rows.min() < 30  # one line of text
    assert facts_of(lost) == facts_of(INVOICE)


@pytest.mark.parametrize("level", [Level.SCAN, Level.MIDDLING])
def test_the_same_seed_takes_the_same_picture_and_another_seed_another(level: Level) -> None:
    page = render(INVOICE)
    assert photograph(page, level, 7) == photograph(page, level, 7)
    assert photograph(page, level, 7) != photograph(page, level, 8)


def test_a_portrait_photograph_lies_down_and_its_exif_turns_it_up() -> None:
    content = photograph(render(SPECIMENS[DocumentClass.DISCHARGE_SUMMARY]), Level.GOOD, 1)
    stored = Image.open(BytesIO(content))
    assert (stored.format, stored.getexif()[0x0112]) == ("JPEG", 6)
    assert stored.width > stored.height
    shown = ImageOps.exif_transpose(stored)
    assert 2_000_000 < shown.width * shown.height < 4_000_000
    assert shown.height > shown.width


def test_only_the_bad_level_is_too_blurred_to_read() -> None:
    sharpness = {level: _sharpness(photograph(render(INVOICE), level, 3)) for level in Level}
    assert sharpness[Level.BAD] * 10 < min(sharpness[level] for level in (Level.SCAN, Level.GOOD, Level.MIDDLING))


def _sharpness(content: bytes) -> float:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    without_grain = cv2.medianBlur(picture, 5)
    return float(cv2.Laplacian(without_grain, cv2.CV_64F).var())


def test_a_machine_without_a_chinese_font_is_told_the_command() -> None:
    with pytest.raises(SetupError, match="apt-get install -y fonts-wqy-microhei"):
        find_font((Path("/nowhere/font.ttc"),))


def test_specimens_are_written_one_a_class_and_level(tmp_path: Path) -> None:
    written = write_specimens(tmp_path, (Level.SCAN,))
    assert {path.relative_to(tmp_path) for path in written} == {Path("scan", f"{name}.jpg") for name in SPECIMENS}
    assert all(path.stat().st_size < 1_500_000 for path in written)
    for path in written:
        told = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
        assert {name for name in told if not name.startswith("lines/")} == set(facts_of(SPECIMENS[DocumentClass(path.stem)]))
        assert all(fact["seen"] == 1 and fact["box"] for fact in told.values())  # a scan loses nothing
