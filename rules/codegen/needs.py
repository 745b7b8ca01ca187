"""Tells what a program must know of a claim."""

from rules.accounts import PERIOD_NEEDS
from rules.dependencies import names_to_involve
from rules.model import Book, Plan, Responsibility, all_steps


def needed_elements(book: Book, plan: Plan) -> frozenset[str]:
    """Name the elements that have to be known before a program can answer a plan."""
    names = set().union(*(book.needed[each] for each in plan.responsibilities))
    steps = [step for each in plan.responsibilities for step in all_steps(book.responsibilities[each].steps)]
    dates = {getattr(plan, date_) for step in steps for date_ in PERIOD_NEEDS.get(step.per, ())}
    return _elements(book, plan, names | dates)


def trigger_elements(book: Book, plan: Plan, responsibility: Responsibility) -> frozenset[str]:
    """Name the elements that have to be known before a program can tell whether a responsibility is involved at all."""
    return _elements(book, plan, names_to_involve(responsibility, book.rules))


def _elements(book: Book, plan: Plan, names: set[str]) -> frozenset[str]:
    # A parameter that changed is selected by the date that the plan names.
    values = [plan.parameters[name].values for name in names if name in plan.parameters]
    is_selected = any(each[0][0] is not None or len(each) > 1 for each in values)
    return frozenset((names | ({plan.basis} if is_selected else set())) & set(book.elements))
