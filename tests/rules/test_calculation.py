"""The steps of a calculation, each at its limit, one 分 under and one 分 over."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

import pytest

from domain.assessment import AccumulatorKey, Assessment, Outcome, ResponsibilityResult
from domain.errors import InputError
from rules.engine import adjudicate
from rules.model import Book
from rules.source import Diagnostic
from rules.values import ElementValue

BASE: dict[str, ElementValue] = {"保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "结算": True, "原因": "疾病"}


def _steps(*steps: str) -> str:
    return "".join(f"      - {step}\n" for step in steps)


def _result(
    book: Book, elements: Mapping[str, ElementValue], used: Mapping[AccumulatorKey, Fraction] | None = None
) -> ResponsibilityResult:
    return adjudicate(book, "丙", {**BASE, **elements}, used or {}).results[0]


def _pays(book: Book, **elements: ElementValue) -> int:
    result = _result(book, elements)
    assert result.outcome is Outcome.PAYABLE
    assert result.amount_fen is not None
    return result.amount_fen


@pytest.mark.parametrize(("cost", "paid"), [(9_999, 0), (10_000, 0), (10_001, 1)])
def test_a_deductible_takes_up_to_its_amount(book_of: Callable[..., Book], cost: int, paid: int) -> None:
    book = book_of(steps=_steps("起: 费用", "减: {至多: 额度, 每: 保单年度}"))
    assert _pays(book, 费用=cost) == paid


@pytest.mark.parametrize(("cost", "paid"), [(9_999, 9_999), (10_000, 10_000), (10_001, 10_000)])
def test_a_cap_pays_up_to_its_amount(book_of: Callable[..., Book], cost: int, paid: int) -> None:
    assert _pays(book_of(steps=_steps("起: 费用", "限: 额度")), 费用=cost) == paid


@pytest.mark.parametrize(("cost", "others", "paid"), [(100, 99, 1), (100, 100, 0), (100, 101, 0)])
def test_a_balance_never_goes_below_zero(book_of: Callable[..., Book], cost: int, others: int, paid: int) -> None:
    assert _pays(book_of(steps=_steps("起: 费用", "减: 已付")), 费用=cost, 已付=others) == paid


def test_a_start_below_zero_counts_as_zero_and_says_so(book_of: Callable[..., Book]) -> None:
    result = _result(book_of(steps=_steps("起: 费用 - 已付")), {"费用": 1, "已付": 2})
    assert (result.amount_fen, result.steps[0].note) == (0, "不足 0，按 0 计")


@pytest.mark.parametrize(
    ("way", "amounts"),
    [
        ("到分 四舍五入", {1: 0, 2: 1, 3: 1, 6: 2, 10: 3}),  # a quarter each: 0.25, 0.5, 0.75, 1.5, 2.5
        ("到分 四舍六入五成双", {1: 0, 2: 0, 3: 1, 6: 2, 10: 2}),
        ("到分 进位", {0: 0, 1: 1, 4: 1, 5: 2}),
        ("到分 舍去", {3: 0, 4: 1, 7: 1}),
        ("到角 四舍五入", {19: 0, 20: 10}),
        ("到元 四舍五入", {199: 0, 200: 100}),
    ],
)
def test_rounding_goes_the_way_the_contract_says(book_of: Callable[..., Book], way: str, amounts: dict[int, int]) -> None:
    book = book_of(steps=_steps("起: 费用", "乘: 25%", f"取整: {way}"))
    assert {cost: _pays(book, 费用=cost) for cost in amounts} == amounts


def test_rounding_never_lifts_a_payout_over_what_is_left_of_a_cap(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限: {至多: 额度, 每: 保单年度}", "取整: 到元 四舍五入"))
    used = {AccumulatorKey("乙/额度", "年度 2024-03-01"): Fraction(9_850)}
    assert _result(book, {"费用": 500}, used).amount_fen == 150


def test_days_times_a_daily_amount_are_money(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 天数", "限: 3天", "乘: 100元/天"))
    assert [_pays(book, 天数=days) for days in (2, 3, 4)] == [20_000, 30_000, 30_000]


def test_a_cap_on_money_counts_what_is_really_paid(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "乘: 50%", "限: {至多: 额度, 每: 保单年度}", "取整: 到分 四舍五入"))
    (use,) = _result(book, {"费用": 101}).uses
    assert (use.used_now, use.counts_payout, use.unit) == (51, True, "元")


def test_a_deductible_counts_what_it_took(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "减: {至多: 额度, 每: 终身}"))
    (use,) = _result(book, {"费用": 60}).uses
    assert use.key == AccumulatorKey("乙/额度", "终身")
    assert (use.used_before, use.used_now, use.left_after) == (0, 60, 9_940)


@pytest.mark.parametrize(("per", "period"), [("保单年度", "年度 2024-03-01"), ("次", "次 2024-08-15"), ("终身", "终身")])
def test_an_accumulator_counts_over_the_stretch_its_step_names(book_of: Callable[..., Book], per: str, period: str) -> None:
    book = book_of(steps=_steps("起: 费用", f"限: {{至多: 额度, 每: {per}}}"))
    used = {AccumulatorKey("乙/额度", period): Fraction(9_999), AccumulatorKey("乙/额度", "年度 2023-03-01"): Fraction(5_000)}
    assert _result(book, {"费用": 60}, used).amount_fen == 1


def test_an_accumulator_that_is_overdrawn_leaves_nothing(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限: {至多: 额度, 每: 终身}"))
    assert _result(book, {"费用": 60}, {AccumulatorKey("乙/额度", "终身"): Fraction(10_001)}).amount_fen == 0


def test_an_accumulator_cannot_have_used_less_than_nothing(book_of: Callable[..., Book]) -> None:
    with pytest.raises(InputError, match="乙/额度"):
        _result(book_of(), {"费用": 60}, {AccumulatorKey("乙/额度", "终身"): Fraction(-1)})


def test_every_line_of_the_waterfall_starts_where_the_last_one_ended(book_of: Callable[..., Book]) -> None:
    steps = _steps("起: 费用", "减: 已付", "乘: 60%", "限: {至多: 额度, 每: 保单年度}", "取整: 到分 四舍五入")
    lines = _result(book_of(steps=steps), {"费用": 20_003, "已付": 2}).steps
    assert [line.before for line in lines[1:]] == [line.after for line in lines[:-1]]
    assert [line.after for line in lines] == [20_003, 20_001, Fraction(60_003, 5), 10_000, 10_000]
    assert [line.kind for line in lines] == ["起", "减", "乘", "限", "取整"]


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (("减: 费用",), "a calculation cannot begin with 减"),
        (("起: 费用", "起: 费用"), "起 stands in the middle of a calculation"),
        (("起: 天数",), "the calculation ends in 天"),
        (("起: 费用", "减: 天数"), "the balance is 元, but 天数 is 天"),
        (("起: 费用", "限: {至多: 3天, 每: 保单年度}"), "the balance is 元, but 3天 is 天"),
        (("起: 费用", "乘: 60%"), "may end in fractions of 分"),
        (("起: 费用", "乘: 系数"), "may end in fractions of 分"),
        (("起: 费用", "乘: 出险日"), "元 × 日期 makes no sense"),
        (("起: 出险日",), "cannot start from 日期"),
        (("起: 费用", "取整: 到分"), "取整 cannot be 到分"),
        (("起: 费用", "取整: 到分 到元"), "取整 cannot be 到分 到元"),
        (("起: 费用", "取整: 到分 四舍五入", "取整: 到分 四舍五入"), "the calculation rounds twice"),
        (("起: 费用", "取整: 到分 随便"), "取整 cannot be 随便"),
        (("起: 天数", "取整: 到分 四舍五入"), "only 元 is rounded"),
        (("起: 费用", "打折: 60%"), "a step has no keyword 打折"),
        (("起: 费用", "{减: 已付, 限: 额度}"), "a step has one keyword"),
        (("起: 费用", "限: {至多: 额度, 每: 每年}"), "每 cannot be 每年"),
        (("起: 费用", "限: {每: 终身}"), "a step has no 至多"),
        (("起: 费用", "减: {至多: 额度, 每: 终身}", "限: {至多: 额度, 每: 终身}"), "额度 is counted twice"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(faults_of: Callable[..., list[Diagnostic]], steps: tuple[str, ...], what: str) -> None:
    found = faults_of(steps=_steps(*steps))
    assert any(what in each.what for each in found), [str(each) for each in found]


def test_whole_numbers_need_no_rounding_step(faults_of: Callable[..., list[Diagnostic]]) -> None:
    assert faults_of(steps=_steps("起: 天数", "乘: 100元/天", "乘: 2")) == []


def test_the_assessment_replays_bit_for_bit(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限: {至多: 额度, 每: 终身}"))

    def once() -> Assessment:
        return adjudicate(book, "丙", {**BASE, "费用": 123}, {})

    assert once() == once()


def test_a_certain_payout_whose_deductible_is_uncertain_stays_open(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "减: {至多: 额度, 每: 保单年度}", "限: 0元"))
    known = _result(book, {"费用": 60})
    assert (known.outcome, known.amount_fen, [use.used_now for use in known.uses]) == (Outcome.PAYABLE, 0, [60])
    hidden = _result(book, {"费用": 60, "出险日": None})
    assert (hidden.outcome, hidden.low_fen, hidden.high_fen) == (Outcome.UNKNOWN, 0, 0)
    assert [each.element for each in hidden.unknowns] == ["出险日"]


def test_a_cap_before_a_multiplication_bounds_the_base_not_the_payout(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限: 额度", "乘: 150%", "取整: 到分 四舍五入"))
    assert _pays(book, 费用=20_000) == 15_000


def test_a_refusal_waits_until_it_is_known_that_the_responsibility_is_involved(book_of: Callable[..., Book]) -> None:
    book = book_of(conditions="    触发: 结算\n    不赔: [甲]\n")
    asked = {"费用": 500, "续保": True}
    assert _result(book, {**asked, "结算": True}).outcome is Outcome.DECLINED
    assert _result(book, {**asked, "结算": False}).outcome is Outcome.NOT_INVOLVED
    hidden = _result(book, {**asked, "结算": None})
    assert (hidden.outcome, hidden.low_fen, hidden.high_fen) == (Outcome.UNKNOWN, 0, 0)
    assert [each.element for each in hidden.unknowns] == ["结算"]
