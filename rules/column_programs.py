"""Keeps the programs of plans over columns, by what kinds of columns they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rules.codegen.column_inputs import ColumnKind, ListKind, bound_of
from rules.codegen.column_plan import ColumnProgram, write_columns
from rules.codegen.needs import needed_elements, trigger_elements
from rules.codegen.pieces import NotCoveredError
from rules.column_accounts import UsedColumns, accounts_of
from rules.column_claims import AnyColumn, Column, ListColumn, fields_of
from rules.fast import FastPlan, compile_plan
from rules.model import Book, Element, Plan
from rules.types import NumberType

Shape = tuple[tuple[ColumnKind | ListKind, ...], frozenset[str]]
_REMEMBERED_PLANS = 64
_REMEMBERED_PROGRAMS = 64
_SIZES = tuple(2**bits - 1 for bits in (8, 16, 20, 24, 28, 31))


@dataclass
class ColumnPlan:
    """A plan as a function of columns; programs are kept by what the columns of pure numbers stand over."""

    book: Book
    plan: Plan
    fast: FastPlan
    accounts: Mapping[str, bool]  # of the plan; whether its column tells days since the nearest claim paid
    needs: Mapping[str, tuple[frozenset[str], frozenset[str]]]  # by responsibility: to know whether it is involved, to answer it
    programs: dict[Shape, ColumnProgram | str] = field(default_factory=dict)

    def program_for(self, columns: Mapping[str, AnyColumn], used: UsedColumns) -> ColumnProgram | str:
        """Write the program for columns of this shape, or tell why it cannot be written."""
        names = tuple(name for name in self.book.elements if name in self.fast.needed and name in columns)
        kinds = tuple(_kind(self.book.elements[name], columns[name]) for name in names)
        shape = (kinds, frozenset(used) & frozenset(self.accounts))
        if shape not in self.programs:
            if len(self.programs) >= _REMEMBERED_PROGRAMS:
                self.programs.clear()
            try:
                self.programs[shape] = write_columns(self.book, self.plan, dict(zip(names, kinds, strict=True)), shape[1])
            except NotCoveredError as error:
                self.programs[shape] = str(error)
        return self.programs[shape]


def _kind(element: Element, column: AnyColumn) -> ColumnKind | ListKind:
    if isinstance(column, ListColumn):
        return ListKind(tuple(map(_single_kind, fields_of(element), column.fields)))
    return _single_kind(element, column)


def _single_kind(element: Element, column: Column) -> ColumnKind:
    most, is_wide = bound_of(element.type, column.den), column.values.dtype.itemsize > np.dtype(np.int32).itemsize
    if not isinstance(element.type, NumberType):
        return ColumnKind(column.den, most, is_wide)
    # Few steps of size, so that few programs are written.
    fitting = (size for size in _SIZES if column.ends[1] <= size <= most)
    return ColumnKind(column.den, next(fitting, most), is_wide)


_PLANS: dict[tuple[str, str, str], ColumnPlan] = {}


def compile_columns(book: Book, plan: str) -> ColumnPlan:
    """Prepare a plan for columns; the same bytes of a book and of its medical base are prepared once.

    Raises:
        RuleBookError: the book has no such plan.
    """
    key = (book.sha256, book.base, plan)
    if key not in _PLANS:
        if len(_PLANS) >= _REMEMBERED_PLANS:
            _PLANS.clear()
        fast = compile_plan(book, plan)
        _PLANS[key] = ColumnPlan(book, fast.plan, fast, accounts_of(book, fast.plan), _needs(book, fast.plan))
    return _PLANS[key]


def _needs(book: Book, plan: Plan) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        name: (trigger_elements(book, plan, book.responsibilities[name]), needed_elements(book, replace(plan, responsibilities=(name,))))
        for name in plan.responsibilities
    }
