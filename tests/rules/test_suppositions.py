"""What is only supposed, for an unknown or for the counterfactual, never stops the real claim."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import Outcome, ResponsibilityResult
from domain.errors import MingbaiError, RuleBookError
from rules import suppositions
from rules.completions import MAX_COMPLETIONS
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book
from rules.values import ElementValue
from tests.rules.claims_of_books import BOOKS, PLANS, claims_of
from tests.rules.test_fast import INPATIENT

CONTRADICTING = """  甲:
    条款: 第一条
    是: 100元
    例外:
      - {若: 续保, 是: 10元, 条款: 第二条}
      - {若: 结算, 是: 20元, 条款: 第三条}
"""
Ask = Callable[..., ResponsibilityResult]


@pytest.fixture
def ask(book_of: Callable[..., Book]) -> Ask:
    book = book_of(rules=CONTRADICTING, steps="      - 起: 甲\n")

    def ask_(**elements: ElementValue) -> ResponsibilityResult:
        return adjudicate(book, "丙", {"保单生效日": date(2024, 3, 1), **elements}, {}).results[0]

    return ask_


def test_rules_that_contradict_one_another_on_the_claim_stop_it(ask: Ask) -> None:
    with pytest.raises(RuleBookError, match=r"第二条 .* and 第三条"):
        ask(续保=True, 结算=True)


def test_rules_that_would_contradict_one_another_on_another_claim_do_not(ask: Ask) -> None:
    result = ask(续保=True, 结算=False)
    assert (result.outcome, result.amount_fen) == (Outcome.PAYABLE, 1_000)
    assert result.counterfactual == "若改为「续保 = 否」（其余不变）：100.00（+90.00）"


def test_an_unknown_that_could_bring_out_a_contradiction_leaves_the_answer_open(ask: Ask) -> None:
    result = ask(续保=True, 结算=None)
    assert (result.outcome, result.high_fen) == (Outcome.UNKNOWN, None)
    assert [each.element for each in result.unknowns] == ["结算"]


def test_an_unknown_that_cancels_out_is_ignored(book_of: Callable[..., Book]) -> None:
    book = book_of(rules="  甲:\n    是: 结算 或 非 结算\n", conditions="    须: [甲]\n")
    result = adjudicate(book, "丙", {"费用": 500}, {}).results[0]
    assert (result.outcome, result.amount_fen, result.unknowns) == (Outcome.PAYABLE, 500, ())


def test_more_unknowns_than_can_be_tried_still_give_an_interval_that_names_them(write: Callable[[str], Path]) -> None:
    names = [f"问{index}" for index in range(12)]
    assert 2 ** len(names) > MAX_COMPLETIONS
    elements = "".join(f"  {name}: {{类型: 是否}}\n" for name in names)
    text = (
        f"要素:\n  费用: {{类型: 金额}}\n{elements}规则:\n  甲:\n    是: {' 且 '.join(names)}\n"
        "责任:\n  乙:\n    须: [甲]\n    理算:\n      - 起: 费用\n方案:\n  丙:\n    责任: [乙]\n"
    )
    book = load_book(write(text))
    result = adjudicate(book, "丙", {"费用": 500}, {}).results[0]
    assert (result.outcome, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, 0, 500)
    assert [each.element for each in result.unknowns] == names


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_book_that_answers_claim_after_claim_says_the_same_as_at_first(data: st.DataObject) -> None:
    product, plan = data.draw(st.sampled_from(PLANS))
    claim = data.draw(claims_of(BOOKS[product]))
    fresh = load_book(Path(f"rules/book/{product}.yaml"))  # the first claims of a book are answered by the reference alone
    try:
        first = adjudicate(fresh, plan, claim, {})
    except MingbaiError as error:
        with pytest.raises(type(error)):
            adjudicate(BOOKS[product], plan, claim, {})
        return
    later = [adjudicate(BOOKS[product], plan, claim, {}) for _ in range(3)]
    assert all(each == first for each in later)


def test_what_ifs_are_answered_by_a_program_from_the_third_claim_on(monkeypatch: pytest.MonkeyPatch) -> None:
    book, asked = load_book(Path("rules/book/anxin-inpatient.yaml")), []
    plain = suppositions.write_plan
    monkeypatch.setattr(suppositions, "write_plan", lambda *given: asked.append(1) or plain(*given))
    texts = [adjudicate(book, "标准版", INPATIENT, {}).results[0].counterfactual for _ in range(4)]
    assert len(asked) == 1
    assert len(set(texts)) == 1
