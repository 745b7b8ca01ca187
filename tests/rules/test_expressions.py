"""The expression language: what it computes, and what it refuses before any claim comes."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from rules.lexer import ExpressionError
from rules.parser import parse_expression
from rules.refused import REFUSALS, refusal_of
from rules.source import Diagnostic
from rules.unknown import Unknown, Value

Answer = Callable[..., Value]
Fault = Callable[[str], Diagnostic]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1万元 + 1元", Fraction(1_000_100)),
        ("8千元 - 0.01元", Fraction(799_999)),
        ("2 + 3 * 4", Fraction(14)),
        ("(2 + 3) * 4", Fraction(20)),
        ("1 / 3", Fraction(1, 3)),
        ("10 - 2 - 3", Fraction(5)),
        ("-2 + 5", Fraction(3)),
        ("1万元 × 60%", Fraction(600_000)),
        ("100元/天 * 30天", Fraction(300_000)),
        ("3000元 / 30天 * 1天", Fraction(10_000)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("取小(3, 2, 5)", Fraction(2)),
        ("取大(1元, 2角)", Fraction(100)),
        ("2024-03-01 + 30天", date(2024, 3, 31)),
        ("2024-03-01 - 1天", date(2024, 2, 29)),
        ("2024-01-31 + 1个月", date(2024, 2, 29)),
        ("2024-02-29 + 1年", date(2025, 2, 28)),
        ("2024-03-31 - 1个月", date(2024, 2, 29)),
        ("2024-03-31 - 2024-03-01", Fraction(30)),
        ("如果 1 < 2 则 10元 否则 20元", Fraction(1_000)),
    ],
)
def test_arithmetic_is_exact_and_knows_units_and_dates(answer: Answer, expression: str, value: Value) -> None:
    assert answer(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 < 2 且 2 < 3", True),
        ("1 < 2 且 3 < 2", False),
        ("3 < 2 或 1 < 2", True),
        ("非 1 = 1 或 1 = 1", True),
        ("非 (1 = 1 或 1 = 1)", False),
        ("5 介于 5 且 6", True),
        ("5 属于 [5..6]", True),
        ("5 属于 (5..6]", False),
        ("6 属于 [5..6)", False),
        ("6 属于 [5..6[", False),
        ("5 属于 [1, 3, 5]", True),
        ("4 不属于 [1, 3, [5..6]]", True),
        ("7 属于 [< 3, >= 7]", True),
        ("1 != 2", True),
        ("1 ≤ 1", True),
        ("0.1 + 0.2 = 0.3", True),
        ("（1＋１）＝２", True),
    ],
)
def test_comparison_and_membership(answer: Answer, expression: str, value: bool) -> None:
    assert answer(expression) is value


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ("C00", True),
        ("C97", True),
        ("C97.9", True),
        ("C98", False),
        ("B99.9", False),
        ("I21", True),
        ("I21.4", True),
        ("I22", False),
        ("N18.6", True),
        ("N18.600x001", True),
        ("N18.5", False),
        ("N18", False),
    ],
)
def test_a_code_set_holds_all_that_is_classified_under_its_codes(answer: Answer, code: str, inside: bool) -> None:
    assert answer("诊断 属于 [C00-C97, I21, N18.6]", 诊断=code) is inside


def test_no_diagnosis_lies_in_no_code_set(answer: Answer) -> None:
    assert answer("诊断 属于 [A00-Z99]", 诊断="无") is False


def test_ordered_words_compare_by_their_place(answer: Answer) -> None:
    assert [answer("等级 >= 二级", 等级=each) for each in ("一级", "二级", "三级")] == [False, True, True]


def test_an_enum_value_may_stand_on_either_side(answer: Answer) -> None:
    assert answer("疾病 = 原因", 原因="疾病") is True


@pytest.mark.parametrize(
    ("expression", "elements", "value"),
    [
        ("续保 或 结算", {"续保": True}, True),
        ("续保 且 结算", {"续保": False}, False),
        ("非 结算 且 续保", {"续保": False}, False),
        ("费用 >= 0元", {}, True),
        ("费用 < 0元", {}, False),
        ("费用 + 1元 > 0元", {}, True),
        ("取小(费用, 5元) <= 5元", {}, True),
        ("如果 结算 则 1元 否则 1元", {}, Fraction(100)),
        ("费用 * 0", {}, Fraction(0)),
    ],
)
def test_what_an_unknown_cannot_change_is_answered(answer: Answer, expression: str, elements: dict[str, bool], value: Value) -> None:
    assert answer(expression, **elements) == value


@pytest.mark.parametrize(
    ("expression", "causes"),
    [
        ("续保 或 结算", {"结算"}),
        ("结算 且 费用 > 5元", {"结算", "费用"}),
        ("出险日 < 保单生效日", {"出险日", "保单生效日"}),
        ("等级 >= 二级", {"等级"}),
        ("诊断 属于 [C00-C97]", {"诊断"}),
        ("如果 续保 则 费用 > 1元 否则 结算", {"结算"}),
    ],
)
def test_what_an_unknown_can_change_is_unknown_and_names_it(answer: Answer, expression: str, causes: set[str]) -> None:
    value = answer(expression)
    assert isinstance(value, Unknown)
    assert value.causes == causes


def test_an_unknown_number_keeps_what_it_lies_between(answer: Answer) -> None:
    assert answer("如果 结算 则 100元 否则 60元") == Unknown(frozenset({"结算"}), Fraction(6000), Fraction(10000))


def test_what_follows_a_decisive_answer_is_not_computed(answer: Answer) -> None:
    assert answer("天数 = 0天 或 费用 / 天数 > 100元/天", 天数=0, 费用=100) is True


@pytest.mark.parametrize(
    ("expression", "what", "way_out"),
    [
        ("费用 + 天数", "元 + 天 makes no sense", "same unit"),
        ("费用 * 费用 > 费用", "元·元 cannot be compared with 元", "like with like"),
        ("费用 > 100", "元 cannot be compared with 数", "needs its unit"),
        ("天数 > 100元", "天 cannot be compared with 元", "needs its unit"),
        ("出险日 + 5", "日期 + 数 makes no sense", "a date takes"),
        ("出险日 + 保单生效日", "日期 + 日期 makes no sense", "a date takes"),
        ("费用 且 续保", "是否 is needed here, but this is 元", "bring it"),
        ("费佣 > 1元", "nothing is called 费佣", "did you mean 费用?"),
        ("等级 >= 二及", "二及 is none of 序列 一级|二级|三级", "did you mean 二级?"),
        ("原因 >= 疾病", "枚举 疾病|意外 has no order", "序列"),
        ("费用 属于 [C00-C97]", "only an ICD10 code can lie in a code set", "ICD10"),
        ("诊断 属于 [C97-C00]", "the range C97-C00 runs backwards", "C00-C97"),
        ("续保且结算", "nothing is called 续保且结算", "spaces around 且"),
        ("续保 and 结算", "and in a file that keeps to the other language", "write 且"),
        ("(1 = 1", "the end stands where ')' is expected", "write ')'"),
        ("1 = 1)", "')' stands where the expression should end", "join"),
        ("1 =", "the end stands where a value or a name is expected", "write"),
        ("2024-02-30 = 出险日", "2024-02-30 is no day of the calendar", "2024-03-01"),
        ("1万圆 > 1元", "1万圆 is no number with a unit", "1万元"),
        ("费用 ^ 2", "the character '^' means nothing here", "remove it"),
        ("如果 续保 则 1元 否则 1天", "the two branches differ: 元 and 天", "same type"),
        ("-续保", "是否 has no negative", "number"),
        ("取小(1元, 1天) > 0元", "the arguments differ: 元 and 天", "one type"),
        ("'" + "(" * 41 + "1" + ")" * 41 + "'", "nested deeper than 40 levels", "rule of its own"),
        ("1 = " + "+".join(["1"] * 152), "more than 150 operators in one expression", "rules of their own"),
        ("1 = " + "+".join(["1"] * 1100), "more than 2000 characters", "split"),
    ],
)
def test_a_mistake_is_refused_when_the_file_is_saved(fault: Fault, expression: str, what: str, way_out: str) -> None:
    found = fault(expression)
    assert what in found.what
    assert way_out in found.way_out


def test_a_message_points_at_the_word_with_file_line_column_and_caret(fault: Fault) -> None:
    found = fault("续保 且 费佣 > 1元")
    headline, excerpt, caret = str(found).splitlines()
    assert headline.startswith(f"{found.file}:16:13  nothing is called 费佣  |  did you mean 费用?")
    assert excerpt == "        是: 续保 且 费佣 > 1元"
    assert caret == " " * 20 + "^"  # a Chinese character takes two cells


def test_the_longest_expression_that_is_allowed_computes(answer: Answer) -> None:
    assert answer("+".join(["1"] * 151)) == 151


@pytest.mark.parametrize("text", [word for each in REFUSALS for word in each.words])
def test_what_is_left_out_on_purpose_is_refused_with_its_reason(text: str) -> None:
    refused = refusal_of(text)
    assert refused is not None
    whole = {"{": "{a: 1}", "for": "合计(for x in [1] return x)", "return": "1 return", "instance": "1 instance of number"}.get(
        text, f"{text}(1)"
    )
    with pytest.raises(ExpressionError) as caught:
        parse_expression(whole, "zh")
    assert (caught.value.what, caught.value.way_out) == (refused.what, refused.way_out)
