"""Coordinates several policies over one cost: indemnity (补偿) benefits together never exceed it, fixed (定额) ones add up.

Property (按比例) is shared by its insurers: each pays in proportion to what it would pay alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.assessment import Assessment, Benefit, Outcome, ResponsibilityResult, Step
from domain.errors import InputError
from domain.money import format_fen
from rules.line_payout import split
from rules.phrases import Phrase


def coordinate(assessments: Sequence[Assessment], cost_fen: int, paid_by_others_fen: int) -> tuple[Assessment, ...]:
    """Cut indemnity payouts to what others leave of the cost actually borne; earlier assessments are served first.

    Proportional payouts that together exceed what is left are all cut alike, by largest remainders, before indemnity is
    served. A fixed payout never changes, nor do waived premiums. A cut payout gets a step that says so, and uses up
    only that much of the limits it counts towards. What is still unknown is bounded by what is left of the cost, and
    reserves nothing.

    Raises:
        InputError: a negative cost, or a negative payment of others.
    """
    for name, fen in (("cost_fen", cost_fen), ("paid_by_others_fen", paid_by_others_fen)):
        if fen < 0:
            raise InputError(
                Phrase("{name} is negative: {amount}", name=name, amount=format_fen(fen)),
                Phrase("give whole fen of zero or more"),
                field=name,
            )
    room, coordinated = max(cost_fen - paid_by_others_fen, 0), []
    assessments, room = _share_proportionally(assessments, room)
    for assessment in assessments:
        results = []
        for result in assessment.results:
            cut = _cut(result, room)
            results.append(cut)
            if cut.benefit is Benefit.INDEMNITY and cut.outcome is Outcome.PAYABLE:
                room -= cut.amount_fen or 0
        coordinated.append(replace(assessment, results=tuple(results)))
    return tuple(coordinated)


def _share_proportionally(assessments: Sequence[Assessment], room: int) -> tuple[Sequence[Assessment], int]:
    """Cut proportional payouts alike until they fit into the room, and tell the room that is left."""
    alone = [result.amount_fen or 0 for assessment in assessments for result in assessment.results if _is_shared(result)]
    if sum(alone) <= room:
        return assessments, room - sum(alone)
    shares = iter(split(room, alone))
    cut = []
    for assessment in assessments:
        results = tuple(_cut_to(each, next(shares), _PROPORTIONAL) if _is_shared(each) else each for each in assessment.results)
        cut.append(replace(assessment, results=results))
    return cut, 0


def _is_shared(result: ResponsibilityResult) -> bool:
    return result.benefit is Benefit.PROPORTIONAL and result.outcome is Outcome.PAYABLE


def _cut(result: ResponsibilityResult, room: int) -> ResponsibilityResult:
    if result.benefit is not Benefit.INDEMNITY:
        return result
    if result.outcome is Outcome.UNKNOWN:
        high = room if result.high_fen is None else min(result.high_fen, room)
        return replace(result, low_fen=min(result.low_fen or 0, room), high_fen=high)
    if result.outcome is not Outcome.PAYABLE or result.amount_fen is None or result.amount_fen <= room:
        return result
    return _cut_to(result, room, _INDEMNITY)


def _cut_to(result: ResponsibilityResult, fen: int, why: tuple[str, str]) -> ResponsibilityResult:
    if result.amount_fen == fen:
        return result
    label, note = why
    step = Step(
        kind="限",
        label=label,
        operand=format_fen(fen),
        before=Fraction(result.amount_fen or 0),
        after=Fraction(fen),
        unit="元",
        clause="",
        line=0,
        note=note,
    )
    uses = tuple(replace(use, used_now=min(use.used_now, Fraction(fen))) if use.counts_payout else use for use in result.uses)
    return replace(result, amount_fen=fen, steps=(*result.steps, step), uses=uses, counterfactual="")


_INDEMNITY = ("各保单补偿合计不超过实际费用", "损失补偿原则")
_PROPORTIONAL = ("各保险人按比例分摊", "重复保险")
