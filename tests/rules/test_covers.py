"""保障: a responsibility says what it is cover against; a mistake in it is told with its place."""

from pathlib import Path

import pytest

from domain.cover import CoverKind
from rules.loader import load_book, read_book
from rules.model import Book
from rules.source import Source
from rules.translate import translate_source

HEAD = "要素:\n  手术级别: {类型: 序列, 取值: [未手术, 四级术]}\n  明细: {类型: 列表, 项: {类型: 金额}}\n规则: {}\n责任:\n  津贴:\n"
TAIL = "    理算: [{起: 保额}]\n方案:\n  甲: {责任: [津贴], 参数: {保额: 1万元}}\n"
BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")


def _read(covers: str) -> tuple[Book, list[str]]:
    book, reading = read_book("例", Source.of("例", HEAD + covers + TAIL), "")
    return book, [f"{each.what} | {each.way_out}" for each in reading.problems.found]


def test_a_list_names_kinds_whose_standard_case_is_enough() -> None:
    book, found = _read("    保障: [身故, 医疗]\n")
    assert found == []
    assert book.responsibilities["津贴"].covers == {CoverKind.DEATH: {}, CoverKind.MEDICAL: {}}


def test_a_mapping_adds_elements_to_the_case() -> None:
    book, found = _read("    保障: {医疗: {手术级别: 四级术}}\n")
    assert found == []
    assert book.responsibilities["津贴"].covers == {CoverKind.MEDICAL: {"手术级别": "四级术"}}


def test_none_of_the_five_is_said_and_not_the_same_as_not_said() -> None:
    assert _read("    保障: 无\n")[0].responsibilities["津贴"].covers == {}
    assert _read("")[0].responsibilities["津贴"].covers is None


@pytest.mark.parametrize(
    ("covers", "what"),
    [
        ("[身顾]", "保障 cannot be 身顾 | did you mean 身故?"),
        ("[身故, 身故]", "身故 stands twice | keep one of the two"),
        ("[]", "保障 names no kind | write 保障: 无 where it counts for none"),
        ("{医疗: {手术级: 四级术}}", "there is no element 手术级 | did you mean 手术级别?"),
        ("{医疗: {手术级别: 五级术}}", "there is no value 五级术"),
        ("{医疗: {明细: [1元]}}", "明细 is a list"),
        ("身故", "保障 must be a list"),
    ],
)
def test_what_is_wrong_with_it_is_told(covers: str, what: str) -> None:
    _, found = _read(f"    保障: {covers}\n")
    assert any(each.startswith(what) for each in found), found


def test_it_is_translated_with_the_book() -> None:
    source = Source.of("例", HEAD + "    保障: [身故, 养老储蓄]\n" + TAIL)
    assert "    covers: [death, savings]\n" in translate_source("例", source)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_responsibility_that_ships_says_what_it_covers(path: Path) -> None:
    assert [each.name for each in load_book(path).responsibilities.values() if each.covers is None] == []
