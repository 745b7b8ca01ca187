"""Names and values in Chinese, all through the routing: with full-width punctuation, and characters beyond sixteen bits."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InputError, RuleBookError
from rules import routing, routing_plain
from rules.routing import RoutingRules, load_routing, read_facts, route, route_of
from rules.routing_conditions import All, AnyOf, Comparison, Condition, FactValue, HasFinding, HasFlag, Not

LETTERS = "案件险档位医院等级甲乙丙丁保单年〇々髙高𠮷𠀋𪚥〡"
MARKS = "（），。：；！？“”《》、—…·％＜＞＝－０９ 　()<>=:#&*'\"\\{}[]"
NAMES = st.text(LETTERS, min_size=1, max_size=6)
WORDS = st.text(LETTERS + MARKS, min_size=1, max_size=8).map(str.strip).filter(bool)
CODES = st.builds("{}.{}".format, NAMES, NAMES)
FINDINGS = ("发票.重复", "資料.𠮷")
SIGNS: Mapping[str, tuple[str, ...]] = {
    "==": ("==", "＝＝"),
    "!=": ("!=", "！＝", "≠"),
    "<": ("<", "＜"),
    "<=": ("<=", "＜＝", "≤"),
    ">": (">", "＞"),
    ">=": (">=", "＞＝", "≥"),
}


@st.composite
def facts(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Draw facts by name: the values of a text, ("int",) or ("bool",)."""
    values = st.lists(WORDS, min_size=2, max_size=4, unique=True).map(tuple)
    return draw(st.dictionaries(NAMES, st.just(("int",)) | st.just(("bool",)) | values, min_size=1, max_size=4))


def value_of(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return {("int",): st.sampled_from((-3, 0, 7)), ("bool",): st.booleans()}.get(values, st.sampled_from(values))


@st.composite
def conditions(draw: st.DrawFn, known: dict[str, tuple[str, ...]], earlier: list[str]) -> Condition:
    name = draw(st.sampled_from(sorted(known)))
    sign = draw(st.sampled_from(sorted(SIGNS) if known[name] == ("int",) else ["!=", "=="]))
    one: Condition = Comparison(name, sign, draw(value_of(known[name])))
    others = st.sampled_from([HasFinding(each) for each in FINDINGS] + [HasFlag(each) for each in earlier])
    kind = draw(st.sampled_from(("alone", "all", "any", "not")))
    if kind in ("alone", "not"):
        return one if kind == "alone" else Not(one)
    return All((one, draw(others))) if kind == "all" else AnyOf((one, draw(others)))


def as_yaml(condition: Condition, draw: st.DrawFn) -> object:
    """Write a condition as staff would, its signs now half and now full width."""
    match condition:
        case Comparison(name, sign, value):
            space = draw(st.sampled_from(("", " ")))
            word = {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
            if isinstance(value, int) and draw(st.booleans()):
                word = word.translate(str.maketrans("-0123456789", "－０１２３４５６７８９"))
            return f"{name}{space}{draw(st.sampled_from(SIGNS[sign]))}{space}{word}"
        case All(parts) | AnyOf(parts):
            return {"all" if isinstance(condition, All) else "any": [as_yaml(part, draw) for part in parts]}
        case Not(part):
            return {"not": as_yaml(part, draw)}
        case HasFinding(code):
            return {"finding": code}
        case HasFlag(code):
            return {"flag": code}


@st.composite
def books(draw: st.DrawFn) -> tuple[str, dict[str, tuple[str, ...]], list[Condition]]:
    """Draw a book as its text, with the facts and the conditions that it says."""
    known = draw(facts())
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    whens = [draw(conditions(known, codes[:index])) for index in range(len(codes))]
    kinds = {values: values[0] if values in (("int",), ("bool",)) else "str" for values in known.values()}
    declared = {
        name: {"type": kinds[values], "meaning": "含义"} | ({"values": list(values)} if kinds[values] == "str" else {})
        for name, values in known.items()
    }
    quoted = "".join(f"《{{{name}}}》" for name in known)
    flags = [
        {"code": code, "message": quoted, "severity": "note", "when": as_yaml(when, draw)} for code, when in zip(codes, whens, strict=True)
    ]
    return json.dumps({"name": draw(WORDS), "facts": declared, "flags": flags}, ensure_ascii=False), known, whens


def load(text: str) -> RoutingRules:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "分流𠮷.yaml"
        path.write_text(text, encoding="utf-8")
        return load_routing(path)


@settings(max_examples=80, deadline=None)
@given(books(), st.data())
def test_a_chinese_book_means_what_it_says_and_the_engine_raises_what_plain_python_raises(
    book: tuple[str, dict[str, tuple[str, ...]], list[Condition]], data: st.DataObject
) -> None:
    text, known, whens = book
    rules = load(text)
    assert [flag.when for flag in rules.flags] == whens
    try:
        for _ in range(4):
            claim: dict[str, FactValue] = {name: data.draw(value_of(values)) for name, values in known.items()}
            findings = data.draw(st.frozensets(st.sampled_from(FINDINGS)))
            raised = routing_plain.raise_flags(rules.program.strata, claim, findings)
            answer = route(rules, claim, findings)
            assert answer == route_of(rules, raised, claim)
            shown = "".join(f"《{ {True: '是', False: '否'}[each] if isinstance(each, bool) else each }》" for each in claim.values())
            assert all(flag.message == shown for flag in answer.flags)
    finally:
        routing.close()


OWN_WORDS = """\
name: 分流𠮷：“甲”
facts:
  风险档位: {type: str, from: risk_band, values: {低: low, 高𠮷（疑似）: high}, meaning: 风险评分档位}
  保单天数: {type: int, from: policy_age_days, meaning: 天数}
flags:
  - {code: 风险.高, message: '风险{风险档位}，保单 {保单天数} 天', severity: doubt, queue: review, when: 风险档位＝＝高𠮷（疑似）}
  - {code: 保单.新, message: 新保单, severity: note, when: 保单天数 ≤ ６０}
"""


def test_a_book_has_its_own_words_for_what_the_system_tells() -> None:
    rules = load(OWN_WORDS)
    answer = route(rules, {"risk_band": "high", "policy_age_days": 60}, frozenset())
    assert [(flag.code, flag.message) for flag in answer.flags] == [("风险.高", "风险高𠮷（疑似），保单 60 天"), ("保单.新", "新保单")]
    assert route(rules, {"risk_band": "low", "policy_age_days": 61}, frozenset()).flags == ()
    routing.close()


def test_the_system_speaks_in_its_own_words_only() -> None:
    rules = load(OWN_WORDS)
    with pytest.raises(InputError, match="risk_band cannot be '高𠮷（疑似）'"):
        read_facts(rules, {"risk_band": "高𠮷（疑似）", "policy_age_days": 60})
    with pytest.raises(InputError, match="knows no fact 风险档位"):
        read_facts(rules, {"风险档位": "low", "policy_age_days": 60})


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("风险档位＝＝高𠮷", "风险挡位＝＝高𠮷", "there is no fact 风险挡位  |  did you mean 风险档位?"),
        ("＝＝高𠮷（疑似）", "＝＝高吉（疑似）", "风险档位 can never be 高吉（疑似）  |  it is one of 低, 高𠮷（疑似）"),
        ("风险{风险档位}", "风险{风险挡位}", "quotes {风险挡位}, which is no fact"),
        ("from: policy_age_days", "from: risk_band", "风险档位 and 保单天数 are both the system's risk_band"),
        ("高𠮷（疑似）: high", "高𠮷（疑似）: low", "the values of 风险档位 do not fit its type"),
        ("code: 保单.新", "code: 保单。新", "保单。新 cannot be the code of a flag"),
        ("  保单天数: {", "  保单 天数: {", "保单 天数 is no name of a fact"),
        ("分流𠮷：", "分流𠮷" * 30, "the name has 93 characters"),
    ],
)
def test_a_mistake_in_chinese_is_told_with_its_place_and_the_nearest_name(right: str, wrong: str, told: str) -> None:
    assert right in OWN_WORDS
    with pytest.raises(RuleBookError) as caught:
        load(OWN_WORDS.replace(right, wrong))
    assert told in str(caught.value)
