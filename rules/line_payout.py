"""Lays a payout back onto the invoice lines that a line rule judged: charged − adjustments = paid on every line, to the 分.

What a line lost to its own review keeps its reason. What the calculation took afterwards (deductible,
share, limit) falls on the lines in proportion to what is still open on each, by largest remainders.
"""

from collections.abc import Sequence

from domain.allocation import Adjustment, LineAllocation
from domain.assessment import LineJudgement, Outcome, ResponsibilityResult, Step

_COORDINATION = ("coordination", "其他保单已赔")
_CODES = {
    "减": ("deductible", "免赔额"),
    "乘": ("share", "自付比例"),
    "分级": ("share", "分级比例"),
    "依次": ("share", "递减比例"),
    "限": ("limit", "超过限额"),
    "限次": ("limit", "次数已满"),
    "间隔": ("limit", "间隔不足"),
    "取整": ("rounding", "取整"),
}


def allocate_payout(result: ResponsibilityResult) -> tuple[LineAllocation, ...]:
    """Lay what one responsibility pays onto the lines it judged; the lines sum to the payout exactly.

    Empty when nothing was decided, when no line rule was asked, when more than one list was judged, or when the
    calculation pays more than its lines allow (a benefit that is no cost): a guess would look like a proof.
    """
    lines, paid = result.lines, result.amount_fen
    allowed = sum(line.allowed_fen for line in lines)
    if result.outcome is not Outcome.PAYABLE or paid is None or len({line.rule for line in lines}) != 1 or paid > allowed:
        return ()
    open_fen = [line.allowed_fen for line in lines]
    taken = [[Adjustment(each.code, each.reason, each.amount_fen) for each in line.adjustments] for line in lines]
    for code, label, amount in _reductions(result.steps, allowed, paid):
        for place, share in enumerate(split(amount, open_fen)):
            if share:
                taken[place].append(Adjustment(code, label, share))
                open_fen[place] -= share
    return tuple(_allocation(line, tuple(off), rest) for line, off, rest in zip(lines, taken, open_fen, strict=True))


def _allocation(line: LineJudgement, adjustments: tuple[Adjustment, ...], paid_fen: int) -> LineAllocation:
    return LineAllocation(line.name, line.charged_fen, adjustments, paid_fen)


def _reductions(steps: Sequence[Step], allowed: int, paid: int) -> list[tuple[str, str, int]]:
    """Tell what lies between what the lines allow and the payout, step by step where the waterfall starts from the lines."""
    if not steps or steps[0].after != allowed or any(step.kind == "分项" for step in steps):
        return [("not_covered", "不在给付范围", allowed - paid)] if allowed > paid else []
    found, balance = [], allowed
    for step in steps[1:]:
        after = max(paid, round(step.after))
        if after < balance:
            found.append((*reason_of(step), balance - after))
            balance = after
    if balance > paid:
        found.append((*_COORDINATION, balance - paid))
    return found


def reason_of(step: Step) -> tuple[str, str]:
    """Give the code and the words for what a step takes off a cost; a step of no line of the book is the payers' coordination."""
    if not step.line:
        return _COORDINATION
    code, label = _CODES.get(step.kind, ("other", step.label))
    return code, step.label if step.kind == "减" else label


def split(amount_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, in whole fen that sum to it; no share exceeds its weight while the sum allows it."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [amount_fen * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(amount_fen * weights[place] % total), place))
    for place in by_remainder[: amount_fen - sum(shares)]:
        shares[place] += 1
    return shares
