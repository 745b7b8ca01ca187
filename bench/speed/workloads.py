"""The two workloads, ready to be measured: book, claims, what the reference answers, and columns of any number of rows."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.job import Answer, Facts, facts_of
from bench.workload.book import make_claim, write_book
from bench.workload.records import make_records_claim, write_records_book
from rules.column_claims import AnyColumn, Column, ListColumn, columns_of
from rules.columns import ColumnAnswers, adjudicate_columns
from rules.engine import adjudicate
from rules.fast import FastPlan, compile_plan
from rules.loader import load_book
from rules.model import Book

PLAN, RESPONSIBILITY = "标准版", "住院医疗"
Claim = dict[str, Any]
Ready = tuple[tuple[object, ...], Claim]


@dataclass(frozen=True)
class Settings:
    """How much is measured."""

    claims: int
    rows: int
    rounds: int


@dataclass(frozen=True)
class Workload:
    """A book and its claims."""

    book: Book
    claims: Sequence[Claim]

    @cached_property
    def fast(self) -> FastPlan:
        """The program; the workload must be within the language, or something else would be measured."""
        fast = compile_plan(self.book, PLAN)
        assert fast.program is not None, fast.not_covered  # noqa: S101 – as the docstring says
        return fast

    @cached_property
    def ready(self) -> list[Ready]:
        """The claims as they stand once they were read: peers are given theirs in their own types as well."""
        return [(self.fast.read(claim), claim) for claim in self.claims]

    def answer(self, ready: Ready) -> object:
        """Answer a claim that was read."""
        return self.fast.answer(*ready)

    @cached_property
    def facts(self) -> list[Facts]:
        """The claims as other engines take them."""
        return [facts_of(claim) for claim in self.claims]

    @cached_property
    def expected(self) -> list[Answer]:
        """What the reference engine answers."""
        responsibility = self.book.responsibilities[RESPONSIBILITY]
        order = [*responsibility.requires, *responsibility.excludes]
        results = [adjudicate(self.book, PLAN, claim, {}).results[0] for claim in self.claims]
        return [(each.amount_fen or 0, order.index(each.declined_by) if each.declined_by else -1) for each in results]

    def batch(self, rows: int) -> Callable[[], ColumnAnswers]:
        """Make the work on so many claims in columns: these ones, again and again.

        Each run gets columns of its own around the same arrays, so that nothing an earlier one learnt is remembered.
        """
        times = rows // len(self.claims)
        columns = {name: _repeat(column, times) for name, column in columns_of(self.book, self.claims).items()}
        return lambda: adjudicate_columns(self.book, PLAN, {name: _fresh(column) for name, column in columns.items()}, {})


def flat(claims: int, lines: int, conditions: int, grades: int) -> Workload:
    """Make the workload whose lines are elements, each with a rule of its own."""
    book = _load(lambda: write_book(lines, conditions, grades))
    return Workload(book, [make_claim(seed, lines) for seed in range(claims)])


def records(claims: int, lines: int) -> Workload:
    """Make the workload whose lines are records that one line rule reviews."""
    return Workload(_load(write_records_book), [make_records_claim(seed, lines) for seed in range(claims)])


def _load(write: Callable[[], str]) -> Book:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.yaml"
        path.write_text(write(), encoding="utf-8")
        return load_book(path)


def _repeat(column: AnyColumn, times: int) -> AnyColumn:
    if isinstance(column, Column):
        return replace(column, values=np.tile(column.values, times))
    fields = tuple(replace(each, values=np.tile(each.values, times)) for each in column.fields)
    return ListColumn(np.tile(column.counts, times), fields)


def _fresh(column: AnyColumn) -> AnyColumn:
    return replace(column, fields=tuple(map(replace, column.fields))) if isinstance(column, ListColumn) else replace(column)
