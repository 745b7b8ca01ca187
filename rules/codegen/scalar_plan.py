"""Writes one plan as Python functions of known values: one for each responsibility, and one that calls them in order."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from domain.assessment import Outcome
from rules.codegen.calculation import COUNT, Calculation, Use
from rules.codegen.known_kinds import check_plan, check_responsibility
from rules.codegen.names import Names
from rules.codegen.pieces import LeaveError, Piece, Program
from rules.codegen.quick import PlanProgram, QuickResult, QuickUse, Used
from rules.codegen.scalar import ScalarWriter, whole
from rules.codegen.scalar_accounts import ScalarAccounts
from rules.codegen.scalar_inputs import Inputs, dated_values, fixed_value
from rules.model import Book, Plan, Responsibility, all_steps
from rules.types import DAYS, MONEY


def write_responsibility(book: Book, plan: Plan, responsibility: Responsibility, inputs: Inputs, program: Program, name: str) -> None:
    """Write the function that answers one responsibility.

    Raises:
        NotCoveredError: it holds something that cannot be written.
    """
    check_responsibility(responsibility)
    writer = ScalarWriter(book.rules, program)
    outer = inputs.outer()
    program.define(f"{name}(used, {', '.join(inputs.arguments)})")
    if inputs.unpacked:
        program.write(f"{', '.join(inputs.unpacked)}, = values")
    bound = {each: writer.hold(writer.expression(formula.tree, outer)) for each, formula in responsibility.let}
    names = Names({**outer.pieces, **bound}) if bound else outer
    _write_checks(book, responsibility, writer, names)
    accounts = ScalarAccounts(writer, names, plan, responsibility.name)
    calculation = Calculation(writer, names, accounts)
    calculation.write(responsibility.steps)
    _write_result(writer, accounts, calculation)


def _write_checks(book: Book, responsibility: Responsibility, writer: ScalarWriter, names: Names) -> None:
    program = writer.program
    trigger = None
    if responsibility.trigger is not None:
        trigger = writer.hold(writer.expression(responsibility.trigger.tree, names))
    # All are answered before one decides: the reference answers all, and any of them may have to leave the program.
    told = [(rule, writer.rule(rule, names), role) for role in ("须", "不赔") for rule in _conditions(responsibility, role)]
    result = program.keep(QuickResult)
    if trigger is not None:
        program.write(f"if not {trigger.code}:")
        program.write(f"    return {program.keep(QuickResult(Outcome.NOT_INVOLVED))}")
    for rule, answer, role in told:
        program.write(f"if {'not ' if role == '须' else ''}{answer.code}:")
        head = f"    return {result}({program.keep(Outcome.DECLINED)}, 0, {program.keep(rule)}, "
        clause = book.rules[rule].clause
        if rule in names.exceptions:
            clauses = (*(each.clause or clause for each in book.rules[rule].exceptions), clause)
            program.write(f"{head}{program.keep(clauses)}[{names.exceptions[rule].code}])")
        else:
            program.write(f"{head}{program.keep(clause)})")


def _conditions(responsibility: Responsibility, role: str) -> tuple[str, ...]:
    return responsibility.requires if role == "须" else responsibility.excludes


def _write_result(writer: ScalarWriter, accounts: ScalarAccounts, calculation: Calculation) -> None:
    program, balance = writer.program, writer.hold(calculation.balance)
    paid = balance.code if balance.den == 1 else f"({balance.code} // {balance.den})"
    if not balance.is_natural:
        program.write(f"if {balance.code} < 0:")
        program.write(f"    raise {program.keep(LeaveError)}")
    make = f"{program.keep(tuple.__new__)}({program.keep(QuickResult)}"
    head = f"return {make}, ({program.keep(Outcome.PAYABLE)}, {program.keep(int)}({paid}), '', '', "
    tail = ", None, None, ()))"
    uses = [(use, _use(writer, accounts, use, balance)) for use in calculation.uses]
    if any(use.unit == COUNT for use, _ in uses):
        program.write(f"if not {balance.code}:")
        program.write(f"    {head}({''.join(code + ', ' for use, code in uses if use.unit != COUNT)}){tail}")
    program.write(f"{head}({''.join(code + ', ' for _, code in uses)}){tail}")


def _use(writer: ScalarWriter, accounts: ScalarAccounts, use: Use, balance: Piece) -> str:
    keep = writer.program.keep
    taken = balance if use.step.counts_payout else use.taken
    amounts = ", ".join(_exact(writer, each) for each in (use.before, taken, use.at_most))
    values = f"({accounts.key(use.step).code}, {amounts}, {keep(use.unit)}, {use.step.counts_payout})"
    return f"{keep(tuple.__new__)}({keep(QuickUse)}, {values})"


def _exact(writer: ScalarWriter, piece: Piece) -> str:
    if isinstance(piece.constant, Fraction):
        return writer.program.keep(whole(piece.constant))
    if piece.den == 1:
        return piece.code
    # A division that leaves no rest needs no Fraction, which would take longer than all the rest.
    code, den = piece.code, piece.den
    return f"({writer.program.keep(_divided)}({code}, {den}) if {code} % {den} else {code} // {den})"


def _divided(top: Fraction | int, den: int) -> Fraction | int:
    return whole(Fraction(top) / den)


def write_plan(book: Book, plan: Plan, names: tuple[str, ...]) -> PlanProgram:
    """Write a plan as a function of the values of `names`, all of them known, and of what is used of its accounts.

    The function raises LeaveError, or an error of arithmetic or of the rules, on a claim that it cannot answer.

    Raises:
        NotCoveredError: the plan holds something that cannot be written.
    """
    check_plan(plan)
    program, needed = Program(), frozenset().union(*(book.needed[each] for each in plan.responsibilities))
    arguments = {name: f"e{place}" for place, name in enumerate(names)}
    fixed, dated = {}, {}
    for name, parameter in plan.parameters.items():
        if name in needed and parameter.values[0][0] is None and len(parameter.values) == 1:
            fixed[name] = fixed_value(ScalarWriter(book.rules, program), parameter)
        elif name in needed:
            dated[name] = dated_values(parameter)
            arguments[name] = f"p{len(dated)}"
    denominators = {name: den for name, (_, den) in dated.items()}
    whole = frozenset(name for name, element in book.elements.items() if element.type in (MONEY, DAYS))
    calls = []
    for place, each in enumerate(plan.responsibilities):
        taken = _taken(book, plan, book.responsibilities[each], arguments)
        every = tuple(arguments[name] for name in names)
        inputs = Inputs(taken, fixed, denominators, every if 2 * len(taken) > len(names) else (), whole)
        write_responsibility(book, plan, book.responsibilities[each], inputs, program, f"f{place}")
        calls.append(f"f{place}(used, {', '.join(inputs.arguments)})")
    elements = {name: arguments[name] for name in names}
    parameters = {name: (arguments[name], dated[name][0]) for name in dated}
    _write_calls(program, plan, elements, parameters, calls)
    _share_accounts(book, plan, program)
    for place, call in enumerate(calls):
        _write_selection(f"one{place}", program, plan, elements, parameters, [call])
        program.write(f"return {call}")
    space = _compiled(program)
    singles = {name: space[f"one{place}"] for place, name in enumerate(plan.responsibilities)}
    return PlanProgram(space["run"], singles)


def _taken(book: Book, plan: Plan, responsibility: Responsibility, arguments: Mapping[str, str]) -> dict[str, str]:
    names = {*book.needed[responsibility.name], *(plan.year_from, plan.loss_date), *(name for name, _ in responsibility.let)}
    return {name: code for name, code in arguments.items() if name in names}


def _write_selection(
    name: str,
    program: Program,
    plan: Plan,
    elements: Mapping[str, str],
    dated: Mapping[str, tuple[str, tuple[object, ...]]],
    calls: Sequence[str],
) -> None:
    """Start a function that takes the values of a claim, and select the dated parameters."""
    program.define(f"{name}(values, used)")
    if any("(used, values" not in call for call in calls) or dated:
        program.write(f"{', '.join(elements.values())}, = values")
    for parameter, (code, values) in dated.items():
        starts = [start for start, _ in plan.parameters[parameter].values]
        known = [start for start in starts if start is not None]
        place = f"{program.keep(bisect_right)}({program.keep(tuple(known))}, {elements[plan.basis]})"
        program.write(f"{code} = {place}")
        if starts[0] is not None:
            program.write(f"if not {code}:")
            program.write(f"    raise {program.keep(LeaveError)}")
            program.write(f"{code} -= 1")
        program.write(f"{code} = {program.keep(values)}[{code}]")


def _write_calls(
    program: Program, plan: Plan, elements: Mapping[str, str], dated: Mapping[str, tuple[str, tuple[object, ...]]], calls: Sequence[str]
) -> None:
    _write_selection("run", program, plan, elements, dated, calls)
    for turn, call in enumerate(calls):
        program.write(f"r{turn} = {call}")
        if turn + 1 < len(calls):
            program.write(f"used = share(used, r{turn})")
    program.write(f"return ({''.join(f'r{turn}, ' for turn in range(len(calls)))})")


def _share_accounts(book: Book, plan: Plan, program: Program) -> None:
    # What one responsibility uses of a shared account is gone for the next.
    steps = [step for name in plan.responsibilities for step in all_steps(book.responsibilities[name].steps)]
    if any(step.shared for step in steps):
        program.objects["share"] = _used_after
    else:
        program.lines[:] = [line for line in program.lines if "used = share(" not in line]


def _used_after(used: Used, result: QuickResult) -> Used:
    if not result.uses:
        return used
    after = dict(used)
    for use in result.uses:
        after[use.key] = after.get(use.key, 0) + use.used_now
    return after


def _compiled(program: Program) -> dict[str, Any]:
    space: dict[str, Any] = dict(program.objects)
    text = "\n".join(program.lines)
    # The text is ours alone: made names, whole numbers and operators. What a book says is reached by name.
    exec(compile(text, "<a plan>", "exec"), space)  # noqa: S102
    return space
