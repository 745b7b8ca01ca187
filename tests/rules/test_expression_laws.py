"""Laws of expressions: they read back as written, in both languages; what is known stays known; numbers are exact."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from expressions import trees, typed_texts
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.checker import check
from rules.compiler import Scope, compile_tree
from rules.evaluate import evaluate
from rules.lexer import ExpressionError
from rules.loader import load_book
from rules.model import Book
from rules.names import Names
from rules.parser import MAX_DEPTH, parse_expression
from rules.printing import print_expression
from rules.syntax import Expression
from rules.translate import translate_expression
from rules.types import Type
from rules.unknown import Unknown, Value
from rules.values import ElementValue, to_values

LANGUAGES = st.sampled_from(["zh", "en"])


@given(trees(), LANGUAGES)
@settings(deadline=None, max_examples=250)
def test_a_printed_expression_reads_back_as_the_same_tree(tree: Expression, language: str) -> None:
    text = print_expression(tree, "zh" if language == "zh" else "en")
    assume(len(text) < 2000)
    assert parse_expression(text, "zh" if language == "zh" else "en") == tree


@given(trees())
@settings(deadline=None, max_examples=250)
def test_translating_an_expression_there_and_back_changes_neither_its_tree_nor_a_character(tree: Expression) -> None:
    chinese = print_expression(tree, "zh")
    english = translate_expression(chinese, "zh", "en")
    assume(len(chinese) < 2000 and len(english) < 2000)
    assert parse_expression(english, "en") == parse_expression(chinese, "zh")
    assert translate_expression(english, "en", "zh") == chinese


@given(st.text(max_size=60), LANGUAGES)
@settings(deadline=None, max_examples=300)
def test_any_text_is_an_expression_or_a_mistake_with_its_place(text: str, language: str) -> None:
    try:
        parse_expression(text, "zh" if language == "zh" else "en")
    except ExpressionError as error:
        assert 0 <= error.at <= len(text)
        assert error.what
        assert error.way_out


@given(
    st.lists(st.sampled_from(["(", "[", "-", "非 ", "如果 ", "1", "..", "]", ")", "x", ".", "**", " 属于 ", " 且 "]), max_size=400).map(
        "".join
    )
)
@settings(deadline=None, max_examples=200)
def test_no_nesting_makes_the_parser_fall(text: str) -> None:
    try:
        parse_expression(text, "zh")
    except ExpressionError as error:
        assert error.way_out


def test_the_deepest_expression_that_is_read_also_computes() -> None:
    inner = "1"
    for _ in range(MAX_DEPTH - 1):
        inner = f"(1 + {inner})"
    assert evaluate(inner, {}) == MAX_DEPTH


_NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


@given(st.lists(_NUMBERS, min_size=2, max_size=8), st.data())
@settings(deadline=None, max_examples=150)
def test_arithmetic_is_exactly_what_fractions_are(numbers: list[Fraction], data: st.DataObject) -> None:
    expected, text = numbers[0], "n0"
    for index, number in enumerate(numbers[1:], 1):
        operator = data.draw(st.sampled_from(["+", "-", "*", "/"]))
        assume(operator != "/" or number != 0)
        expected = {
            "+": expected.__add__,
            "-": expected.__sub__,
            "*": expected.__mul__,
            "/": expected.__truediv__ if number else expected.__add__,
        }[operator](number)
        text = f"({text} {operator} n{index})"
    context: dict[str, Value] = {f"n{index}": number for index, number in enumerate(numbers)}
    assert evaluate(text, context) == expected


_BOOK: Book = load_book(Path(__file__).parent / "expressions.yaml")
_ELEMENTS: dict[str, st.SearchStrategy[ElementValue]] = {
    "保单生效日": st.dates(date(2024, 1, 1), date(2024, 3, 31)),
    "出险日": st.dates(date(2024, 1, 1), date(2024, 3, 31)),
    "原因": st.sampled_from(["疾病", "意外"]),
    "等级": st.sampled_from(["一级", "二级", "三级"]),
    "续保": st.booleans(),
    "结算": st.booleans(),
    "诊断": st.sampled_from(["C73", "K35.8", "无"]),
    "费用": st.integers(0, 30_000),
    "已付": st.integers(0, 30_000),
    "天数": st.integers(0, 6),
}


def _answer(text: str, elements: dict[str, ElementValue]) -> Value:
    types: dict[str, Type] = {name: element.type for name, element in _BOOK.elements.items()}
    tree = check(parse_expression(text, "zh"), Names(types, {}, lambda _: None))
    return compile_tree(tree)(Scope(to_values(_BOOK, elements), {}))


@given(typed_texts(), st.fixed_dictionaries(_ELEMENTS), st.sets(st.sampled_from(sorted(_ELEMENTS))))
@settings(deadline=None, max_examples=300)
def test_telling_what_was_unknown_never_contradicts_what_was_known(text: str, elements: dict[str, ElementValue], hidden: set[str]) -> None:
    full = _answer(text, elements)
    part = _answer(text, {name: None if name in hidden else value for name, value in elements.items()})
    if not isinstance(part, Unknown):
        assert part == full
        return
    assert part.causes <= hidden
    assert part.causes
    if isinstance(full, Fraction) and not isinstance(full, bool):
        assert part.low is None or part.low <= full
        assert part.high is None or full <= part.high
