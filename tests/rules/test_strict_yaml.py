"""A rule file is YAML 1.2 read strictly; whatever else it is ends quickly in one clear message."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import RuleBookError
from rules.loader import check_file, load_book

Write = Callable[[str | bytes], Path]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &a [x]\nb: *a\n", "anchors and aliases"),
        ("a: &a [*a]\n", "anchors and aliases"),
        ("[" * 10_000, "nested deeper than 16 levels"),
        ("a: " + "[" * 10_000 + "]" * 10_000, "nested deeper than 16 levels"),
        ("".join(" " * depth + "a:\n" for depth in range(300)), "nested deeper than 16 levels"),
        ("a: [" + "x," * 12_000 + "]", "more than 10000 nodes"),
        ("#" * 300_000, "more than 262144 bytes"),
        ("要素: {}\n要素: {}\n", "要素 stands twice, first on line 1"),
        ("<<: {a: b}\n", "merges (<<) are not allowed"),
        ("a: !!python/object:os.system x\n", "is not allowed"),
        ("a: [b, c\n", "broken YAML"),
        ("a: 'b\n", "broken YAML"),
        ("a:\n\tb: c\n", "broken YAML"),
        ("a: \x00\n", "broken YAML"),
        ("---\na: b\n---\nc: d\n", "a second document starts here"),
        ("%YAML 1.1\n---\na: b\n", "rule files are YAML 1.2"),
        ("? [a, b]\n: c\n", "a key must be a plain text"),
        ("", "the file is empty"),
        ("just text", "the book must be a mapping"),
        ("- a\n", "the book must be a mapping"),
        ("要素: {}\n", "the book has no 规则"),
        ("规责: {}\n", "the book has no keyword 规责"),
        (b"\xff\xfe\x00", "the file is not UTF-8"),
    ],
)
def test_a_file_that_is_no_rule_file_gets_one_message(write: Write, text: str | bytes, what: str) -> None:
    (found,) = check_file(write(text))
    assert what in found.what
    assert found.way_out


def test_a_file_of_fifty_megabytes_is_refused_without_reading_it_all(write: Write) -> None:
    path = write("")
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    start = time.monotonic()
    (found,) = check_file(path)
    assert "more than 262144 bytes" in found.what
    assert time.monotonic() - start < 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match=r"nowhere\.yaml:1:1  the file cannot be read: No such file"):
        load_book(tmp_path / "nowhere.yaml")


def test_a_byte_order_mark_is_no_part_of_the_first_keyword(write: Write) -> None:
    shipped = Path("rules/book/ankang-cash.yaml").read_bytes()
    assert check_file(write(b"\xef\xbb\xbf" + shipped)) == []


def test_a_cell_that_begins_with_a_sign_of_yaml_is_told_how_to_be_written(write: Write) -> None:
    (found,) = check_file(write("要素: [>= 二级]\n"))
    assert (found.line, found.column) == (1, 6)
    assert "write ≥ for >=" in found.way_out


@pytest.mark.parametrize(
    ("text", "line", "way_out"),
    [
        ("要素:\n  甲: {类型: 日期\n  乙: {类型: 日期}\n", 3, "what opens on line 2 is not closed before this place: add }"),
        ("要素:\n  甲: [一,\n  乙: [二]\n规则: {}\n", 4, "what opens on line 2 is not closed before this place: add ]"),
        ("要素: {}\n规则: 'a\n方案: {}\n", 4, "what opens on line 2 is not closed before this place: add the quotation mark"),
        ("要素:\n  甲 {类型: 日期}\n  乙: {类型: 日期}\n", 2, "a colon is missing: write 甲: {…"),
        ("要素:\n  甲 [一, 二]: 三\n", 2, "a colon is missing: write 甲: […"),
    ],
)
def test_what_is_not_closed_or_lacks_its_colon_is_told_where_it_begins(write: Write, text: str, line: int, way_out: str) -> None:
    (found,) = check_file(write(text))
    assert (found.line, found.way_out) == (line, way_out)
