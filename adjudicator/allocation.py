"""Lays a payout back on the invoice's lines: on every line charged − adjustments = paid, and the lines sum to the payout to the 分.

Items outside the social insurance list carry their own adjustment first. What else reduced the payout
(social insurance, deductible, share, limit) falls on the remaining lines in proportion to what they
charged, by largest remainders, so that nothing is lost to rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.allocation import Adjustment, LineAllocation
from domain.assessment import Assessment, Benefit, Outcome, Step
from domain.document import InvoiceLine

_OUT_OF_LIST = "目录外费用"
_REASONS = {"医保已付": ("social_insurance", "医保已付"), _OUT_OF_LIST: ("out_of_list", "目录外")}
_BY_KIND = {"减": ("deductible", "免赔额"), "乘": ("share", "自付比例"), "限": ("limit", "超过限额"), "取整": ("rounding", "取整")}


@dataclass(frozen=True)
class Reduction:
    """What one step of the waterfall took away, in fen, and why."""

    code: str
    label: str
    amount_fen: int


def allocate(lines: Sequence[InvoiceLine], assessments: Sequence[Assessment], charged_fen: int) -> tuple[LineAllocation, ...]:
    """Allocate the indemnity of several policies onto the lines; fixed benefits are not costs and fall on none.

    Lines that do not sum to what was charged give no allocation: a guess would look like a proof.
    """
    if not lines or sum(line.amount_fen for line in lines) != charged_fen:
        return ()
    paid_fen = sum(
        result.amount_fen or 0
        for each in assessments
        for result in each.results
        if result.benefit is Benefit.INDEMNITY and result.outcome is Outcome.PAYABLE and _starts_from_costs(result.steps, charged_fen)
    )
    open_fen = [line.amount_fen for line in lines]
    adjustments: list[list[Adjustment]] = [[] for _ in lines]
    for reduction in _reductions(assessments, charged_fen, paid_fen):
        weights = [amount if line.list_class == "丙" else 0 for line, amount in zip(lines, open_fen, strict=True)]
        shares = split(
            reduction.amount_fen, weights if reduction.code == "out_of_list" and sum(weights) >= reduction.amount_fen else open_fen
        )
        for place, share in enumerate(shares):
            if share:
                adjustments[place].append(Adjustment(reduction.code, reduction.label, share))
                open_fen[place] -= share
    return tuple(
        LineAllocation(line.name, line.amount_fen, tuple(taken), rest)
        for line, taken, rest in zip(lines, adjustments, open_fen, strict=True)
    )


def split(amount_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, in whole fen that sum to it exactly.

    No share exceeds its weight as long as the amount does not exceed the weights' sum.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [amount_fen * weight // total for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda place: (-(amount_fen * weights[place] % total), place))
    for place in remainders[: amount_fen - sum(shares)]:
        shares[place] += 1
    return shares


def _starts_from_costs(steps: Sequence[Step], charged_fen: int) -> bool:
    return bool(steps) and steps[0].unit == "元" and steps[0].after == charged_fen


def _reductions(assessments: Sequence[Assessment], charged_fen: int, paid_fen: int) -> list[Reduction]:
    """Tell what lies between the costs and the payout; with several policies the single steps are not comparable, so one sum is told."""
    waterfalls = [
        result.steps
        for each in assessments
        for result in each.results
        if result.benefit is Benefit.INDEMNITY and result.outcome is Outcome.PAYABLE and _starts_from_costs(result.steps, charged_fen)
    ]
    if len(waterfalls) != 1:
        label = "多份保单合计后由个人承担" if waterfalls else "不在给付范围"
        return [Reduction("not_covered", label, charged_fen - paid_fen)]
    reductions, balance = [], charged_fen
    for step in waterfalls[0][1:]:
        after = max(0, round(step.after))
        if after < balance:
            code, label = _REASONS.get(step.label, _BY_KIND.get(step.kind, ("other", step.label)))
            reductions.append(Reduction(code, label, balance - after))
        balance = min(balance, after)
    rest = balance - paid_fen
    if rest > 0:
        reductions.append(Reduction("coordination", "其他保单已赔", rest))
    return reductions
