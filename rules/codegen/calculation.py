"""Writes the steps of a calculation (理算), as `rules.waterfall` runs them on known values."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from rules.codegen.known_kinds import check_step
from rules.codegen.names import Names
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.codegen.writer import Writer
from rules.compiler import Formula
from rules.model import Step
from rules.types import NumberType, describe

COUNT = "次"
_NIL, _ONE = number(0), number(1)


@dataclass(frozen=True)
class Use:
    """What a step uses of its account."""

    step: Step
    before: Piece
    taken: Piece
    at_most: Piece
    unit: str


class AccountsWriter(ABC):
    """Writes how a back end finds what is used of an account."""

    @abstractmethod
    def before(self, step: Step) -> Piece:
        """Write what earlier claims used of a step's account."""

    @abstractmethod
    def is_far(self, step: Step, days: Piece) -> Piece:
        """Write whether the loss lies so many days from every one that was paid on a step's account."""


@dataclass
class Calculation:
    """A calculation under construction: the balance so far, and what bounds its rounding."""

    writer: Writer
    names: Names
    accounts: AccountsWriter
    balance: Piece = _NIL
    ceiling: Piece | None = None
    uses: list[Use] = field(default_factory=list)

    def write(self, steps: tuple[Step, ...]) -> None:
        """Write the steps in order.

        Raises:
            NotCoveredError: a step of a kind that is not known here.
        """
        for step in steps:
            if step.kind not in _STEPS:
                raise NotCoveredError(f"the step {step.kind}")
            check_step(step)
            _STEPS[step.kind](self, step, self._value(step.formula))
            self.balance = self.writer.hold(self.balance)

    def _value(self, formula: Formula | None) -> Piece:
        return self.writer.hold(self.writer.expression(formula.tree, self.names)) if formula is not None else _NIL

    def _before(self, step: Step) -> Piece:
        return self.accounts.before(step) if step.per else _NIL

    def _less(self, left: Piece, right: Piece) -> Piece:
        return self.writer.hold(self.writer.difference(left, right))

    def start(self, _: Step, operand: Piece) -> None:
        """Begin with an amount of zero or more."""
        self.balance = self.writer.most([operand, _NIL])

    def parts(self, step: Step, _: Piece) -> None:
        """Add up parts that are calculated by themselves."""
        totals = []
        for _name, steps in step.parts:
            self.balance, self.ceiling = _NIL, None
            self.write(steps)
            totals.append(self.balance)
        self.balance, self.ceiling = self.writer.sum_of(totals), None

    def multiply(self, _: Step, operand: Piece) -> None:
        """Multiply."""
        self.balance, self.ceiling = self.writer.times(self.balance, operand), None

    def subtract(self, step: Step, operand: Piece) -> None:
        """Take off what is left of a deductible."""
        before, left = self.balance, self._left(step, operand)
        filled = _NIL
        if step.offset is not None:
            filled = self.writer.hold(self.writer.least([left, self.writer.most([self._value(step.offset), _NIL])]))
        rest = self._less(left, filled)
        self.balance = self.writer.most([self._less(before, rest), _NIL])
        if any(each.per for each in (step, *step.also)):
            self._use(step, operand, self.writer.hold(self.writer.sum_of([filled, self.writer.least([before, rest])])))

    def cap(self, step: Step, operand: Piece) -> None:
        """Let through at most what is left of a limit."""
        left = self._left(step, operand)
        self.balance = self.writer.hold(self.writer.least([self.balance, left]))
        self.ceiling = left if self.ceiling is None else self.writer.hold(self.writer.least([self.ceiling, left]))
        self._use(step, operand, self.balance)

    def banded(self, step: Step, _: Piece) -> None:
        """Pay every part of the balance at the ratio of its band."""
        writer, amount = self.writer, self.balance
        used = self._before(step)
        top, lower, paid = writer.hold(writer.sum_of([used, amount])), _NIL, []
        bands = [(None if end is None else self._value(end), self._value(ratio)) for end, ratio in step.bands]
        for up_to, ratio in bands:
            upper_end = top if up_to is None else writer.least([top, up_to])
            portion = writer.most([self._less(upper_end, writer.most([used, lower])), _NIL])
            paid.append(writer.times(writer.hold(writer.least([portion, amount])), ratio))
            lower = lower if up_to is None else writer.hold(writer.most([lower, up_to]))
        self.balance, self.ceiling = writer.sum_of(paid), None
        if step.per:
            self._book(step, amount, top)

    def in_turn(self, step: Step, _: Piece) -> None:
        """Multiply by the ratio of this claim's turn."""
        writer, earlier = self.writer, self._before(step)
        ratio = self._value(step.after_turns)
        for turn, formula in reversed(list(enumerate(step.turns, 1))):
            is_turn = writer.compare("<", *writer.common([earlier, number(turn)]))
            ratio = writer.choose(is_turn, self._value(formula), ratio, NumberType())
        self.balance, self.ceiling = writer.times(self.balance, writer.hold(ratio)), None
        if step.per:
            self._book(step, _ONE, writer.sum_of([earlier, _ONE]), COUNT)

    def times(self, step: Step, operand: Piece) -> None:
        """Let a claim through while the number of claims is not used up."""
        writer = self.writer
        left = writer.most([self._less(operand, self._before(step)), _NIL])
        may_pass = writer.compare(">=", *writer.common([writer.hold(left), _ONE]))
        self.balance = writer.choose(may_pass, self.balance, _NIL, step.type)
        if step.per:
            self._book(step, _ONE, operand, COUNT)

    def interval(self, step: Step, operand: Piece) -> None:
        """Let a claim through when it lies far enough from every one that was paid before."""
        self.balance = self.writer.choose(self.accounts.is_far(step, operand), self.balance, _NIL, step.type)
        if step.per:
            self._book(step, _ONE, _ONE, COUNT)

    def round(self, step: Step, _: Piece) -> None:
        """Round once, and never over what the caps leave."""
        assert step.rounding is not None  # noqa: S101 – only `round` steps come here, and all have it
        rounded = self.writer.hold(self.writer.rounded(self.balance, *step.rounding))
        self.balance = rounded if self.ceiling is None else self.writer.least([rounded, self.ceiling])

    def _left(self, step: Step, at_most: Piece) -> Piece:
        lefts = [self._less(at_most, self._before(step))]
        lefts += [self._less(self._value(other.formula), self._before(other)) for other in step.also]
        least = self.writer.least(lefts) if len(lefts) > 1 else lefts[0]
        return self.writer.hold(self.writer.most([least, _NIL]))

    def _use(self, step: Step, at_most: Piece, taken: Piece) -> None:
        for each in (step, *step.also):
            if each.per:
                self._book(each, taken, at_most if each is step else self._value(each.formula))

    def _book(self, step: Step, taken: Piece, at_most: Piece, unit: str = "") -> None:
        writer = self.writer
        use = Use(step, self._before(step), writer.hold(taken), writer.hold(at_most), unit or describe(step.type))
        self.uses.append(use)


_STEPS: dict[str, Callable[[Calculation, Step, Piece], None]] = {
    "start": Calculation.start,
    "parts": Calculation.parts,
    "subtract": Calculation.subtract,
    "multiply": Calculation.multiply,
    "banded": Calculation.banded,
    "in_turn": Calculation.in_turn,
    "cap": Calculation.cap,
    "times": Calculation.times,
    "interval": Calculation.interval,
    "round": Calculation.round,
}
