"""Rules may stand on one another only so deep, whatever the order of the file; at the bound all engines still answer."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from rules.chains import MAX_CHAIN, MAX_LEVELS
from rules.column_claims import columns_of
from rules.columns import adjudicate_columns
from rules.engine import adjudicate
from rules.fast import compile_plan
from rules.model import Book
from rules.source import Diagnostic
from rules.unknown import Value
from rules.values import ElementValue

BookOf = Callable[..., Book]
FaultsOf = Callable[..., list[Diagnostic]]
_T = TypeVar("_T")
STEPS = "      - 起: 规0\n      - 取整: 到分 四舍五入\n"


def chain(length: int, *, top_first: bool = True, link: Callable[[str], str] = lambda below: f"{below} + 1元", last: str = "费用") -> str:
    rules = [f"  规{number}:\n    是: {link(f'规{number + 1}')}\n" for number in range(length - 1)] + [
        f"  规{length - 1}:\n    是: {last}\n"
    ]
    return "".join(rules if top_first else reversed(rules))


@pytest.mark.parametrize("top_first", [True, False])
def test_as_many_rules_as_allowed_may_stand_on_one_another(book_of: BookOf, *, top_first: bool) -> None:
    book = book_of(rules=chain(MAX_CHAIN, top_first=top_first), steps=STEPS)
    assert paid(book, 费用=100) == 100 + (MAX_CHAIN - 1) * 100


@pytest.mark.parametrize("top_first", [True, False])
@pytest.mark.parametrize("length", [MAX_CHAIN + 1, 1500])
def test_one_rule_more_is_an_error_that_names_the_start_and_the_limit(faults_of: FaultsOf, length: int, *, top_first: bool) -> None:
    (found,) = faults_of(rules=chain(length, top_first=top_first), steps=STEPS)
    assert found.what.startswith(f"规0 begins a chain of {length} rules (规0 → 规1 → 规2 → … → ")
    assert found.what.endswith(f"规{length - 1}), and at most {MAX_CHAIN} may stand on one another")
    assert found.way_out == "say it with fewer rules in between"


def test_a_circle_of_a_thousand_rules_is_told_in_one_line(faults_of: FaultsOf) -> None:
    found = faults_of(rules=chain(1000, last="规0"), steps=STEPS)
    assert [each.what for each in found] == ["rules name one another in a circle: 规0 → 规1 → 规2 → … → 规999 → 规0"]


def nested(below: str) -> str:
    """Give a rule that is nine levels deep, where it names the rule below."""
    return "取大(1元, " * 8 + below + ")" * 8


def deep(levels: int) -> str:
    """Give a chain that is so many levels deep: ten for each rule and the way on from it, and a last rule that fills it up."""
    count, rest = divmod(levels - 1, 10)
    return chain(count + 1, link=nested, last="取大(1元, " * rest + "费用" + ")" * rest)


def test_expressions_along_a_chain_may_be_as_deep_as_allowed_and_every_engine_answers(book_of: BookOf) -> None:
    book = book_of(rules=deep(MAX_LEVELS - 2), steps=STEPS)  # the step and its rule are two levels more
    expected = below_other_frames(150, lambda: paid(book, 费用=100))  # as many as a web server's
    fast = below_other_frames(150, lambda: compile_plan(book, "丙"))
    assert expected == 100
    assert fast.program is not None
    assert fast({"费用": 100})[0].amount_fen == expected
    answers = below_other_frames(150, lambda: adjudicate_columns(book, "丙", columns_of(book, [{"费用": 100}]), {}))
    assert answers.not_covered == ""
    assert list(answers.results[0].amount_fen) == [expected]


def test_a_step_that_asks_one_level_more_is_an_error(faults_of: FaultsOf) -> None:
    (found,) = faults_of(rules=deep(MAX_LEVELS - 1), steps=STEPS)
    assert found.what == f"this step of 乙 asks {MAX_LEVELS + 1} operators deep, and at most {MAX_LEVELS} may stand in one another"


def test_a_chain_one_level_too_deep_is_an_error_that_names_its_start_and_the_limit(faults_of: FaultsOf) -> None:
    (found,) = faults_of(rules=deep(MAX_LEVELS + 1), steps=STEPS)
    assert found.what.startswith("规0 begins a chain of rules (规0 → 规1 → 规2 → … → ")
    assert found.what.endswith(f"{MAX_LEVELS + 1} operators deep, and at most {MAX_LEVELS} may stand in one another")


@pytest.mark.parametrize(
    "expression",
    [
        " + ".join(["费用"] * 151),
        " 且 ".join(["续保"] * 151),
        "如果 续保 则 1元 否则 (" * 19 + "2元" + ")" * 19,
        "(" * 39 + "费用" + ")" * 39,
        "取大(1元, " * 39 + "费用" + ")" * 39,
        "非 (" * 39 + "续保" + ")" * 39,
        "费用 属于 [费用]" + "[本项 > 0元]" * 75,
        "每个 " + ", ".join(f"x{number} 属于 [费用]" for number in range(70)) + " 满足 x1 > 0元",
    ],
)
def test_one_expression_at_the_bounds_of_the_language_is_read_and_answered(answer: Callable[..., Value], expression: str) -> None:
    below_other_frames(150, lambda: answer(expression, 费用=100, 续保=True))


@pytest.mark.parametrize("joined", [" + ".join(["费用"] * 151), "如果 " + " 且 ".join(["续保"] * 151) + " 则 费用 否则 1元"])
def test_a_wide_expression_is_not_deep_and_rules_of_it_may_stand_on_one_another(book_of: BookOf, joined: str) -> None:
    book = book_of(rules=chain(MAX_CHAIN, link=lambda below: joined.replace("费用", below, 1), last=joined), steps=STEPS)
    expected = paid(book, 费用=1, 续保=True)
    fast = below_other_frames(150, lambda: compile_plan(book, "丙"))
    assert fast({"费用": 1, "续保": True})[0].amount_fen == expected


def test_rules_that_ask_one_another_twice_are_checked_quickly(book_of: BookOf) -> None:
    book = book_of(rules=chain(MAX_CHAIN, link=lambda below: f"{below} + {below}"), steps=STEPS)
    assert paid(book, 费用=1) == 2 ** (MAX_CHAIN - 1)


def below_other_frames(count: int, work: Callable[[], _T]) -> _T:
    return work() if count == 0 else below_other_frames(count - 1, work)


def paid(book: Book, **elements: ElementValue) -> int:
    amount = adjudicate(book, "丙", elements, {}).results[0].amount_fen
    assert amount is not None
    return amount
