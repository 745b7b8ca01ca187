"""Claims for any book, as strategies: known and unknown, with what earlier claims used."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from domain.assessment import AccumulatorKey, ResponsibilityResult
from rules.codegen.quick import QuickResult, QuickUse
from rules.codegen.scalar import whole
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book, Element
from rules.types import DAYS, MONEY, EnumType, ListType, NumberType, SimpleType
from rules.values import ElementValue

Claim = dict[str, ElementValue]
Used = dict[AccumulatorKey, Fraction]
BOOKS: dict[str, Book] = {path.stem: load_book(path) for path in sorted(Path("rules/book").glob("*.yaml")) if path.stem != "routing"}
PLANS = [(name, plan) for name, book in BOOKS.items() for plan in book.plans]
_DATES = st.dates(date(2024, 1, 1), date(2026, 12, 31))
_CODES = st.sampled_from(["K35.8", "C73", "O80.0", "I21.4", "N18.6", "Z41.1", "无"])
# Round amounts hit deductibles and limits; the others hit the fractions of a 分.
# The largest amounts lie about the sizes at which columns count in more bits, or give a row up.
_SIZES = st.sampled_from([2**8, 2**16, 2**20, 2**24, 2**28, 2**31, 2**33, 10**12]).flatmap(lambda each: st.integers(each - 2, each + 1))
_MONEY = st.one_of(st.integers(0, 60).map(lambda each: each * 500_000), st.integers(0, 400_000_000), st.integers(0, 2), _SIZES)


def value_of(element: Element) -> st.SearchStrategy[ElementValue]:
    type_ = element.type
    if isinstance(type_, ListType):
        single = Element(element.name, type_.item, element.at)
        items = st.builds(dict, _fields_of(element)) if element.fields else value_of(single)
        return st.lists(items, max_size=4)  # type: ignore[arg-type]  # no item is a list itself
    if isinstance(type_, EnumType):
        return st.sampled_from(type_.values)
    if isinstance(type_, NumberType):
        fractions = st.fractions(0, 3, max_denominator=20)
        return _MONEY if type_ == MONEY else st.integers(0, 400) if type_ == DAYS else st.one_of(st.integers(0, 3), fractions)
    if type_ is SimpleType.BOOLEAN:
        return st.booleans()
    if type_ is SimpleType.DATE:
        return _DATES
    return _CODES if type_ is SimpleType.CODE else st.sampled_from(["甲", "乙"]) if type_ is SimpleType.TEXT else st.none()


def _fields_of(element: Element) -> st.SearchStrategy[dict[str, ElementValue]]:
    given = {each.name: value_of(each) for each in element.fields}
    may_lack = {name: st.one_of(given[name], st.none()) for name in given}
    some = {each.name: given[each.name] for each in element.fields if each.default is None}
    whole, without_defaults = st.fixed_dictionaries(given), st.fixed_dictionaries(some)
    return st.one_of(whole, whole, whole, without_defaults, st.fixed_dictionaries(may_lack))


def claims_of(book: Book, *, may_lack: bool = True) -> st.SearchStrategy[Claim]:
    known = st.fixed_dictionaries({name: value_of(element) for name, element in book.elements.items()})
    if not may_lack:
        return known
    lacking = st.sets(st.sampled_from(list(book.elements)), max_size=3)
    return st.one_of(known, st.builds(lambda claim, out: {name: claim[name] for name in claim if name not in out}, known, lacking))


def quick(result: ResponsibilityResult) -> QuickResult:
    uses = tuple(
        QuickUse(use.key, whole(use.used_before), whole(use.used_now), whole(use.at_most), use.unit, use.counts_payout)
        for use in result.uses
    )
    return QuickResult(
        result.outcome, result.amount_fen, result.declined_by, result.clause, uses, result.low_fen, result.high_fen, result.unknowns
    )


def reference(book: Book, plan: str, claim: Claim, used: Used) -> tuple[QuickResult, ...]:
    return tuple(quick(each) for each in adjudicate(book, plan, claim, used).results)


def add_uses(used: Used, results: tuple[QuickResult, ...]) -> Used:
    total = dict(used)
    for use in (use for result in results for use in result.uses):
        total[use.key] = total.get(use.key, Fraction(0)) + Fraction(use.used_now)
    return total
