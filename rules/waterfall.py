"""Runs the steps of a calculation (理算) and keeps every line of it: balance before and after, operand, accounts.

A balance never goes below zero. While something is unknown, it is an interval that holds every completion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from domain.assessment import AccumulatorUse, Step
from rules.accounts import Accounts
from rules.bands import ratio_of_turn, split_into_bands, sum_of_bands
from rules.compiler import Formula, Scope
from rules.explain import row_note
from rules.figures import decimal, show
from rules.model import Responsibility, Rule
from rules.model import Step as StepPlan
from rules.operators import add, largest, multiply, smallest, subtract
from rules.rounding import round_fraction
from rules.typed import RuleAnswer, Table
from rules.types import DAYS, NUMBER, NumberType, describe
from rules.unknown import Unknown, Value, between, causes_of, high_of, low_of

_NIL, _ONE = Fraction(0), Fraction(1)
_PERIOD_WORDS = {"policy_year": "本年", "occurrence": "本次", "lifetime": "终身", "family": "全家本年"}
_COUNT = "次"


@dataclass
class Waterfall:
    """One calculation on its way down."""

    responsibility: Responsibility
    rules: Mapping[str, Rule]
    scope: Scope
    accounts: Accounts
    is_told: bool = True  # false: the amount and the accounts only, without the lines
    balance: Value = _NIL
    ceiling: Value | None = None  # what the caps so far leave; rounding may not lift the balance over it
    open_causes: frozenset[str] = frozenset()  # why it cannot be told what an account is used by
    lines: list[Step] = field(default_factory=list)
    uses: list[AccumulatorUse] = field(default_factory=list)
    part: str = ""  # the part (分项) that is being calculated

    def run(self) -> None:
        """Run every step in order, then let the caps on money count what is really paid."""
        self._run_steps(self.responsibility.steps)
        if not isinstance(self.balance, Fraction):
            return
        self.uses = [replace(use, used_now=self.balance) if use.counts_payout else use for use in self.uses]
        if self.balance == 0:
            # A claim that is not paid is not the first of its year, nor one of three in a lifetime.
            self.uses = [use for use in self.uses if use.unit != _COUNT]

    def _run_steps(self, steps: tuple[StepPlan, ...]) -> None:
        for step in steps:
            before = self.balance
            operand = self._value(step.formula)
            note = _RUNNERS[step.kind](self, step, operand)
            if self.is_told:
                self._print(step, before, operand, note)

    def _value(self, formula: Formula | None) -> Value:
        return formula.evaluate(self.scope) if formula is not None else _NIL

    def start(self, _: StepPlan, operand: Value) -> str:
        """Begin with an amount; less than nothing is nothing."""
        self.balance = largest(operand, _NIL)
        return "不足 0，按 0 计" if self.balance != operand and isinstance(operand, Fraction) else ""

    def parts(self, step: StepPlan, _: Value) -> str:
        """Calculate each part by itself and add them up."""
        total: Value = _NIL
        outer = self.part
        for name, steps in step.parts:
            self.balance, self.ceiling, self.part = _NIL, None, name
            self._run_steps(steps)
            total = add(total, self.balance)
        self.balance, self.ceiling, self.part = total, None, outer
        return ""

    def multiply(self, _: StepPlan, operand: Value) -> str:
        """Multiply by a ratio or a daily amount."""
        self.balance, self.ceiling = multiply(self.balance, operand), None
        return ""

    def subtract(self, step: StepPlan, operand: Value) -> str:
        """Take off what is left of a deductible; another payer's money may fill it first (抵)."""
        before, left = self.balance, self._left(step, operand)
        filled = smallest(left, largest(self._value(step.offset), _NIL)) if step.offset is not None else _NIL
        rest = subtract(left, filled) if step.offset is not None else left
        self.balance = largest(subtract(before, rest), _NIL)
        taken = add(filled, smallest(before, rest))
        note = f"他方已抵 {show(filled, step.type)}" if step.offset is not None else ""
        return "；".join(each for each in (note, self._use(step, operand, left, taken)) if each)

    def cap(self, step: StepPlan, operand: Value) -> str:
        """Let through at most what is left of a limit."""
        left = self._left(step, operand)
        self.balance = smallest(self.balance, left)
        self.ceiling = left if self.ceiling is None else smallest(self.ceiling, left)
        return self._use(step, operand, left, self.balance)

    def banded(self, step: StepPlan, _: Value) -> str:
        """Pay every part of the balance at the ratio of the band it falls into."""
        before = self.balance
        used = self.accounts.used_before(step, Unknown(frozenset()))
        bands = [(None if end is None else self._value(end), self._value(ratio)) for end, ratio in step.bands]
        parts = split_into_bands(bands, used, before)
        self.balance, self.ceiling = sum_of_bands(parts), None
        if step.per:
            self._book(step, before, add(used, before))
        return " + ".join(f"{show(part, step.type)}×{show(ratio, NUMBER)}" for part, ratio in parts if part != _NIL)

    def in_turn(self, step: StepPlan, _: Value) -> str:
        """Multiply by the ratio of this claim's turn."""
        earlier = self.accounts.used_before(step, Unknown(frozenset()))
        ratio = ratio_of_turn([self._value(each) for each in step.turns], self._value(step.after_turns), earlier)
        self.balance, self.ceiling = multiply(self.balance, ratio), None
        self._book(step, _ONE, add(earlier, _ONE), unit=_COUNT)
        which = f"{_PERIOD_WORDS[step.per]}第{int(earlier) + 1}次 " if isinstance(earlier, Fraction) else ""
        return f"{which}{show(ratio, NUMBER)}"

    def times(self, step: StepPlan, operand: Value) -> str:
        """Let a claim through while the number of claims is not used up."""
        left = largest(subtract(operand, self.accounts.used_before(step, operand)), _NIL)
        self.balance = self._all_or_nothing(left, _ONE)
        self._book(step, _ONE, operand, unit=_COUNT)
        return f"{_PERIOD_WORDS[step.per]}余 {decimal(left)}次" if isinstance(left, Fraction) else ""

    def interval(self, step: StepPlan, operand: Value) -> str:
        """Let a claim through when it lies far enough from every one that was paid before."""
        loss, earlier = self.accounts.loss_date(), self.accounts.earlier_days(step)
        if isinstance(loss, date):
            gaps = [Fraction(abs((loss - day).days)) for day in earlier]
            nearest: Value = min(gaps) if gaps else high_of(operand) or _NIL
        else:
            nearest = Unknown(causes_of((loss,)), _NIL) if earlier else high_of(operand) or _NIL
        self.balance = self._all_or_nothing(nearest, operand)
        self._book(step, _ONE, _ONE, unit=_COUNT)
        if not earlier or not isinstance(operand, Fraction):
            return "此前未给付" if not earlier else ""
        last = max(earlier)
        return f"上次 {last.isoformat()}，满 {show(operand, DAYS)}为 {(last + timedelta(days=int(operand))).isoformat()}"

    def round(self, step: StepPlan, _: Value) -> str:
        """Round once, and never over what the caps leave."""
        assert step.rounding is not None  # noqa: S101 – only `round` steps come here, and all have it
        granularity, way = step.rounding
        before = self.balance
        if isinstance(before, Fraction):
            rounded: Value = round_fraction(before, granularity, way)
        elif isinstance(before, Unknown):
            ends = [None if end is None else round_fraction(end, granularity, way) for end in (before.low, before.high)]
            rounded = between(before.causes, *ends)
        self.balance = rounded if self.ceiling is None else smallest(rounded, self.ceiling)
        return ""

    def _all_or_nothing(self, have: Value, need: Value) -> Value:
        # Compared by hand: a claim passes when it surely has what it needs, and fails when it surely has not.
        low, high, least, most = low_of(have), high_of(have), low_of(need), high_of(need)
        if low is not None and most is not None and low >= most:
            return self.balance
        if high is not None and least is not None and high < least:
            return _NIL
        return between(causes_of((have, need, self.balance)), _NIL, high_of(self.balance))

    def _left(self, step: StepPlan, at_most: Value) -> Value:
        lefts = [subtract(at_most, self.accounts.used_before(step, at_most))]
        for other in step.also:
            bound = self._value(other.formula)
            lefts.append(subtract(bound, self.accounts.used_before(other, bound)))
        return largest(smallest(*lefts), _NIL)

    def _use(self, step: StepPlan, at_most: Value, left: Value, taken: Value) -> str:
        """Book what a step took on its account, and on those of its further bounds."""
        for each in (step, *step.also):
            bound = at_most if each is step else self._value(each.formula)
            if each.per:
                self._book(each, taken, bound, left=left)
        if not step.per or not self.is_told or not isinstance(left, Fraction) or not isinstance(taken, Fraction):
            return ""
        return f"{_PERIOD_WORDS[step.per]}余 {show(left, step.type)} → {show(left - taken, step.type)}"

    def _book(self, step: StepPlan, taken: Value, at_most: Value, *, left: Value = _NIL, unit: str = "") -> None:
        key = self.accounts.key(step)
        if key is None or not isinstance(taken, Fraction):
            # Even if the payout comes out certain, what it uses up does not: the claim cannot be closed yet.
            if taken != _NIL:
                self.open_causes |= causes_of((taken, left)) | self.accounts.causes(step)
            return
        before, most = self.accounts.used.get(key, _NIL), low_of(at_most) or _NIL
        self.uses.append(AccumulatorUse(key, before, taken, most, unit or describe(step.type), step.counts_payout))

    def _print(self, step: StepPlan, before: Value, operand: Value, note: str) -> None:
        tree = step.formula.tree if step.formula is not None else None
        rule = self.rules.get(tree.rule) if isinstance(tree, RuleAnswer) else None
        if rule is not None and isinstance(rule.general, Table):
            note = row_note(rule.general, self.scope.answer(rule.name).row)
        type_ = tree.type if tree is not None else step.type
        others = "".join(f"、{other.label}" for other in step.also)
        self.lines.append(
            Step(
                kind=_KIND_WORDS[step.kind],
                label=f"{self.part}·{step.label}{others}" if self.part else step.label + others,
                operand=_show_operand(step, operand, type_),
                before=None if step.kind in ("start", "parts") else low_of(before),
                after=low_of(self.balance) or _NIL,
                unit="天" if step.type == DAYS else describe(step.type) if isinstance(step.type, NumberType) else "",
                clause=rule.clause if rule else "",
                line=step.at.line,
                note=note,
                is_exact=isinstance(self.balance, Fraction),
                after_high=None if isinstance(self.balance, Fraction) else high_of(self.balance),
            )
        )


def _show_operand(step: StepPlan, operand: Value, type_: object) -> str:
    if step.formula is None or not isinstance(type_, NumberType):
        return ""
    if step.kind == "times" and isinstance(operand, Fraction):
        return f"{decimal(operand)}次"
    return show(operand, type_)


_RUNNERS: dict[str, Callable[[Waterfall, StepPlan, Value], str]] = {
    "start": Waterfall.start,
    "parts": Waterfall.parts,
    "subtract": Waterfall.subtract,
    "multiply": Waterfall.multiply,
    "banded": Waterfall.banded,
    "in_turn": Waterfall.in_turn,
    "cap": Waterfall.cap,
    "times": Waterfall.times,
    "interval": Waterfall.interval,
    "round": Waterfall.round,
}
_KIND_WORDS = {
    "start": "起",
    "parts": "分项",
    "subtract": "减",
    "multiply": "乘",
    "banded": "分级",
    "in_turn": "依次",
    "cap": "限",
    "times": "限次",
    "interval": "间隔",
    "round": "取整",
}
