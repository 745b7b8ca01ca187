"""The texts that stand beside labels, as readers give them back."""

from datetime import date

import pytest

from domain.money import format_capitals
from ocr.extract.values import (
    read_amount,
    read_capitals,
    read_card_number,
    read_cause,
    read_code,
    read_date,
    read_days,
    read_id_number,
    read_name,
    read_story,
    read_words,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥7743.62", 774362),
        ("￥7,743.62", 774362),
        ("7743. 62元", 774362),
        ("７７４３．６２", 774362),
        ("¥774362", 77436200),
        ("-12.30", -1230),
        ("2.471.04", 247104),  # the comma between thousands was read as a point
        ("1.234,567.80", 123456780),
        ("合计123.45,其中", 12345),
        ("100.00 250.00", 10000),
        ("1,23.45", None),
        ("12.345", None),
        ("7 743.62", None),  # torn apart: neither 7 nor 743.62
        ("7743.6 2", None),
        ("无", None),
    ],
)
def test_amounts(text, fen):
    assert read_amount(text) == fen


@pytest.mark.parametrize("fen", [1, 10, 100, 1001, 774362, 10_000_000, 123_456_789])
def test_capitals_come_back_as_the_amount_they_were_written_from(fen):
    assert read_capitals("人民币 " + format_capitals(fen)) == fen


def test_a_capital_misread_as_its_look_alike_is_understood():
    assert read_capitals("染仟柒佰肆拾参元陆角贰分") == 774362


@pytest.mark.parametrize("text", ["2024年3月1日", "2024-03-01", "2024/3/1", "2024.03.01", "20240301", "2024 年 03 月 01 日"])
def test_every_way_a_date_is_printed(text):
    assert read_date(text) == date(2024, 3, 1)


@pytest.mark.parametrize("text", ["2024-3-1 8:30", "2024-3-1 08时", "2024年3月1日至2024年3月20日"])
def test_what_follows_a_date_is_no_part_of_its_day(text):
    assert read_date(text) == date(2024, 3, 1)


@pytest.mark.parametrize(("text", "days"), [("9天", 9), ("12 天", 12), ("共9天", 9), ("1 2天", None), ("9.5天", None), ("12345", None)])
def test_days_are_one_whole_number(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["2024年13月1日", "2024-02-30", "3月1日", "2024年3月1 1日", "2024.03.112"])
def test_what_is_no_date_is_none(text):
    assert read_date(text) is None


def test_an_id_number_is_found_behind_a_digit_that_was_read_twice():
    assert read_id_number("9 990101195206183724") == "990101195206183724"


def test_an_id_number_in_groups_is_one_number():
    assert read_id_number("990101 19520618 3724") == "990101195206183724"


def test_a_card_number_in_groups_is_one_number():
    assert read_card_number("9900 0012 3456 7890 123") == "9900001234567890123"


def test_codes_names_and_words():
    assert read_code("：B2024-1234 ") == "B2024-1234"
    assert read_name("张 三") == "张三"
    assert read_name("赵建国 样张") == "赵建国"
    assert read_words("示例市第一人民医院。") == "示例市第一人民医院"
    assert read_story("骑车摔倒。") == "骑车摔倒。"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("疾病", "疾病"),
        ("意外伤害", "意外"),
        ("☑疾病 □意外", "疾病"),
        ("□疾病 √意外", "意外"),
        ("□疾病□意外", None),
        ("口疾病口意外", None),
        ("☑疾病 ☑意外", None),
        ("疾病 意外", None),
        ("见附件", None),
    ],
)
def test_a_cause_is_read_where_exactly_one_is_ticked_or_written(text, cause):
    assert read_cause(text) == cause
