"""Answers many claims at once, by a NumPy program written from the plan's tree; rows it cannot answer are answered one by one.

What is used of accounts is a column as well: for each row the amount that earlier claims used in the stretch that the
claim falls in, by the account's name (`responsibility/parameter`, or the shared name). For an interval (间隔) the column
tells how many days lie between the claim and the nearest one paid before; less than 0 means there was none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.assessment import Outcome
from domain.errors import InputError, MingbaiError
from rules.codegen.column_inputs import MAX_COLUMN_FEN
from rules.codegen.column_plan import OUTCOMES, ColumnProgram, ResultShape
from rules.codegen.quick import QuickResult
from rules.column_accounts import UsedColumns, used_at
from rules.column_claims import AnyColumn, ListColumn, claim_at, columns_of, is_held, rows_of
from rules.column_programs import ColumnPlan, compile_columns
from rules.column_slices import slice_of, within
from rules.model import Book
from rules.phrases import Phrase

ROWS_AT_ONCE = 32_768  # columns of this many rows stay in a processor's cache
FAILED = -1
_NOT_INVOLVED = OUTCOMES.index(Outcome.NOT_INVOLVED)


@dataclass(frozen=True)
class ResponsibilityColumns:
    """The answers of one responsibility, a row a claim.

    `outcome` counts in `OUTCOMES`, `declined_by` in `shape.reasons` (-1: none); `used_now` stands in the order of
    `shape.uses`, over their denominators (as Fractions where a use is exact), and `is_used` tells where an account is used at all.
    """

    shape: ResultShape
    outcome: NDArray[np.int8]
    amount_fen: NDArray[np.int64]
    declined_by: NDArray[np.int16]
    used_now: tuple[NDArray[Any], ...]
    is_used: tuple[NDArray[np.bool_], ...]


@dataclass(frozen=True)
class ColumnAnswers:
    """The answers of a plan; `told` holds the rows that were answered one by one, `failed` those that cannot be answered."""

    results: tuple[ResponsibilityColumns, ...]
    told: dict[int, tuple[QuickResult, ...]]
    failed: dict[int, MingbaiError]
    not_covered: str  # why no program could be written; "" when there is one


def adjudicate_columns(book: Book, plan: str, columns: Mapping[str, AnyColumn], used: UsedColumns) -> ColumnAnswers:
    """Answer every responsibility of a plan for every row.

    An element without a column is its default, or unknown. Rows with an unknown that is needed, with numbers that could
    overflow, or with anything else that the program cannot answer are answered by `rules.fast`.

    Raises:
        RuleBookError: the book has no such plan.
        InputError: a column of no element, or of another length than the others.
    """
    prepared = compile_columns(book, plan)
    rows = _count(book, columns, used)
    complete = {**_defaults(book, prepared.fast.needed, columns, rows), **columns}
    program = prepared.program_for(complete, used)
    bad = np.zeros(rows, np.bool_)
    if isinstance(program, str):
        shapes = tuple(ResultShape(name, (), ()) for name in prepared.plan.responsibilities)
        answers, why = _empty(shapes, rows), program
        bad[:] = True
    else:
        answers, why = _empty(program.shapes, rows), ""
        _run(prepared, program, complete, used, bad, answers)
        _mark_unknown(prepared, complete, bad, answers)
    told, failed = _answer_singly(prepared, columns, used, np.flatnonzero(bad), answers)
    return ColumnAnswers(answers, told, failed, why)


def _count(book: Book, columns: Mapping[str, AnyColumn], used: UsedColumns) -> int:
    for name in columns:
        if name not in book.elements:
            raise InputError(
                Phrase("{product} has no element {name}", product=book.product, name=name),
                Phrase("leave the column out, or correct its name"),
                field=name,
            )
    lengths = {rows_of(column) for column in columns.values()} | {len(amounts) for amounts in used.values()}
    if len(lengths) > 1:
        raise InputError(
            Phrase("columns of {min} and of {max} rows", min=min(lengths), max=max(lengths)),
            Phrase("give every column a row for every claim"),
        )
    return lengths.pop() if lengths else 0


def _defaults(book: Book, needed: frozenset[str], columns: Mapping[str, AnyColumn], rows: int) -> dict[str, AnyColumn]:
    from_defaults: dict[str, AnyColumn] = {}
    for name in needed - set(columns):
        one = columns_of(book, [{}])[name] if is_held(book.elements[name]) else None
        if one is None:
            continue
        known = None if one.known is None else np.zeros(rows, np.bool_)
        if isinstance(one, ListColumn):
            from_defaults[name] = replace(one, counts=np.zeros(rows, np.int64), known=known)
        else:
            from_defaults[name] = replace(one, values=np.broadcast_to(one.values, rows), known=known)
    return from_defaults


def _mark_unknown(
    prepared: ColumnPlan, columns: Mapping[str, AnyColumn], bad: NDArray[np.bool_], answers: tuple[ResponsibilityColumns, ...]
) -> None:
    """Mark the rows in which something is unknown that matters: not what only a responsibility wants that is not involved."""
    for column in answers:
        to_involve, to_answer = prepared.needs[column.shape.name]
        is_open = _unknown_rows(to_answer, columns)
        if is_open is not None:
            bad |= is_open & (column.outcome != _NOT_INVOLVED)
        is_unclear = _unknown_rows(to_involve, columns)
        if is_unclear is not None:
            bad |= is_unclear


def _unknown_rows(needed: frozenset[str], columns: Mapping[str, AnyColumn]) -> NDArray[np.bool_] | None:
    masks = [column.known for name in needed if (column := columns[name]).known is not None]
    return ~np.logical_and.reduce(masks) if masks else None


def _empty(shapes: tuple[ResultShape, ...], rows: int) -> tuple[ResponsibilityColumns, ...]:
    # Every row is written: by the program, or after it one by one.
    return tuple(
        ResponsibilityColumns(
            shape,
            np.empty(rows, np.int8),
            np.empty(rows, np.int64),
            np.empty(rows, np.int16),
            tuple(np.empty(rows, object if use.is_exact else np.int64) for use in shape.uses),
            tuple(np.empty(rows, np.bool_) for _ in shape.uses),
        )
        for shape in shapes
    )


def _run(
    prepared: ColumnPlan,
    program: ColumnProgram,
    columns: Mapping[str, AnyColumn],
    used: UsedColumns,
    bad: NDArray[np.bool_],
    answers: tuple[ResponsibilityColumns, ...],
) -> None:
    accounts = {name: is_gap for name, is_gap in prepared.accounts.items() if name in used}
    for start in range(0, len(bad), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        marks = bad[part]
        taken = [slice_of(prepared.book.elements[name], columns[name], part, marks) for name in program.names]
        amounts = {name: within(used[name][part], MAX_COLUMN_FEN, marks, least=-1 if is_gap else 0) for name, is_gap in accounts.items()}
        _keep(answers, part, program.run(taken, amounts, marks))


def _keep(answers: tuple[ResponsibilityColumns, ...], part: slice, found: tuple[Any, ...]) -> None:
    for result, (outcome, amount, declined, uses) in zip(answers, found, strict=True):
        result.outcome[part], result.amount_fen[part], result.declined_by[part] = outcome, amount, declined
        for place, (used_now, is_used) in enumerate(uses):
            result.used_now[place][part], result.is_used[place][part] = used_now, is_used


def _answer_singly(
    prepared: ColumnPlan,
    columns: Mapping[str, AnyColumn],
    used: UsedColumns,
    rows: NDArray[np.intp],
    answers: tuple[ResponsibilityColumns, ...],
) -> tuple[dict[int, tuple[QuickResult, ...]], dict[int, MingbaiError]]:
    told: dict[int, tuple[QuickResult, ...]] = {}
    failed: dict[int, MingbaiError] = {}
    for row in map(int, rows):
        claim = claim_at(prepared.book, columns, row)
        try:
            told[row] = prepared.fast(claim, used_at(prepared.book, prepared.plan, claim, used, row))
        except MingbaiError as error:
            failed[row] = error
        for place, result in enumerate(answers):
            _put(result, row, told[row][place] if row in told else None)
    return told, failed


def _put(columns: ResponsibilityColumns, row: int, result: QuickResult | None) -> None:
    columns.outcome[row] = FAILED if result is None else OUTCOMES.index(result.outcome)
    columns.amount_fen[row] = 0 if result is None else result.amount_fen or 0
    reason = (result.declined_by, result.clause) if result is not None else ("", "")
    columns.declined_by[row] = columns.shape.reasons.index(reason) if reason in columns.shape.reasons else -1
    uses = {} if result is None else {use.key.name: use.used_now for use in result.uses}
    for place, use in enumerate(columns.shape.uses):
        columns.is_used[place][row] = use.account in uses
        now = uses.get(use.account, 0) * use.den
        columns.used_now[place][row] = Fraction(now) if use.is_exact else int(now)
