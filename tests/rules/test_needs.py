"""Every calculation need of the specification (§4), each as its practice example, at its limit, one 分 under and one 分 over."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, Assessment, Benefit, Outcome
from rules.engine import adjudicate
from rules.model import Book
from rules.source import Diagnostic
from rules.values import ElementValue

BASE: dict[str, ElementValue] = {"保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "结算": True, "原因": "疾病", "等级": "一级"}
Used = dict[AccumulatorKey, Fraction]
YEAR = "年度 2024-03-01"


def _steps(*steps: str) -> str:
    return "".join(f"      - {step}\n" for step in steps)


def _ask(book: Book, used: Mapping[AccumulatorKey, Fraction] | None = None, **elements: ElementValue) -> Assessment:
    return adjudicate(book, "丙", {**BASE, **elements}, used or {})


def _pays(book: Book, used: Mapping[AccumulatorKey, Fraction] | None = None, **elements: ElementValue) -> int | None:
    return _ask(book, used, **elements).results[0].amount_fen


def _after(used: Used, assessment: Assessment) -> Used:
    total = dict(used)
    for use in (use for result in assessment.results for use in result.uses):
        total[use.key] = total.get(use.key, Fraction(0)) + use.used_now
    return total


BANDS = "分级: {100元: 0%, 1000元: 50%, 5000元: 60%, 1万元: 70%, 3万元: 80%, 以上: 90%}"
ROUND = "取整: 到分 四舍五入"


@pytest.mark.parametrize(
    ("yuan", "paid_fen"),
    [
        (100, 0),
        (1_000, 45_000),
        (5_000, 45_000 + 240_000),
        (10_000, 285_000 + 350_000),
        (30_000, 635_000 + 1_600_000),
        (40_000, 2_235_000 + 900_000),
    ],
)
def test_every_band_pays_its_own_ratio(book_of: Callable[..., Book], yuan: int, paid_fen: int) -> None:
    book = book_of(steps=_steps("起: 费用", BANDS, ROUND))
    assert _pays(book, 费用=yuan * 100) == paid_fen


@pytest.mark.parametrize(("cost", "paid"), [(9_998, 0), (10_000, 0), (10_002, 1), (99_998, 44_999), (100_000, 45_000), (100_010, 45_006)])
def test_a_band_begins_one_fen_above_the_last(book_of: Callable[..., Book], cost: int, paid: int) -> None:
    assert _pays(book_of(steps=_steps("起: 费用", BANDS, ROUND)), 费用=cost) == paid


def test_a_band_tells_what_fell_into_it(book_of: Callable[..., Book]) -> None:
    step = _ask(book_of(steps=_steps("起: 费用", BANDS, ROUND)), 费用=150_000).results[0].steps[1]
    assert (step.kind, step.note) == ("分级", "100.00×0% + 900.00×50% + 500.00×60%")


@settings(deadline=None, max_examples=40)
@given(parts=st.lists(st.integers(0, 4_000_000), min_size=1, max_size=4))
def test_bands_of_a_year_pay_the_same_however_the_bill_is_split(book_of: Callable[..., Book], parts: list[int]) -> None:
    book = book_of(steps=_steps("起: 费用", BANDS.replace("{", "{每: 保单年度, "), "取整: 到分 舍去"))
    used: Used = {}
    paid = 0
    for part in parts:
        answer = _ask(book, used, 费用=part)
        paid, used = paid + answer.total_fen, _after(used, answer)
    whole = _pays(book, 费用=sum(parts)) or 0
    assert paid <= whole <= paid + len(parts)  # each claim is rounded down by itself
    assert sum(used.values()) == sum(parts)


def test_an_unknown_bill_is_banded_as_an_interval(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限: 额度", BANDS, ROUND), parameters="      额度: 1000元\n")
    result = _ask(book, 费用=None).results[0]
    assert (result.outcome, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, 0, 45_000)


def test_costs_in_and_out_of_the_list_have_their_own_deductible_and_ratio(book_of: Callable[..., Book]) -> None:
    steps = """      - 分项:
          目录内: [{起: 费用}, {减: {至多: 内免赔, 每: 保单年度}}, {乘: 80%}]
          目录外: [{起: 已付}, {减: {至多: 外免赔, 每: 保单年度}}, {乘: 50%}]
      - 限: {至多: 额度, 每: 保单年度}
      - 取整: 到分 四舍五入
"""
    book = book_of(steps=steps, parameters="      额度: 10000元\n      内免赔: 2000元\n      外免赔: 5000元\n")
    answer = _ask(book, 费用=1_000_000, 已付=700_000)
    assert answer.total_fen == 640_000 + 100_000
    assert [step.after for step in answer.results[0].steps if step.kind == "分项"] == [740_000]
    assert answer.results[0].steps[0].label == "目录内·费用"
    assert {use.key.name: use.used_now for use in answer.results[0].uses} == {
        "乙/内免赔": 200_000,
        "乙/外免赔": 500_000,
        "乙/额度": 740_000,
    }
    again = _ask(book, _after({}, answer), 费用=1_000_000, 已付=0)
    assert again.total_fen == 260_000  # 800,000 but only 260,000 left of the year


def test_days_less_free_days_times_a_daily_amount(book_of: Callable[..., Book]) -> None:
    steps = _steps("起: 天数", "减: {至多: 3天, 每: 次}", "限: {至多: 100天, 每: 保单年度}", "乘: 300元/天")
    book = book_of(steps=steps)
    assert [_pays(book, 天数=days) for days in (3, 4, 102, 103, 104)] == [0, 30_000, 2_970_000, 3_000_000, 3_000_000]


def test_taper_by_hospitalisation_of_the_year(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "依次: {每: 保单年度, 乘: [100%, 50%, 37.5%], 其后: 10%}", ROUND))
    used: Used = {}
    paid = []
    for _ in range(5):
        answer = _ask(book, used, 费用=100_000)
        paid.append(answer.total_fen)
        used = _after(used, answer)
    assert paid == [100_000, 50_000, 37_500, 10_000, 10_000]
    assert _pays(book, used, 费用=100_000, 出险日=date(2025, 3, 1)) == 100_000
    assert answer.results[0].steps[1].note == "本年第5次 10%"


def test_without_a_ratio_for_later_turns_they_pay_nothing(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "依次: {每: 终身, 乘: [100%]}"))
    assert _pays(book, {AccumulatorKey("乙/依次", "终身"): Fraction(1)}, 费用=100) == 0


def test_a_claim_that_is_not_paid_takes_no_turn(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "依次: {每: 终身, 乘: [100%, 50%]}", ROUND))
    assert _ask(book, 费用=0).results[0].uses == ()


@pytest.mark.parametrize(("used", "paid"), [(0, 100), (2, 100), (3, 0)])
def test_a_benefit_is_paid_so_many_times(book_of: Callable[..., Book], used: int, paid: int) -> None:
    book = book_of(steps=_steps("起: 费用", "限次: {至多: 次数, 每: 终身}"), parameters="      次数: 3\n")
    assert _pays(book, {AccumulatorKey("乙/限次 次数", "终身"): Fraction(used)}, 费用=100) == paid


def test_every_group_of_illnesses_is_paid_once(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "限次: {至多: 1, 每: 终身, 按: 等级}"))
    first = _ask(book, 费用=100)
    used = _after({}, first)
    assert used == {AccumulatorKey("乙/限次 1", "终身 一级"): 1}
    assert [_pays(book, used, 费用=100, 等级=group) for group in ("一级", "二级")] == [0, 100]
    hidden = _ask(book, used, 费用=100, 等级=None).results[0]
    assert (hidden.outcome, hidden.low_fen, hidden.high_fen) == (Outcome.UNKNOWN, 0, 100)


@pytest.mark.parametrize(
    ("day", "paid"), [(date(2025, 8, 14), 0), (date(2025, 8, 15), 100), (date(2025, 8, 16), 100), (date(2024, 8, 15), 0)]
)
def test_a_second_claim_needs_its_interval(book_of: Callable[..., Book], day: date, paid: int) -> None:
    book = book_of(steps=_steps("起: 费用", "间隔: {至少: 365天}"))
    used = _after({}, _ask(book, 费用=100))
    assert used == {AccumulatorKey("乙/间隔 365天", "次 2024-08-15"): 1}
    answer = _ask(book, used, 费用=100, 出险日=day)
    assert answer.total_fen == paid
    assert answer.results[0].steps[1].note == "上次 2024-08-15，满 365天为 2025-08-15"


def test_a_second_loss_on_the_same_day_is_paid_nothing_after_an_interval_and_takes_no_turn(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "间隔: {至少: 90天}"))
    used = _after({}, _ask(book, 费用=100))
    second = _ask(book, used, 费用=100).results[0]
    assert (second.outcome, second.amount_fen, second.uses) == (Outcome.PAYABLE, 0, ())


def test_an_interval_without_a_date_stays_open(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "间隔: {至少: 365天}"))
    used = {AccumulatorKey("乙/间隔 365天", "次 2024-01-01"): Fraction(1)}
    result = _ask(book, used, 费用=100, 出险日=None).results[0]
    assert (result.outcome, result.low_fen, result.high_fen) == (Outcome.UNKNOWN, 0, 100)


@pytest.mark.parametrize(("paid_by_others", "paid"), [(0, 90_000), (4_000, 90_000), (10_000, 90_000), (10_001, 89_999)])
def test_what_another_payer_paid_fills_the_deductible(book_of: Callable[..., Book], paid_by_others: int, paid: int) -> None:
    book = book_of(steps=_steps("起: 费用", "减: 已付", "减: {至多: 额度, 每: 保单年度, 抵: 已付}"))
    assert _pays(book, 费用=100_000, 已付=paid_by_others) == paid


def test_what_filled_the_deductible_counts_as_used(book_of: Callable[..., Book]) -> None:
    book = book_of(steps=_steps("起: 费用", "减: 已付", "减: {至多: 额度, 每: 保单年度, 抵: 已付}"))
    (use,) = _ask(book, 费用=100_000, 已付=4_000).results[0].uses
    assert (use.used_now, use.left_after) == (10_000, 0)


def test_a_family_deductible_binds_together_with_the_personal_one(book_of: Callable[..., Book]) -> None:
    step = "减: [{至多: 个人免赔, 每: 保单年度, 按: 诊断}, {至多: 家庭免赔, 每: 家庭}]"
    book = book_of(steps=_steps("起: 费用", step), parameters="      个人免赔: 100元\n      家庭免赔: 150元\n")
    one = _ask(book, 费用=50_000, 诊断="A00")
    two = _ask(book, _after({}, one), 费用=50_000, 诊断="B00")
    three = _ask(book, _after(_after({}, one), two), 费用=50_000, 诊断="C00")
    assert [each.total_fen for each in (one, two, three)] == [40_000, 45_000, 50_000]
    keys = [use.key for use in one.results[0].uses]
    assert keys == [AccumulatorKey("乙/个人免赔", f"{YEAR} A00"), AccumulatorKey("乙/家庭免赔", "家庭 2024-03-01")]
    assert one.results[0].steps[1].label == "个人免赔、家庭免赔"


SHARED = """  丁:
    理算:
      - 起: 已付
      - 限: {至多: 额度, 每: 保单年度, 共享: 总额度}
"""


@pytest.fixture(scope="module")
def sharing(write: Callable[[str], object]) -> Book:
    from rules.loader import load_book
    from tests.rules.conftest import tiny

    text = tiny(steps=_steps("起: 费用", "限: {至多: 额度, 每: 保单年度, 共享: 总额度}"))
    return load_book(write(text.replace("方案:\n", SHARED + "方案:\n").replace("责任: [乙]", "责任: [乙, 丁]")))  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "second"), [(9_999, 1), (10_000, 0), (10_001, 0), (0, 10_000)])
def test_a_shared_limit_is_used_in_the_order_of_the_plan(sharing: Book, first: int, second: int) -> None:
    answer = _ask(sharing, 费用=first, 已付=50_000)
    assert [each.amount_fen for each in answer.results] == [min(first, 10_000), second]
    assert {use.key for result in answer.results for use in result.uses} == {AccumulatorKey("总额度", YEAR)}
    assert sum(_after({}, answer).values()) == 10_000


def test_what_an_unknown_answer_may_use_of_a_shared_limit_is_open_for_the_next(sharing: Book) -> None:
    first, second = _ask(sharing, 费用=None, 已付=4_000).results
    assert (first.outcome, first.low_fen, first.high_fen) == (Outcome.UNKNOWN, 0, 10_000)
    assert (second.outcome, second.low_fen, second.high_fen) == (Outcome.UNKNOWN, 0, 4_000)
    assert [each.element for each in second.unknowns] == ["费用"]


@settings(deadline=None, max_examples=40)
@given(claims=st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), max_size=5))
def test_a_shared_limit_is_never_exceeded(sharing: Book, claims: list[tuple[int, int]]) -> None:
    used: Used = {}
    paid = 0
    for one, two in claims:
        answer = _ask(sharing, used, 费用=one, 已付=two)
        paid, used = paid + answer.total_fen, _after(used, answer)
    assert paid == min(10_000, sum(one + two for one, two in claims)) == sum(used.values())


def test_a_death_benefit_is_less_by_what_survival_paid(sharing: Book) -> None:
    survival = _ask(sharing, 费用=3_000, 已付=0)
    assert _ask(sharing, _after({}, survival), 费用=0, 已付=10_000).total_fen == 7_000


def test_premiums_waived_are_no_money_paid(book_of: Callable[..., Book]) -> None:
    answer = _ask(book_of(plan="    给付: {乙: 豁免}\n"), 费用=100)
    assert (answer.results[0].benefit, answer.results[0].amount_fen, answer.total_fen) == (Benefit.WAIVER, 100, 0)


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (("起: 费用", "分级: {1000元: 50%}"), "the bands come to an end"),
        (("起: 费用", "分级: {以上: 50%, 1000元: 60%}"), "1000元 stands after the band without end"),
        (("起: 费用", "分级: {1000元: 50%, 500元: 60%, 以上: 0%}"), "the band up to 500元 does not follow the one before"),
        (("起: 费用", "分级: {3天: 50%, 以上: 60%}"), "the balance is 元, but 3天 is 天"),
        (("起: 费用", "分级: {1000元: 5元, 以上: 60%}"), "数 is needed here, but this is 元"),
        (("起: 费用", BANDS), "may end in fractions of 分"),
        (("起: 费用", "依次: {每: 终身, 乘: []}"), "依次 lists no ratio"),
        (("起: 费用", "依次: {乘: [100%]}"), "依次 has no 每"),
        (("起: 费用", "依次: {每: 终身, 乘: [50%]}"), "may end in fractions of 分"),
        (("起: 费用", "限次: {至多: 3天, 每: 终身}"), "数 is needed here, but this is 天"),
        (("起: 费用", "间隔: {至少: 30元}"), "天 is needed here, but this is 元"),
        (("起: 费用", "减: {至多: 额度, 抵: 天数}"), "元 is needed here, but this is 天"),
        (("起: 费用", "限: {至多: 额度, 抵: 已付}"), "a step has no keyword 抵"),
        (("起: 费用", "限: {至多: 额度, 共享: 总}"), "共享 without 每 counts nothing"),
        (("起: 费用", "限: {至多: 额度, 每: 终身, 共享: 甲/乙}"), "an account cannot be called 甲/乙"),
        (("起: 费用", "减: [额度]"), "a list of bounds has at least two"),
        (("起: 费用", "减: [{至多: 额度, 每: 终身}, {至多: 额度, 每: 家庭}]"), "额度 is counted twice"),
        (("分项: {甲: [{起: 费用}]}",), "分项 adds up at least two calculations"),
        (("分项: {甲: [{起: 费用}], 乙: [{起: 天数}]}",), "the calculation ends in 天"),
        (("起: 费用", "分项: {甲: [{起: 费用}], 乙: [{起: 费用}]}"), "分项 stands in the middle of a calculation"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(faults_of: Callable[..., list[Diagnostic]], steps: tuple[str, ...], what: str) -> None:
    found = faults_of(steps=_steps(*steps))
    assert any(what in each.what for each in found), [str(each) for each in found]


def test_an_account_is_shared_only_by_what_counts_the_same(write: Callable[[str], object]) -> None:
    from rules.loader import check_file
    from tests.rules.conftest import tiny

    text = tiny(steps=_steps("起: 费用", "限: {至多: 额度, 每: 终身, 共享: 总额度}"))
    (found,) = check_file(write(text.replace("方案:\n", SHARED + "方案:\n")))  # type: ignore[arg-type]
    assert found.what.startswith("the shared account 总额度 counts 元 per 保单年度 here, but 元 per 终身 in 乙")
