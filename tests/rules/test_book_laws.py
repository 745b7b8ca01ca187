"""Laws that hold for every plan of every shipped book, on claims drawn from the books' own element types."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, Assessment, Outcome, ResponsibilityResult
from rules.engine import adjudicate
from rules.line_payout import allocate_payout
from rules.loader import load_book
from rules.model import Book, Element
from rules.types import DAYS, MONEY, EnumType, ListType, SimpleType
from rules.values import ElementValue

BOOKS = [load_book(path) for path in sorted(Path("rules/book").glob("*.yaml")) if path.stem != "routing"]
PLANS = [(book, plan) for book in BOOKS for plan in book.plans]
DATES = st.dates(date(2024, 1, 1), date(2027, 12, 31))
CODES = st.sampled_from(["K35.8", "O80.0", "C73", "I21.4", "N18.6", "G20", "S72.0"])
Claim = dict[str, ElementValue]
Used = dict[AccumulatorKey, Fraction]


def _values(element: Element) -> st.SearchStrategy[ElementValue]:
    type_ = element.type
    if isinstance(type_, ListType):
        line = st.fixed_dictionaries({each.name: _values(each) for each in element.fields})
        return st.lists(line, max_size=4)  # type: ignore[return-value]
    if isinstance(type_, EnumType):
        return st.sampled_from(type_.values)
    amounts: dict[object, st.SearchStrategy[ElementValue]] = {
        MONEY: st.one_of(st.integers(0, 3_000_000), st.integers(0, 700_000_000)),
        DAYS: st.integers(0, 200),
        SimpleType.DATE: DATES,
        SimpleType.BOOLEAN: st.booleans(),
        SimpleType.CODE: CODES,
        SimpleType.TEXT: st.sampled_from(["甲", "乙"]),
    }
    return amounts.get(type_, st.integers(0, 15))


def _claims(book: Book) -> st.SearchStrategy[Claim]:
    return st.fixed_dictionaries({name: _values(element) for name, element in book.elements.items()})


def _after(used: Used, assessment: Assessment) -> Used:
    total = dict(used)
    for use in (use for result in assessment.results for use in result.uses):
        total[use.key] = total.get(use.key, Fraction(0)) + use.used_now
    return total


def _used_now(result: ResponsibilityResult) -> Used:
    return {use.key: use.used_now for use in result.uses if use.used_now}


@given(st.sampled_from(PLANS), st.data())
@settings(deadline=None, max_examples=120)
def test_no_account_is_ever_used_beyond_its_limit(chosen: tuple[Book, str], data: st.DataObject) -> None:
    book, plan = chosen
    year_from = book.plans[plan].year_from
    claims = data.draw(st.lists(_claims(book), min_size=1, max_size=3))
    used: Used = {}
    for claim in claims:
        assessment = adjudicate(book, plan, {**claim, year_from: claims[0][year_from]}, used)
        used = _after(used, assessment)
        for use in (use for result in assessment.results for use in result.uses):
            assert use.used_now >= 0
            assert used[use.key] <= use.at_most


@given(st.sampled_from(PLANS), st.data())
@settings(deadline=None, max_examples=120)
def test_a_waterfall_ends_in_the_amount_and_its_lines_add_up(chosen: tuple[Book, str], data: st.DataObject) -> None:
    book, plan = chosen
    for result in adjudicate(book, plan, data.draw(_claims(book)), {}).results:
        assert result.outcome is not Outcome.UNKNOWN
        if result.outcome is Outcome.PAYABLE:
            assert result.steps[-1].after == result.amount_fen
            assert all(step.after >= 0 and step.is_exact for step in result.steps)
        for line in result.lines:
            assert line.charged_fen - sum(each.amount_fen for each in line.adjustments) == line.allowed_fen
        allocated = allocate_payout(result)
        assert not allocated or sum(each.paid_fen for each in allocated) == result.amount_fen


@given(st.sampled_from(PLANS), st.data())
@settings(deadline=None, max_examples=150)
def test_the_interval_of_an_open_answer_holds_every_completion(chosen: tuple[Book, str], data: st.DataObject) -> None:
    book, plan = chosen
    before = data.draw(_claims(book))
    used = _after({}, adjudicate(book, plan, before, {})) if data.draw(st.booleans()) else {}
    claim = data.draw(_claims(book))
    may_hide = sorted(name for name, element in book.elements.items() if element.default is None)
    hidden = data.draw(st.sets(st.sampled_from(may_hide), max_size=3))
    known = adjudicate(book, plan, claim, used)
    partly = adjudicate(book, plan, {name: None if name in hidden else value for name, value in claim.items()}, used)
    for full, part in zip(known.results, partly.results, strict=True):
        if part.outcome is Outcome.UNKNOWN:
            assert part.unknowns
            assert {each.element for each in part.unknowns} <= hidden
            assert (part.low_fen or 0) <= (full.amount_fen or 0)
            assert part.high_fen is None or (full.amount_fen or 0) <= part.high_fen
        else:
            assert (part.outcome, part.amount_fen, _used_now(part)) == (full.outcome, full.amount_fen, _used_now(full))
