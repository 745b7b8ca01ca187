"""The built-ins: what each answers, in books and in rules eval, and what it says when it is called wrongly."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from domain.errors import InputError
from rules.builtins import BUILTINS
from rules.compiler import Scope
from rules.evaluate import evaluate
from rules.lexer import ExpressionError
from rules.loader import check_file, load_book
from rules.model import Book
from rules.source import Diagnostic
from rules.unknown import Items, Months, Quantity, Unknown, Value
from rules.values import to_values

Answer = Callable[..., Value]
Fault = Callable[[str], Diagnostic]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("绝对值(-5元)", Fraction(500)),
        ("下取整(1.56, 1)", Fraction(3, 2)),
        ("上取整(-1.5)", Fraction(-1)),
        ("取小数(2.5, 0)", Fraction(2)),
        ("远零取整(-1.121, 2)", Fraction(-113, 100)),
        ("截尾取整(-1.126, 2)", Fraction(-112, 100)),
        ("四舍五入(10.005元, -2)", Fraction(1000)),
        ("五舍六入(2.5, 0)", Fraction(2)),
        ("四舍六入五成双(3.5, 0)", Fraction(4)),
        ("余数(-10, 4)", Fraction(2)),
        ("是偶数(4) 且 是奇数(3)", True),
        ("取小(3元, 2元)", Fraction(200)),
        ("取大([1天, 3天, 2天])", Fraction(3)),
        ("合计([1元, 2元, 3角])", Fraction(330)),
        ("合计([1元][本项 > 5元])", Fraction(0)),
        ("平均(1, 2)", Fraction(3, 2)),
        ("中位数(5, 1, 3)", Fraction(3)),
        ("连乘([2, 3, 4])", Fraction(24)),
        ("计数([1, 1])", Fraction(2)),
        ("全部([1 < 2, 2 < 3])", True),
        ("任一(1 > 2, 2 > 3)", False),
        ("含有([1, 2], 2)", True),
        ("计数(追加([1], 2, 3))", Fraction(3)),
        ("计数(连接([1], [2, 3]))", Fraction(3)),
        ("计数(并集([1, 2], [2]))", Fraction(2)),
        ("计数(去重([1, 1]))", Fraction(1)),
        ("倒序([1, 2])[1]", Fraction(2)),
        ("位置([1, 2, 1], 1)[2]", Fraction(3)),
        ("截取([1, 2, 3], 2)[1]", Fraction(2)),
        ("插入([1, 3], 2, 2)[2]", Fraction(2)),
        ("移除([1, 2], 1)[1]", Fraction(2)),
        ('文本长度("你好")', Fraction(2)),
        ('大写("a") = "A" 且 小写("A") = "a"', True),
        ('子文本("foobar", 3, 3) = "oba"', True),
        ('前文("甲-乙", "-") = "甲" 且 后文("甲-乙", "-") = "乙"', True),
        ('包含("甲乙", "乙") 且 开头是("甲乙", "甲") 且 结尾是("甲乙", "乙")', True),
        ('合并文本(["甲", "乙"], "、") = "甲、乙"', True),
        ('转文本(1.50) = "1.5"', True),
        ('转数值("1,000.5", ",", ".")', Fraction(2001, 2)),
        ('日期("2024-03-01")', date(2024, 3, 1)),
        ("日期(2024, 2, 29)", date(2024, 2, 29)),
        ('2024-01-31 + 期间("P1M")', date(2024, 2, 29)),
        ("2024-01-31 + 相隔年月(2023-01-31, 2024-02-28)", date(2025, 1, 31)),
        ("年内第几天(2024-12-31)", Fraction(366)),
        ("年内第几周(2010-01-01)", Fraction(53)),
        ('星期名(2024-03-01) = "Friday" 且 月份名(2024-03-01) = "March"', True),
        ("2024-03-01.年 * 10000 + 2024-03-01.月 * 100 + 2024-03-01.日", Fraction(20240301)),
        ("(2年 + 6个月).月数", Fraction(6)),
        ("2 ** 10", Fraction(1024)),
        ("-2 ** 2", Fraction(4)),
        ("3 ** 4 ** 5", Fraction(3**20)),
        ("6个月 * 1.5 = 9个月 且 1年 / 4 = 3个月 且 1年 > 11个月", True),
        ('"甲" + "乙" = "甲乙"', True),
        ("存在 x 属于 [1, 2] 满足 x > 1", True),
        ("每个 x 属于 [1, 2], y 属于 [3] 满足 x < y", True),
        ("每个 x 属于 [1][本项 > 1] 满足 x > 5", True),
        ("[1元, 2元][-1]", Fraction(200)),
        ("1 属于 (3, 1) 且 5 属于 > 3 且 [1] = [1]", True),
        ("1 /* 一 */ + 1 // 二", Fraction(2)),
    ],
)
def test_a_built_in_answers_in_a_book(answer: Answer, expression: str, value: Value) -> None:
    assert answer(f"'{expression}'" if '"' in expression or ": " in expression else f'"{expression}"') == value


def test_every_built_in_has_a_name_of_its_own_in_both_languages() -> None:
    assert len({each.zh for each in BUILTINS.values()}) == len(BUILTINS) == len({each.name for each in BUILTINS.values()})
    assert all(each.promise for each in BUILTINS.values())


@pytest.mark.parametrize(
    ("expression", "what", "way_out"),
    [
        ("绝对值(1, 2) > 0", "绝对值/abs does not take 2 arguments", "绝对值(span)"),
        ("绝对值(续保) > 0", "绝对值/abs does not take (是否)", "abs(span)"),
        ("合计([1元, 1天]) > 0元", "the items differ: 元 and 天", "one type"),
        ("合计(1元, 1天) > 0元", "the arguments differ: 元 and 天", "one type"),
        ("合计([]) > 0元", "nobody can tell the type of 合计/sum", "type is known"),
        ("绝对直(1) > 0", "there is no function 绝对直", "did you mean 绝对值?"),
        ("abs(1) > 0", "abs in a file that keeps to the other language", "write 绝对值"),
        ('日期("2024-02-30") > 出险日', "'2024-02-30' is no day of the calendar", "2024-03-01"),
        ('期间("P1X") > 1天', "'P1X' is no duration", "P30D"),
        ('期间(转文本("P1D")) > 1天', "nobody can tell the type of 期间/duration", "type is known"),
        ("空值 = 费用", "a book holds no null", "unknown then"),
        ("[1元..2元] = 费用", "a range stands alone", "属于/in"),
        ("存在 费用 属于 [1] 满足 1 = 1", "费用 is already a name", "something else"),
        ("存在 x 属于 费用 满足 x > 1", "a list is needed here, but this is 元", "name a list"),
        ("[1, 2][费用] > 1", "数 is needed here, but this is 元", "bring it"),
        ("出险日.小时 > 1", "日期 has no 小时", "use a declared property"),
        ("费用 ** 2 > 费用", "元 ** 数 makes no sense", "bare number"),
        ("绝对值(> 1) = 1", "a comparison without its left side", "属于/in"),
    ],
)
def test_a_wrong_call_is_refused_on_save_and_says_what_is_expected(fault: Fault, expression: str, what: str, way_out: str) -> None:
    found = fault(f"'{expression}'")
    assert what in found.what
    assert way_out in found.way_out


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("取小(费用, 5元) <= 5元", True),
        ("绝对值(费用) >= 0元", True),
        ("合计([费用, 5元]) >= 5元", True),
        ("任一(续保, 1 = 1)", True),
        ("计数([费用, 已付])", Fraction(2)),
        ("含有([1元, 费用], 1元)", True),
        ("存在 x 属于 [费用, 6元] 满足 x > 5元", True),
    ],
)
def test_what_an_unknown_item_cannot_change_is_answered(answer: Answer, expression: str, value: Value) -> None:
    assert answer(f'"{expression}"') == value


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("合计([4元, 1元][本项 > 费用])", 0, 500),
        ("合计([4元, 1元, 9元][本项 > 费用 或 本项 > 8元])", 900, 1400),
        ("计数([4元, 1元, 9元][本项 > 费用 或 本项 > 8元])", 1, 3),
        ("合计([4元, -1元][本项 > 费用][本项 < 5元])", 0, 400),
    ],
)
def test_a_filter_that_cannot_tell_of_every_item_leaves_an_interval(answer: Answer, expression: str, low: int, high: int) -> None:
    assert answer(f'"{expression}"') == Unknown(frozenset({"费用"}), Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("存在 x 属于 [4元, 9元][本项 > 费用 或 本项 > 8元] 满足 x > 5元", True),
        ("存在 x 属于 [4元, 9元][本项 > 费用] 满足 x > 10元", False),
        ("每个 x 属于 [4元, 9元][本项 > 费用] 满足 x > 3元", True),
        ("每个 x 属于 [4元, 9元][本项 > 费用 或 本项 > 8元] 满足 x > 9元", False),
    ],
)
def test_an_item_that_may_be_left_out_decides_nothing_alone(answer: Answer, expression: str, value: bool) -> None:
    assert answer(f'"{expression}"') is value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1万元 * 60%", Quantity(Fraction(600_000), evaluate("1元", {}).unit)),  # type: ignore[union-attr]
        ("100元/天 * 3天 = 300元", True),
        ("[1, 2, 3][item > 1]", Items((Fraction(2), Fraction(3)))),
        ('"I21.4" in [I20-I25]', True),
        ('years and months duration(@"2024-03-31", @"2024-02-29")', Months(-1)),
        ("null = null", True),
        ("any([true, 123])", True),
        ("all([false, 123])", False),
        ("index of([1, null], null)", Items((Fraction(2),))),
        ("count(append([null], null))", Fraction(2)),
        ("append(1, 2)", Items((Fraction(1), Fraction(2)))),
        ("1 in [1, null]", True),
        ("list contains([1, null], null)", True),
        ('string([1, "a", null = null])', '[1, "a", true]'),
    ],
)
def test_rules_eval_tells_types_by_values(expression: str, value: Value) -> None:
    assert evaluate(expression, {}) == value


@pytest.mark.parametrize(
    ("expression", "cause"),
    [
        ("1元 + 1天", "元 + 天 makes no sense"),
        ("1天 * 1天", "天·天 means nothing"),
        ('sum([1, "a"])', "sum does not take (任意 列表)"),
        ("10 ** 1000000", "a power with exponent 1000000 of 10 is too large"),
        ("[1][2]", "a list of 1 has no item 2"),
        ("1 / 0", "a rule divides by 0"),
        ("x + 1", "x"),
    ],
)
def test_what_makes_no_sense_is_an_unknown_that_says_why(expression: str, cause: str) -> None:
    value = evaluate(expression, {"x": Unknown(frozenset({"x"}))})
    assert isinstance(value, Unknown)
    assert any(each.startswith(cause) for each in value.causes)


def test_loops_in_loops_are_bounded() -> None:
    items = Items(tuple(Fraction(number) for number in range(1000)))
    expression = "every a in L, b in L, c in L satisfies a + b + c >= 0"
    with pytest.raises(Exception, match="loops that go through more than") as raised:
        evaluate(expression, {"L": items})
    assert not isinstance(raised.value, RecursionError)


def test_a_mistake_names_its_place_and_the_nearest_name() -> None:
    with pytest.raises(ExpressionError) as raised:
        evaluate("1 + sting length(x)", {"x": "a"})
    assert raised.value.as_json() == {
        "what": "there is no function sting length",
        "way_out": "did you mean string length?",
        "at": 4,
        "nearest": "string length",
    }


LINES = """
要素:
  明细: {类型: 列表, 字段: {类别: {类型: 枚举, 取值: [药品, 床位]}, 金额: {类型: 金额}, 天数: {类型: 天数, 缺失: 1天}}}
  上限: {类型: 金额}
规则:
  甲:
    是: %s
责任:
  乙:
    理算:
      - 起: 上限
方案:
  丙:
    责任: [乙]
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("合计(明细.金额)", Fraction(900)),
        ("合计(明细[类别 = 药品].金额)", Fraction(400)),
        ("计数(明细[金额 >= 4元])", Fraction(2)),
        ("存在 行 属于 明细 满足 行.类别 = 床位 且 行.金额 > 4元", True),
        ("每个 行 属于 明细 满足 行.天数 <= 2天", True),
        ("取大(明细.金额)", Fraction(500)),
        ("明细[1].金额", Fraction(400)),
        ("合计(明细[本项.金额 > 上限].金额)", Unknown(frozenset({"上限"}), Fraction(0), Fraction(900))),
    ],
)
def test_the_lines_of_an_invoice_are_a_list_that_expressions_go_through(
    write: Callable[[str], Path], expression: str, value: Value
) -> None:
    book = load_book(write(LINES % expression))
    lines = [{"类别": "药品", "金额": 400}, {"类别": "床位", "金额": 500, "天数": 2}]
    assert Scope(to_values(book, {"明细": lines}), book.compiled).answer("甲").value == value


def test_a_field_that_does_not_exist_is_refused_with_the_nearest(write: Callable[[str], Path]) -> None:
    (found,) = check_file(write(LINES % "合计(明细.金颜)"))
    assert (found.what, found.way_out) == ("there is no field 金颜", "did you mean 金额?")


def test_rules_that_multiply_one_another_end_in_an_error_and_not_in_a_number_beyond_all_memory(book_of: Callable[..., Book]) -> None:
    rules = (
        "".join(f"  甲{index}:\n    是: {' * '.join([f'甲{index + 1}'] * 100)}\n" for index in range(5))
        + "  甲5:\n    是: 系数 * 天数 / 1天\n"
    )
    book = book_of(rules=rules)
    scope = Scope(to_values(book, {"系数": Fraction(3), "天数": 7}), book.compiled)
    with pytest.raises(InputError, match="a number too large to hold"):
        scope.answer("甲0")
