# ruff: noqa: D102 – what a method writes is promised by AccountsWriter
"""Writes one plan as a NumPy program over a slice of columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.assessment import Outcome
from rules.accounts import account_name
from rules.codegen.calculation import COUNT, AccountsWriter, Calculation
from rules.codegen.column import DATE_BOUND, EPOCH, ColumnWriter
from rules.codegen.known_kinds import check_plan, check_responsibility
from rules.codegen.pieces import NotCoveredError, Piece, Program, number
from rules.codegen.scalar_plan import dated_values
from rules.codegen.writer import Names
from rules.model import Book, Parameter, Plan, Responsibility, Step
from rules.types import DAYS, MONEY, EnumType, NumberType, SimpleType, Type
from rules.values import MAX_DAYS

MAX_COLUMN_FEN = 10**12  # a claim of more than 100 亿元 is answered by itself
MAX_COLUMN_NUMBER = 1000
OUTCOMES = (Outcome.PAYABLE, Outcome.NOT_INVOLVED, Outcome.DECLINED, Outcome.UNKNOWN)
_PAYABLE, _NOT_INVOLVED, _DECLINED = range(3)
Run = Callable[[list[Any], Mapping[str, NDArray[np.int64]], NDArray[np.bool_]], tuple[Any, ...]]


@dataclass(frozen=True)
class UseShape:
    """What the use of an account is called, and the denominator its numbers stand over."""

    account: str
    den: int
    unit: str
    counts_payout: bool


@dataclass(frozen=True)
class ResultShape:
    """What the columns of one responsibility mean: the reasons that `declined_by` counts, and its accounts."""

    name: str
    reasons: tuple[tuple[str, str], ...]  # rule, clause
    uses: tuple[UseShape, ...]


@dataclass(frozen=True)
class ColumnProgram:
    """A program over columns: `names` are the elements it takes, `shapes` tell what it gives."""

    names: tuple[str, ...]
    shapes: tuple[ResultShape, ...]
    run: Run


@dataclass
class ColumnAccounts(AccountsWriter):
    """Finds what is used of accounts in the columns given, and what responsibilities before used in this claim."""

    writer: ColumnWriter
    responsibility: str = ""
    spent: dict[str, Piece] = field(default_factory=dict)
    columns: dict[str, Piece] = field(default_factory=dict)

    def before(self, step: Step) -> Piece:
        name = account_name(self.responsibility, step)
        given = self._given(name)
        if step.kind == "interval":
            return self.writer.hold(Piece(f"where({given.code} == 0, 1, 0)", bound=1))
        earlier = self.spent.get(name)
        return given if earlier is None else self.writer.hold(self.writer.sum_of([given, earlier]))

    def is_far(self, step: Step, days: Piece) -> Piece:
        given = self._given(account_name(self.responsibility, step))
        near = self.writer.compare("<", *self.writer.common([given, days]))
        return Piece(f"(({given.code} < 0) | logical_not({near.code}))")

    def _given(self, name: str) -> Piece:
        if name not in self.columns:
            code = f"used[{self.writer.program.keep(name)}]"
            self.columns[name] = self.writer.hold(Piece(code, bound=MAX_COLUMN_FEN))
        return self.columns[name]


def bound_of(type_: Type, den: int) -> int:
    """Tell the most that the code of a column's number can be."""
    if type_ is SimpleType.DATE:
        return DATE_BOUND
    return {MONEY: MAX_COLUMN_FEN, DAYS: MAX_DAYS}.get(type_, MAX_COLUMN_NUMBER * den) if isinstance(type_, NumberType) else 0


def write_columns(book: Book, plan: Plan, names: tuple[str, ...], denominators: Mapping[str, int]) -> ColumnProgram:
    """Write a plan over columns; `denominators` tells over what a column of pure numbers stands.

    Raises:
        NotCoveredError: the plan holds something that cannot be written.
    """
    check_plan(plan)
    program = Program(["def run(columns, used, bad):"])
    program.objects |= {"where": np.where, "minimum": np.minimum, "maximum": np.maximum, "logical_not": np.logical_not, "abs": np.abs}
    writer = ColumnWriter(book.rules, program)
    pieces = {}
    for place, name in enumerate(names):
        type_, den = book.elements[name].type, denominators.get(name, 1)
        program.write(f"e{place} = columns[{place}]")
        if isinstance(type_, (NumberType, EnumType)) or type_ in (
            SimpleType.DATE,
            SimpleType.BOOLEAN,
            SimpleType.CODE,
            SimpleType.TEXT,
        ):
            pieces[name] = Piece(f"e{place}", den, bound_of(type_, den))
    needed = frozenset().union(*(book.needed[each] for each in plan.responsibilities))
    for name, parameter in plan.parameters.items():
        if name in needed:
            pieces[name] = _parameter(writer, plan, parameter, pieces)
    outer, accounts, shapes = Names(pieces), ColumnAccounts(writer), []
    for each in plan.responsibilities:
        accounts.responsibility = each
        shapes.append(_write_responsibility(book, plan, book.responsibilities[each], writer, outer, accounts))
    program.write(f"return ({''.join(f'r{place}, ' for place in range(len(shapes)))})")
    return ColumnProgram(names, tuple(shapes), _compiled(program))


def _parameter(writer: ColumnWriter, plan: Plan, parameter: Parameter, pieces: Mapping[str, Piece]) -> Piece:
    dated_values(parameter)  # refuses what cannot be selected by date
    typed = [number(value) if isinstance(value, Fraction) else writer.constant(value, parameter.type) for _, value in parameter.values]
    starts = [start for start, _ in parameter.values]
    if len(typed) == 1 and starts[0] is None:
        return typed[0]
    basis, result = pieces[plan.basis].code, typed[0]
    if starts[0] is not None:
        writer.program.write(f"bad |= {basis} < {_day(starts[0])}")
    for start, value in zip(starts[1:], typed[1:], strict=True):
        is_later = Piece(f"({basis} >= {_day(start)})")
        result = writer.choose(is_later, value, result, parameter.type)
    return writer.hold(result)


def _day(day: date | None) -> str:
    if day is None:
        raise NotCoveredError("a parameter with a second value that has no date")
    return f"({day.toordinal() - EPOCH})"


def _write_responsibility(
    book: Book, plan: Plan, responsibility: Responsibility, writer: ColumnWriter, outer: Names, accounts: ColumnAccounts
) -> ResultShape:
    check_responsibility(responsibility)
    program, names = writer.program, outer
    if responsibility.let:
        _refuse_other_stretches(plan, responsibility)
        bound = {each: writer.hold(writer.expression(formula.tree, outer)) for each, formula in responsibility.let}
        names = Names({**outer.pieces, **bound})
    trigger = Piece("True")
    if responsibility.trigger is not None:
        trigger = writer.hold(writer.expression(responsibility.trigger.tree, names))
    declined, reasons = _write_reasons(book, responsibility, writer, names)
    calculation = Calculation(writer, names, accounts)
    calculation.write(responsibility.steps)
    balance, paying = writer.hold(calculation.balance), program.fresh()
    program.write(f"{paying} = {trigger.code} & ({declined} < 0)")
    program.write(f"bad |= {paying} & ({balance.code} < 0)")
    amount = balance.code if balance.den == 1 else f"({balance.code} // {balance.den})"
    uses, shapes = [], []
    for use in calculation.uses:
        if use.step.shared and use.step.by is not None:
            raise NotCoveredError("a shared account that is kept apart by a value")
        taken = balance if use.step.counts_payout else use.taken
        is_counted = f"{paying} & ({balance.code} != 0)" if use.unit == COUNT else paying
        used_now = writer.hold(Piece(f"where({is_counted}, {taken.code}, 0)", taken.den, taken.bound))
        account = account_name(responsibility.name, use.step)
        shapes.append(UseShape(account, used_now.den, use.unit, use.step.counts_payout))
        uses.append(f"({used_now.code}, {is_counted}), ")
        if use.step.shared:
            earlier = accounts.spent.get(account)
            accounts.spent[account] = used_now if earlier is None else writer.hold(writer.sum_of([earlier, used_now]))
    outcome = f"where({trigger.code}, where({declined} < 0, {_PAYABLE}, {_DECLINED}), {_NOT_INVOLVED})"
    place = plan.responsibilities.index(responsibility.name)
    program.write(f"r{place} = ({outcome}, where({paying}, {amount}, 0), where({trigger.code}, {declined}, -1), ({''.join(uses)}))")
    return ResultShape(responsibility.name, reasons, tuple(shapes))


def _refuse_other_stretches(plan: Plan, responsibility: Responsibility) -> None:
    # A column tells what is used in the stretch of the claim's own dates; a rebound date means another stretch.
    shares = any(step.shared for step in responsibility.steps)
    if shares and {plan.loss_date, plan.year_from} & {name for name, _ in responsibility.let}:
        raise NotCoveredError("a shared account under another date (令)")


def _write_reasons(
    book: Book, responsibility: Responsibility, writer: ColumnWriter, names: Names
) -> tuple[str, tuple[tuple[str, str], ...]]:
    reasons: list[tuple[str, str]] = []
    found: list[tuple[Piece, Piece]] = []
    for rules, is_good in ((responsibility.requires, True), (responsibility.excludes, False)):
        for rule in rules:
            answer, clause = writer.rule(rule, names), book.rules[rule].clause
            says_no = writer.negated(answer) if is_good else answer
            place = number(len(reasons))
            reasons.append((rule, clause))
            if rule in names.exceptions:
                # The reason names the clause of the exception that applied.
                first = len(reasons)
                reasons += [(rule, each.clause or clause) for each in book.rules[rule].exceptions]
                which = names.exceptions[rule].code
                place = Piece(f"where({which} < 0, {place.code}, {which} + {first})")
            found.append((says_no, place))
    declined = "-1"
    for says_no, place in reversed(found):
        declined = f"where({says_no.code}, {place.code}, {declined})"
    name = writer.program.fresh()
    writer.program.write(f"{name} = {declined}")
    return name, tuple(reasons)


def _compiled(program: Program) -> Run:
    space: dict[str, object] = dict(program.objects)
    # The text is ours alone: made names, whole numbers and operators. What a book says is reached by name.
    exec(compile("\n".join(program.lines), "<a plan over columns>", "exec"), space)  # noqa: S102
    return space["run"]  # type: ignore[return-value]
