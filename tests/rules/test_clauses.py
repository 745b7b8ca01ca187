"""Clause texts (条文): found by what cites them, told where they are missing, and without any say in what is paid."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.changes import arms_of, changes_between
from rules.clauses import find_clause
from rules.cover import cover
from rules.engine import adjudicate
from rules.inline_tests import given_of, run_tests
from rules.json_schema import schema_of
from rules.loader import check_path, load_book, read_source
from rules.model import Clause
from rules.simulation import draft_of
from rules.source import Position
from rules.trace_json import render_json
from rules.translate import translate_file

EXAMPLE = Path("rules/book/anxin-inpatient.yaml").read_text()
BOOK, TEXTS = EXAMPLE[: EXAMPLE.index("\n条文:")], EXAMPLE[EXAMPLE.index("\n条文:") :]
SHIPPED = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "anxin-inpatient.yaml"
        path.write_text(text)
        return path

    return write


def clauses(*numbers: str) -> dict[str, Clause]:
    return {each: Clause(each, f"text of {each}", Position(1, 1)) for each in numbers}


@pytest.mark.parametrize(
    ("there", "cited", "found"),
    [
        (("第六条", "第六条第二款"), "第六条第二款", "第六条第二款"),
        (("第六条",), "第六条第二款", "第六条"),
        (("第五条",), "第五条（三）", "第五条"),
        (("第七条第二项",), "第七条第二项 保险法第四十四条", "第七条第二项"),
        (("4", "4.1"), "4.1.2", "4.1"),
        (("第六条",), "第六条之一", None),
        (("4",), "41", None),
        (("第十",), "第十条", None),
        ((), "第六条", None),
    ],
)
def test_a_citation_finds_its_own_text_or_that_of_the_clause_it_is_a_part_of(there: tuple[str, ...], cited: str, found: str | None) -> None:
    clause = find_clause(clauses(*there), cited)
    assert (clause.number if clause else None) == found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_book_has_the_text_of_all_it_cites_and_of_nothing_else(path: Path) -> None:
    book = load_book(path)
    assert book.clauses
    assert book.warnings == ()
    assert [each.clause for each in cover(book, read_source(path)).clauses if not each.places] == []


def test_a_rule_that_cites_a_number_without_text_is_told_at_the_citation_and_the_book_works_all_the_same(write: Write) -> None:
    path = write(EXAMPLE.replace("    条款: 第七条\n", "    条款: 第十七条\n"))
    book, found = check_path(path)
    assert found == []
    assert book
    (told,) = book.warnings
    assert (told.line, told.column) == (35, 9)
    assert told.what == "条文 has no text of 第十七条"
    assert told.way_out == "add 第十七条: to 条文, or cite one that is there: 第五条, 第六条, 第六条第二款, 第七条, 第十条"
    assert told.caret.splitlines()[0].strip() == "条款: 第十七条"
    assert all(each.passed for each in run_tests(book))


def test_the_clause_of_an_exception_and_of_a_review_is_looked_up_too(write: Write, tmp_path: Path) -> None:
    book, _ = check_path(write(EXAMPLE.replace("条款: 第六条第二款", "条款: 第九条第二款")))
    assert book
    assert [(each.line, each.what) for each in book.warnings] == [(28, "条文 has no text of 第九条第二款")]
    lines = tmp_path / "zhenxuan-lines.yaml"
    lines.write_text(
        Path("rules/book/zhenxuan-lines.yaml").read_text().replace("  第八条第三款:", "  第九条:").replace("  第八条:", "  第十条:")
    )
    book, _ = check_path(lines)
    assert book
    assert {each.what for each in book.warnings} == {"条文 has no text of 第八条", "条文 has no text of 第八条第三款"}


def test_a_book_without_texts_is_valid_and_told_once(write: Write) -> None:
    book, found = check_path(write(BOOK))
    assert found == []
    assert book
    assert [(each.line, each.what) for each in book.warnings] == [
        (20, "the book holds no text of what it cites: 第五条, 第六条, 第六条第二款, 第七条, 第十条")
    ]


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        ("条文:\n", "条文 must be a mapping"),
        ("条文:\n  第五条:\n", "the text of 第五条 must be a single value"),
        ("条文:\n  第五条: [甲, 乙]\n", "the text of 第五条 must be a single value"),
        ("条文:\n  第五条: 甲\n  第五条: 乙\n", "第五条 stands twice, first on line"),
        ("clauses:\n  第五条: 甲\n", "the book has no keyword clauses"),
    ],
)
def test_texts_that_are_none_are_refused_at_their_place(write: Write, texts: str, what: str) -> None:
    _, found = check_path(write(f"{BOOK}\n{texts}"))
    assert [each.what.startswith(what) for each in found] == [True], found
    assert found[0].line > len(BOOK.splitlines())


def test_texts_may_stand_first_over_several_lines(write: Write) -> None:
    book = load_book(write(f"条文:\n  第五条: |\n    第一款。\n    第二款。\n\n{BOOK}"))
    assert book.language == "zh"
    assert book.clauses["第五条"].text == "第一款。\n第二款。"


def test_a_clause_that_no_rule_cites_is_told_by_coverage(write: Write) -> None:
    path = write(EXAMPLE + "  第十一条: 本合同期满可以续保。\n")
    last = cover(load_book(path), read_source(path)).clauses[-1]
    assert (last.clause, last.places, last.tests) == ("第十一条", (), ())


def test_what_a_claim_is_answered_does_not_know_of_texts(write: Write) -> None:
    answers = []
    for text in (EXAMPLE, BOOK):
        book = load_book(write(text))
        plan = book.plans["标准版"]
        answer = adjudicate(book, plan.name, given_of(book, plan, plan.tests[0]), {})
        answers.append(render_json(answer).replace(book.sha256, "hash"))
    assert answers[0] == answers[1]


def test_a_change_of_wording_is_told_around_what_differs_and_costs_no_simulation_an_arm(write: Write) -> None:
    old_path = Path("rules/book/anxin-inpatient.yaml")
    old, old_source = load_book(old_path), read_source(old_path)
    new_path = write(
        EXAMPLE.replace("二级及以上的公立医院。", "三级及以上的公立医院。").replace("日津贴额: 100元/天", "日津贴额: 120元/天")
    )
    new, new_source = load_book(new_path), read_source(new_path)
    said = [each.sentence for each in changes_between(old_source, new_source, "zh")]
    assert said == [
        "方案 标准版 参数 日津贴额：由 100元/天 改为 120元/天",
        "条文 第五条：由 本合同所称医院，是指二级及以上的公立医院。在其… 改为 本合同所称医院，是指三级及以上的公立医院。在其…",
    ]
    draft = draft_of(old, old_source, new, new_source)
    assert [arm.sentence for arm in draft.arms] == said[:1]
    assert draft.unattributed == ()


def test_texts_that_come_or_go_as_a_whole_are_told_by_their_numbers(write: Write) -> None:
    with_texts, without = read_source(write(EXAMPLE)), read_source(write(BOOK))
    numbers = "第五条、第六条、第六条第二款、第七条、第十条"
    assert [each.sentence for each in changes_between(without, with_texts, "zh")] == [f"条文：新增 {numbers}"]
    assert [each.sentence for each in changes_between(with_texts, without, "zh")] == [f"条文：删去 {numbers}"]
    assert arms_of("anxin-inpatient", without, []) == ([], [])


def test_translation_changes_the_keyword_and_no_text(write: Write) -> None:
    english = translate_file(Path("rules/book/anxin-inpatient.yaml"), "en")
    assert TEXTS.replace("条文:", "clauses:") in english
    path = write(english)
    book = load_book(path)
    assert (book.language, book.warnings) == ("en", ())


def test_the_schema_knows_texts() -> None:
    assert schema_of(load_book(SHIPPED[0]))["properties"]["条文"]["type"] == "object"
