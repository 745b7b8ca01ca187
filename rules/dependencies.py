"""Which elements and parameters a responsibility can be moved by, through all the rules it names."""

from collections.abc import Iterable, Mapping

from rules.model import Responsibility, Rule, all_steps
from rules.rule_layer import trees_of
from rules.typed import Typed, names_of


def names_needed(responsibility: Responsibility, rules: Mapping[str, Rule]) -> set[str]:
    """Collect the names that a responsibility looks up in the claim, after its rebindings (令)."""
    bound = dict(responsibility.let)
    seen = names_read(responsibility, rules)
    return (seen - set(bound)) | _names_through((formula.tree for formula in bound.values()), (), rules)


def names_to_involve(responsibility: Responsibility, rules: Mapping[str, Rule]) -> set[str]:
    """Collect the names that tell whether a responsibility is involved at all, after its rebindings."""
    if responsibility.trigger is None:
        return set()
    bound = dict(responsibility.let)
    seen = _names_through((responsibility.trigger.tree,), (), rules)
    return (seen - set(bound)) | _names_through((bound[name].tree for name in seen & set(bound)), (), rules)


def names_read(responsibility: Responsibility, rules: Mapping[str, Rule]) -> set[str]:
    """Collect the names that a responsibility's own expressions and rules use, before any rebinding."""
    trees = [formula.tree for step in all_steps(responsibility.steps) for formula in step.formulas()]
    if responsibility.trigger is not None:
        trees.append(responsibility.trigger.tree)
    return _names_through(trees, (*responsibility.requires, *responsibility.excludes), rules)


def names_of_rule(name: str, rules: Mapping[str, Rule]) -> set[str]:
    """Collect the names that a rule uses, itself or through others."""
    return _names_through((), (name,), rules)


def _names_through(trees: Iterable[Typed], named_rules: tuple[str, ...], rules: Mapping[str, Rule]) -> set[str]:
    names: set[str] = set()
    seen: set[str] = set()
    waiting_rules, waiting_trees = list(named_rules), list(trees)
    while waiting_trees or waiting_rules:
        while waiting_trees:
            more, more_rules = names_of(waiting_trees.pop())
            names |= more
            waiting_rules += more_rules
        while waiting_rules:
            rule = waiting_rules.pop()
            if rule not in seen and rule in rules:
                seen.add(rule)
                waiting_trees += trees_of(rules[rule])
    return names
