"""Lays a payout back on the invoice's lines: on every line charged − adjustments = paid, and the lines sum to the payout to the 分.

Where the contract judges lines (行规则), its trace says what each lost and why. Elsewhere items outside the
social insurance list carry their own adjustment first; what else reduced the payout (social insurance,
deductible, share, limit) falls on the remaining lines in proportion to what they charged, by largest
remainders, so that nothing is lost to rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.allocation import Adjustment, LineAllocation
from domain.assessment import Assessment, Benefit, Outcome, ResponsibilityResult, Step
from domain.document import InvoiceLine
from rules.line_payout import allocate_payout, reason_of, split

_OUT_OF_LIST = "目录外费用"
_REASONS = {"医保已付": ("social_insurance", "医保已付"), _OUT_OF_LIST: ("out_of_list", "目录外")}


@dataclass(frozen=True)
class Reduction:
    """What one step of the waterfall took away, in fen, and why."""

    code: str
    label: str
    amount_fen: int


def allocate(lines: Sequence[InvoiceLine], assessments: Sequence[Assessment], charged_fen: int) -> tuple[LineAllocation, ...]:
    """Allocate the indemnity of several policies onto the lines; fixed benefits are not costs and fall on none.

    Lines that do not sum to what was charged give no allocation: a guess would look like a proof. Where one
    responsibility alone pays for costs and judged their lines, the allocation is its own.
    """
    indemnities = _indemnities(assessments)
    judged = allocate_payout(indemnities[0]) if len(indemnities) == 1 else ()
    return judged or _in_proportion(lines, indemnities, charged_fen)


def _indemnities(assessments: Sequence[Assessment]) -> list[ResponsibilityResult]:
    results = [result for each in assessments for result in each.results]
    return [each for each in results if each.benefit is Benefit.INDEMNITY and each.outcome is Outcome.PAYABLE]


def _in_proportion(
    lines: Sequence[InvoiceLine], indemnities: Sequence[ResponsibilityResult], charged_fen: int
) -> tuple[LineAllocation, ...]:
    paid_fen = sum(each.amount_fen or 0 for each in indemnities)
    if not lines or sum(line.amount_fen for line in lines) != charged_fen or paid_fen > charged_fen:
        return ()
    open_fen = [line.amount_fen for line in lines]
    adjustments: list[list[Adjustment]] = [[] for _ in lines]
    for reduction in _reductions(indemnities, charged_fen, paid_fen):
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


def _starts_from_costs(steps: Sequence[Step], charged_fen: int) -> bool:
    return bool(steps) and steps[0].unit == "元" and steps[0].after == charged_fen


def _reductions(indemnities: Sequence[ResponsibilityResult], charged_fen: int, paid_fen: int) -> list[Reduction]:
    """Tell what lies between the costs and the payout: step by step where one calculation starts from all the costs, else one sum."""
    if not indemnities:
        return [Reduction("not_covered", "不在给付范围", charged_fen)]
    if len(indemnities) > 1 or not _starts_from_costs(indemnities[0].steps, charged_fen):
        label = "合计后由个人承担" if len(indemnities) > 1 else "按条款计算后由个人承担"
        return [Reduction("not_covered", label, charged_fen - paid_fen)]
    reductions, balance = [], charged_fen
    for step in indemnities[0].steps[1:]:
        after = max(paid_fen, round(step.after))
        if after < balance:
            reductions.append(Reduction(*(_REASONS.get(step.label) or reason_of(step)), balance - after))
        balance = min(balance, after)
    return reductions
