"""Expressions for property tests: syntax trees of every form, and typed ones over the elements of the tiny book."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from rules.icd import CodeSet
from rules.syntax import (
    Binary,
    Call,
    Comparison,
    Conditional,
    Expression,
    Item,
    ListOf,
    Literal,
    Membership,
    Name,
    Null,
    Property,
    Quantified,
    Range,
    Select,
    Unary,
)
from rules.types import DAYS, MONEY, NUMBER, NumberType, SimpleType
from rules.unknown import Months

_NAMES = st.sampled_from(["费用", "x", "cost_2", "出险日", "明细"])
_CENTS = st.integers(0, 10**9).map(lambda number: Fraction(number, 100))
LITERALS: st.SearchStrategy[Expression] = st.one_of(
    _CENTS.map(lambda number: Literal(number, NUMBER, 0)),
    st.integers(0, 10**9).map(lambda fen: Literal(Fraction(fen), MONEY, 0)),
    st.integers(0, 10**4).map(lambda days: Literal(Fraction(days), DAYS, 0)),
    st.integers(0, 10**4).map(lambda hours: Literal(Fraction(hours, 24), DAYS, 0)),
    st.integers(0, 10**4).map(lambda fen: Literal(Fraction(fen), NumberType(1, -1), 0)),
    st.integers(-500, 500).map(lambda count: Literal(Months(count), SimpleType.MONTHS, 0)),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(lambda day: Literal(day, SimpleType.DATE, 0)),
    st.booleans().map(lambda value: Literal(value, SimpleType.BOOLEAN, 0)),
    st.text(max_size=8).map(lambda text: Literal(text, SimpleType.TEXT, 0)),
    st.just(Null(0)),
    _NAMES.map(lambda name: Name(name, 0)),
    st.just(Name("item", 0)),
)
_CODES: st.SearchStrategy[Item] = st.sampled_from(
    [Literal("K35.8", SimpleType.CODE, 0), Literal("I21", SimpleType.CODE, 0), Literal(CodeSet((("C00", "C97"),)), SimpleType.CODES, 0)]
)
_PROPERTIES = st.sampled_from([("金额", ""), ("amount", "")])
_CALLS = st.sampled_from(["sum", "string length", "years and months duration", "min", "any"])


def _grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    items = st.one_of(inner, st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner, st.just(0)))
    ranges = st.builds(Range, inner, inner, st.booleans(), st.booleans(), st.just(0))
    return st.one_of(
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "**", "and", "or", "=", "!=", "<", ">="]), inner, inner, st.just(0)),
        st.builds(Unary, st.just("not"), inner.filter(lambda tree: not isinstance(tree, Unary)), st.just(0)),
        st.builds(Unary, st.just("-"), inner.filter(lambda tree: not isinstance(tree, Unary)), st.just(0)),
        st.builds(Conditional, inner, inner, inner, st.just(0)),
        st.builds(Membership, inner, st.lists(st.one_of(items, ranges, _CODES), min_size=1, max_size=3).map(tuple), st.just(0)),
        st.builds(Call, _CALLS, st.lists(inner, min_size=1, max_size=3).map(tuple), st.just(0)),
        st.builds(ListOf, st.lists(inner, max_size=3).map(tuple), st.just(0)),
        st.builds(Select, inner, inner, st.just(0)),
        st.builds(lambda subject, name: Property(subject, name[0], name[1], 0), inner, _PROPERTIES),
        st.builds(Quantified, st.sampled_from(["some", "every"]), st.sampled_from(["y", "行"]), inner, inner, st.just(0)),
        ranges,
    )


_TREES: st.SearchStrategy[Expression] = st.recursive(LITERALS, _grow, max_leaves=10)


@st.composite
def trees(draw: st.DrawFn) -> Expression:
    """Draw a syntax tree of any form; it need not make sense."""
    return draw(_TREES)


# Typed by construction, over the elements of `conftest.ELEMENTS`.
_MONEY_LEAVES = st.one_of(st.sampled_from(["费用", "已付"]), st.integers(0, 300).map(lambda yuan: f"{yuan}元"))
_BOOLEAN_LEAVES = st.sampled_from(
    ["续保", "结算", "原因 = 疾病", "等级 >= 二级", "诊断 属于 [C00-C97]", "出险日 < 保单生效日 + 30天", "天数 > 3天"]
)


def _money(boolean: st.SearchStrategy[str], money: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} + {})".format, money, money),
        st.builds("({} - {})".format, money, money),
        st.builds("({} * {}%)".format, money, st.integers(0, 200)),
        st.builds("取小({}, {})".format, money, money),
        st.builds("取大({}, {})".format, money, money),
        st.builds("合计([{}, {}])".format, money, money),
        st.builds("平均({}, {})".format, money, money),
        st.builds("绝对值({})".format, money),
        st.builds("四舍五入({}, -2)".format, money),
        st.builds("-{}".format, money),
        st.builds("(如果 {} 则 {} 否则 {})".format, boolean, money, money),
        st.builds("合计([{}, {}][本项 > {}])".format, money, money, money),
    )


def _boolean(boolean: st.SearchStrategy[str], money: st.SearchStrategy[str], level: int) -> st.SearchStrategy[str]:
    item = f"项{level}"  # a loop inside another calls its item something else
    return st.one_of(
        st.builds("({} 且 {})".format, boolean, boolean),
        st.builds("({} 或 {})".format, boolean, boolean),
        st.builds("(非 {})".format, boolean),
        st.builds("({} {} {})".format, money, st.sampled_from(["<", "<=", "=", "!=", ">", ">="]), money),
        st.builds("({} 介于 {} 且 {})".format, money, money, money),
        st.builds("({} 属于 [{}, {}])".format, money, money, money),
        st.builds("全部({}, {})".format, boolean, boolean),
        st.builds(f"(存在 {item} 属于 [{{}}, {{}}] 满足 {item} > {{}})".format, money, money, money),
        st.builds("含有([{}, {}], {})".format, money, money, money),
    )


def _typed(depth: int) -> tuple[st.SearchStrategy[str], st.SearchStrategy[str]]:
    boolean: st.SearchStrategy[str] = _BOOLEAN_LEAVES
    money: st.SearchStrategy[str] = _MONEY_LEAVES
    for level in range(depth):
        booleans, moneys = _boolean(boolean, money, level), _money(boolean, money)
        boolean, money = st.one_of(_BOOLEAN_LEAVES, booleans), st.one_of(_MONEY_LEAVES, moneys)
    return boolean, money


_BOOLEAN, _MONEY = _typed(3)


@st.composite
def typed_texts(draw: st.DrawFn) -> str:
    """Draw an expression that answers a truth value or money."""
    return draw(_BOOLEAN if draw(st.booleans()) else _MONEY)
