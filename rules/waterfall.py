"""Runs the steps of a calculation (理算) and keeps every line of it: balance before and after, operand, accumulators.

A balance never goes below zero. While something is unknown, it is an interval that holds every completion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from domain.assessment import AccumulatorKey, AccumulatorUse, Step
from rules.compiler import Scope
from rules.explain import row_note
from rules.figures import show
from rules.model import Plan, Responsibility, Rule
from rules.model import Step as StepPlan
from rules.operators import largest, multiply, smallest, subtract
from rules.policy_year import policy_year_start
from rules.rounding import round_fraction
from rules.typed import RuleAnswer, Table
from rules.types import DAYS, NumberType, describe
from rules.unknown import Unknown, Value, between, causes_of, high_of, low_of

_NIL = Fraction(0)
_PERIOD_WORDS = {"policy_year": "本年", "occurrence": "本次", "lifetime": "终身"}


@dataclass
class Waterfall:
    """One calculation on its way down."""

    plan: Plan
    responsibility: Responsibility
    rules: Mapping[str, Rule]
    scope: Scope
    used: Mapping[AccumulatorKey, Fraction]
    is_told: bool = True  # false: the amount and the accumulators only, without the lines
    balance: Value = _NIL
    ceiling: Value | None = None  # what the caps so far leave; rounding may not lift the balance over it
    open_causes: frozenset[str] = frozenset()  # why it cannot be told what an accumulator is used by
    lines: list[Step] = field(default_factory=list)
    uses: list[AccumulatorUse] = field(default_factory=list)

    def run(self) -> None:
        """Run every step in order, then let the caps on money count what is really paid."""
        for step in self.responsibility.steps:
            self._run_step(step)
        if isinstance(self.balance, Fraction):
            self.uses = [replace(use, used_now=self.balance) if use.counts_payout else use for use in self.uses]

    def _run_step(self, step: StepPlan) -> None:
        before = self.balance
        operand = step.formula.evaluate(self.scope) if step.formula is not None else _NIL
        note = ""
        if step.kind == "start":
            self.balance = largest(operand, _NIL)
            note = "不足 0，按 0 计" if self.balance != operand and isinstance(operand, Fraction) else ""
        elif step.kind == "multiply":
            self.balance, self.ceiling = multiply(before, operand), None
        elif step.kind == "round":
            self.balance = self._rounded(step, before)
        else:
            note = self._take(step, operand)
        if self.is_told:
            self._print(step, before, operand, note)

    def _take(self, step: StepPlan, at_most: Value) -> str:
        """Subtract, or cap, by what is left of the operand."""
        before, key = self.balance, self._key(step)
        used_before = self._used_before(step, key, at_most)
        left = largest(subtract(at_most, used_before), _NIL)
        if step.kind == "cap":
            self.balance = smallest(before, left)
            self.ceiling = left if self.ceiling is None else smallest(self.ceiling, left)
            taken = self.balance
        else:
            self.balance = largest(subtract(before, left), _NIL)
            taken = smallest(before, left)
        if not step.per:
            return ""
        if key is None or not isinstance(taken, Fraction):
            # Even if the payout comes out certain, what it uses up does not: the claim cannot be closed yet.
            self.open_causes |= causes_of((taken, left)) if taken != _NIL else frozenset()
            return ""
        most = low_of(at_most) or _NIL
        self.uses.append(AccumulatorUse(key, self.used.get(key, _NIL), taken, most, describe(step.type), step.counts_payout))
        if not self.is_told or not isinstance(left, Fraction):
            return ""
        return f"{_PERIOD_WORDS[step.per]}余 {show(left, step.type)} → {show(left - taken, step.type)}"

    def _key(self, step: StepPlan) -> AccumulatorKey | None:
        period = self._period(step.per)
        return None if period is None else AccumulatorKey(f"{self.responsibility.name}/{step.label}", period)

    def _period(self, per: str) -> str | None:
        if per == "lifetime":
            return "终身"
        if not per:
            return None
        loss = self.scope.values[self.plan.loss_date]
        if not isinstance(loss, date):
            return None
        if per == "occurrence":
            return f"次 {loss.isoformat()}"
        start = self.scope.values[self.plan.year_from]
        return f"年度 {policy_year_start(start, loss).isoformat()}" if isinstance(start, date) else None

    def _used_before(self, step: StepPlan, key: AccumulatorKey | None, at_most: Value) -> Value:
        if not step.per:
            return _NIL
        if key is not None:
            return self.used.get(key, _NIL)
        # Which year the loss falls in is unknown: anything from nothing to everything may be used up.
        names = (self.plan.loss_date, *((self.plan.year_from,) if step.per == "policy_year" else ()))
        causes = causes_of(self.scope.values[name] for name in names)
        return between(causes, _NIL, high_of(at_most))

    def _rounded(self, step: StepPlan, before: Value) -> Value:
        assert step.rounding is not None  # noqa: S101 – only `round` steps come here, and all have it
        granularity, way = step.rounding
        if isinstance(before, Fraction):
            rounded: Value = round_fraction(before, granularity, way)
        elif isinstance(before, Unknown):
            ends = [None if end is None else round_fraction(end, granularity, way) for end in (before.low, before.high)]
            rounded = between(before.causes, *ends)
        return rounded if self.ceiling is None else smallest(rounded, self.ceiling)

    def _print(self, step: StepPlan, before: Value, operand: Value, note: str) -> None:
        tree = step.formula.tree if step.formula is not None else None
        rule = self.rules.get(tree.rule) if isinstance(tree, RuleAnswer) else None
        if rule is not None and isinstance(rule.general, Table):
            note = row_note(rule.general, self.scope.answer(rule.name).row)
        type_ = tree.type if tree is not None else step.type
        self.lines.append(
            Step(
                kind=_KIND_WORDS[step.kind],
                label=step.label,
                operand=show(operand, type_) if tree is not None else "",
                before=None if step.kind == "start" else low_of(before),
                after=low_of(self.balance) or _NIL,
                unit="天" if step.type == DAYS else describe(step.type) if isinstance(step.type, NumberType) else "",
                clause=rule.clause if rule else "",
                line=step.at.line,
                note=note,
                is_exact=isinstance(self.balance, Fraction),
                after_high=None if isinstance(self.balance, Fraction) else high_of(self.balance),
            )
        )


_KIND_WORDS = {"start": "起", "subtract": "减", "multiply": "乘", "cap": "限", "round": "取整"}
