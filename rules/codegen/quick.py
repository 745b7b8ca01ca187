"""What a program answers for one claim: results without their trace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from domain.assessment import AccumulatorKey, Outcome, UnknownCause


class QuickUse(NamedTuple):
    """What a claim uses of an account: as `AccumulatorUse`, with whole numbers as `int`."""

    key: AccumulatorKey
    used_before: Fraction | int
    used_now: Fraction | int
    at_most: Fraction | int
    unit: str
    counts_payout: bool


class QuickResult(NamedTuple):
    """The answer of one responsibility without its trace: as `ResponsibilityResult`."""

    outcome: Outcome
    amount_fen: int | None = 0
    declined_by: str = ""
    clause: str = ""
    uses: tuple[QuickUse, ...] = ()
    low_fen: int | None = None
    high_fen: int | None = None
    unknowns: tuple[UnknownCause, ...] = ()


Used = Mapping[AccumulatorKey, Fraction | int]
Values = tuple[object, ...]


@dataclass(frozen=True)
class PlanProgram:
    """A plan as Python functions of the elements' values: `run` answers all responsibilities in order, `singles` one each.

    They raise LeaveError, or an error of arithmetic or of the rules, on a claim that they cannot answer.
    """

    run: Callable[[Values, Used], tuple[QuickResult, ...]]
    singles: Mapping[str, Callable[[Values, Used], QuickResult]]
