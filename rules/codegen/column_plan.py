"""Writes one plan as a NumPy program over a slice of columns."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.assessment import Outcome
from rules.accounts import account_name
from rules.codegen.calculation import COUNT, Calculation
from rules.codegen.column import ColumnWriter
from rules.codegen.column_functions import exactly
from rules.codegen.column_inputs import ColumnKind, ListKind, read_element, read_parameter
from rules.codegen.column_used import ColumnAccounts
from rules.codegen.known_kinds import check_plan, check_responsibility
from rules.codegen.names import Names
from rules.codegen.pieces import NotCoveredError, Piece, Program, number
from rules.model import Book, Plan, Responsibility
from rules.types import NumberType

OUTCOMES = (Outcome.PAYABLE, Outcome.NOT_INVOLVED, Outcome.DECLINED, Outcome.UNKNOWN)
_PAYABLE, _NOT_INVOLVED, _DECLINED = range(3)
_MADE_NAME = re.compile(r"\bt\d+\b")
Run = Callable[[list[Any], Mapping[str, NDArray[np.int64]], NDArray[np.bool_]], tuple[Any, ...]]


@dataclass(frozen=True)
class UseShape:
    """What the use of an account is called, and the denominator its numbers stand over.

    `is_exact`: its numbers are Fractions, as the program divides by what a claim tells.
    """

    account: str
    den: int
    unit: str
    counts_payout: bool
    is_exact: bool = False


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


def write_columns(book: Book, plan: Plan, kinds: Mapping[str, ColumnKind | ListKind], used: frozenset[str]) -> ColumnProgram:
    """Write a plan over columns of these kinds, and over accounts of which something is used.

    Raises:
        NotCoveredError: the plan holds something that cannot be written.
    """
    check_plan(plan)
    program = Program(["def run(columns, used, bad):"])
    program.objects |= {"where": np.where, "minimum": np.minimum, "maximum": np.maximum, "logical_not": np.logical_not}
    program.objects |= {"abs": np.abs, "zeros": np.zeros, "int8": np.int8}
    writer, pieces = ColumnWriter(book.rules, program), {}
    for place, (name, kind) in enumerate(kinds.items()):
        program.write(f"e{place} = columns[{place}]")
        pieces[name] = read_element(writer, book.elements[name], kind, f"e{place}")
    needed = frozenset().union(*(book.needed[each] for each in plan.responsibilities))
    for name, parameter in plan.parameters.items():
        if name in needed:
            pieces[name] = read_parameter(writer, plan, parameter, pieces)
    outer, accounts, shapes = Names(pieces), ColumnAccounts(writer, used), []
    for each in plan.responsibilities:
        accounts.responsibility = each
        shapes.append(_write_responsibility(book, plan, book.responsibilities[each], writer, outer, accounts))
    program.write(f"return ({''.join(f'r{place}, ' for place in range(len(shapes)))})")
    return ColumnProgram(tuple(kinds), tuple(shapes), _compiled(program))


def _write_responsibility(
    book: Book, plan: Plan, responsibility: Responsibility, writer: ColumnWriter, outer: Names, accounts: ColumnAccounts
) -> ResultShape:
    check_responsibility(responsibility)
    program, names = writer.program, outer
    if responsibility.let:
        _refuse_other_stretches(plan, responsibility)
        bound = {each: writer.hold(writer.expression(formula.tree, outer)) for each, formula in responsibility.let}
        names = Names({**outer.pieces, **bound})
    trigger = Piece("True", constant=True)
    if responsibility.trigger is not None:
        trigger = writer.hold(writer.expression(responsibility.trigger.tree, names))
    declined, reasons = _write_reasons(book, responsibility, writer, names)
    calculation = Calculation(writer, names, accounts)
    calculation.write(responsibility.steps)
    balance, is_good = writer.hold(calculation.balance), writer.hold(Piece(f"({declined} < 0)"))
    paying = is_good if trigger.constant is True else writer.hold(writer.all_of([trigger, is_good]))
    if not balance.is_natural:
        program.write(f"bad |= {paying.code} & ({balance.code} < 0)")
    amount = balance if writer.is_whole(balance) else writer.hold(writer.rounded(balance, 1, "down"))
    uses, shapes = [], []
    for use in calculation.uses:
        if use.step.shared and use.step.by is not None:
            raise NotCoveredError("a shared account that is kept apart by a value")
        taken = balance if use.step.counts_payout else use.taken
        is_counted = writer.hold(Piece(f"({paying.code} & ({balance.code} != 0))")) if use.unit == COUNT else paying
        used_now = writer.hold(writer.choose(is_counted, taken, number(0), NumberType()))
        account = account_name(responsibility.name, use.step)
        shapes.append(UseShape(account, 1 if used_now.over else used_now.den, use.unit, use.step.counts_payout, bool(used_now.over)))
        told = used_now.code
        if used_now.over:
            told = f"{program.keep(exactly)}({told}, {used_now.den}, {' * '.join(used_now.over)})"
        uses.append(f"({told}, {is_counted.code}), ")
        if use.step.shared:
            earlier = accounts.spent.get(account)
            accounts.spent[account] = used_now if earlier is None else writer.hold(writer.sum_of([earlier, used_now]))
    # Places of outcomes and reasons are counted in bytes: yes is 1 and no is 0.
    outcome, reason = f"(logical_not({is_good.code}) * {program.keep(np.int8(_DECLINED))})", declined
    if trigger.constant is not True:
        outcome = f"({outcome} * {trigger.code} + logical_not({trigger.code}) * {program.keep(np.int8(_NOT_INVOLVED))})"
        reason = f"(({declined} + 1) * {trigger.code} - 1)"
    paid = writer.hold(writer.choose(paying, amount, number(0), NumberType()))
    place = plan.responsibilities.index(responsibility.name)
    program.write(f"r{place} = ({outcome}, {paid.code}, {reason}, ({''.join(uses)}))")
    return ResultShape(responsibility.name, reasons, tuple(shapes))


def _refuse_other_stretches(plan: Plan, responsibility: Responsibility) -> None:
    # A column tells what is used in the stretch of the claim's own dates; a rebound date means another stretch.
    shares = any(step.shared for step in responsibility.steps)
    if shares and {plan.loss_date, plan.year_from} & {name for name, _ in responsibility.let}:
        raise NotCoveredError("a shared account under another date (令)")


def _write_reasons(
    book: Book, responsibility: Responsibility, writer: ColumnWriter, names: Names
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Write the place of the first reason against a claim, -1 where there is none, and list the reasons.

    The first ones belong to a rule each, in order; those behind name the clause of an exception that applied.
    """
    program = writer.program
    rules = [(rule, True) for rule in responsibility.requires] + [(rule, False) for rule in responsibility.excludes]
    answers = [(rule, writer.rule(rule, names), is_good) for rule, is_good in rules]
    if not answers:
        return "-1", ()
    # How many conditions hold before the first that does not is its place.
    held, passed = Piece("True"), ""
    for _, answer, is_good in answers:
        fine = answer if is_good else writer.negated(answer)
        held = writer.hold(fine if not passed else Piece(f"({held.code} & {fine.code})"))
        passed = program.held(f"{passed} + {held.code}" if passed else f"{held.code} * {program.keep(np.int16(1))}")
    declined = program.held(f"{passed} - {held.code} * {program.keep(np.int16(len(answers) + 1))}")
    reasons = [(rule, book.rules[rule].clause) for rule, _, _ in answers]
    for place, (rule, _, _) in enumerate(answers):
        if rule in names.exceptions:
            which, first = names.exceptions[rule].code, len(reasons)
            reasons += [(rule, each.clause or book.rules[rule].clause) for each in book.rules[rule].exceptions]
            declined = program.held(f"where(({declined} == {place}) & ({which} >= 0), {which} + {first}, {declined})")
    return declined, tuple(reasons)


def _compiled(program: Program) -> Run:
    space: dict[str, object] = dict(program.objects)
    # The text is ours alone: made names, whole numbers and operators. What a book says is reached by name.
    exec(compile("\n".join(_released(program.lines)), "<a plan over columns>", "exec"), space)  # noqa: S102
    return space["run"]  # type: ignore[return-value]


def _released(lines: list[str]) -> list[str]:
    """Let go of every name after the line that needs it last, so that the next column finds its memory still in the cache."""
    last = {name: place for place, line in enumerate(lines) for name in _MADE_NAME.findall(line)}
    done: dict[int, list[str]] = {}
    for name, place in last.items():
        done.setdefault(place, []).append(name)
    released = []
    for place, line in enumerate(lines):
        released.append(line)
        if place in done and "return" not in line:
            released.append(f"    del {', '.join(done[place])}")
    return released
