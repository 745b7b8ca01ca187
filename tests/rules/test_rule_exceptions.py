"""Exceptions replace the general answer; two that contradict one another are an error that names both clauses."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.errors import RuleBookError
from rules.compiler import Scope
from rules.model import Book
from rules.source import Diagnostic
from rules.unknown import Unknown, Value
from rules.values import ElementValue, to_values

RULE = """  甲:
    条款: 第一条
    是: 费用
    例外:
      - {若: 续保, 是: 10元, 条款: 第二条}
      - {若: 结算, 是: 20元, 条款: 第三条}
      - {若: 原因 = 意外, 是: 10元, 条款: 第四条}
"""


@pytest.fixture
def ask(book_of: Callable[..., Book]) -> Callable[..., Value]:
    book = book_of(rules=RULE)

    def ask_(**elements: ElementValue) -> Value:
        given: dict[str, ElementValue] = {"费用": 500, "结算": False, "原因": "疾病", **elements}
        return Scope(to_values(book, given), book.compiled).answer("甲").value

    return ask_


def test_without_an_exception_the_general_answer_holds(ask: Callable[..., Value]) -> None:
    assert ask() == 500


def test_an_exception_that_applies_replaces_the_general_answer(ask: Callable[..., Value]) -> None:
    assert ask(结算=True) == 2000


def test_two_exceptions_with_the_same_answer_agree(ask: Callable[..., Value]) -> None:
    assert ask(续保=True, 原因="意外") == 1000


def test_two_exceptions_that_contradict_one_another_are_an_error_naming_both_clauses(ask: Callable[..., Value]) -> None:
    with pytest.raises(RuleBookError, match=r"rule 甲: the exceptions of 第二条 .* and 第三条 .* answer differently"):
        ask(续保=True, 结算=True)


def test_an_exception_nobody_knows_of_leaves_the_answer_open_between_both(ask: Callable[..., Value]) -> None:
    assert ask(结算=None) == Unknown(frozenset({"结算"}), 500, 2000)


def test_an_unknown_exception_that_would_answer_the_same_changes_nothing(ask: Callable[..., Value]) -> None:
    assert ask(原因=None, 续保=True) == 1000


def test_a_rule_may_name_a_rule_below_it_but_never_itself(faults_of: Callable[..., list[Diagnostic]]) -> None:
    assert faults_of(rules="  甲:\n    是: 非 丁\n  丁:\n    是: 续保\n") == []
    found = faults_of(rules="  甲:\n    是: 非 丁\n  丁:\n    是: 甲\n")
    assert [each.what for each in found] == ["rules name one another in a circle: 甲 → 丁 → 甲"]


def test_the_waiting_period_ends_with_its_thirtieth_day(book_of: Callable[..., Book]) -> None:
    book = book_of(rules="  甲:\n    是: 出险日 < 保单生效日 + 30天\n")

    def is_waiting(loss: date) -> Value:
        return Scope(to_values(book, {"保单生效日": date(2024, 3, 1), "出险日": loss}), book.compiled).answer("甲").value

    assert [is_waiting(date(2024, 3, 30)), is_waiting(date(2024, 3, 31))] == [True, False]


@pytest.mark.parametrize(("length", "faults"), [(25, 0), (26, 1)])
def test_rules_may_stand_on_one_another_twenty_five_deep(faults_of: Callable[..., list[Diagnostic]], length: int, faults: int) -> None:
    rules = "".join(f"  甲{index}:\n    是: {f'非 甲{index + 1}' if index < length - 1 else '续保'}\n" for index in range(length))
    assert len(faults_of(rules=rules)) == faults


def test_a_book_nested_too_deeply_is_refused_not_crashed(faults_of: Callable[..., list[Diagnostic]]) -> None:
    def rule(index: int, inner: str) -> str:
        return f"  甲{index}:\n    是: {'非 (续保 或 ' * 38}{inner}{')' * 38}\n"

    rules = "".join(rule(index, f"甲{index + 1}") for index in range(24)) + rule(24, "续保")
    (found,) = faults_of(rules=rules)
    assert "operators deep, and at most 200 may stand in one another" in found.what
