"""Coordinates several policies over one cost: indemnity (补偿) benefits together never exceed it, fixed (定额) ones add up."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.assessment import Assessment, Benefit, Outcome, ResponsibilityResult, Step
from domain.errors import InputError
from domain.money import format_fen


def coordinate(assessments: Sequence[Assessment], cost_fen: int, paid_by_others_fen: int) -> tuple[Assessment, ...]:
    """Cut indemnity payouts to what others leave of the cost actually borne; earlier assessments are served first.

    A fixed payout never changes. A cut payout gets a step that says so, and uses up only that much of the limits
    it counts towards. What is still unknown is bounded by what is left of the cost, and reserves nothing.

    Raises:
        InputError: a negative cost, or a negative payment of others.
    """
    for name, fen in (("cost_fen", cost_fen), ("paid_by_others_fen", paid_by_others_fen)):
        if fen < 0:
            raise InputError(f"{name} is negative: {format_fen(fen)}", "give whole fen of zero or more", field=name)
    room, coordinated = max(cost_fen - paid_by_others_fen, 0), []
    for assessment in assessments:
        results = []
        for result in assessment.results:
            cut = _cut(result, room)
            results.append(cut)
            if cut.benefit is Benefit.INDEMNITY and cut.outcome is Outcome.PAYABLE:
                room -= cut.amount_fen or 0
        coordinated.append(replace(assessment, results=tuple(results)))
    return tuple(coordinated)


def _cut(result: ResponsibilityResult, room: int) -> ResponsibilityResult:
    if result.benefit is not Benefit.INDEMNITY:
        return result
    if result.outcome is Outcome.UNKNOWN:
        high = room if result.high_fen is None else min(result.high_fen, room)
        return replace(result, low_fen=min(result.low_fen or 0, room), high_fen=high)
    if result.outcome is not Outcome.PAYABLE or result.amount_fen is None or result.amount_fen <= room:
        return result
    step = Step(
        kind="限",
        label="各保单补偿合计不超过实际费用",
        operand=format_fen(room),
        before=Fraction(result.amount_fen),
        after=Fraction(room),
        unit="元",
        clause="",
        line=0,
        note="损失补偿原则",
    )
    uses = tuple(replace(use, used_now=min(use.used_now, Fraction(room))) if use.counts_payout else use for use in result.uses)
    return replace(result, amount_fen=room, steps=(*result.steps, step), uses=uses, counterfactual="")
