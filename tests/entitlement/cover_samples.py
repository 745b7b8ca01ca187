"""A customer with policies of the shipped books, and how their cover is looked at."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from domain.assessment import AccumulatorKey
from domain.policy import Particular, Person, Policy
from entitlement.cover.asking import Asker, Coverage
from entitlement.cover.assumptions import Assumptions, load_assumptions
from entitlement.cover.books import CoverBooks
from entitlement.cover.view import CoverView, Insurance, look_at_cover
from rules.loader import load_book
from rules.model import Book

TODAY = date(2026, 11, 22)
PERSON = Person("C990001", "李示安", "990101198803140056", date(1988, 3, 14), has_social_insurance=True, region_code="990100")
BOOKS = CoverBooks()


@cache
def the_book(product: str) -> Book:
    return load_book(Path(f"rules/book/{product}.yaml"))


def a_policy(product: str, plan: str, start: date, years: int, number: str = "P1", **particulars: Particular) -> Policy:
    end = start.replace(year=start.year + years) - timedelta(days=1)
    return Policy(number, "C990001", "C990001", product, plan, start, end, start, particulars=particulars)


def a_coverage(policy: Policy, used: Mapping[AccumulatorKey, Fraction] | None = None, book: Book | None = None) -> Coverage:
    return Coverage(policy, book or the_book(policy.product), used or {})


def term_life(start: date = date(2020, 5, 1), number: str = "P1") -> Policy:
    return a_policy("dingshou-term", "定期二十年", start, 20, number, 已交保费=1_200_000)


def assumed(**changes: object) -> Assumptions:
    return replace(load_assumptions().values, **changes)  # type: ignore[arg-type]


def look(*policies: Policy, person: Person = PERSON, today: date = TODAY, **changes: object) -> CoverView:
    insurance = Insurance(tuple(map(a_coverage, policies)))
    return look_at_cover(Asker(BOOKS, person), insurance, assumed(**changes), today)
