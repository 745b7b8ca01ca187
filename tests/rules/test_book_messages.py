"""What is wrong with a book is told once, where it is wrong, with the way out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import RuleBookError
from rules.loader import check_file, load_book
from rules.source import Diagnostic

EXAMPLE = Path("rules/book/anxin-inpatient.yaml").read_text()
Write = Callable[[str], Path]
MISTAKES = [  # right, wrong, and what is said of it
    ("医院等级 >= 二级 且", "医院等及 >= 二级 且", "nothing is called 医院等及", "did you mean 医院等级?"),
    ("医院等级 >= 二级 且 医院性质", "医院等级 >= 二级且医院性质", "'=' stands where the expression should end", "spaces around 且"),
    ("{类型: 天数}", "{类型: 天}", "类型 cannot be 天", "did you mean 天数?"),
    ("{类型: 天数}", "{种类: 天数}", "element 住院天数 has no keyword 种类", "did you mean 类型?"),
    ("{类型: 天数}", "{缺失: 待补}", "element 住院天数 has no 类型", "add 类型:"),
    ("取值: [公立, 民营]", "取值: [公立, 公立]", "公立 stands twice", "keep one"),
    ("{类型: 枚举, 取值: [公立, 民营]}", "{类型: 枚举}", "element 医院性质 lists no values", "add 取值"),
    ("{类型: 天数}", "{类型: 天数, 取值: [一, 二]}", "only 枚举 and 序列 list their values", "remove the list"),
    ("缺失: 0元", "缺失: 0天", "元 is needed here, but this is 天", "bring it"),
    ("    条款: 第五条\n", "    clause: 第五条\n", "rule 医院合格 has no keyword clause", "write 条款"),
    ("须:   [医院合格]", "须:   [医院合葛]", "there is no rule 医院合葛", "did you mean 医院合格?"),
    ("须:   [医院合格]", "须:   [赔付比例]", "rule 赔付比例 answers 数", "answer 是 or 否"),
    ("须:   [医院合格]", "须:   医院合格", "须 must be a list", "in [brackets]"),
    ("令:   {出险日: 确诊日", "令:   {出险曰: 确诊日", "there is no element or parameter 出险曰", "did you mean 出险日?"),
    ("令:   {出险日: 确诊日", "令:   {出险日: 住院天数", "日期 is needed here, but this is 天", "bring it"),
    (
        "[住院医疗, 住院津贴, 重大疾病]",
        "[住院医了, 住院津贴, 重大疾病]",
        "there is no responsibility 住院医了",
        "did you mean 住院医疗?",
    ),
    ("[住院医疗, 住院津贴, 重大疾病]", "[住院医疗, 住院津贴, 重大疾病, 住院医疗]", "住院医疗 stands twice", "keep one"),
    ("    给付: {住院津贴: 定额", "    给付: {住院津贴: 定量", "给付 cannot be 定量", "did you mean 定额?"),
    ("    给付: {住院津贴: 定额", "    给付: {住院经贴: 定额", "no responsibility of this plan 住院经贴", "did you mean 住院津贴?"),
    ("    基准日: 保单生效日", "    基准日: 保单失效日", "there is no element of 类型: 日期 保单失效日", "did you mean 保单生效日?"),
    ("    基准日: 保单生效日 ", "    #", "年免赔额 changes on dates, but plan 标准版 has no 基准日", "基准日: element"),
    ("基于: 标准版", "基于: 标准板", "there is no plan 标准板", "did you mean 标准版?"),
    ("2026-01-01: 8千元", "2023-01-01: 8千元", "2023-01-01 does not follow 2024-01-01", "earliest first"),
    ("2026-01-01: 8千元", "2026-01-01: 8天", "年免赔额 is 天 from 2026-01-01, but 元 before", "one unit"),
    ("2026-01-01: 8千元", "明年: 8千元", "明年 is no date", "2024-01-01"),
    ("日津贴额: 300元/天", "日津贴额: 300元", "日津贴额 is 元 here, but 元/天 in plan 标准版", "one unit everywhere"),
    ("      年限额: 200万元", "      年限额: 200万圆", "200万圆 is no number with a unit", "1万元"),
    ("      年限额: 200万元", "      年限额: 合理医疗费用", "nothing is called 合理医疗费用", "declare"),
    ("      年限额: 200万元", "      年限额: -1元", "年限额 is negative", "zero or more"),
    ("      等待期: 30天", "      等待期: 30天\n      住院天数: 3天", "住院天数 is an element and a parameter", "rename"),
    ("      等待期: 30天", "      等待期: 30天\n      公立: 3天", "公立 is already a value of the element 医院性质", "rename"),
    ("      等待期: 30天", "      等待期: 30天\n      且: 3天", "且 cannot be a name", "no keyword"),
    ("      等待期: 30天", "      等待期: 30天\n      A00: 3天", "A00 cannot be a name", "disease code"),
    ("[C00-C97, I21, I60-I64, N18.6]", "[C00-C97, 1元]", "a list holds disease codes", "codes and ranges"),
    ("同: 标准版/经医保结算", "同: 标准版/经医保", "there is no test 标准版/经医保", "经医保结算?"),
    ("接: 经医保结算", "接: 同一保单年度第二次住院，免赔额已扣完", "tests refer to one another in a circle", "stand alone"),
    ("得: {住院医疗: 42000.00}", "得: {住院医了: 42000.00}", "no responsibility of this plan 住院医了", "did you mean 住院医疗?"),
    ("改: {主诊断: O80.0}", "改: {主诊段: O80.0}", "there is no element 主诊段", "did you mean 主诊断?"),
    ("改: {主诊断: O80.0}", "改: {主诊断: 妊娠}", "nothing is called 妊娠", ""),
]


@pytest.mark.parametrize(("right", "wrong", "what", "way_out"), MISTAKES)
def test_one_mistake_is_one_message(write: Write, right: str, wrong: str, what: str, way_out: str) -> None:
    assert right in EXAMPLE
    found = check_file(write(EXAMPLE.replace(right, wrong, 1)))
    assert len(found) == 1, [str(each) for each in found]
    assert what in found[0].what
    assert way_out in found[0].way_out


def test_several_mistakes_are_told_together_in_the_order_of_the_file(write: Write) -> None:
    text = EXAMPLE.replace("起: 合理医疗费用", "起: 合理医疗费", 1).replace("医院等级 >= 二级", "医院等级 >= 二及", 1)
    found = check_file(write(text))
    assert [each.what for each in found] == ["二及 is none of 序列 未定级|一级|二级|三级", "nothing is called 合理医疗费"]
    with pytest.raises(RuleBookError, match=r"does not pass its checks \(2\)"):
        load_book(write(text))


def test_a_plan_without_a_parameter_it_needs_is_told_which_responsibility_needs_it(write: Write) -> None:
    text = EXAMPLE.replace("    基于: 标准版\n", "    责任: [住院津贴]\n    基准日: 保单生效日\n").replace(
        "同: 标准版/经医保结算\n        得: {住院医疗: 50000.00, 住", "同: 标准版/经医保结算\n        得: {住"
    )
    found = check_file(write(text))
    assert "plan 尊享版 has no parameter 等待期, which 住院津贴 needs" in {each.what for each in found}


def test_counting_by_the_policy_year_needs_the_dates_it_counts_by(write: Write) -> None:
    found = check_file(write(EXAMPLE.replace("出险日", "事故日期").replace("保单生效日", "起保日")))
    assert {each.what for each in found} >= {
        "住院医疗 counts by 保单年度, but plan 标准版 has no 年度起",
        "住院医疗 counts by 保单年度, but plan 标准版 has no 事故日",
    }


def test_the_dates_may_have_other_names_when_the_plan_says_which(write: Write) -> None:
    text = EXAMPLE.replace("出险日", "事故日期").replace("保单生效日", "起保日")
    assert check_file(write(text.replace("    基准日: 起保日", "    年度起: 起保日\n    事故日: 事故日期\n    基准日: 起保日"))) == []


def test_a_half_written_book_is_checked_as_far_as_it_is_written(write: Write) -> None:
    half = EXAMPLE[: EXAMPLE.index("\n责任:")].replace("医院等级 >= 二级", "医院等级 >= 二及", 1).replace("等待期", "30天")
    first, *others = check_file(write(half))
    assert (first.what, first.way_out) == ("the book has no 责任, 方案", "add 责任:, 方案:")
    assert "二及 is none of 序列 未定级|一级|二级|三级" in {each.what for each in others}


def test_an_expression_that_a_comma_tore_in_two_is_told_to_be_quoted(faults_of: Callable[..., list[Diagnostic]]) -> None:
    (found,) = faults_of(rules="  甲: {是: 取小(费用, 3元)}\n")
    assert found.what == "rule 甲 has no keyword 3元)"
    assert found.way_out.startswith("inside { } a comma ends the value: put the expression in single quotes")
    assert faults_of(rules="  甲: {是: '取小(费用, 3元)'}\n") == []


def test_types_that_clash_are_told_with_the_names_that_have_them(fault: Callable[[str], Diagnostic]) -> None:
    assert fault("出险日 + 费用 > 出险日").way_out.endswith("; here 出险日 is 日期, 费用 is 元")
    assert fault("费用 = 天数").way_out.endswith("; here 费用 is 元, 天数 is 天")
    assert fault("续保 且 费用").way_out == "bring it to that type; here 费用 is 元"
