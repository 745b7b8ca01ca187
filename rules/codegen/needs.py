"""Tells what a program must know of a claim."""

from rules.accounts import PERIOD_NEEDS
from rules.model import Book, Plan, Responsibility, all_steps
from rules.rule_layer import trees_of
from rules.typed import names_of


def needed_elements(book: Book, plan: Plan) -> frozenset[str]:
    """Name the elements that have to be known before a program can answer a plan."""
    names = set().union(*(book.needed[each] for each in plan.responsibilities))
    steps = [step for each in plan.responsibilities for step in all_steps(book.responsibilities[each].steps)]
    dates = {getattr(plan, date_) for step in steps for date_ in PERIOD_NEEDS.get(step.per, ())}
    is_dated = any(name in plan.parameters and plan.parameters[name].values[0][0] is not None for name in names)
    several = any(name in plan.parameters and len(plan.parameters[name].values) > 1 for name in names)
    basis = {plan.basis} if is_dated or several else set[str]()
    return frozenset((names | dates | basis) & set(book.elements))


def trigger_elements(book: Book, plan: Plan, responsibility: Responsibility) -> frozenset[str]:
    """Name the elements that tell whether a responsibility is involved at all."""
    if responsibility.trigger is None:
        return frozenset()
    names, waiting, seen = set[str](), [responsibility.trigger.tree], set[str]()
    while waiting:
        more, rules = names_of(waiting.pop())
        names |= more
        waiting += [tree for rule in rules - seen for tree in trees_of(book.rules[rule])]
        seen |= rules
    for each, formula in responsibility.let:
        if each in names:
            names |= names_of(formula.tree)[0]
    is_dated = any(name in plan.parameters and plan.parameters[name].values[0][0] is not None for name in names)
    return frozenset((names | ({plan.basis} if is_dated else set())) & set(book.elements))
