"""The program over columns says what the program for one claim says, row by row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import Outcome
from domain.errors import InputError, MingbaiError
from rules.codegen.column_inputs import MAX_COLUMN_FEN
from rules.codegen.column_plan import OUTCOMES
from rules.column_accounts import UsedColumns, accounts_of, used_at
from rules.column_claims import Column, claim_at, columns_of
from rules.column_programs import compile_columns
from rules.columns import ColumnAnswers, adjudicate_columns
from rules.engine import find_plan
from rules.loader import load_book
from rules.model import Book
from tests.rules.claims_of_books import BOOKS, PLANS, Claim, claims_of, reference
from tests.rules.test_fast import INPATIENT

Write = Callable[[str], Path]
STANDARD = BOOKS["anxin-inpatient"]
_GAPS = st.sampled_from([-1, 0, 30, 89, 90, 179, 180, 365])
_AMOUNTS = st.sampled_from([0, 0, 1, 2, 3, 90, 1_000_000, 50_000_000])


def used_columns(data: st.DataObject, book: Book, plan: str, rows: int) -> UsedColumns:
    accounts = accounts_of(book, find_plan(book, plan))
    some = {name: gap for name, gap in accounts.items() if data.draw(st.booleans())}
    columns = {name: data.draw(st.lists(_GAPS if gap else _AMOUNTS, min_size=rows, max_size=rows)) for name, gap in some.items()}
    return {name: np.array(values, np.int64) for name, values in columns.items()}


def assert_equal(book: Book, plan: str, claims: list[Claim], used: UsedColumns) -> None:
    columns = columns_of(book, claims)
    answers = adjudicate_columns(book, plan, columns, used)
    for row in range(len(claims)):
        claim = claim_at(book, columns, row)
        try:
            expected = reference(book, plan, claim, used_at(book, find_plan(book, plan), claim, used, row))
        except MingbaiError:
            assert row in answers.failed
            continue
        for column, result in zip(answers.results, expected, strict=True):
            assert OUTCOMES[column.outcome[row]] is result.outcome
            assert column.amount_fen[row] == (result.amount_fen or 0)
            if row in answers.told:
                continue
            reason = column.declined_by[row]
            assert (column.shape.reasons[reason] if reason >= 0 else ("", "")) == (result.declined_by, result.clause)
            uses = zip(column.shape.uses, column.used_now, column.is_used, strict=True)
            found = {use.account: Fraction(now.tolist()[row]) / use.den for use, now, is_used in uses if is_used[row]}
            assert found == {use.key.name: use.used_now for use in result.uses}


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_every_plan_of_the_book_answers_columns_as_the_reference_answers_claims(data: st.DataObject) -> None:
    product, plan = data.draw(st.sampled_from(PLANS))
    claims = data.draw(st.lists(claims_of(BOOKS[product]), min_size=1, max_size=4))
    assert_equal(BOOKS[product], plan, claims, used_columns(data, BOOKS[product], plan, len(claims)))


def ask(*claims: Claim, used: UsedColumns | None = None) -> ColumnAnswers:
    return adjudicate_columns(STANDARD, "标准版", columns_of(STANDARD, claims), used or {})


def test_known_rows_are_answered_by_the_program_alone() -> None:
    assert not ask(INPATIENT, INPATIENT).told


def test_only_the_row_with_an_unknown_that_is_needed_is_answered_by_itself() -> None:
    answers = ask(INPATIENT, {**INPATIENT, "经医保结算": None}, INPATIENT)
    assert list(answers.told) == [1]
    assert OUTCOMES[answers.results[0].outcome[1]] is Outcome.UNKNOWN


def test_what_only_a_benefit_wants_that_is_not_involved_may_be_unknown() -> None:
    minor = {name: value for name, value in INPATIENT.items() if name != "确诊日"}
    claims: list[Claim] = [minor, {**minor, "确诊重疾": "I21.4"}, {**minor, "确诊重疾": None}, {**minor, "出险日": None}]
    assert list(ask(*claims).told) == [1, 3]
    assert_equal(STANDARD, "标准版", claims, {})


def test_what_a_rebound_date_rests_on_through_a_rule_must_be_known_to_tell_that_nothing_is_involved(write: Write) -> None:
    book = load_book(
        write(
            "要素:\n  急诊: {类型: 是否}\n  出险日: {类型: 日期}\n  就诊日: {类型: 日期, 缺失: 待补}\n  费用: {类型: 金额}\n"
            "规则:\n  起算日:\n    是: 如果 急诊 则 出险日 否则 就诊日\n"
            "责任:\n  甲:\n    触发: 出险日 >= 2024-01-01\n    令: {出险日: 起算日}\n    理算: [{起: 费用}]\n方案:\n  丙: {责任: [甲]}\n"
        )
    )
    claims: list[Claim] = [
        {"急诊": False, "出险日": date(2024, 5, 1), "费用": 100},
        {"急诊": True, "出险日": date(2023, 5, 1), "费用": 100},
    ]
    answers = adjudicate_columns(book, "丙", columns_of(book, claims), {})
    assert OUTCOMES[answers.results[0].outcome[0]] is Outcome.UNKNOWN
    assert_equal(book, "丙", claims, {})


@pytest.mark.parametrize(("fen", "told"), [(MAX_COLUMN_FEN - 1, []), (MAX_COLUMN_FEN, []), (MAX_COLUMN_FEN + 1, [1])])
def test_a_row_that_could_overflow_is_answered_exactly(fen: int, told: list[int]) -> None:
    claims = [INPATIENT, {**INPATIENT, "合理医疗费用": fen}]
    assert list(ask(*claims).told) == told
    assert_equal(STANDARD, "标准版", claims, {})


def test_a_row_that_must_be_refused_does_not_stop_the_others() -> None:
    columns = columns_of(STANDARD, [INPATIENT, INPATIENT])
    columns["合理医疗费用"] = Column(np.array([8_000_000, -1]))
    answers = adjudicate_columns(STANDARD, "标准版", columns, {})
    assert list(answers.failed) == [1]
    assert OUTCOMES[answers.results[0].outcome[0]] is Outcome.PAYABLE


def test_a_row_with_what_is_no_disease_code_is_refused() -> None:
    columns = columns_of(STANDARD, [INPATIENT, INPATIENT])
    columns["主诊断"] = Column(np.array([0, 1], np.int32), words=("K35.8", "阑尾炎"))
    assert list(adjudicate_columns(STANDARD, "标准版", columns, {}).failed) == [1]


def test_a_column_of_no_element_is_refused() -> None:
    with pytest.raises(InputError, match="医院星级"):
        adjudicate_columns(STANDARD, "标准版", {"医院星级": Column(np.zeros(1))}, {})


def test_columns_of_different_lengths_are_refused() -> None:
    columns = {**columns_of(STANDARD, [INPATIENT]), "出险日": Column(np.array([date(2024, 8, 15).toordinal()] * 2))}
    with pytest.raises(InputError, match="rows"):
        adjudicate_columns(STANDARD, "标准版", columns, {})


def test_a_plan_without_a_program_says_why_and_is_answered_all_the_same(write: Write) -> None:
    nested = "存在 甲次 属于 每次 满足 (存在 乙次 属于 每次 满足 甲次 + 乙次 = 100元)"
    book = load_book(
        write(
            f"要素:\n  每次: {{类型: 列表, 项: {{类型: 金额}}}}\n规则:\n  成对:\n    是: {nested}\n责任:\n  甲:\n    须: [成对]\n"
            "    理算: [{起: 合计(每次)}]\n方案:\n  丙: {责任: [甲]}\n"
        )
    )
    claims: list[Claim] = [{"每次": [4_000, 6_000]}, {"每次": [4_000, 7_000]}]
    answers = adjudicate_columns(book, "丙", columns_of(book, claims), {})
    assert answers.not_covered == "a loop inside a loop over columns"
    assert [OUTCOMES[each] for each in answers.results[0].outcome] == [Outcome.PAYABLE, Outcome.DECLINED]
    assert answers.results[0].amount_fen.tolist() == [10_000, 0]


LOSS: Claim = {
    "保单生效日": date(2024, 1, 1), "出险日": date(2024, 7, 7), "出险原因分类": "火灾", "房屋损失": 10_000_000, "房屋保险价值": 200_000_000,
    "室内损失": 0, "盗抢损失": 0, "残值": 0, "各保单房屋保额": 0, "公安已立案": True,
}  # fmt: skip


@pytest.mark.parametrize(("value", "insured"), [(200_000_000, 0), (200_000_003, 400_000_007), (1, 10**12), (10**12, 10**12)])
def test_divisors_that_differ_from_row_to_row_stay_exact(value: int, insured: int) -> None:
    book = BOOKS["jiacai-property"]
    claims: list[Claim] = [LOSS, {**LOSS, "房屋保险价值": value, "各保单房屋保额": insured}]
    answers = adjudicate_columns(book, "安居版", columns_of(book, claims), {})
    assert not answers.told
    assert_equal(book, "安居版", claims, {})


def lines_of(*amounts: int | None) -> Claim:
    line = {"项目": "头孢", "费用类别": "药品费", "目录等级": "乙类", "天数": 1}
    return {
        "保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15), "出险原因": "疾病", "连续续保": False, "医保已付": 0,
        "费用明细": [{**line, "金额": each} for each in amounts],
    }  # fmt: skip


def test_claims_with_none_one_and_many_lines_are_answered_by_the_program() -> None:
    book = BOOKS["zhenxuan-lines"]
    claims = [lines_of(), lines_of(200_005), lines_of(200_005, 200_005), lines_of()]
    answers = adjudicate_columns(book, "臻选版", columns_of(book, claims), {})
    assert not answers.told
    assert answers.results[0].amount_fen.tolist() == [0, 72_005, 234_009, 0]  # each line keeps 1,800.05 after its tenth


def test_only_the_claim_with_an_open_line_is_answered_by_itself() -> None:
    book = BOOKS["zhenxuan-lines"]
    claims = [lines_of(200_005), lines_of(200_005, None), lines_of(MAX_COLUMN_FEN + 1)]
    assert list(adjudicate_columns(book, "臻选版", columns_of(book, claims), {}).told) == [1, 2]
    assert_equal(book, "臻选版", claims, {})


def test_a_book_over_another_medical_base_has_a_program_of_its_own() -> None:
    other = replace(STANDARD, base="another")
    assert compile_columns(STANDARD, "标准版") is compile_columns(STANDARD, "标准版")
    assert compile_columns(other, "标准版") is not compile_columns(STANDARD, "标准版")


def test_no_claim_gives_empty_columns() -> None:
    assert len(ask().results[0].outcome) == 0
