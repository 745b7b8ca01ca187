"""rules translate: the other keyword language, the same book."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import RuleBookError
from rules.inline_tests import run_tests
from rules.keywords import other
from rules.loader import load_book, read_book, read_source
from rules.translate import means_the_same, translate_expression, translate_file

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.name != "routing.yaml")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_shipped_book_is_the_same_book_in_the_other_language_and_back_to_the_character(path: Path, tmp_path: Path) -> None:
    book = load_book(path)
    translated = tmp_path / path.name
    translated.write_text(translate_file(path))
    there = load_book(translated)
    assert there.language == other(book.language)
    assert means_the_same(book, there)
    assert all(test.passed for test in run_tests(there))
    assert translate_file(translated) == path.read_text()


def test_comments_layout_and_the_authors_own_names_stay(write: Callable[[str], Path]) -> None:
    path = write(TINY)
    lines = translate_file(path).splitlines()
    assert lines[1] == "elements:   # 要素 stays here"
    assert lines[2] == "  费用:    {type: money, missing: unknown}"
    assert lines[5] == "    is: >"
    assert lines[7] == "      or not(费用 > 5元)"
    assert lines[9] == '    is: "string length(\\"则 \\\\\\"\\") = 3"'


TINY = """
要素:   # 要素 stays here
  费用:    {类型: 金额, 缺失: 待补}
规则:
  甲:
    是: >
      费用 属于 [1元, 2元]
      或 非(费用 > 5元)
  丁:
    是: "文本长度(\\"则 \\\\\\"\\") = 3"
责任:
  乙:
    触发: 甲
    理算:
      - 起: 费用
方案:
  丙:
    责任: [乙]
"""


def test_a_book_stays_as_it_is_in_its_own_language(write: Callable[[str], Path]) -> None:
    assert translate_file(write(TINY), "zh") == TINY


def test_a_name_that_is_a_keyword_of_the_other_language_is_refused(write: Callable[[str], Path]) -> None:
    with pytest.raises(RuleBookError, match="keyword of the other language"):
        translate_file(write(TINY.replace("甲", "true")))


def test_a_book_with_mistakes_is_not_translated(write: Callable[[str], Path]) -> None:
    with pytest.raises(RuleBookError, match="did you mean 费用"):
        translate_file(write(TINY.replace("费用 > 5元", "费佣 > 5元")))


def test_books_that_differ_in_one_value_do_not_mean_the_same(write: Callable[[str], Path]) -> None:
    one, two = (read_book("x", read_source(write(text)), "")[0] for text in (TINY, TINY.replace("5元", "6元")))
    assert means_the_same(one, one)
    assert not means_the_same(one, two)


def test_an_expression_is_translated_word_by_word() -> None:
    chinese = "如果 出险日.年 >= 2024 则 合计(明细[本项 > 1元]) 否则 0元"
    english = "if 出险日.year >= 2024 then sum(明细[item > 1元]) else 0元"
    assert translate_expression(chinese, "zh", "en") == english
    assert translate_expression(english, "en", "zh") == chinese
