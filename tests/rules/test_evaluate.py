"""rules eval: JSON lines in, JSON lines out, in order, whatever comes."""

import json
import subprocess
import sys
from typing import Any

import pytest

from rules.evaluate import answer_line, answer_lines


def ask(expression: str, **request: object) -> Any:
    return answer_line(json.dumps({"expression": expression, **request}))


def test_lines_are_answered_in_order_and_a_bad_one_stops_nothing() -> None:
    lines = [b'{"expression": "1 + 1"}\n', b"no json\n", b"\xff\xfe\n", b"\n", b'{"expression": "2 + 2"}\n']
    answers = [json.loads(each) for each in answer_lines(lines)]
    assert [answer.get("value") for answer in answers] == [{"$n": "2"}, None, None, {"$n": "4"}]
    assert [answer["error"]["what"] for answer in answers[1:3]] == ["this line is no JSON", "this line is not UTF-8"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "文本",
        {"$n": "1.5"},
        {"$n": "-0.05"},
        {"$d": "2024-02-29"},
        {"$dur": "P1Y2M"},
        {"$dur": "-P2DT3H4M5.5S"},
        [{"$n": "1"}, "a", None],
        {"$c": {"a": {"$n": "1"}, "b": {"$c": {}}}},
    ],
)
def test_a_value_comes_back_as_it_was_sent(value: object) -> None:
    assert ask("x", context={"x": value})["value"] == value


@pytest.mark.parametrize(
    "context", [{"x": {"$t": "10:00:00"}}, {"x": {"$n": "1e999999999"}}, {"x": {"$d": "2024-02-30"}}, {"x": {"$z": "1"}}, [], 1]
)
def test_a_value_that_cannot_be_read_is_an_error_and_not_a_null(context: object) -> None:
    assert set(ask("1", context=context)) == {"error"}


def test_plain_json_numbers_are_exact() -> None:
    assert answer_line('{"expression": "x * 3", "context": {"x": 0.1}}') == {"value": {"$n": "0.3"}}


def test_an_unknown_names_its_causes() -> None:
    assert ask("费用 + 1", context={"费用": None}) == {"value": None, "causes": ["费用"]}


def test_a_value_of_another_type_than_declared_is_unknown() -> None:
    assert ask("x", context={"x": "a"}, types={"x": "number"}) == {"value": None, "causes": ["x is no number"]}


def test_expressions_may_be_chinese() -> None:
    assert ask("如果 费用 > 1 则 合计([费用, 1]) 否则 0", context={"费用": 2}, language="zh") == {"value": {"$n": "3"}}


def test_a_field_is_named_inside_a_filter() -> None:
    lines = [{"$c": {"price": {"$n": str(price)}}} for price in (3, 8)]
    assert ask("L[price > least].price", context={"L": lines, "least": 5})["value"] == [{"$n": "8"}]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"expression": "' + "(" * 1999 + '"}', '{"expression": 1}', '"x"', '{"expression":"x","context":{"x":NaN}}']
)
def test_hostile_lines_end_in_an_error(line: str) -> None:
    assert set(answer_line(line)) == {"error"}


def test_the_command_reads_standard_input() -> None:
    request = '{"expression": "1/3*3"}\n{"expression": "费佣", "context": {"费用": 1}}\n'
    ran = subprocess.run([sys.executable, "app.py", "rules", "eval"], input=request.encode(), capture_output=True, timeout=60, check=True)
    first, second = (json.loads(line) for line in ran.stdout.decode().splitlines())
    assert first == {"value": {"$n": "1"}}
    assert second["error"]["nearest"] == "费用"


@pytest.mark.parametrize("condition", ["null", "x", "x > 3", "not(x)"])
def test_a_condition_that_is_null_chooses_no_branch(condition: str) -> None:
    """As the public cases 0032-conditionals 003 and 006 have it; where both branches agree there is nothing to choose."""
    context = {"x": None}
    assert answer_line(json.dumps({"expression": f"if {condition} then 1 else 2", "context": context}))["value"] is None
    assert answer_line(json.dumps({"expression": f"if {condition} then 7 else 7", "context": context}))["value"] == {"$n": "7"}
