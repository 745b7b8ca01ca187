"""Judges invoice lines (行规则): what each charged, what is taken off it in which order and why, what is allowed."""

from dataclasses import dataclass, field
from fractions import Fraction

from rules.compiler import Answered, CompiledRule, Formula, Scope
from rules.operators import add, choose, largest, multiply, smallest, subtract
from rules.rounding import round_fraction
from rules.source import Position
from rules.typed import Reference, Typed
from rules.unknown import Items, Unknown, Value, between, causes_of, high_of, low_of

_NIL = Fraction(0)


@dataclass(frozen=True)
class Adjustment:
    """One item of a review (审核): takes all of a line, or an amount, or leaves a share or at most so much of it."""

    kind: str  # all | subtract | multiply | cap
    condition: Formula | None
    operand: Formula | None
    code: str
    reason: str
    clause: str
    at: Position


@dataclass(frozen=True)
class LineWork:
    """A line rule: the list it goes through, what a line charges, and its review, in order."""

    lines: Reference
    variable: str
    charged: Formula
    label: str  # the field that names a line; "" when there is none
    adjustments: tuple[Adjustment, ...]

    def trees(self) -> list[Typed]:
        """List every expression of the rule."""
        formulas = [each for item in self.adjustments for each in (item.condition, item.operand) if each is not None]
        return [self.lines, *(formula.tree for formula in (self.charged, *formulas))]


@dataclass(frozen=True)
class JudgedLine:
    """One line: charged − what was taken = allowed."""

    name: str
    charged: Value
    allowed: Value
    taken: tuple[tuple[Adjustment, Value], ...] = field(default=())


def compile_line_work(work: LineWork) -> CompiledRule:
    """Compile a line rule to its answer: the sum of what is allowed on all lines."""

    def answer(scope: Scope) -> Answered:
        items = scope.values[work.lines.name]
        if not isinstance(items, Items):
            return Answered(Unknown(causes_of((items,)), _NIL))
        total: Value = _NIL
        for item in items.values:
            total = add(total, judge_line(work, item, scope).allowed)
        return Answered(total)

    return answer


def judge_lines(work: LineWork, scope: Scope) -> list[JudgedLine]:
    """Judge every line of the list; none while the list is unknown."""
    items = scope.values[work.lines.name]
    return [judge_line(work, item, scope) for item in items.values] if isinstance(items, Items) else []


def judge_line(work: LineWork, item: Value, scope: Scope) -> JudgedLine:
    """Judge one line; every balance is brought to whole 分, half a 分 up, so that the line adds up."""
    charged = _to_fen(largest(scope.loops.visit(work.variable, item, work.charged.evaluate, scope), _NIL))
    balance, taken = charged, []
    for adjustment in work.adjustments:
        after = _to_fen(_adjusted(adjustment, balance, scope))
        if after != balance:
            taken.append((adjustment, subtract(balance, after)))
        balance = after
    return JudgedLine(_label(work, item), charged, balance, tuple(taken))


def _label(work: LineWork, item: Value) -> str:
    value = item.get(work.label) if work.label and hasattr(item, "get") else None
    return value if isinstance(value, str) else ""


def _adjusted(adjustment: Adjustment, balance: Value, scope: Scope) -> Value:
    applies = True if adjustment.condition is None else adjustment.condition.evaluate(scope)
    if applies is False:
        return balance
    reduced = _reduced(adjustment, balance, scope)
    return choose(applies, reduced, balance) if isinstance(applies, Unknown) else reduced


def _reduced(adjustment: Adjustment, balance: Value, scope: Scope) -> Value:
    if adjustment.operand is None:
        return _NIL
    operand = adjustment.operand.evaluate(scope)
    if adjustment.kind == "multiply":
        # A review never adds to a line: a share above 1 leaves it as it is.
        return smallest(balance, largest(multiply(balance, operand), _NIL))
    if adjustment.kind == "cap":
        return smallest(balance, largest(operand, _NIL))
    return largest(subtract(balance, largest(operand, _NIL)), _NIL)


def _to_fen(value: Value) -> Value:
    if isinstance(value, Fraction):
        return round_fraction(value, 1, "half_up")
    ends = [None if end is None else round_fraction(max(end, _NIL), 1, "half_up") for end in (low_of(value), high_of(value))]
    return between(causes_of((value,)), *ends)
