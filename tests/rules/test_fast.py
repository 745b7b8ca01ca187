"""The program for one claim says what the reference engine says: outcome, amount, who declined, what is used up."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, Outcome
from domain.errors import InputError
from rules.fast import FastPlan, compile_plan
from tests.rules.claims_of_books import BOOKS, PLANS, Claim, Used, add_uses, claims_of, reference

FAST: dict[tuple[str, str], FastPlan] = {each: compile_plan(BOOKS[each[0]], each[1]) for each in PLANS}
INPATIENT: Claim = {
    "保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "确诊日": date(2024, 8, 15), "出险原因": "疾病", "连续续保": False,
    "主诊断": "K35.8", "医院等级": "三级", "医院性质": "公立", "参保身份": "有医保", "经医保结算": True,
    "合理医疗费用": 8_000_000, "医保已付": 0, "住院天数": 7,
}  # fmt: skip


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_every_plan_of_the_book_answers_alike_claim_after_claim(data: st.DataObject) -> None:
    product, plan = data.draw(st.sampled_from(PLANS))
    book, used = BOOKS[product], Used()
    for claim in data.draw(st.lists(claims_of(book), min_size=1, max_size=3)):
        expected = reference(book, plan, claim, used)
        assert FAST[product, plan](claim, used) == expected
        used = add_uses(used, expected)


@pytest.fixture
def standard() -> FastPlan:
    return compile_plan(BOOKS["anxin-inpatient"], "标准版")


def test_a_known_claim_never_reaches_the_reference(standard: FastPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FastPlan, "_ask_reference", None)
    assert standard(INPATIENT)[0].outcome is Outcome.PAYABLE


def test_a_value_of_the_wrong_type_is_refused_as_ever(standard: FastPlan) -> None:
    with pytest.raises(InputError, match="医院等级"):
        standard({**INPATIENT, "医院等级": "四级"})


def test_an_element_that_the_book_does_not_have_is_refused(standard: FastPlan) -> None:
    with pytest.raises(InputError, match="医院星级"):
        standard({**INPATIENT, "医院星级": "三级"})


def test_a_negative_accumulator_is_refused(standard: FastPlan) -> None:
    with pytest.raises(InputError, match="used"):
        standard(INPATIENT, {AccumulatorKey("住院医疗/年限额", "终身"): Fraction(-1)})


def test_a_missing_element_gives_the_interval_of_the_reference(standard: FastPlan) -> None:
    claim = {name: value for name, value in INPATIENT.items() if name != "经医保结算"}
    assert standard(claim) == reference(standard.book, "标准版", claim, {})


def test_a_plan_that_cannot_be_written_says_why() -> None:
    for (_, plan), fast in FAST.items():
        assert (fast.program is None) == bool(fast.not_covered), plan


def test_the_program_holds_no_word_of_the_book(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []
    monkeypatch.setattr("rules.codegen.scalar_plan.compile", lambda text, *rest: texts.append(text) or compile(text, *rest), raising=False)
    compile_plan(BOOKS["anxin-inpatient"], "标准版")
    assert texts[0].isascii()


LINE: dict[str, object] = {"项目": "头孢", "费用类别": "药品费", "目录等级": "乙类", "金额": 200_005, "天数": 1}
LINED: dict[str, object] = {
    "保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "出险原因": "疾病", "连续续保": False, "医保已付": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"金额": True}, {"金额": -1}, {"金额": "200005"}, {"金额": Fraction(1, 2)}, {"金额": 10**16}, {"天数": 40_001},
        {"目录等级": "丁类"}, {"目录等级": ["乙类"]}, {"目录等级": 2}, {"项目": 7}, {"项目数": 1},
    ],
)  # fmt: skip
def test_a_line_with_a_value_that_does_not_fit_is_refused_beside_good_ones(changed: dict[str, object]) -> None:
    fast = compile_plan(BOOKS["zhenxuan-lines"], "臻选版")
    with pytest.raises(InputError):
        fast({**LINED, "费用明细": [LINE, {**LINE, **changed}, LINE]})  # type: ignore[dict-item]  # what a caller may get wrong


def test_what_is_no_line_is_refused_beside_good_ones() -> None:
    fast = compile_plan(BOOKS["zhenxuan-lines"], "臻选版")
    with pytest.raises(InputError):
        fast({**LINED, "费用明细": [LINE, 7]})  # type: ignore[dict-item,list-item]  # as above
