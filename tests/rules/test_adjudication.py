"""What the engine answers on the example product, and how it refuses what it cannot take."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from domain.assessment import AccumulatorKey, Benefit, Outcome, ResponsibilityResult, UnknownCause
from domain.errors import InputError, RuleBookError
from rules.element_texts import parse_elements
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book
from rules.values import ElementValue

CLAIM: dict[str, ElementValue] = {
    "保单生效日": date(2024, 3, 1),
    "出险日": date(2024, 8, 15),
    "出险原因": "疾病",
    "主诊断": "K35.8",
    "医院等级": "三级",
    "医院性质": "公立",
    "参保身份": "有医保",
    "经医保结算": True,
    "合理医疗费用": 8_000_000,
    "医保已付": 3_000_000,
    "住院天数": 12,
}


@pytest.fixture(scope="module")
def anxin() -> Book:
    return load_book(Path("rules/book/anxin-inpatient.yaml"))


def ask(
    book: Book, name: str = "住院医疗", used: Mapping[AccumulatorKey, Fraction] | None = None, **changes: ElementValue
) -> ResponsibilityResult:
    result = adjudicate(book, "标准版", {**CLAIM, **changes}, used or {}).result(name)
    assert result is not None
    return result


def test_a_clean_claim_is_paid_to_the_fen(anxin: Book) -> None:
    assessment = adjudicate(anxin, "标准版", CLAIM, {})
    assert [(each.name, each.outcome, each.amount_fen) for each in assessment.results] == [
        ("住院医疗", Outcome.PAYABLE, 4_000_000),
        ("住院津贴", Outcome.PAYABLE, 90_000),
        ("重大疾病", Outcome.NOT_INVOLVED, 0),
    ]
    assert assessment.total_fen == 4_090_000
    assert (assessment.product, assessment.plan, assessment.basis) == ("anxin-inpatient", "标准版", "参数按 保单生效日 2024-03-01")
    assert assessment.book_hash == anxin.sha256


def test_the_plan_says_which_benefits_are_fixed(anxin: Book) -> None:
    results = adjudicate(anxin, "尊享版", CLAIM, {}).results
    assert [each.benefit for each in results] == [Benefit.INDEMNITY, Benefit.FIXED, Benefit.FIXED]


def test_a_refusal_names_the_rule_and_its_clause(anxin: Book) -> None:
    result = ask(anxin, 主诊断="O80.0")
    assert (result.outcome, result.amount_fen, result.declined_by, result.clause) == (Outcome.DECLINED, 0, "属于除外", "第七条")


def test_a_refusal_stands_whatever_else_is_unknown(anxin: Book) -> None:
    result = ask(anxin, 主诊断="O80.0", 出险日=None, 合理医疗费用=None)
    assert (result.outcome, result.unknowns) == (Outcome.DECLINED, ())


def test_an_unknown_that_cannot_change_the_outcome_is_ignored(anxin: Book) -> None:
    result = ask(anxin, 参保身份="无医保", 经医保结算=None, 医保已付=0)
    assert (result.outcome, result.amount_fen, result.unknowns) == (Outcome.PAYABLE, 7_000_000, ())


def test_an_unknown_that_can_is_named_with_the_document_that_tells_it(anxin: Book) -> None:
    result = ask(anxin, 经医保结算=None, 医保已付=None)
    assert (result.outcome, result.amount_fen, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, None, 4_200_000, 7_000_000)
    assert result.unknowns == (UnknownCause("经医保结算", "医保结算单"),)
    assert result.uses == ()


def test_two_unknowns_that_together_decide_are_both_named(anxin: Book) -> None:
    result = ask(anxin, 经医保结算=None, 参保身份=None, 医保已付=0)
    assert [each.element for each in result.unknowns] == ["参保身份", "经医保结算"]
    assert (result.low_fen, result.high_fen) == (4_200_000, 7_000_000)


def test_an_unknown_condition_may_still_say_no(anxin: Book) -> None:
    result = ask(anxin, 出险日=None)
    assert (result.outcome, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, 0, 5_000_000)
    assert [each.element for each in result.unknowns] == ["出险日"]


def test_an_unknown_cost_is_bounded_by_the_limit(anxin: Book) -> None:
    result = ask(anxin, 合理医疗费用=None)
    assert (result.low_fen, result.high_fen) == (0, 200_000_000)


def test_the_waiting_period_of_critical_illness_is_its_own_and_counts_to_the_diagnosis(anxin: Book) -> None:
    cancer: dict[str, ElementValue] = {"主诊断": "C73", "确诊重疾": "C73"}
    assert ask(anxin, "重大疾病", **cancer, 确诊日=date(2024, 5, 30)).amount_fen == 10_000_000  # day 91
    waiting = ask(anxin, "重大疾病", **cancer, 确诊日=date(2024, 5, 29))
    assert (waiting.outcome, waiting.declined_by) == (Outcome.DECLINED, "在等待期内")
    assert [each.element for each in ask(anxin, "重大疾病", **cancer).unknowns] == ["确诊日"]


def test_a_lifetime_benefit_pays_once(anxin: Book) -> None:
    cancer: dict[str, ElementValue] = {"主诊断": "C73", "确诊重疾": "C73", "确诊日": date(2024, 5, 30)}
    first = ask(anxin, "重大疾病", **cancer)
    used = {use.key: use.used_now for use in first.uses}
    assert used == {AccumulatorKey("重大疾病/重疾保额", "终身"): 10_000_000}
    assert ask(anxin, "重大疾病", used, **cancer).amount_fen == 0


@pytest.mark.parametrize(
    ("start", "deductible"), [(date(2024, 1, 1), 1_000_000), (date(2025, 12, 31), 1_000_000), (date(2026, 1, 1), 800_000)]
)
def test_a_dated_parameter_is_selected_by_the_basis_date(anxin: Book, start: date, deductible: int) -> None:
    result = ask(anxin, 保单生效日=start, 出险日=date(2026, 6, 1), 医保已付=0)
    assert result.amount_fen == 8_000_000 - deductible


def test_a_date_before_a_parameters_first_value_names_plan_parameter_date_and_line(anxin: Book) -> None:
    with pytest.raises(RuleBookError, match=r"标准版 has no 年免赔额 in force on 2023-12-31: its first value starts 2024-01-01 \(.*:\d+\)"):
        ask(anxin, 保单生效日=date(2023, 12, 31))


def test_the_deductible_of_a_year_is_taken_once_and_again_in_the_next(anxin: Book) -> None:
    used = {use.key: use.used_now for use in ask(anxin).uses}
    assert ask(anxin, used=used, 出险日=date(2025, 2, 28)).amount_fen == 5_000_000
    assert ask(anxin, used=used, 出险日=date(2025, 3, 1)).amount_fen == 4_000_000


def test_the_best_single_change_is_told(anxin: Book) -> None:
    result = ask(anxin, 经医保结算=False, 医保已付=0)
    assert result.counterfactual == "若改为「经医保结算 = 是」（其余不变）：70,000.00（+28,000.00）"


def test_a_claim_that_no_single_change_improves_has_no_counterfactual(anxin: Book) -> None:
    assert ask(anxin).counterfactual == ""


def test_an_unknown_plan_is_named_with_the_nearest(anxin: Book) -> None:
    with pytest.raises(RuleBookError, match=r"anxin-inpatient has no plan 标准板 \| did you mean 标准版\?"):
        adjudicate(anxin, "标准板", CLAIM, {})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("合理费用", 1, "no element 合理费用 .* did you mean 合理医疗费用"),
        ("合理医疗费用", -1, "合理医疗费用 is 元, not -1 .* whole fen"),
        ("合理医疗费用", True, "合理医疗费用 is 元, not True"),
        ("合理医疗费用", "8万元", "合理医疗费用 is 元, not '8万元'"),
        ("合理医疗费用", Fraction(1, 2), "whole fen"),
        ("合理医疗费用", 10**15 + 1, "from 0 to 1000000000000000"),
        ("住院天数", 40_001, "whole days"),
        ("经医保结算", 1, "经医保结算 is 是否, not 1 .* True or False"),
        ("出险日", "2024-08-15", "give a date"),
        ("出险日", datetime(2024, 8, 15), "give a date"),  # noqa: DTZ001
        ("出险日", date(1899, 12, 31), "give a date from 1900-01-01 to 2199-12-31"),
        ("医院等级", "四级", "give one of 未定级、一级、二级、三级"),
        ("主诊断", "阑尾炎", "a code such as K35.8"),
        ("主诊断", "k35", "a code such as K35.8"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_name_and_the_way_out(anxin: Book, name: str, value: ElementValue, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        adjudicate(anxin, "标准版", {**CLAIM, name: value}, {})
    assert caught.value.field == name


def test_elements_are_read_from_text_as_the_tests_of_a_book_write_them(anxin: Book) -> None:
    texts = {
        "保单生效日": "2024-03-01",
        "出险日": "2024-08-15",
        "出险原因": "疾病",
        "主诊断": "K35.8",
        "医院等级": "三级",
        "医院性质": "公立",
        "参保身份": "有医保",
        "经医保结算": "是",
        "合理医疗费用": "8万元",
        "医保已付": "30000.00元",
        "住院天数": "12天",
        "确诊日": "缺",
        "确诊重疾": "无",
    }
    assert parse_elements(anxin, texts) == {**CLAIM, "确诊日": None, "确诊重疾": "无"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("合理医疗费用", "80000", "元 is needed here, but this is 数"),
        ("合理医疗费用", "-1元", "is negative"),
        ("合理医疗费用", "0.001元", "a fraction of 分"),
        ("合理医疗费用", "", "must be a single value"),
        ("住院天数", "12元", "天 is needed here, but this is 元"),
        ("经医保结算", "也许", "nothing is called 也许"),
        ("医院等级", "三及", "no value 三及 .* did you mean 三级"),
        ("出险日", "2024-13-01", "no day of the calendar"),
        ("出险曰", "2024-08-15", "no element 出险曰 .* did you mean 出险日"),
        ("主诊断", "C00-C97", "ICD10 is needed"),
    ],
)
def test_a_text_that_is_no_value_is_refused_with_its_name(anxin: Book, name: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_elements(anxin, {name: text})


def test_the_papers_that_prove_a_responsibility_are_listed() -> None:
    book = load_book(Path("rules/book/zhifu-direct.yaml"))
    (result,) = adjudicate(book, "直付版", CLAIM, {}).results
    assert result.documents == ("医疗收费票据", "费用清单", "出院小结")


def test_a_limit_whose_year_is_unknown_may_be_used_up(anxin: Book) -> None:
    used = {AccumulatorKey("住院医疗/年免赔额", "年度 2024-03-01"): Fraction(1_000_000)}
    result = ask(anxin, used=used, 出险日=None, 出险原因="意外")
    assert [each.element for each in result.unknowns] == ["出险日"]
    assert (result.low_fen, result.high_fen) == (0, 5_000_000)


def test_a_parameter_whose_date_is_unknown_leaves_an_interval(anxin: Book) -> None:
    result = ask(anxin, 保单生效日=None, 出险原因="意外", 医保已付=7_000_000)
    assert [each.element for each in result.unknowns] == ["保单生效日"]
    assert (result.low_fen, result.high_fen) == (0, 1_000_000)
