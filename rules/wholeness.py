"""Proves that a calculation ends in whole 分, or asks for the rounding step that makes it so."""

from collections.abc import Mapping
from fractions import Fraction

from rules.line_work import LineWork
from rules.model import Element, Plan, Responsibility, Rule, Step
from rules.rule_layer import trees_of
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, Table, Typed
from rules.types import DAYS, MONEY, ListType

_KEEPING = ("+", "-", "*", "neg", "min", "max", "date-date", "sum")


class Wholeness:
    """Tells which expressions can only be whole: 分 for money, days for days."""

    def __init__(self, elements: Mapping[str, Element], rules: Mapping[str, Rule], plans: Mapping[str, Plan]) -> None:
        self.elements, self.rules, self.plans = elements, rules, plans
        self.whole_rules: dict[bool, dict[str, bool]] = {}  # by whether a responsibility rebinds names (令)
        self._look_at_rules({})

    def ends_whole(self, responsibility: Responsibility) -> bool:
        """Tell whether a calculation can only end in whole 分."""
        let = {name: formula.tree for name, formula in responsibility.let}
        if let:
            self._look_at_rules(let)
        return self._all_whole(responsibility.steps, let)

    def _look_at_rules(self, let: dict[str, Typed]) -> None:
        known = self.whole_rules[bool(let)] = {}
        for name, rule in self.rules.items():  # in the order they were read: each after those it names
            known[name] = all(self.is_whole(each, let) for each in _answers_of(rule))

    def _all_whole(self, steps: tuple[Step, ...], let: dict[str, Typed]) -> bool:
        is_whole = True
        for step in steps:
            is_whole = self._after(step, is_whole, let)
        return is_whole

    def _after(self, step: Step, before: bool, let: dict[str, Typed]) -> bool:
        if step.kind == "round":
            return True
        if step.kind in ("times", "interval"):
            return before  # all of it or nothing
        if step.parts:
            return all(self._all_whole(part, let) for _, part in step.parts)
        return before and all(self.is_whole(formula.tree, let) for formula in step.amounts())

    def is_whole(self, tree: Typed, let: dict[str, Typed]) -> bool:
        """Tell whether an expression can only be whole."""
        match tree:
            case Constant(value=value):
                return not isinstance(value, Fraction) or value.denominator == 1
            case Reference(name=name) if name in let:
                return self.is_whole(let[name], {})
            case Reference(name=name) if name in self.elements:
                return (tree.type.item if isinstance(tree.type, ListType) else tree.type) in (DAYS, MONEY)
            case Reference(name=name):
                values = [value for plan in self.plans.values() if name in plan.parameters for _, value in plan.parameters[name].values]
                return all(value.denominator == 1 for value in values if isinstance(value, Fraction))
            case RuleAnswer(rule=rule):
                return self.whole_rules[bool(let)][rule]
            case Loop(kind="filter", subject=subject):
                return self.is_whole(subject, let)
            case Local() | Loop():
                return False
            case Apply(operator="field" | "fields"):
                return (tree.type.item if isinstance(tree.type, ListType) else tree.type) in (DAYS, MONEY)
            case Apply(operator="if"):
                return all(self.is_whole(each, let) for each in tree.arguments[1:])
            case Apply():
                return tree.operator.partition("#")[0] in _KEEPING and all(self.is_whole(each, let) for each in tree.arguments)


def _answers_of(rule: Rule) -> list[Typed]:
    if isinstance(rule.general, Table):
        return [*(row.answer for row in rule.general.rows), *(each.answer for each in rule.exceptions)]
    if isinstance(rule.general, LineWork):
        return []  # every line is brought to whole 分
    return trees_of(rule)[:1] + [each.answer for each in rule.exceptions]
