"""Money: text becomes fen here and nowhere else, and fen becomes text that reads back to the same fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import AmountError
from domain.money import format_capitals, format_fen, parse_capitals, parse_fen

ANY_FEN = st.integers(0, 10**14 - 1)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("7743.62", 774362),
        ("0.29", 29),  # 0.29 * 100 is 28.999… in floating point
        ("1.1", 110),
        ("80", 8000),
        ("0", 0),
        ("0.01", 1),
        ("¥7,743.62", 774362),
        ("￥ 7743.62", 774362),
        ("80元", 8000),
        ("80 元", 8000),
        (" 12.50 ", 1250),
        ("1,234,567.00", 123456700),
        ("007", 700),
        ("-0.00", 0),
    ],
)
def test_an_amount_in_figures_is_read_as_whole_fen(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "元",
        "¥",
        ".5",
        "5.",
        "1.234",
        "1.2.3",
        "1e3",
        "nan",
        "inf",
        "0x10",
        "1_000",
        "1,23.00",
        "12,34",
        "1,2345",
        "+5",
        "--5",
        "5-",
        "¥¥5",
        "五元",
        "٣",
        "１２",
        "1 2",
        "5\n6",
        "1.00美元",
    ],
)
def test_what_is_no_amount_in_figures_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(AmountError, match=r"7743\.62"):
        parse_fen(text)


def test_a_negative_amount_is_refused_by_that_name() -> None:
    with pytest.raises(AmountError, match=r"the amount -5\.00 is negative"):
        parse_fen("-5.00")


def test_a_negative_amount_is_read_where_it_may_be_one() -> None:
    assert parse_fen("-¥5.05", may_be_negative=True) == -505


def test_the_largest_amount_has_twelve_digits_before_its_point() -> None:
    assert parse_fen("999999999999.99") == 10**14 - 1


@pytest.mark.parametrize("text", ["1000000000000", "1,000,000,000,000.00", "9" * 5000])
def test_an_amount_of_thirteen_digits_or_five_thousand_is_refused_by_that_name(text: str) -> None:
    with pytest.raises(AmountError, match="more than twelve digits"):
        parse_fen(text)


def test_a_float_is_refused_even_when_nobody_checks_types() -> None:
    with pytest.raises(AttributeError):
        parse_fen(0.29)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fen", "text"), [(669524, "6,695.24"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-774362, "-7,743.62"), (123456789, "1,234,567.89")]
)
def test_fen_are_written_with_groups_and_two_decimals(fen: int, text: str) -> None:
    assert format_fen(fen) == text


def test_fen_are_written_without_groups_on_demand() -> None:
    assert format_fen(123456789, grouped=False) == "1234567.89"


@given(ANY_FEN, st.booleans())
def test_written_figures_read_back_to_the_same_fen(fen: int, grouped: bool) -> None:
    assert parse_fen(format_fen(fen, grouped=grouped)) == fen


@given(st.integers(-(10**14) + 1, -1))
def test_written_negative_figures_read_back_to_the_same_fen(fen: int) -> None:
    assert parse_fen(format_fen(fen), may_be_negative=True) == fen


KNOWN_CAPITALS = [
    (774362, "柒仟柒佰肆拾叁元陆角贰分"),
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角整"),
    (11, "壹角壹分"),
    (100, "壹元整"),
    (101, "壹元零壹分"),
    (110, "壹元壹角整"),
    (1000, "壹拾元整"),
    (10500, "壹佰零伍元整"),
    (100100, "壹仟零壹元整"),
    (1000000, "壹万元整"),
    (1000100, "壹万零壹元整"),
    (1010000, "壹万零壹佰元整"),
    (10000500000, "壹亿零伍仟元整"),
    (10000000100, "壹亿零壹元整"),
    (99999999999999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("fen", "capitals"), KNOWN_CAPITALS)
def test_fen_are_written_in_the_capitals_of_an_invoice(fen: int, capitals: str) -> None:
    assert format_capitals(fen) == capitals


@pytest.mark.parametrize(("fen", "capitals"), KNOWN_CAPITALS)
def test_the_capitals_of_an_invoice_are_read_as_fen(fen: int, capitals: str) -> None:
    assert parse_capitals(capitals) == fen


@given(ANY_FEN)
def test_written_capitals_read_back_to_the_same_fen(fen: int) -> None:
    assert parse_capitals(format_capitals(fen)) == fen


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_capitals_end_at_nothing_and_below_ten_thousand_yi(fen: int) -> None:
    with pytest.raises(AmountError, match="cannot be written in capitals"):
        format_capitals(fen)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("人民币大写：柒仟圆整", 700000),
        ("柒仟柒佰肆拾叁圆陆角贰分", 774362),
        ("柒仟元正", 700000),
        ("柒 仟 元 整", 700000),
        ("¥柒仟元整", 700000),
        ("柒仟元", 700000),
        ("壹拾元零角零分", 1000),  # a form with the units printed and noughts filled in
        ("壹元零角伍分", 105),
        ("壹元伍角零分", 150),
        ("拾伍元整", 1500),  # written for 壹拾伍
        ("拾万元整", 10000000),
        ("貳佰參拾陸元整", 23600),
        ("伍萬元整", 5000000),
        ("壹億元整", 10000000000),
        ("柒百肆十元整", 74000),
        ("壹仟〇伍元整", 100500),
    ],
)
def test_capitals_are_read_in_the_variants_that_are_printed(text: str, fen: int) -> None:
    assert parse_capitals(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "整",
        "元",
        "元整",
        "人民币",
        "7000元",
        "柒仟",
        "仟柒元整",
        "柒柒元整",
        "壹元壹元",
        "柒仟元陆",
        "陆分贰角",
        "壹拾壹佰元整",
        "柒仟元整整",
        "壹万壹亿元整",
        "壹亿壹亿元整",
        "负壹元整",
        "壹元拾角",
        "甲仟元整",
    ],
)
def test_what_is_no_amount_in_capitals_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(AmountError, match="柒仟柒佰肆拾叁元陆角贰分"):
        parse_capitals(text)


@pytest.mark.parametrize("text", ["佰元整", "仟伍佰元整", "万元整", "亿元整", "壹亿万元整", "壹仟佰元整", "零佰元整", "壹佰拾元整"])
def test_a_unit_that_lost_its_digit_is_refused_and_not_taken_for_one(text: str) -> None:
    with pytest.raises(AmountError):
        parse_capitals(text)
