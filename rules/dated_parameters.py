"""Gives parameters their values on the date that the plan names (基准日)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from domain.errors import RuleBookError
from rules.model import Book, Parameter, Plan
from rules.phrases import Phrase
from rules.unknown import Unknown, Value, join


def select_parameters(book: Book, plan: Plan, values: Mapping[str, Value], needed: AbstractSet[str]) -> dict[str, Value]:
    """Give every needed parameter its value on the plan's basis date (基准日).

    Raises:
        RuleBookError: a needed parameter has no value yet on that date.
    """
    basis = values[plan.basis] if plan.basis else None
    return {name: _select(book, plan, parameter, basis) for name, parameter in plan.parameters.items() if name in needed}


def _select(book: Book, plan: Plan, parameter: Parameter, basis: Value | None) -> Value:
    if parameter.values[0][0] is None:
        return parameter.values[0][1]
    if not isinstance(basis, date):
        causes = basis.causes if isinstance(basis, Unknown) else frozenset[str]()
        return join([value for _, value in parameter.values], causes)
    in_force = [value for start, value in parameter.values if start is None or start <= basis]
    if not in_force:
        what = Phrase(
            "plan {plan} has no {parameter} in force on {day}: its first value starts {first} ({place})",
            plan=plan.name,
            parameter=parameter.name,
            day=basis,
            first=parameter.values[0][0],
            place=f"{book.file}:{parameter.at.line}",
        )
        raise RuleBookError(what, Phrase("add a value that starts on {day} or before, or correct {basis}", day=basis, basis=plan.basis))
    return in_force[-1]


def basis_text(plan: Plan, values: Mapping[str, Value]) -> str:
    """Tell by which date the parameters were selected; "" when none is dated."""
    if not plan.basis:
        return ""
    basis = values[plan.basis]
    return f"参数按 {plan.basis} {basis.isoformat() if isinstance(basis, date) else '待补'}"
