"""A letter as a page: whole in itself, without script, readable aloud; and what happens without a font."""

import re
from pathlib import Path

from letters.font_files import find_fonts
from letters.press import Press
from tests.letters.a_letter import font_file, letter

NOWHERE = Press(find=lambda _: ())


def page(**options: object) -> str:
    return NOWHERE.print(letter(**options)).html.decode()  # type: ignore[arg-type]


def test_it_is_the_same_bytes_each_time() -> None:
    assert page() == page()


def test_it_runs_nothing_and_loads_nothing() -> None:
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|href=|url\(|@import|\son\w+=", page())


def test_what_somebody_typed_is_text() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(text="<script>alert(1)</script>")


def test_tables_and_language_are_told_to_a_screen_reader() -> None:
    told = page()
    for mark in (
        '<html lang="zh-CN">',
        "<h1>理赔给付说明</h1>",
        "<caption>费用明细</caption>",
        '<th scope="col">费用项目</th>',
        '<th scope="row">合计</th>',
    ):
        assert mark in told


def test_only_a_specimen_says_so() -> None:
    assert "示例：不是真实函件" in page(specimen=True)
    assert "不是真实函件" not in page()


def test_without_a_font_there_is_the_page_and_the_way_out() -> None:
    copy = NOWHERE.print(letter())
    assert copy.pdf is None
    assert "apt-get install -y fonts-wqy-microhei" in copy.lacking


def test_a_named_font_that_cannot_be_embedded_is_told_of(tmp_path: Path) -> None:
    named = font_file(tmp_path / "SourceHanSansSC.otf", b"OTTO")
    copy = Press(named, lambda preferred: find_fonts(preferred, chinese=())).print(letter())
    assert "SourceHanSansSC.otf has PostScript outlines" in copy.lacking


def test_a_font_that_is_installed_later_is_found() -> None:
    found: list[tuple[Path, ...]] = [(), find_fonts()]
    press = Press(find=lambda _: found.pop(0))
    assert press.print(letter()).pdf is None
    assert (press.print(letter()).pdf is not None) is bool(find_fonts())
