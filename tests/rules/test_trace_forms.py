"""The trace as JSON and as an HTML fragment says what the text says."""

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from domain.assessment import Assessment
from rules.engine import adjudicate
from rules.loader import load_book
from rules.trace import render_text
from rules.trace_html import render_html
from rules.trace_json import render_json, trace_data
from rules.values import ElementValue

BED = {"项目": "<b>床位</b>", "费用类别": "床位费", "目录等级": "甲类", "金额": 350_000}
CLAIM: dict[str, ElementValue] = {"保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "出险原因": "疾病", "费用明细": [BED]}


def _ask(**changes: ElementValue) -> Assessment:
    return adjudicate(load_book(Path("rules/book/zhenxuan-lines.yaml")), "臻选版", {**CLAIM, **changes}, {})


@pytest.fixture(scope="module")
def paid() -> Assessment:
    return _ask()


@pytest.fixture(scope="module")
def still_open() -> Assessment:
    return _ask(费用明细=None)


def test_json_holds_every_figure_exactly(paid: Assessment) -> None:
    (result,) = json.loads(render_json(paid))["results"]
    assert (result["outcome"], result["amount_fen"]) == ("payable", 180_000)
    assert result["lines"][0]["adjustments"] == [
        {"code": "bed_cap", "reason": "床位费超每日限额", "amount_fen": 50_000, "clause": "第八条第三款", "line": 37}
    ]
    assert [(step["kind"], step["before"], step["after"]) for step in result["steps"]][:3] == [
        ("起", None, "300000"),
        ("减", "300000", "300000"),
        ("减", "300000", "200000"),
    ]
    assert {use["name"]: use["used_now"] for use in result["uses"]} == {"住院医疗/年免赔额": "100000", "住院医疗/年限额": "180000"}
    assert result["checks"][0] == {
        "rule": "在等待期内",
        "role": "excludes",
        "holds": False,
        "good": True,
        "said": "等待期已过",
        "detail": "2024-08-15 ≥ 2024-03-31",
        "clause": "第六条",
        "line": 19,
    }


def test_json_tells_what_is_open(still_open: Assessment) -> None:
    (result,) = json.loads(render_json(still_open))["results"]
    assert (result["amount_fen"], result["low_fen"], result["high_fen"]) == (None, 0, 10_000_000)
    assert result["unknowns"] == [{"element": "费用明细", "document": "费用清单"}]
    assert [step["after_high"] for step in result["steps"]][-1] == "10000000"


def test_json_of_equal_answers_is_equal_and_nothing_is_a_float(paid: Assessment) -> None:
    assert render_json(paid) == render_json(_ask())
    json.loads(render_json(paid), parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert trace_data(paid)["total_fen"] == 180_000


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_html_is_well_formed_and_escapes_what_came_from_the_claim(paid: Assessment, language: str) -> None:
    tags = _Tags()
    tags.feed(render_html(paid, "en" if language == "en" else "zh"))
    assert tags.open == []
    assert tags.seen <= {"article", "header", "section", "h3", "span", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "p", "b"}
    assert "<b>床位</b>" in tags.text
    assert "等待期已过" in tags.text
    assert ("charged" in tags.text) == (language == "en")


def test_html_tells_the_interval_the_cause_and_the_paper(still_open: Assessment) -> None:
    html = render_html(still_open, "en")
    assert "waiting for 0.00～100,000.00" in html
    assert "waiting for 费用明细（please send 费用清单）" in html
    assert 'class="result unknown"' in html


def test_html_marks_a_refusal(paid: Assessment) -> None:
    html = render_html(_ask(出险日=date(2024, 3, 30)))
    assert 'class="result declined"' in html
    assert '<li class="bad"><span>✗</span> <span>在等待期内</span>' in html


def test_text_and_html_tell_the_same_balances(paid: Assessment) -> None:
    text, html = render_text(paid), render_html(paid)
    for figure in ("3,500.00", "3,000.00", "2,000.00", "1,800.00"):
        assert figure in text
        assert figure in html
