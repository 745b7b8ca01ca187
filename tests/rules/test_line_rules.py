"""A line rule judges every invoice line: charged − adjustments = allowed, each with its reason; the payout goes back onto the lines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import Outcome, ResponsibilityResult
from domain.errors import InputError
from rules.engine import adjudicate
from rules.line_payout import allocate_payout, split
from rules.loader import check_file, load_book
from rules.model import Book
from rules.trace import render_text
from rules.values import ElementValue, PlainValue

BOOK = Path("rules/book/zhenxuan-lines.yaml")
ZHENXUAN: Book = load_book(BOOK)
Line = dict[str, PlainValue]


def _line(name: str, kind: str, grade: str, fen: int, days: int = 1) -> Line:
    return {"项目": name, "费用类别": kind, "目录等级": grade, "金额": fen, "天数": days}


BED, DRUG, FOREIGN = (
    _line("床位", "床位费", "甲类", 350_000),
    _line("头孢", "药品费", "乙类", 10_005),
    _line("膜片", "材料费", "丙类", 80_000),
)


def _ask(lines: list[Line] | None, **changes: ElementValue) -> ResponsibilityResult:
    given: dict[str, ElementValue] = {"保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "出险原因": "疾病", "费用明细": lines}
    return adjudicate(ZHENXUAN, "臻选版", {**given, **changes}, {}).results[0]


def test_every_line_keeps_the_reason_and_clause_of_what_was_taken_off() -> None:
    lines = _ask([BED, DRUG, FOREIGN]).lines
    assert [(each.place, each.name, each.charged_fen, each.allowed_fen) for each in lines] == [
        (1, "床位", 350_000, 300_000),
        (2, "头孢", 10_005, 9_005),  # a tenth is 1,000.5; what is left is brought to whole 分
        (3, "膜片", 80_000, 0),
    ]
    assert [(each.code, each.reason, each.amount_fen, each.clause) for line in lines for each in line.adjustments] == [
        ("bed_cap", "床位费超每日限额", 50_000, "第八条第三款"),
        ("self_share", "乙类先行自付", 1_000, "第八条第四款"),
        ("out_of_list", "医保目录外", 80_000, "第八条第二款"),
    ]


def test_a_line_of_which_nothing_is_left_either_way_is_paid_though_its_reason_is_open() -> None:
    result = _ask([{"项目": "床位", "费用类别": "床位费", "目录等级": None, "金额": 350_000, "天数": 0}])
    assert (result.outcome, result.amount_fen, result.lines) == (Outcome.PAYABLE, 0, ())


@pytest.mark.parametrize(
    ("fen", "days", "allowed"), [(299_999, 1, 299_999), (300_000, 1, 300_000), (300_001, 1, 300_000), (600_001, 2, 600_000)]
)
def test_a_bed_is_capped_by_the_day_before_lines_are_summed(fen: int, days: int, allowed: int) -> None:
    (line,) = _ask([_line("床位", "床位费", "甲类", fen, days)]).lines
    assert line.allowed_fen == allowed


def test_room_of_3500_and_2000_under_a_cap_of_3000_a_day_is_5000() -> None:
    assert _ask([BED, _line("床位", "床位费", "甲类", 200_000)]).steps[0].after == 500_000


def test_a_missing_list_leaves_an_interval_that_names_it() -> None:
    result = _ask(None)
    assert (result.outcome, result.low_fen, result.high_fen, result.lines) == (Outcome.UNKNOWN, 0, 10_000_000, ())
    assert [(each.element, each.document) for each in result.unknowns] == [("费用明细", "费用清单")]


def test_a_field_that_a_line_does_not_tell_leaves_that_line_open() -> None:
    graded = {name: value for name, value in DRUG.items() if name != "目录等级"}
    result = _ask([BED, {**graded, "金额": 100_000}])
    assert (result.outcome, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, 180_000, 270_000)


def test_a_field_takes_its_declared_default() -> None:
    (line,) = _ask([{name: value for name, value in BED.items() if name != "天数"}]).lines
    assert line.allowed_fen == 300_000


MANY = st.lists(
    st.builds(
        _line,
        st.sampled_from(["甲", "乙"]),
        st.sampled_from(["床位费", "药品费", "检查费", "护工费"]),
        st.sampled_from(["甲类", "乙类", "丙类"]),
        st.integers(0, 3_000_000),
        st.integers(1, 30),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=80)
@given(lines=MANY, others=st.integers(0, 500_000))
def test_every_line_adds_up_and_the_lines_sum_to_the_payout(lines: list[Line], others: int) -> None:
    result = _ask(lines, 医保已付=others)
    assert [each.charged_fen for each in result.lines] == [line["金额"] for line in lines]
    for judged in result.lines:
        assert judged.charged_fen - sum(each.amount_fen for each in judged.adjustments) == judged.allowed_fen >= 0
    paid = allocate_payout(result)
    for each in paid:
        assert each.charged_fen - sum(taken.amount_fen for taken in each.adjustments) == each.paid_fen >= 0
    assert sum(each.paid_fen for each in paid) == result.amount_fen or not lines


def test_a_payout_falls_on_the_lines_with_the_reasons_of_the_waterfall() -> None:
    bed, drug, foreign = allocate_payout(_ask([BED, DRUG, FOREIGN]))
    assert [each.code for each in bed.adjustments] == ["bed_cap", "deductible", "share"]
    assert [each.label for each in drug.adjustments] == ["乙类先行自付", "年免赔额", "自付比例"]
    assert (foreign.paid_fen, [each.code for each in foreign.adjustments]) == (0, ["out_of_list"])
    assert bed.paid_fen + drug.paid_fen == _ask([BED, DRUG]).amount_fen


def test_a_payout_cut_by_coordination_still_adds_up() -> None:
    result = _ask([BED, DRUG])
    cut = replace(result, amount_fen=10_001)
    assert sum(each.paid_fen for each in allocate_payout(cut)) == 10_001


def test_an_answer_that_is_still_open_is_not_allocated() -> None:
    assert allocate_payout(_ask(None)) == ()


@settings(deadline=None)
@given(weights=st.lists(st.integers(0, 10**9), max_size=9), part=st.fractions(0, 1))
def test_a_split_is_whole_sums_and_exceeds_no_weight(weights: list[int], part: object) -> None:
    amount = int(sum(weights) * part)  # type: ignore[operator]
    shares = split(amount, weights)
    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"金颜": 1}], "a line of 费用明细 has no field 金颜 .* did you mean 金额"),
        ([{"金额": -1}], "element 金额 is 元, not -1"),
        (["床位费"], "费用明细 is .* 列表, not .* give a list of at most 5000 mappings"),
        ({"金额": 1}, "费用明细 is .* 列表"),
        ("床位费", "费用明细 is .* 列表"),
        ([{}] * 5_001, "give a list of at most 5000"),
    ],
)
def test_lines_that_cannot_be_are_refused(lines: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _ask(lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("逐行: 费用明细", "逐行: 费用明戏", "there is no list of lines 费用明戏"),
        ("逐行: 费用明细", "逐行: 医保已付", "医保已付 is no list of lines"),
        ("起: 金额", "起: 天数", "元 is needed here, but this is 天"),
        ("原因码: bed_cap", "原因码: 床位", "床位 is no reason code"),
        ("原因码: bed_cap, ", "", "an item of the review has no 原因码"),
        ("限: 床位日限额 × 天数,", "限: 床位日限额 × 天数, 减: 1元,", "takes off in two ways"),
        ("限: 床位日限额 × 天数,", "限: 年免赔额 × 天数,", "元 is needed here, but this is 元·天"),
        ("若: 目录等级 = 丙类,", "若: 目录登记 = 丙类,", "nothing is called 目录登记"),
        (
            "      金额:     {类型: 金额}\n",
            "      医保已付: {类型: 金额}\n      金额:     {类型: 金额}\n",
            "医保已付 is a field of 费用明细 and something else",
        ),
        ("    字段:\n", "    项: {类型: 金额}\n    字段:\n", "needs either 项 or 字段"),
        ("    请补: 费用清单\n", "    缺失: 0元\n", "a list that is missing is unknown"),
    ],
)
def test_a_line_rule_that_makes_no_sense_is_refused(write: Callable[[str], Path], right: str, wrong: str, what: str) -> None:
    text = BOOK.read_text()
    assert right in text
    found = check_file(write(text.replace(right, wrong, 1)))
    assert any(what in each.what for each in found), [str(each) for each in found]


def test_a_plain_list_sums_with_a_daily_cap(write: Callable[[str], Path]) -> None:
    text = (
        "要素:\n  每日床位费: {类型: 列表, 项: {类型: 金额}}\n规则:\n  多收:\n    是: 每日床位费[本项 > 3000元]\n"
        "责任:\n  乙:\n    理算:\n      - 起: 合计(每日床位费)\n方案:\n  丙:\n    责任: [乙]\n    测试:\n"
        "      - {名: 两天, 给: {每日床位费: [3500元, 2000元]}, 得: {乙: 5500.00}}\n"
    )
    book = load_book(write(text))
    assert adjudicate(book, "丙", {"每日床位费": [350_000, 200_000]}, {}).total_fen == 550_000


def test_the_trace_prints_every_line_with_its_reasons() -> None:
    given: dict[str, ElementValue] = {
        "保单生效日": date(2024, 3, 1),
        "出险日": date(2024, 8, 15),
        "出险原因": "疾病",
        "费用明细": [BED, FOREIGN],
    }
    text = render_text(adjudicate(ZHENXUAN, "臻选版", given, {}))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "1 床位 3,500.00 − 500.00 床位费超每日限额〔bed_cap〕 第八条第三款 = 3,000.00" in lines
    assert "2 膜片 800.00 − 800.00 医保目录外〔out_of_list〕 第八条第二款 = 0.00" in lines
