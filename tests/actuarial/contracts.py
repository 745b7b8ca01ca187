"""Contracts for the tests of formulas: one person, one product a function; what differs is said in the test."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.contract import Contract, EntryKind, Holding, PolicyEntry, premium_event
from domain.policy import Policy
from domain.terms import Frequency, ProductTerms
from policy.holdings import standing_of
from policy.terms_file import load_terms

TERMS = load_terms()
BORN = date(1990, 3, 1)
START = date(2020, 3, 1)


def policy(product: str, **changes: Any) -> Policy:
    made = Policy("P1", "I1", "I1", product, "", START, date(2035, 2, 28), START, sum_insured_fen=10_000_000)
    return replace(made, **changes)


def contract(**changes: Any) -> Contract:
    return replace(Contract("P1", Frequency.YEARLY, 700_000, 10), **changes)


def entry(kind: EntryKind, amount_fen: int, on: date, event: str = "") -> PolicyEntry:
    return PolicyEntry("P1", kind, amount_fen, event or f"{kind} {on}", on)


def premium(due: date, on: date | None = None, kind: EntryKind = EntryKind.PREMIUM, amount_fen: int = 700_000) -> PolicyEntry:
    return PolicyEntry("P1", kind, amount_fen, premium_event(due), on or due)


def premiums(*years: int) -> list[PolicyEntry]:
    return [premium(START.replace(year=year)) for year in years]


def terms(product: str, **changes: Any) -> ProductTerms:
    return replace(TERMS[product], **changes)


def holding(of: Policy, agreed: Contract, entries: list[PolicyEntry], day: date, born: date = BORN) -> Holding:
    product = TERMS[of.product]
    standing = standing_of(of, agreed, product, entries, day)
    return Holding(of, agreed, product, "示例", born, tuple(entries), standing, day)
