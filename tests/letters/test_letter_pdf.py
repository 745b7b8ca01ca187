"""A PDF letter: the same bytes each time, its words can be copied, its fonts are inside, long tables go on with their head."""

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from letters.font_files import SIGNS, find_fonts, tell_unusable
from letters.press import Press
from tests.letters.a_letter import font_file, letter, text_of

pytestmark = pytest.mark.skipif(not find_fonts(), reason="no Chinese TrueType font is installed: letters are HTML only")


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def printed(press: Press, **options: object) -> bytes:
    pdf = press.print(letter(**options)).pdf  # type: ignore[arg-type]
    assert pdf is not None
    return pdf


def test_the_same_letter_is_the_same_bytes_from_another_press_too(press: Press) -> None:
    assert printed(press) == printed(Press())


def test_another_letter_is_other_bytes(press: Press) -> None:
    assert printed(press) != printed(press, text="经核定，给付保险金 15,500.01 元。")


def test_its_words_can_be_copied(press: Press) -> None:
    (page,) = text_of(printed(press))
    for words in (
        "示例人寿保险公司",
        "理赔给付说明",
        "案件号：C01K9ZQ3V7M4T2XA",
        "经核定，给付保险金 15,500.00 元。",
        "1. 请一次补齐",
        "2026年11月22日",
        "第1页/共1页",
    ):
        assert words in page


def test_a_long_table_goes_on_with_its_head_and_every_page_knows_how_many_there_are(press: Press) -> None:
    pages = text_of(printed(press, rows=100))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共3页" in page
        assert "费用项目" in page
    assert ["（续）" in page for page in pages] == [False, True, True]
    assert [int(row) for row in re.findall(r"项目(\d+)", "".join(pages))] == list(range(100))


def test_a_row_that_is_higher_than_a_page_is_printed_whole(press: Press) -> None:
    made = letter()
    (text, tables) = made.sections
    high = (*tables.tables[0].rows, ("\n".join(f"第{number}行。" for number in range(150)), "1.00"))
    made = replace(made, sections=(text, replace(tables, tables=(replace(tables.tables[0], rows=high),))))
    pdf = press.print(made).pdf
    assert pdf is not None
    assert [int(found) for found in re.findall(r"第(\d+)行", "".join(text_of(pdf)))] == list(range(150))


def test_only_a_specimen_says_so(press: Press) -> None:
    pages = text_of(printed(press, rows=100, specimen=True))
    assert all("示例\r\n" in page or page.startswith("示例") for page in pages)
    assert not any(re.search(r"示例(?!人寿)", page) for page in text_of(printed(press, rows=100)))


def test_every_font_is_embedded_and_holds_only_what_is_used(press: Press) -> None:
    content = printed(press)
    document = pdfium.PdfDocument(content)
    fonts = {}
    for thing in document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(thing.raw)
        fonts[id(font)] = raw.FPDFFont_GetIsEmbedded(font)
    assert fonts and set(fonts.values()) == {1}
    assert b"/BaseFont /Helvetica" not in content
    assert len(content) < 100_000  # the whole font has five million


def test_a_character_that_no_font_draws_is_written_as_its_number_and_told(press: Press) -> None:
    copy = press.print(letter(text="被保险人 李\U00030000安"))  # of extension G, which the fonts of the well-known places lack
    assert copy.missing == ("\U00030000",)
    assert copy.pdf is not None
    assert "被保险人 李〔U+30000〕安" in text_of(copy.pdf)[0]
    assert "李\U00030000安" in copy.html.decode()


def test_what_has_no_picture_is_not_missed(press: Press) -> None:
    copy = press.print(letter(text="第一行\r\n第二行\t完\u200b\ufeff"))
    assert copy.missing == ()
    assert copy.pdf is not None
    assert "第一行\r\n第二行 完" in text_of(copy.pdf)[0]


@pytest.mark.skipif(not SIGNS[0].is_file(), reason="DejaVu Sans is not installed")
def test_what_the_first_font_lacks_a_second_one_draws() -> None:
    signs_first = Press(find=lambda _: (SIGNS[0], *find_fonts()))  # DejaVu has no Chinese at all
    copy = signs_first.print(letter())
    assert copy.missing == ()
    assert copy.pdf is not None
    assert "经核定，给付保险金 15,500.00 元。" in text_of(copy.pdf)[0]


def test_postscript_outlines_are_refused_with_the_reason(tmp_path: Path) -> None:
    assert "PostScript outlines (CFF)" in tell_unusable(font_file(tmp_path / "SourceHanSansSC.otf", b"OTTO"))
    assert tell_unusable(font_file(tmp_path / "a.ttf", b"\x00\x01\x00\x00")) == ""
    assert "no TrueType font" in tell_unusable(font_file(tmp_path / "b.ttf", b"%PDF"))
    assert "can be read" in tell_unusable(tmp_path / "none.ttf")
