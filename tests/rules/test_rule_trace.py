"""The trace reads like the clause: what was checked, how the amount came about, what is missing."""

from datetime import date
from pathlib import Path

import pytest

from domain.assessment import Assessment
from rules.coordination import coordinate
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book
from rules.trace import render_text
from rules.trace_words import say_in
from rules.values import ElementValue

CLAIM: dict[str, ElementValue] = {
    "保单生效日": date(2024, 3, 1),
    "出险日": date(2024, 8, 15),
    "出险原因": "疾病",
    "主诊断": "K35.8",
    "医院等级": "三级",
    "医院性质": "公立",
    "参保身份": "有医保",
    "经医保结算": False,
    "合理医疗费用": 8_000_000,
    "住院天数": 12,
}


@pytest.fixture(scope="module")
def anxin() -> Book:
    return load_book(Path("rules/book/anxin-inpatient.yaml"))


def _ask(book: Book, **changes: ElementValue) -> Assessment:
    return adjudicate(book, "标准版", {**CLAIM, **changes}, {})


def _lines(assessment: Assessment, name: str) -> list[str]:
    """Give a responsibility's lines with runs of blanks made one."""
    blocks = render_text(assessment).split("\n\n")
    block = next(each for each in blocks if each.startswith(name))
    return [" ".join(line.split()) for line in block.splitlines()]


def test_a_payment_prints_its_checks_and_its_waterfall(anxin: Book) -> None:
    assert _lines(_ask(anxin), "住院医疗") == [
        "住院医疗 赔付 42,000.00 标准版，参数按 保单生效日 2024-03-01",
        "✓ 医院合格 三级 ≥ 二级，公立 第五条 :19",
        "✓ 等待期已过 2024-08-15 ≥ 2024-03-31 第六条 :23",
        "✓ 不属除外 K35.8 第七条 :34",
        "80,000.00 合理医疗费用 :52",
        "− 0.00 医保已付 = 80,000.00 :53",
        "− 10,000.00 年免赔额（本年余 10,000.00 → 0.00） = 70,000.00 :54",
        "× 60% 赔付比例 ← 表第2行：有医保 · 否 = 42,000.00 第十条 :55",
        "≤ 2,000,000.00 年限额（本年余 2,000,000.00 → 1,958,000.00） = 42,000.00 :56",
        "≈ 42,000.00 到分 四舍五入 :57",
        "若改为「经医保结算 = 是」（其余不变）：70,000.00（+28,000.00）",
    ]


def test_a_refusal_prints_the_check_that_failed_and_no_waterfall(anxin: Book) -> None:
    lines = _lines(_ask(anxin, 出险日=date(2024, 3, 30)), "住院津贴")
    assert lines[0].startswith("住院津贴 拒赔 在等待期内（第六条）")
    assert "✗ 在等待期内 2024-03-30 < 2024-03-31 第六条 :23" in lines
    assert not [line for line in lines if line.startswith(("−", "×", "≤"))]


def test_an_exception_that_applied_is_told_with_its_clause(anxin: Book) -> None:
    lines = _lines(_ask(anxin, 出险日=date(2024, 3, 30), 出险原因="意外"), "住院津贴")
    assert "✓ 等待期已过 例外：意外（第六条第二款） 第六条第二款 :23" in lines


def test_only_the_part_that_failed_is_told(anxin: Book) -> None:
    lines = _lines(_ask(anxin, 医院等级="一级"), "住院医疗")
    assert "✗ 医院不合格 一级 < 二级 第五条 :19" in lines


def test_what_is_missing_is_told_with_its_document_and_the_interval(anxin: Book) -> None:
    lines = _lines(_ask(anxin, 经医保结算=None), "住院医疗")
    assert lines[0].startswith("住院医疗 待补 经医保结算 42,000.00～70,000.00")
    assert "× 待补 经医保结算 赔付比例 = 42,000.00～70,000.00 第十条 :55" in lines
    assert lines[-1] == "待补 经医保结算（请补 医保结算单）"


def test_an_unknown_check_is_marked_as_neither(anxin: Book) -> None:
    assert "? 在等待期内 待补 出险日 第六条 :23" in _lines(_ask(anxin, 出险日=None), "住院医疗")


def test_a_cost_nobody_knows_has_no_upper_end_until_the_limit(anxin: Book) -> None:
    lines = _lines(_ask(anxin, 合理医疗费用=None), "住院医疗")
    assert "0.00～不封顶 合理医疗费用 :52" in lines
    assert "≤ 2,000,000.00 年限额 = 0.00～2,000,000.00 :56" in lines


def test_a_responsibility_that_is_not_involved_says_why_in_one_line(anxin: Book) -> None:
    assert _lines(_ask(anxin), "重大疾病")[1:] == ["✗ 触发（否） 无 :68"]


def test_a_cut_by_coordination_is_printed(anxin: Book) -> None:
    (cut,) = coordinate([_ask(anxin)], 4_000_000, 0)
    assert _lines(cut, "住院医疗")[-1] == "≤ 40,000.00 各保单补偿合计不超过实际费用（损失补偿原则） = 40,000.00"


def test_the_total_stands_last(anxin: Book) -> None:
    assert render_text(_ask(anxin)).splitlines()[-1] == "合计 42,900.00"


def test_the_words_around_the_book_can_be_english(anxin: Book) -> None:
    text = render_text(_ask(anxin, 经医保结算=None, 主诊断="O80.0"), language="en")
    assert "住院医疗 declined 属于除外（第七条）" in text
    assert "✗ trigger（no）" in text
    assert text.splitlines()[-1] == "total 0.00"


def test_the_balances_stand_in_one_column(anxin: Book) -> None:
    from rules.source import display_width

    block = render_text(_ask(anxin)).split("\n\n")[0]
    steps = [line for line in block.splitlines() if line[1:2] in "−×≤" and "= " in line]
    assert len({display_width(line[: line.index("= ")]) for line in steps}) == 1


def test_what_the_engine_remarks_is_said_in_english_too(anxin: Book) -> None:
    lines = [" ".join(line.split()) for line in render_text(_ask(anxin), language="en").splitlines()]
    assert lines[0] == "住院医疗 pays 42,000.00 标准版, parameters of 保单生效日 2024-03-01"
    assert "− 10,000.00 年免赔额（left this year 10,000.00 → 0.00） = 70,000.00 :54" in lines
    assert "× 60% 赔付比例 ← row 2 of the table: 有医保 · 否 = 42,000.00 第十条 :55" in lines
    assert "if 经医保结算 were yes (all else the same): 70,000.00 (+28,000.00)" in lines


@pytest.mark.parametrize(
    ("remark", "english"),
    [
        ("本年第2次 50%", "claim 2 of its stretch, 50%"),
        ("终身余 1次", "left in life 1 claims"),
        ("上次 2024-08-15，满 365天为 2025-08-15", "last 2024-08-15, 365 days are full on 2025-08-15"),
        ("他方已抵 40.00；本年余 60.00 → 0.00", "filled by others 40.00; left this year 60.00 → 0.00"),
        ("此前未给付", "nothing paid before"),
        ("例外：意外（第六条第二款）", "exception: 意外（第六条第二款）"),
    ],
)
def test_every_remark_has_its_english(remark: str, english: str) -> None:
    assert say_in(remark, "en") == english
    assert say_in(remark, "zh") == remark
