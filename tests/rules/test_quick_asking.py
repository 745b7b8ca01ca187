"""Books asked quickly answer as the engine does, whatever a claim lacks."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import MingbaiError
from rules.model import Book
from rules.probing import Paid, ask
from rules.quick_asking import QuickBook
from tests.rules.claims_of_books import BOOKS, PLANS, Claim, Used, claims_of

QUICK = {name: QuickBook(book) for name, book in BOOKS.items()}
ANXIN: Claim = {
    "保单生效日": None, "出险日": None, "出险原因": "意外", "主诊断": "S82.2", "医院等级": "三级", "医院性质": "公立",
    "参保身份": "无医保", "经医保结算": False, "合理医疗费用": 8_000_000, "医保已付": 0, "住院天数": 12,
}  # fmt: skip


def plainly(answer: tuple[Paid, ...]) -> list[tuple[object, ...]]:
    return [
        (
            each.name,
            each.outcome,
            each.low_fen,
            each.high_fen,
            each.declined_by,
            each.is_money,
            [(use.key, use.used_now) for use in each.uses],
        )
        for each in answer
    ]


def both(book: Book, plan: str, claim: Claim, used: Used) -> tuple[object, object]:
    answers: list[object] = []
    for quick in (True, False):
        try:
            known = {name: value for name, value in claim.items() if value is not None}
            one = QUICK[book.product]
            answers.append(plainly(one.ask(plan, one.read(known), used) if quick else ask(book, plan, known, used)))
        except MingbaiError as error:
            answers.append(error.what)
    return answers[0], answers[1]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLANS), st.data())
def test_every_plan_of_every_book_answers_as_the_engine_does_also_the_second_claim(named: tuple[str, str], data: st.DataObject) -> None:
    book, plan = BOOKS[named[0]], named[1]
    used: Used = {}
    for claim in data.draw(st.lists(claims_of(book), min_size=1, max_size=2)):
        one, two = both(book, plan, claim, used)
        assert one == two
        try:
            paid = ask(book, plan, claim, used)
        except MingbaiError:
            return
        for use in (use for each in paid for use in each.uses):
            used[use.key] = used.get(use.key, Fraction(0)) + use.used_now


@pytest.mark.parametrize("plan", ["标准版", "尊享版"])
def test_an_unknown_day_of_diagnosis_leaves_the_other_benefits_to_the_program(plan: str) -> None:
    quick = QUICK["anxin-inpatient"]
    claim = {name: value for name, value in ANXIN.items() if value is not None}
    claim |= {"保单生效日": date(2024, 3, 1), "出险日": date(2024, 8, 15)}
    assert plainly(quick.ask(plan, quick.read(claim), {})) == plainly(ask(quick.book, plan, claim, {}))
    assert [each for each in quick.plans[plan].programs if "重大疾病" not in each]


def test_books_read_alike_when_their_elements_are_the_same() -> None:
    anxin, other = QUICK["anxin-inpatient"], QUICK["leyi-cash"]
    assert anxin.reads_like(QuickBook(anxin.book))
    assert not anxin.reads_like(other)
